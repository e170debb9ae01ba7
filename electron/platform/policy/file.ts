import { constants } from 'node:fs'
import { type FileHandle, lstat, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { PolicySource } from './policy'

/** Nobody writes as much by hand. */
const mostBytes = 1_000_000
const root = 0
/** Written by its group or by everybody. */
const writable = 0o022

/**
 * The policy of Linux: one JSON file, which counts when root owns it and nobody else can write it or the folder that it lies
 * in.
 *
 * @param owner the user that has to own it
 * @returns Nothing where there is no such file. Never throws.
 */
export async function readPolicyFile(place: string, owner = root): Promise<PolicySource | undefined> {
  let handle: FileHandle | undefined
  try {
    const folder = await lstat(dirname(place))
    // A link is not followed, and a pipe is not waited for.
    handle = await open(place, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
    const file = await handle.stat()
    if (!file.isFile()) return { place, unreadable: 'It is no ordinary file.' }
    if (file.size > mostBytes) return { place, unreadable: 'It is larger than 1 MB.' }
    const untrusted = doubtOf(file, folder, owner)
    const values = parsed(await handle.readFile())
    if (typeof values === 'string') return { place, unreadable: values }
    return { place, values, ...(untrusted === undefined ? {} : { untrusted }) }
  } catch (cause) {
    const code = String((cause as { code?: unknown }).code ?? cause)
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    return { place, unreadable: code === 'ELOOP' ? 'It is a link.' : `It cannot be read (${code}).` }
  } finally {
    await handle?.close().catch(() => {})
  }
}

interface Owned {
  readonly uid: number
  readonly mode: number
}

function doubtOf(file: Owned, folder: Owned, owner: number): string | undefined {
  if (file.uid !== owner) return 'The file is not owned by root.'
  if ((file.mode & writable) !== 0) return 'Others than root can write the file.'
  if (folder.uid !== owner || (folder.mode & writable) !== 0)
    return 'Others than root can write the folder of the file.'
  return undefined
}

/** What is set, or why it is not known. The words of the engine are left out: they quote the file. */
function parsed(bytes: Buffer): Record<string, unknown> | string {
  const text = bytes.toString('utf8').replace(/^\ufeff/, '')
  try {
    const values: unknown = JSON.parse(text)
    if (typeof values === 'object' && values !== null && !Array.isArray(values))
      return values as Record<string, unknown>
    return 'It has to be one JSON object.'
  } catch (cause) {
    const at = /line (\d+)|position (\d+)/.exec(String(cause))
    const line = at?.[1] ?? (at?.[2] && String(text.slice(0, Number(at[2])).split('\n').length))
    return `It is not JSON${line ? ` (line ${line})` : ''}.`
  }
}
