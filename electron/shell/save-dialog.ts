import { join } from 'node:path'
import type { BrowserWindow, Dialog } from 'electron'
import { type FileSink, openFileSink, type SaveSuggestion } from '../platform/file-sink'

/** Asks with the system's dialog where a file is to be saved; undefined when a person cancels. */
export async function saveWithDialog(
  dialog: Pick<Dialog, 'showSaveDialog'>,
  window: BrowserWindow | undefined,
  folder: string,
  { name, extension, kind }: SaveSuggestion,
): Promise<FileSink | undefined> {
  const options = {
    defaultPath: join(folder, `${name}.${extension}`),
    filters: [{ name: kind, extensions: [extension] }],
  }
  const { canceled, filePath } = window
    ? await dialog.showSaveDialog(window, options)
    : await dialog.showSaveDialog(options)
  return canceled || filePath === '' ? undefined : openFileSink(filePath)
}
