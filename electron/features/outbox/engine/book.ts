import { isEnded, isResting } from '../../../../shared/change/machine'
import type { OutboxEntry } from '../../../../shared/change/types'
import { foldedId } from '../../../../shared/user/id'
import { originOf, sameIdentity } from '../../../server/identity'
import type { DiskWrite, EnginePorts, Identity } from './ports'

/** Names a user for "one write at a time", whoever is signed in and however the id is spelt. */
export const userAt = (origin: string, userId: string): string => `${originOf(origin)}\n${foldedId(userId)}`

export const userOf = ({ origin, user }: Pick<OutboxEntry, 'origin' | 'user'>): string =>
  userAt(origin, user.userId)

export const madeUnder = (entry: OutboxEntry, identity: Identity): boolean => sameIdentity(entry, identity)

/** The disk said no: what was to be written counts as not written. */
export class DiskRefused extends Error {
  override readonly name = 'DiskRefused'
}

/**
 * The live entries, as they are on disk: memory changes only after the disk has said that it holds the change.
 * A user has at most one entry with an open attempt, and of the options and of each service one behind it.
 */
export function createBook(disk: EnginePorts['disk'], committed: (write: DiskWrite) => void) {
  const entries = new Map<string, OutboxEntry>()
  const users = new Map<string, string[]>()
  let nextSeq = 1

  const put = (entry: OutboxEntry): void => {
    const user = userOf(entry)
    const before = entries.get(entry.id)
    if (before !== undefined && userOf(before) !== user) drop(before)
    if (isEnded(entry)) {
      drop(entry)
      return
    }
    if (!entries.has(entry.id)) users.set(user, [...(users.get(user) ?? []), entry.id])
    entries.set(entry.id, entry)
  }

  const drop = (entry: OutboxEntry): void => {
    entries.delete(entry.id)
    const user = userOf(entry)
    const left = (users.get(user) ?? []).filter((id) => id !== entry.id)
    if (left.length === 0) users.delete(user)
    else users.set(user, left)
  }

  const ofUser = (user: string): readonly OutboxEntry[] =>
    (users.get(user) ?? []).flatMap((id) => entries.get(id) ?? [])

  return {
    load() {
      const state = disk.load()
      nextSeq = state.nextSeq
      for (const entry of state.entries) put(entry)
      return state
    },
    get: (id: string): OutboxEntry | undefined => entries.get(id),
    all: (): Iterable<OutboxEntry> => entries.values(),
    size: (): number => entries.size,
    ofUser,
    /** What rests and was saved after this entry for the same user under the same identity, oldest first. */
    after: (entry: OutboxEntry): readonly OutboxEntry[] =>
      ofUser(userOf(entry)).filter(
        (other) => other.seq > entry.seq && isResting(other) && madeUnder(other, entry),
      ),
    /** The sequence number for the next entry; taken only by committing an entry with it. */
    nextSeq: (): number => nextSeq,
    /** The entry that waits behind an open one about the same, of the same identity. */
    behind: (entry: OutboxEntry): OutboxEntry | undefined =>
      ofUser(userOf(entry)).find(
        (other) =>
          other.id !== entry.id &&
          other.service === entry.service &&
          isResting(other) &&
          madeUnder(other, entry),
      ),
    /** Makes it durable, then true. Throws {@link DiskRefused} and changes nothing when the disk refuses. */
    commit(write: DiskWrite): void {
      try {
        disk.commit(write)
      } catch (cause) {
        throw new DiskRefused(cause instanceof Error ? cause.message : 'The disk refused to write.', {
          cause,
        })
      }
      for (const entry of write.entries) {
        nextSeq = Math.max(nextSeq, entry.seq + 1)
        put(entry)
      }
      committed(write)
    },
  }
}
export type Book = ReturnType<typeof createBook>
