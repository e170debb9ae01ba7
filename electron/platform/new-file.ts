import { randomBytes } from 'node:crypto'
import { closeSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs'

/**
 * A name in the same folder that nobody has and nobody can foresee: what is opened under it with `wx` is a new file, never
 * one that is a person's, nor a link that leads to it.
 */
export const unusedName = (path: string): string => `${path}.${randomBytes(9).toString('hex')}.part`

/** Puts a text in place of the file, whole or not at all. A link of that name is replaced, not followed. Throws. */
export function replaceFile(path: string, text: string): void {
  const partial = unusedName(path)
  const file = openSync(partial, 'wx', 0o600)
  try {
    try {
      writeFileSync(file, text)
    } finally {
      closeSync(file)
    }
    renameSync(partial, path)
  } catch (cause) {
    rmSync(partial, { force: true })
    throw cause
  }
}
