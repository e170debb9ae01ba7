import type { BigIntStats } from 'node:fs'
import { readdir, realpath, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Refusal } from '../ipc/refusal'

/**
 * Refuses a file that is one of the app's own: in the profile folder, or the same file by a link, a hard link or another
 * spelling of the path. Folders and files are compared by what they are, because names differ in letters' case, in links
 * and in mounts.
 */
export async function refuseOwnFile(path: string, profile: string): Promise<void> {
  const own = await lookedUp(profile)
  if (own === undefined) return
  const places = [dirname(path), path]
  for (const place of places) if (await liesIn(place, own)) throw refusal(path)
  const file = await lookedUp(path)
  if (file?.isFile() && file.nlink > 1n && (await holds(profile, file))) throw refusal(path)
}

const refusal = (path: string): Refusal =>
  new Refusal('own-file', `${path} belongs to Gungnir itself. Nothing was written.`, {
    next: 'Choose a name in another folder, such as Documents.',
  })

const lookedUp = (path: string): Promise<BigIntStats | undefined> =>
  stat(path, { bigint: true }).catch(() => undefined)

const same = (a: BigIntStats, b: BigIntStats): boolean => a.ino === b.ino && a.dev === b.dev

async function liesIn(path: string, folder: BigIntStats): Promise<boolean> {
  let place: string
  try {
    place = await realpath(path)
  } catch {
    return false
  }
  for (;;) {
    const found = await lookedUp(place)
    if (found !== undefined && same(found, folder)) return true
    const above = dirname(place)
    if (above === place) return false
    place = above
  }
}

async function holds(folder: string, file: BigIntStats): Promise<boolean> {
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue
    const found = await lookedUp(join(entry.parentPath, entry.name))
    if (found !== undefined && same(found, file)) return true
  }
  return false
}
