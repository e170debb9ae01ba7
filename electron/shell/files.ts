import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import type { BrowserWindow, Dialog } from 'electron'

/** Longer than any bundle of certificates. */
const longestText = 1_000_000

/** Without it, opening a pipe waits for someone to write into it. Windows has neither. */
const doNotWait = constants.O_NONBLOCK ?? 0

/** Reads a small text file; rejects for a longer one, and for what is no plain file. */
export async function readSmallText(path: string): Promise<string> {
  const file = await open(path, constants.O_RDONLY | doNotWait)
  try {
    const stat = await file.stat()
    if (!stat.isFile() || stat.size > longestText) throw new Error('not a small plain file')
    return await file.readFile('utf8')
  } finally {
    await file.close()
  }
}

/** Asks for a CA file with the system's dialog; undefined when a person cancels. */
export async function chooseCaFile(
  dialog: Pick<Dialog, 'showOpenDialog'>,
  window: BrowserWindow | undefined,
): Promise<string | undefined> {
  const options = {
    title: 'Choose a CA file',
    properties: ['openFile' as const],
    filters: [
      { name: 'Certificates (PEM)', extensions: ['pem', 'crt', 'cer'] },
      { name: 'All files', extensions: ['*'] },
    ],
  }
  const { filePaths } = window
    ? await dialog.showOpenDialog(window, options)
    : await dialog.showOpenDialog(options)
  return filePaths[0]
}
