import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
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
 * Why the app cannot keep anything in its profile folder, in words; undefined where it can. It would seem to start, and keep
 * nothing.
 */
export function whyNotWritable(profile: string): string | undefined {
  const why = refusalOf(profile)
  if (why === undefined) return undefined
  return `Its folder cannot be written (${why}): ${profile}. Nothing was changed. Make the folder writable, or make room on its disk, and start Gungnir again.`
}
