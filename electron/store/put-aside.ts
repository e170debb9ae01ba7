import { existsSync, readdirSync, rmSync, statSync } from 'node:fs'
import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { copiesOf, suffixes } from './rescue'

/** A database that lies beside the one in use, under the name that it was given when it was put aside. */
export interface PutAside {
  /** Without folders. */
  readonly name: string
  /** `brought-over`: it had been `kept` until its key was there again, and what was in it is here. */
  readonly why: 'damaged' | 'kept' | 'replaced' | 'brought-over'
  /** Wall ms. */
  readonly at: number
  /** With what belongs to it. */
  readonly bytes: number
}

const form =
  /^\.(damaged|kept|replaced|brought-over)-(\d{4}-\d\d-\d\dT)(\d\d)-(\d\d)-(\d\d)-(\d{3}Z)(?:-\d+)?$/

/** The databases that were put aside, the newest first. Files with other names are none. */
export function putAsideBeside(file: string): PutAside[] {
  const [folder, own] = [dirname(file), basename(file)]
  return readdirSync(folder)
    .flatMap((name): PutAside[] => {
      const parts = name.startsWith(own) ? form.exec(name.slice(own.length)) : null
      if (parts === null) return []
      const [, why, day, hour, minute, second, rest] = parts
      const at = Date.parse(`${day}${hour}:${minute}:${second}.${rest}`)
      if (Number.isNaN(at)) return []
      return [{ name, why: why as PutAside['why'], at, bytes: sizeOf(join(folder, name)) }]
    })
    .sort((a, b) => b.at - a.at)
}

const sizeOf = (file: string): number =>
  suffixes.reduce((sum, suffix) => sum + (statSync(file + suffix, { throwIfNoEntry: false })?.size ?? 0), 0)

/** Works with a copy of a database, in a folder of its own that is gone afterwards with all that was made beside the copy. */
export async function withCopyOf<T>(file: string, work: (copy: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(copiesOf(file))
  const copy = join(folder, 'copy.db')
  try {
    for (const suffix of suffixes) {
      if (existsSync(file + suffix)) await copyFile(file + suffix, copy + suffix)
    }
    return await work(copy)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Removes the copies that a process left which was ended while it looked into them. */
export function sweepCopies(file: string): void {
  const folder = dirname(file)
  const isCopy = (name: string): boolean => name.startsWith(basename(file)) && /\.look-\w+$/.test(name)
  for (const name of readdirSync(folder).filter(isCopy)) {
    rmSync(join(folder, name), { recursive: true, force: true })
  }
}
