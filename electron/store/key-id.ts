import { createHmac, timingSafeEqual } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { replaceFile } from '../platform/new-file'

/** Says which key it is and nothing about it: 64 hexadecimal digits. */
export const keyId = (key: Uint8Array): string =>
  createHmac('sha256', key).update('gungnir database').digest('hex')

/**
 * A small file beside the database names the key that wrote it, by a keyed hash that tells nothing about the key.
 * SQLite says the same of a wrong key and of a damaged first page; this tells them apart, because one must be
 * answered with "unlock your keychain" and the other with a rescue. It is believed only when it says yes: what it denies is
 * tried all the same, because it can be damaged or of another database.
 */
export const keyIdFile = (file: string): string => `${file}.key-id`

export const writeKeyId = (file: string, key: Uint8Array): void =>
  replaceFile(keyIdFile(file), `${keyId(key)}\n`)

/** Whether this key wrote the database; `undefined` when nothing readable says so. */
export const keyMatches = (file: string, key: Uint8Array): boolean | undefined => {
  let written: string
  try {
    written = readFileSync(keyIdFile(file), 'utf8').trim()
  } catch {
    return undefined
  }
  const expected = keyId(key)
  if (written.length !== expected.length) return undefined
  return timingSafeEqual(Buffer.from(written), Buffer.from(expected))
}
