import { open, rename, rm } from 'node:fs/promises'
import { unusedName } from './new-file'

/** A file that is being written. It is not there under its name before it is whole. */
export interface FileSink {
  readonly path: string
  write(text: string | Uint8Array): Promise<void>
  /** Puts the file in place, over one of that name. */
  finish(): Promise<void>
  /** Leaves nothing behind. */
  discard(): Promise<void>
}

/** What a feature asks a person to save: a name without folders, and what kind of file it is. */
export interface SaveSuggestion {
  /** The day where the person is comes behind it: by it they look for a file. */
  readonly name: string
  readonly extension: string
  /** For the dialog, such as "CSV file". */
  readonly kind: string
  /** What it may be instead. Which one it is, the end of the name tells. */
  readonly others?: readonly { readonly extension: string; readonly kind: string }[]
}

/** Asks a person where to; undefined when they cancel. */
export type SaveFile = (suggestion: SaveSuggestion) => Promise<FileSink | undefined>

export async function openFileSink(path: string): Promise<FileSink> {
  const partial = unusedName(path)
  const file = await open(partial, 'wx')
  return {
    path,
    async write(text) {
      await file.appendFile(text, 'utf8')
    },
    async finish() {
      await file.sync()
      await file.close()
      await rename(partial, path)
    },
    async discard() {
      await file.close().catch(() => {})
      await rm(partial, { force: true })
    },
  }
}

/** What a person is asked to open. */
export interface OpenRequest {
  /** The dialog's title, and what kind of file it is, such as "CSV file". */
  readonly title: string
  readonly kind: string
  readonly extensions: readonly string[]
  /** A larger file is refused before it is read. */
  readonly mostBytes: number
}

export interface OpenedFile {
  /** Without folders. */
  readonly name: string
  readonly bytes: Uint8Array
}

/** Asks a person for a file and reads it; undefined when they cancel. */
export type OpenFile = (request: OpenRequest) => Promise<OpenedFile | undefined>

/** A file that is read a piece at a time, so that its size is no matter. */
export interface FileReader {
  /** Without folders. */
  readonly name: string
  /** In bytes. */
  readonly size: number
  /** The bytes from `from` up to, not including, `to`. Throws when the file has been cut since it was opened. */
  bytes(from: number, to: number): AsyncIterable<Uint8Array>
  close(): Promise<void>
}

/** Asks a person for a file to be read a piece at a time; undefined when they cancel. */
export type OpenReader = (request: Omit<OpenRequest, 'mostBytes'>) => Promise<FileReader | undefined>

/** Writes every text in turn. The file is there whole or not at all: on a failure nothing is left and it is thrown. */
export async function writeAll(
  sink: FileSink,
  texts: Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>,
): Promise<void> {
  try {
    for await (const text of texts) await sink.write(text)
    await sink.finish()
  } catch (cause) {
    await sink.discard()
    throw cause
  }
}
