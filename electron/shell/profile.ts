import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { App, Dialog } from 'electron'
import { unusedName } from '../platform/new-file'

/** Why nothing can be kept in this folder: the system's code, such as EACCES. Undefined where a file can be made. */
function refusalOf(profile: string): string | undefined {
  const probe = unusedName(join(profile, 'probe'))
  try {
    mkdirSync(profile, { recursive: true, mode: 0o700 })
    writeFileSync(probe, '', { flag: 'wx', mode: 0o600 })
    rmSync(probe)
    return undefined
  } catch (cause) {
    return String((cause as { code?: unknown }).code ?? cause)
  }
}

/**
 * Whether the profile folder can be written. Where it cannot, a person is told and the app ends with 1: it would seem to start,
 * and keep nothing.
 */
export function profileIsWritable(
  { app, dialog }: { app: Pick<App, 'whenReady' | 'exit'>; dialog: Pick<Dialog, 'showErrorBox'> },
  profile: string,
): boolean {
  const why = refusalOf(profile)
  if (why === undefined) return true
  // Before the app is ready there is no dialog on Linux.
  void app.whenReady().then(() => {
    dialog.showErrorBox(
      'Gungnir could not start',
      `Its folder cannot be written (${why}): ${profile}. Nothing was changed. Make the folder writable, or make room on its disk, and start Gungnir again.`,
    )
    app.exit(1)
  })
  return false
}
