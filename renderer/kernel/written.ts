import { ask, gungnir } from './bridge'
import { say, sayError } from './messages'

/** Opens the folder of a file that was written, with the file pointed out. */
export const showInFolder = (path: string): Promise<void> =>
  ask(gungnir.app.showInFolder(path)).catch(sayError)

/** Says that a file was written, with the way to it. */
export const sayWritten = (text: string, path: string): void =>
  say(text, { actions: [{ do: 'folder', path }] })
