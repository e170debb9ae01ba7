import { copyFileSync, existsSync, mkdtempSync, rmSync, statSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { createOutboxDisk } from '../../electron/features/outbox/disk'
import type { DiskState, DiskWrite, OutboxDisk } from '../../electron/features/outbox/engine/ports'
import { StoreError } from '../../electron/store/errors'
import { verifyChain } from '../../electron/store/repositories/history-chain'
import { openStore, type Store } from '../../electron/store/store'
import type { Chance } from './chance'
import { Violation } from './checker'
import { createSimDisk, type SimDisk, type WriteFate } from './disk'
import { silent } from './real-outbox'

const name = 'gungnir.db'
/** As many pages as an encrypted database may ever need here. */
const plenty = 1_000_000

/** What becomes of a write here; besides what {@link WriteFate} says: the database may not grow. */
export type StoreFate = Exclude<WriteFate, 'phantom'> | 'squeezed'

/**
 * The app's own encrypted database in the place of the simulated disk. A process that dies leaves its files as they
 * lie, write-ahead log and all, and the next one has to make do with a copy of them. A simulated disk runs along: it
 * is what must be found again.
 */
export function createStoreDisk(chance: Chance, fateOf: (nth: number, write: DiskWrite) => StoreFate) {
  const mirror = createSimDisk()
  const key = Buffer.alloc(32, 7)
  let folder = mkdtempSync(join(tmpdir(), 'gungnir-crash-'))
  let store: Store | undefined
  let writes = 0
  let refused = 0

  const wal = (): string => join(folder, `${name}-wal`)

  /** The files as a dead process leaves them. `cut`: the log ends within what was written last. */
  const leave = (cut?: { readonly from: number }): void => {
    const next = mkdtempSync(join(tmpdir(), 'gungnir-crash-'))
    for (const each of [name, `${name}-wal`, `${name}.key-id`]) {
      if (existsSync(join(folder, each))) copyFileSync(join(folder, each), join(next, each))
    }
    if (cut !== undefined) {
      const end = statSync(wal()).size
      truncateSync(join(next, `${name}-wal`), cut.from + Math.floor(chance.next() * (end - cut.from)))
    }
    store?.close()
    store = undefined
    rmSync(folder, { recursive: true })
    folder = next
  }

  const opened = (): Store => {
    store ??= openStore({ file: join(folder, name), key })
    // The machine stays up: what a process has written is there for the next one.
    store.exec('PRAGMA synchronous = OFF')
    // A log that is cut must still be the only place of what it holds.
    store.all('PRAGMA wal_autocheckpoint = 0')
    return store
  }

  const compare = (found: DiskState, expected: DiskState): void => {
    const plain = (state: DiskState): unknown => JSON.parse(JSON.stringify(state.entries))
    if (!isDeepStrictEqual(plain(found), plain(expected))) {
      throw new Violation(2, 'what is found after a restart is not what was saved')
    }
  }

  /** True when the database took it. */
  const squeezed = (real: OutboxDisk, write: DiskWrite): boolean => {
    const db = opened()
    const pages = Number(db.rows('PRAGMA page_count')[0]?.[0])
    db.all(`PRAGMA max_page_count = ${pages}`)
    try {
      real.commit(write)
      return true
    } catch (error) {
      if (!(error instanceof StoreError) || error.kind !== 'disk-full') throw error
      refused++
      return false
    } finally {
      db.all(`PRAGMA max_page_count = ${plenty}`)
    }
  }

  const disk: SimDisk = {
    ...mirror,
    open(hooks) {
      if (store !== undefined) leave()
      const real = createOutboxDisk({
        store: opened(),
        clock: { wall: () => 0, mono: () => 0, after: () => () => {} },
        log: silent,
        recentWrites: 450,
      })
      let fate: WriteFate = 'kept'
      const model = mirror.open({ ...hooks, fate: () => fate })
      return {
        load() {
          const state = real.load()
          compare(state, model.load())
          return state
        },
        commit(write) {
          if (!hooks.alive()) return model.commit(write)
          const asked = fateOf(writes++, write)
          const from = existsSync(wal()) ? statSync(wal()).size : 0
          if (asked === 'squeezed') fate = squeezed(real, write) ? 'kept' : 'full'
          else {
            fate = asked
            if (asked === 'full') refused++
            else if (asked !== 'crash-before') real.commit(write)
          }
          if (fate === 'torn') leave({ from })
          else if (fate === 'crash-before' || fate === 'crash-after') leave()
          model.commit(write)
        },
      }
    },
  }

  return {
    disk,
    writes: (): number => writes,
    /** Writes that were refused. */
    refused: (): number => refused,
    /** At the end: the database is sound, its history unbroken and all there. */
    check(): void {
      const db = opened()
      if (db.all('PRAGMA quick_check').some((row) => row.quick_check !== 'ok')) {
        throw new Violation(2, 'the database is damaged')
      }
      const chain = verifyChain(db)
      let step = chain.next()
      while (!step.done) step = chain.next()
      if (step.value.faults.length > 0) throw new Violation(3, 'the chain of the history is broken')
      const rows = new Map(db.rows('SELECT id, outcome FROM history').map(([id, outcome]) => [id, outcome]))
      for (const { id, outcome } of mirror.history.values()) {
        if (rows.get(id) !== outcome) {
          throw new Violation(3, `history says ${String(rows.get(id))} of an attempt that ended ${outcome}`)
        }
      }
    },
    dispose(): void {
      store?.close()
      store = undefined
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
