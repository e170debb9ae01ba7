import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { basename } from 'node:path'
import type { BrowserWindow, Dialog, OpenDialogOptions } from 'electron'
import { Refusal } from '../ipc/refusal'
import type { FileReader, OpenedFile, OpenRequest } from '../platform/file-sink'

/** Longer than any bundle of certificates. */
const longestText = 1_000_000

/** Without it, opening a pipe waits for someone to write into it. Windows has neither. */
const doNotWait = constants.O_NONBLOCK ?? 0

/** Reads a small text file; rejects for a longer one, and for what is no plain file. */
export const readSmallText = async (path: string): Promise<string> =>
  (await readBounded(path, longestText)).toString('utf8')

async function readBounded(path: string, mostBytes: number): Promise<Buffer> {
  const file = await open(path, constants.O_RDONLY | doNotWait)
  try {
    const stat = await file.stat()
    if (!stat.isFile()) throw new Refusal('file', 'This is no plain file.', { next: 'Choose another one.' })
    if (stat.size > mostBytes) {
      throw new Refusal('file', `The file has ${stat.size} bytes; at most ${mostBytes} can be read.`, {
        next: 'Choose another file, or split this one.',
      })
    }
    const bytes = await file.readFile()
    // Half of a file that is still being written would be taken for the whole.
    const after = await file.stat()
    if (bytes.length !== stat.size || after.size !== stat.size || after.mtimeMs !== stat.mtimeMs) {
      throw new Refusal('file', 'The file changed while it was read.', {
        next: 'Wait until the program that writes it is done, then choose it again.',
      })
    }
    return bytes
  } finally {
    await file.close()
  }
}

const pieceBytes = 256 * 1024

/** Opens a plain file to be read a piece at a time. */
export async function openReader(path: string): Promise<FileReader> {
  const file = await open(path, constants.O_RDONLY | doNotWait)
  const stat = await file.stat()
  if (!stat.isFile()) {
    await file.close()
    throw new Refusal('file', 'This is no plain file.', { next: 'Choose another one.' })
  }
  return {
    name: basename(path),
    size: stat.size,
    async *bytes(from, to) {
      for (let at = from; at < to; ) {
        const piece = Buffer.allocUnsafe(Math.min(pieceBytes, to - at))
        const { bytesRead } = await file.read(piece, 0, piece.length, at)
        if (bytesRead === 0) {
          throw new Refusal('file', 'The file became shorter while it was read.', {
            next: 'Wait until the program that writes it is done, then choose it again.',
          })
        }
        at += bytesRead
        yield piece.subarray(0, bytesRead)
      }
    },
    close: () => file.close(),
  }
}

/** Asks for a file with the system's dialog and opens it; undefined when a person cancels. */
export async function readWithDialog(
  dialog: Pick<Dialog, 'showOpenDialog'>,
  window: BrowserWindow | undefined,
  asked: Omit<OpenRequest, 'mostBytes'>,
): Promise<FileReader | undefined> {
  const path = await chosen(dialog, window, dialogFor(asked))
  return path === undefined ? undefined : openReader(path)
}

const dialogFor = ({ title, kind, extensions }: Omit<OpenRequest, 'mostBytes'>) => ({
  title,
  filters: [
    { name: kind, extensions: [...extensions] },
    { name: 'All files', extensions: ['*'] },
  ],
})

/** Asks for a file with the system's dialog and reads it; undefined when a person cancels. */
export async function openWithDialog(
  dialog: Pick<Dialog, 'showOpenDialog'>,
  window: BrowserWindow | undefined,
  request: OpenRequest,
): Promise<OpenedFile | undefined> {
  const path = await chosen(dialog, window, dialogFor(request))
  if (path === undefined) return undefined
  return { name: basename(path), bytes: await readBounded(path, request.mostBytes) }
}

/** Asks for a CA file with the system's dialog; undefined when a person cancels. */
export async function chooseCaFile(
  dialog: Pick<Dialog, 'showOpenDialog'>,
  window: BrowserWindow | undefined,
): Promise<string | undefined> {
  return chosen(dialog, window, {
    title: 'Choose a CA file',
    filters: [
      { name: 'Certificates (PEM)', extensions: ['pem', 'crt', 'cer'] },
      { name: 'All files', extensions: ['*'] },
    ],
  })
}

async function chosen(
  dialog: Pick<Dialog, 'showOpenDialog'>,
  window: BrowserWindow | undefined,
  asked: Pick<OpenDialogOptions, 'title' | 'filters'>,
): Promise<string | undefined> {
  const options: OpenDialogOptions = { ...asked, properties: ['openFile'] }
  const { filePaths } = window
    ? await dialog.showOpenDialog(window, options)
    : await dialog.showOpenDialog(options)
  return filePaths[0]
}
