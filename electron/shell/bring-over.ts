import { basename } from 'node:path'
import type { OutboxEntry } from '../../shared/change/types'
import type { Log, Random } from '../platform/ports'
import { sameAddress } from '../server/identity'
import { atRest } from '../store/backup'
import { openOrRescue } from '../store/open-or-rescue'
import { connectionsRepository } from '../store/repositories/connections'
import { historyRepository } from '../store/repositories/history'
import { outboxRepository } from '../store/repositories/outbox'
import { keptBeside, keyOf, markBroughtOver, withCopy } from '../store/rescue'
import type { Store } from '../store/store'

/** What came from one database that had been put aside. */
export interface BroughtOver {
  /** Its name now, without folders. */
  readonly from: string
  readonly changes: number
  readonly history: number
  /** History entries and changes that could not be read. */
  readonly lost: number
}

const portion = 200
const words = 'Comes from the database that had been put aside. Look at it, then retry or discard.'

/**
 * Looks whether a database that was put aside for want of its key has its key now, and brings its unsent changes over, waiting
 * for a person, and its history. What is here already stays as it is. Nothing is ever taken out of the one put aside; one that
 * cannot be brought over is left for the next start.
 */
export function bringOver(deps: {
  readonly store: Store
  readonly file: string
  readonly keys: readonly Uint8Array[]
  readonly wall: number
  readonly random: Pick<Random, 'id'>
  readonly log: Log
}): BroughtOver[] {
  const { store, file, keys, wall, random, log } = deps
  const brought: BroughtOver[] = []
  for (const kept of keptBeside(file)) {
    try {
      const key = keyOf(kept, keys)
      if (key === undefined) continue
      const counts = withCopy(kept, (copy) => {
        const { store: source } = openOrRescue({ file: copy, key, wall })
        try {
          return store.transaction(() => merge(source, store, random))
        } finally {
          source.close()
        }
      })
      brought.push({ from: basename(markBroughtOver(kept)), ...counts })
    } catch (cause) {
      log.error('storage.not-brought-over', { kept: basename(kept), cause })
    }
  }
  return brought
}

function merge(source: Store, store: Store, random: Pick<Random, 'id'>): Omit<BroughtOver, 'from'> {
  const connectionOf = connectionsOver(source, store, random)
  let lost = 0
  const outbox = outboxRepository(store)
  let changes = 0
  for (const entry of outboxRepository(source, { onUnreadable: () => lost++ }).live()) {
    if (outbox.byId(entry.id) !== undefined) continue
    const rested = atRest(entry as unknown as Record<string, unknown>, words) as unknown as OutboxEntry
    outbox.put({ ...rested, seq: outbox.nextSeq(), connectionId: connectionOf(entry.connectionId) })
    changes++
  }
  for (const steps = historyOver(source, store, connectionOf); ; ) {
    const { done, value } = steps.next()
    if (done) return { changes, history: value.added, lost: lost + value.lost }
  }
}

/**
 * Adds the history of another database to ours, the oldest entry first, some entries in each step. An entry that is here stays
 * as it is, so that it may be ended and begun again.
 * @param connectionOf where a connection of the other database is here
 */
export function* historyOver(
  source: Store,
  store: Store,
  connectionOf: (connectionId: string) => string,
): Generator<{ done: number; of: number }, { added: number; lost: number }> {
  const from = historyRepository(source)
  const to = historyRepository(store)
  let [added, lost] = [0, 0]
  const entries = (start: number, count: number) => {
    try {
      return from.window({ start, count }).entries
    } catch (cause) {
      if (count > 1) throw cause
      lost++
      return []
    }
  }
  const { total } = from.window({ start: 0, count: 0 })
  // Newest first is how they are read, oldest first how they are to stand.
  for (let end = total; end > 0; end -= portion) {
    const start = Math.max(0, end - portion)
    const some = stretch(entries, start, end - start)
    store.transaction(() => {
      for (const { seq: _its, revertedBy: _other, ...entry } of some) {
        if (to.byId(entry.id) !== undefined) continue
        // Nobody is left who would settle it.
        const outcome = entry.outcome === 'pending' ? 'unknown' : entry.outcome
        to.append({ ...entry, outcome, connectionId: connectionOf(entry.connectionId) })
        added++
      }
    })
    yield { done: total - start, of: total }
  }
  return { added, lost }
}

/** A stretch of what is read newest first, oldest first; around an entry that cannot be read, one by one. */
function stretch<T>(read: (start: number, count: number) => readonly T[], start: number, count: number): T[] {
  try {
    return [...read(start, count)].reverse()
  } catch {
    return Array.from({ length: count }, (_, place) => [...read(start + place, 1)])
      .flat()
      .reverse()
  }
}

/** Where each connection of the other database is here: the one to the same account of the same server, or itself, added. */
export function connectionsOver(
  source: Store,
  store: Store,
  random: Pick<Random, 'id'>,
): (connectionId: string) => string {
  const here = connectionsRepository(store)
  const over = new Map<string, string>()
  for (const saved of connectionsRepository(source).list()) {
    const same = here.list().find((other) => sameAddress(other, saved))
    const id = same?.id ?? (here.byId(saved.id) === undefined ? saved.id : random.id())
    if (same === undefined) here.save({ ...saved, id })
    over.set(saved.id, id)
  }
  return (id) => over.get(id) ?? id
}
