import { join } from 'node:path'
import type { BrowserWindow, Dialog } from 'electron'
import { withFile } from '../ipc/refusal'
import { type FileSink, openFileSink, type SaveSuggestion } from '../platform/file-sink'
import { localDay } from '../platform/local-day'
import { refuseOwnFile } from './own-files'

/**
 * Asks with the system's dialog where a file is to be saved; undefined when a person cancels. Throws a `Refusal` for a file of
 * the profile folder, and for one that cannot be made.
 */
export async function saveWithDialog(
  dialog: Pick<Dialog, 'showSaveDialog'>,
  window: BrowserWindow | undefined,
  {
    documents,
    profile,
    now,
  }: {
    readonly documents: string
    readonly profile: string
    /** Wall ms. */
    readonly now: number
  },
  { name, extension, kind, others = [] }: SaveSuggestion,
): Promise<FileSink | undefined> {
  const options = {
    defaultPath: join(documents, `${name}-${localDay(now)}.${extension}`),
    filters: [{ extension, kind }, ...others].map((each) => ({
      name: each.kind,
      extensions: [each.extension],
    })),
  }
  const { canceled, filePath } = window
    ? await dialog.showSaveDialog(window, options)
    : await dialog.showSaveDialog(options)
  if (canceled || filePath === '') return undefined
  await refuseOwnFile(filePath, profile)
  return withFile('written', openFileSink(filePath))
}
