import type { OutboxEntry } from '../../../shared/change/types'
import type { Handlers } from '../../../shared/ipc/bridge'
import { Refusal, withFile } from '../../ipc/refusal'
import type { Pause } from '../../platform/pause'
import type { Random } from '../../platform/ports'
import { type Identity, sameAccount } from '../../server/identity'
import type { AsideDatabases } from '../../shell/aside'
import { connectionsOver, historyOver } from '../../shell/bring-over'
import { StoreError, storeError } from '../../store/errors'
import { historyRepository } from '../../store/repositories/history'
import { outboxRepository } from '../../store/repositories/outbox'
import { settingsRepository } from '../../store/repositories/settings'
import type { Store } from '../../store/store'
import type { Arrivals } from '../outbox/arrivals'
import { unsentOf } from '../outbox/transfer'
import { draftsKey, type Unsaved, unsavedIn } from './unsaved'

type Own = Extract<keyof Handlers, `aside.${string}`>

/** History entries that are looked for at a stretch. */
const portion = 200

/** Databases that were put aside, opened by a person: their unsent changes as a plan, and their history to be added here. */
export function asideHandlers(deps: {
  readonly store: Store
  /** Absent where nothing that is brought over would outlive the process. */
  readonly aside: AsideDatabases | undefined
  readonly arrivals: Pick<Arrivals, 'open'>
  /** Under which server and account changes are saved just now. */
  readonly identity: () => Identity | undefined
  readonly random: Pick<Random, 'id'>
  readonly pause: () => Pause
  readonly historyChanged: () => void
}): Pick<Handlers, Own> {
  const { store, aside, arrivals, identity, random, pause, historyChanged } = deps
  let busy = false

  /** One at a time: each makes a copy of a whole database. */
  async function look<T>(
    name: string,
    work: (from: Store, lost: number) => Promise<T>,
    key?: Uint8Array,
  ): Promise<T> {
    if (busy) {
      throw new Refusal('busy', 'A database is being opened.', { next: 'Wait until it is done.' })
    }
    busy = true
    try {
      if (!aside?.list().some((one) => one.name === name)) {
        throw new Refusal('not-found', `There is no database ${name} any more.`)
      }
      const looked = await withFile('read', aside.look(name, work, key))
      if (looked !== undefined) return looked.found
    } catch (cause) {
      throw cause instanceof StoreError
        ? new Refusal('database', storeError(cause).message, { next: 'Nothing was changed.' })
        : cause
    } finally {
      busy = false
    }
    throw key === undefined
      ? new Refusal('no-key', 'No key in the keychain opens this database.', {
          next: 'Unlock the keychain that was in use when it was put aside and open it again, or type its key.',
        })
      : new Refusal('no-key', 'This key does not open the database.', {
          next: 'A key has 64 digits from 0 to 9 and a to f. In the keychain it is called database-key.',
        })
  }

  return {
    'aside.list': () => aside?.list() ?? [],

    'aside.open': ({ name, key }) =>
      look(
        name,
        async (from, damaged) => {
          let lost = damaged
          const unsent = new Map<
            string,
            { origin: string; account: string; changes: number; unsaved: number }
          >()
          const add = (origin: string, account: string, what: 'changes' | 'unsaved'): void => {
            const whose = JSON.stringify([origin, account])
            const before = unsent.get(whose) ?? { origin, account, changes: 0, unsaved: 0 }
            unsent.set(whose, { ...before, [what]: before[what] + 1 })
          }
          for (const { origin, account } of unsentIn(from, () => lost++)) add(origin, account, 'changes')
          for (const { origin, account } of unsavedOf(from)) {
            if (origin !== undefined && account !== undefined) add(origin, account, 'unsaved')
          }
          return { unsent: [...unsent.values()], ...(await historyIn(from, store, pause())), lost }
        },
        key === undefined ? undefined : keyOf(key),
      ),

    'aside.unsent': async ({ name, origin, account }) => {
      const here = identity()
      if (here === undefined) {
        throw new Refusal('not-connected', 'Nobody is connected to a server.', {
          next: `Connect as ${account} to ${origin} and open it again.`,
        })
      }
      const { at } = aside?.list().find((one) => one.name === name) ?? { at: 0 }
      const ours = outboxRepository(store)
      const changes = await look(name, async (from) => [
        ...unsentIn(from)
          .filter(
            (entry) =>
              sameAccount(entry, { origin, account }) &&
              // What was brought over by itself, and sent or discarded here since, is no news.
              ours.byId(entry.id) === undefined,
          )
          .map(unsentOf),
        ...unsavedOf(from)
          .filter((one) => one.origin === origin && one.account === account)
          .flatMap((one) => one.changes),
      ])
      const head = { name, format: 'gungnir-unsent', version: 1, origin, account, madeAt: at } as const
      return arrivals.open({ ...head, aside: true, changes }, here)
    },

    'aside.addHistory': ({ name }) =>
      look(name, async (from, damaged) => {
        const wait = pause()
        try {
          const steps = historyOver(from, store, connectionsOver(from, store, random))
          for (;;) {
            const { done, value } = steps.next()
            if (done) return { added: value.added, lost: damaged + value.lost }
            if (wait.due()) await wait.wait()
          }
        } finally {
          historyChanged()
        }
      }),
  }
}

const unsentIn = (from: Store, onUnreadable: () => void = () => {}): OutboxEntry[] =>
  outboxRepository(from, { onUnreadable }).live()

/** Edits that were not saved there either. */
const unsavedOf = (from: Store): Unsaved[] => unsavedIn(settingsRepository(from).get(draftsKey))

const keyOf = (text: string): Uint8Array => {
  const hex = text.replaceAll(/\s/g, '')
  // What is no key opens nothing, as any other that does not fit.
  return /^[0-9a-f]{64}$/i.test(hex) ? new Uint8Array(Buffer.from(hex, 'hex')) : new Uint8Array(32)
}

/** How long its history is, and how many of its entries are not here. */
async function historyIn(
  from: Store,
  store: Store,
  wait: Pause,
): Promise<{ history: number; historyMissing: number }> {
  const here = historyRepository(store)
  let [history, historyMissing, last] = [0, 0, 0]
  for (;;) {
    const rows = from.rows('SELECT seq, id FROM history WHERE seq > ? ORDER BY seq LIMIT ?', last, portion)
    for (const [, id] of rows) if (!here.has(String(id))) historyMissing++
    history += rows.length
    if (rows.length < portion) return { history, historyMissing }
    last = Number(rows.at(-1)?.[0])
    if (wait.due()) await wait.wait()
  }
}
