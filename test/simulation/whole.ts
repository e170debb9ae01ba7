import type { Keychain } from '../../electron/platform/ports'
import { openMemoryStore } from '../../electron/store/store'
import type { HistoryWindow } from '../../shared/history/shapes'
import type { OutboxRow, UsersWindow } from '../../shared/ipc/contract'
import type { UserRow } from '../../shared/user/shapes'
import { baseUrl, openVirtualApp } from '../unit/electron/server/virtual-app'
import { createChance } from './chance'
import { createTimeline } from './time'
import { accounts, createWholeServer, faults, flat, type Value, type WireCall } from './whole-server'

/**
 * The whole app from outside: everything behind the handlers is the app's own, in virtual time, before a server
 * with a truth of its own. A person edits, decides, discards, changes the account; another administrator writes; calls
 * go wrong; the app is killed. Judged by what stands on the server and on the wire, and by what the app tells.
 */

export interface WholeSoaked {
  readonly edits: number
  readonly kills: number
  readonly puts: number
  readonly calls: number
  readonly faults: Readonly<Record<string, number>>
  readonly decisions: number
  readonly discards: number
  readonly virtualHours: number
  readonly failures: readonly string[]
}

/** A mistake for the judge to find: what the app says, asks or sends is falsified. */
export interface Falsified {
  readonly http?: (http: ReturnType<ReturnType<typeof createWholeServer>['network']>) => typeof http
  readonly save?: (edits: readonly Edit[]) => readonly Edit[]
  /** The rows of an account, and what waits under all accounts. */
  readonly shown?: (rows: readonly UserRow[], waiting: readonly OutboxRow[]) => readonly UserRow[]
  readonly keychain?: (sound: Keychain) => Keychain
}
interface Edit {
  readonly path: string
  readonly base?: Value | null
  readonly mine: Value | null
  /** Where the base is a value of ours that waits: what the server had, as far as it was seen. */
  readonly own?: { readonly old?: Value | null }
}
/** What a person has typed and not saved yet. */
interface Draft {
  readonly account: string
  readonly changes: readonly {
    readonly row: UserRow
    readonly user: UserRow['key']
    readonly edits: readonly Edit[]
  }[]
}

const paths = ['lastName', 'title', 'addressLocation', 'address.addressLine2'] as const
const userCount = 8
const callsPerSecond = 5
/** A pre-read may be this old when its PUT starts, and the call itself may take as long. */
const preReadMs = 10_000
const spare = (value: unknown): Value => (value === null || value === undefined ? '' : String(value))

/** Something a person wants to stand on the server. */
interface Wish {
  readonly value: Value
  readonly savedAt: number
}

export async function soakWhole(options: {
  readonly seed: number
  readonly edits: number
  readonly falsified?: Falsified
  readonly trace?: (line: string) => void
}): Promise<WholeSoaked> {
  const { seed, edits, falsified = {}, trace } = options
  const chance = createChance(seed)
  const timeline = createTimeline()
  const server = createWholeServer(timeline, chance.fork(), userCount)
  const appChance = chance.fork()
  const store = openMemoryStore()
  const kept = new Map<string, string>()
  const failures: string[] = []
  const counts = { edits: 0, kills: 0, decisions: 0, discards: 0 }
  const note = (line: string): void => trace?.(`${Math.round(timeline.now())} ${line}`)
  const fail = (invariant: number, what: string): void => {
    failures.push(`Invariant ${invariant}: ${what} (at ${Math.round(timeline.now())} ms)`)
  }

  // What the person has done, in their own words.
  const wishes = new Map<string, Wish>()
  const saved = new Map<string, Set<Value>>()
  const seen = new Map<string, Set<Value>>()
  const place = (...parts: string[]): string => parts.join('\n')
  const add = (to: Map<string, Set<Value>>, key: string, value: Value): void => {
    const set = to.get(key) ?? new Set()
    set.add(value)
    to.set(key, set)
  }

  let life = 0
  let living = true
  const connectionIds = new Map<string, string>()
  const open = async () => {
    living = true
    const mine = ++life
    const alive = (): boolean => living && life === mine
    const http = server.network(mine, alive)
    return openVirtualApp(timeline, appChance, falsified.http?.(http) ?? http, {
      store,
      kept,
      callsPerSecond,
      id: `life${mine}`,
      ...(falsified.keychain === undefined ? {} : { keychain: falsified.keychain }),
    })
  }
  let app = await open()
  let account: string = accounts[0]
  for (const one of accounts) connectionIds.set(one, await app.connect(baseUrl, one))
  const connect = async (as: string): Promise<void> => {
    account = as
    note(`CONNECT ${as}`)
    await app.call(() => app.handlers['connections.connect'](connectionIds.get(as) ?? ''))
    await app.call(() => app.handlers['users.chooseReading']({ choice: 'nothing' }))
  }
  await connect(account)
  await timeline.runTo(timeline.now() + 20_000)
  const secrets = new Map([...kept].filter(([name]) => !name.startsWith('history-end')))
  if (secrets.size < accounts.length) fail(15, 'the passwords are not in the keychain')

  const outbox = async (): Promise<readonly OutboxRow[]> =>
    (await app.call(() => app.handlers['outbox.window']({ start: 0, count: 1000 }))).rows
  const users = async (): Promise<readonly UserRow[]> => {
    const { connectionId, origin, account: who } = await status()
    if (connectionId === undefined || origin === undefined || who === undefined) return []
    const shown = (await app.call(() =>
      app.handlers['users.window']({
        query: { search: '', scope: {}, sort: [] },
        start: 0,
        count: 100,
        as: { connectionId, origin, account: who },
      }),
    )) as UsersWindow
    return falsified.shown?.(shown.rows, await outbox()) ?? shown.rows
  }
  const accountOf = ({ connectionId }: OutboxRow): string =>
    accounts.find((one) => connectionIds.get(one) === connectionId) ?? ''

  const drafts: Draft[] = []
  /** Types into some users; saved at once, or left as a draft while other things happen. */
  const edit = async (): Promise<void> => {
    const draft = { account, changes: await typed() }
    if (draft.changes.length === 0) return
    if (chance.happens(0.15)) drafts.push(draft)
    else await save(draft)
  }

  const typed = async (only?: (row: UserRow) => boolean): Promise<Draft['changes']> => {
    const rows = (await users()).filter(only ?? (() => true))
    if (rows.length === 0) return []
    const chosen =
      only !== undefined
        ? rows
        : chance.happens(0.15)
          ? rows.filter(() => chance.happens(0.5))
          : [chance.pick(rows)]
    return chosen.flatMap((row) => {
      const { userId } = row.key
      const some: Edit[] = paths
        .filter((path) => (only === undefined ? chance.happens(0.4) : path === 'title'))
        .flatMap((path) => {
          const copy = Object.hasOwn(row.fields, path)
            ? spare(row.fields[path])
            : row.completeness === 'full'
              ? ''
              : undefined
          const pending = row.pending[path]
          const shown = pending === undefined ? copy : spare(pending.new)
          const before = [...(saved.get(place(account, userId, path)) ?? [])]
          const value =
            only === undefined && before.length > 0 && chance.happens(0.25)
              ? chance.pick(before)
              : only === undefined && path !== 'lastName' && chance.happens(0.08)
                ? ''
                : `v${counts.edits + 1}-${chance.below(1e6)}`
          if (value === shown) return []
          return [
            {
              path,
              ...(shown === undefined ? {} : { base: shown === '' ? null : shown }),
              mine: value === '' ? null : value,
              ...(pending === undefined
                ? {}
                : {
                    own:
                      pending.old === undefined
                        ? {}
                        : { old: spare(pending.old) === '' ? null : spare(pending.old) },
                  }),
            },
          ]
        })
      if (some.length === 0) return []
      for (const { path, base } of some) add(seen, place(userId, path), spare(base))
      return [{ row, user: row.key, edits: some }]
    })
  }

  const save = async ({ account: under, changes }: Draft): Promise<void> => {
    // A draft belongs to its account and is saved there.
    if (under !== account) await connect(under)
    const as = { connectionId: connectionIds.get(account) ?? '', origin: baseUrl, account }
    note(`SAVE ${account} ${JSON.stringify(changes.map(({ user, edits: some }) => [user.userId, some]))}`)
    const savedAt = timeline.now()
    for (const { user, edits: some } of changes) {
      for (const { path, mine, own } of some) {
        // Once the value of ours that it was typed over is gone, it is over what the server had.
        if (own?.old !== undefined) add(seen, place(user.userId, path), spare(own.old))
        add(saved, place(account, user.userId, path), spare(mine))
      }
    }
    const keep = falsified.save ?? ((some: readonly Edit[]) => some)
    try {
      await app.call(() =>
        app.handlers['outbox.save']({
          as,
          changes: changes
            .map(({ user, edits: some }) => ({ user, edits: keep(some).map((one) => ({ ...one })) }))
            .filter(({ edits: some }) => some.length > 0),
        }),
      )
    } catch (error) {
      note(`REFUSED ${String(error)}`)
      return
    }
    for (const { row, user, edits: some } of changes) {
      for (const { path, mine } of some) {
        counts.edits++
        const wish = place(account, user.userId, path)
        const copy = Object.hasOwn(row.fields, path) ? spare(row.fields[path]) : undefined
        // Back to what the person knows the server to have: nothing is left to wish.
        const old = row.pending[path]?.old
        if (copy === spare(mine) || (old !== undefined && spare(old) === spare(mine))) wishes.delete(wish)
        else wishes.set(wish, { value: spare(mine), savedAt })
      }
    }
  }

  /** 14: over the rows of this account lies what was saved under it, and nothing else. */
  const judgeShown = async (): Promise<void> => {
    for (const { key, pending } of await users()) {
      for (const [path, shown] of Object.entries(pending)) {
        if (saved.get(place(account, key.userId, path))?.has(spare(shown?.new))) continue
        fail(14, `${account} is shown ${path} of ${key.userId} as “${spare(shown?.new)}”, not saved under it`)
      }
    }
  }

  /** 9: while every call about one user goes wrong in one way, all others get on. */
  const judgeTrouble = async (): Promise<void> => {
    const ill = chance.pick(server.userIds)
    const fault = chance.pick(['hangs', 'web-page', 'busy', 'informational', 'wrong-subject'] as const)
    server.plague(ill, fault)
    note(`ILL ${ill} ${fault}`)
    const wanted = await typed(() => true)
    await save({ account, changes: wanted })
    await timeline.runTo(timeline.now() + 120_000)
    // What a person has to decide about waits for the person.
    const clashing = (await outbox())
      .filter(({ state }) => state === 'conflict')
      .map(({ user }) => user.userId)
    for (const { user, edits: some } of wanted) {
      if (user.userId === ill || clashing.includes(user.userId)) continue
      for (const { path, mine } of some) {
        if (server.nowAt(user.userId, path) !== spare(mine)) {
          fail(9, `${path} of ${user.userId} waits because of ${ill}, whose calls get “${fault}”`)
        }
      }
    }
    server.plague(undefined, fault)
  }

  /** 2: each wish stands in the outbox or has stood on the server. 12: each entry says why it is there. */
  const judgeWishes = async (): Promise<readonly OutboxRow[]> => {
    const rows = await outbox()
    judgeKept()
    await judgeShown()
    for (const row of rows)
      note(
        `ROW ${row.user.userId} ${row.id} ${row.state} ${row.why.slice(0, 60)} ${JSON.stringify(row.edits)}`,
      )
    for (const row of rows) if (row.why === '') fail(12, `${row.id} is ${row.state} without a reason`)
    for (const row of rows) {
      // Nothing here says that a user is gone, or that anything is forbidden: only something else can have.
      if (/does not know this user|may not change|could not be read/.test(row.why)) {
        fail(13, `${row.user.userId} is ${row.state}: ${row.why}`)
      }
    }
    const waiting = new Set(
      rows.flatMap((row) =>
        row.edits.map(({ path, mine }) => place(accountOf(row), row.user.userId, path, spare(mine))),
      ),
    )
    for (const [at, { value, savedAt }] of wishes) {
      const [who = '', userId = '', path = ''] = at.split('\n')
      if (waiting.has(place(who, userId, path, value))) continue
      const held = server.historyOf(userId, path)
      const before = held.findLast((one) => one.at <= savedAt)
      const stood = before?.value === value || held.some((one) => one.at > savedAt && one.value === value)
      if (!stood && !(await wasOvertaken(userId, path, value)))
        fail(2, `${who} wanted ${path} of ${userId} to be “${value}”: it is neither there nor waiting`)
      wishes.delete(at)
    }
    return rows
  }

  /** History says that somebody else wrote the field before a read could show whether the server had kept ours. */
  const wasOvertaken = async (userId: string, path: string, value: Value): Promise<boolean> => {
    const { rows } = (await app.call(() =>
      app.handlers['history.window']({ search: '', userId, start: 0, count: 100 }),
    )) as HistoryWindow
    for (const { id, outcome, fields } of rows) {
      if (outcome !== 'superseded' || !fields.includes(path)) continue
      const { asked } = await app.call(() => app.handlers['history.entry'](id))
      if (spare(asked[path]) === value) return true
    }
    return false
  }

  const decide = async (row: OutboxRow): Promise<void> => {
    counts.decisions++
    const choices = row.conflicts.map(({ path, theirs, mine }) => {
      const value = chance.happens(0.5) ? mine : chance.happens(0.7) ? theirs : `v-third-${chance.below(1e6)}`
      return { path, theirs, value: path === 'lastName' && spare(value) === '' ? theirs : value }
    })
    note(`RESOLVE ${row.user.userId} ${JSON.stringify(choices)}`)
    const savedAt = timeline.now()
    for (const { path, theirs, value } of choices) {
      add(seen, place(row.user.userId, path), spare(theirs))
      add(saved, place(accountOf(row), row.user.userId, path), spare(value))
    }
    try {
      await app.call(() => app.handlers['outbox.resolve']({ id: row.id, choices }))
    } catch {
      return
    }
    for (const { path, theirs, value } of choices) {
      const wish = place(accountOf(row), row.user.userId, path)
      if (spare(value) === spare(theirs)) wishes.delete(wish)
      else wishes.set(wish, { value: spare(value), savedAt })
    }
  }

  const discard = async (row: OutboxRow, sentToo: boolean): Promise<void> => {
    note(`DISCARD ${row.user.userId} ${row.state} ${sentToo}`)
    counts.discards++
    await app.call(() => app.handlers[sentToo ? 'outbox.abandon' : 'outbox.discard']([row.id]))
    if ((await outbox()).some(({ id }) => id === row.id)) return
    for (const { path } of row.edits) wishes.delete(place(accountOf(row), row.user.userId, path))
  }

  const kill = async (): Promise<void> => {
    note('KILL')
    counts.kills++
    living = false
    app.kill()
    server.died(life)
    await timeline.runTo(timeline.now() + chance.pick([10, 2_000, 60_000]))
    app = await open()
    await connect(chance.happens(0.8) ? account : chance.pick(accounts))
  }

  const act = async (): Promise<void> => {
    const dice = chance.next()
    const [draft] = drafts
    if (draft !== undefined && dice < 0.06) {
      drafts.shift()
      note('A DRAFT IS SAVED')
      return save(draft)
    }
    if (dice < 0.5) return edit()
    if (dice < 0.6) {
      const value = `other-${chance.below(1e6)}`
      const userId = chance.pick(server.userIds)
      const path = chance.pick(paths)
      note(`OTHER ${userId} ${path} = ${value}`)
      return server.other(userId, path, value)
    }
    const rows = await judgeWishes()
    const mine = rows.filter((row) => accountOf(row) === account)
    if (dice < 0.88) {
      const troubled = mine.filter(({ state }) =>
        ['conflict', 'partial', 'rejected', 'parked'].includes(state),
      )
      for (const row of troubled.filter(() => chance.happens(0.7))) {
        note(`TROUBLE ${row.user.userId} ${row.state}: ${row.why}`)
        if (row.state === 'conflict') await decide(row)
        else await app.call(() => app.handlers['outbox.retry']([row.id]))
      }
      return
    }
    if (dice < 0.92) return mine.length === 0 ? undefined : discard(chance.pick(mine), chance.happens(0.5))
    if (dice < 0.94) return connect(chance.pick(accounts))
    if (dice < 0.96) return kill()
    if (dice < 0.97) {
      note('TOKENS VOID')
      return server.voidTokens()
    }
    if (dice < 0.985) {
      await app
        .call(() => app.handlers['users.refresh']({}))
        .catch((error) => note(`REFUSED ${String(error)}`))
      return
    }
    await app.call(() => app.handlers['outbox.syncNow'](undefined))
  }

  server.troubles.percent = 18
  const status = async () => app.call(() => app.handlers['app.status'](undefined))
  while (counts.edits < edits && failures.length === 0) {
    // Without faults a run of the same length has other encounters.
    if (chance.happens(0.02)) server.troubles.percent = chance.pick([0, 5, 18, 18, 18, 40])
    await act()
    if ((await status()).network === 'signed-out' && chance.happens(0.2)) await connect(account)
    await timeline.runTo(
      timeline.now() + chance.pick([0, chance.between(0, 800), chance.between(0, 6_000), 40_000]),
    )
    await judgeWishes()
  }

  // Quiet: nothing goes wrong any more, and a person looks after what needs one.
  server.troubles.percent = 0
  let rows = await judgeWishes()
  for (let round = 0; round < 60 && rows.length > 0 && failures.length === 0; round++) {
    const [first] = rows
    // A refused password, too, is a person's matter.
    const isOut = (await status()).network === 'signed-out'
    if (first !== undefined && (isOut || accountOf(first) !== account)) await connect(accountOf(first))
    for (const row of rows.filter((one) => accountOf(one) === account)) {
      if (row.state === 'conflict') await decide(row)
      else if (['partial', 'rejected', 'parked'].includes(row.state)) {
        if (round < 30) await app.call(() => app.handlers['outbox.retry']([row.id]))
        else await discard(row, false)
      }
    }
    await timeline.runTo(timeline.now() + 65_000)
    rows = await judgeWishes()
  }
  if (failures.length === 0) {
    for (const row of rows) fail(12, `${row.user.userId} is ${row.state} (${row.why}) and never ended`)
  }
  if (failures.length === 0 && rows.length === 0) await judgeTrouble()
  await judgeHistory()
  judgeWire()
  if (failures.length > 0) {
    for (const { at, name, userId, body, fault, endedAt, landings } of server.wire) {
      note(
        `WIRE ${Math.round(at)} ${name} ${userId ?? ''} ${fault ?? ''} ${JSON.stringify(body) ?? ''} ended ${endedAt} landed ${landings}`,
      )
    }
  }

  /** 15: what opens something is still there as it was. */
  function judgeKept(): void {
    for (const [name, secret] of secrets) {
      if (kept.get(name) !== secret) fail(15, `${name} was overwritten or forgotten`)
    }
  }

  /** 3 and 6: history has every PUT, and what it calls done has stood on the server. */
  async function judgeHistory(): Promise<void> {
    const portion = 500
    const told: HistoryWindow['rows'] = []
    for (let start = 0, total = 1; start < total; start += portion) {
      const window = (await app.call(() =>
        app.handlers['history.window']({ search: '', start, count: portion }),
      )) as HistoryWindow
      total = window.total
      told.push(...window.rows)
    }
    const puts = server.wire.filter(({ name }) => name === 'PUT /users')
    const known = new Map<string, number>()
    for (const { user, fields } of told) {
      const key = place(user.userId, [...fields].sort().join())
      known.set(key, (known.get(key) ?? 0) + 1)
    }
    for (const { userId = '', body } of puts) {
      const key = place(
        userId,
        Object.keys(flat(body ?? {}))
          .sort()
          .join(),
      )
      const left = known.get(key) ?? 0
      if (left === 0) fail(3, `a PUT of ${userId} is not in the history`)
      known.set(key, left - 1)
    }
    for (const { user, outcome, values, startedWall } of told) {
      if (outcome !== 'done') continue
      for (const { path, now } of values) {
        const stood = server
          .historyOf(user.userId, path)
          .some(
            (held, at, all) =>
              held.value === spare(now) && (all[at + 1]?.at ?? Infinity) >= startedWall - wallStart,
          )
        if (!stood) fail(6, `${path} of ${user.userId} is called done and was never “${spare(now)}”`)
      }
    }
  }

  function judgeWire(): void {
    const { wire } = server
    const puts = wire.filter(({ name }) => name === 'PUT /users')
    judgePace(wire)
    const sent = new Map<string, Set<Value>>()
    const newest = new Map<string, WireCall>()
    for (const put of puts) {
      const userId = put.userId ?? ''
      const before = newest.get(userId)
      if (before !== undefined && before.life === put.life && (before.endedAt ?? Infinity) > put.at) {
        fail(4, `two PUTs of ${userId} are out at once`)
      }
      newest.set(userId, put)
      for (const [path, value] of Object.entries(flat(put.body ?? {}))) {
        const by = accounts.filter((one) => saved.get(place(one, userId, path))?.has(value))
        if (by.length === 0) fail(7, `${path} of ${userId} was sent as “${value}”, which nobody has saved`)
        else if (put.account !== undefined && !by.includes(put.account as (typeof accounts)[number])) {
          fail(8, `${path} of ${userId} was sent as ${put.account}, who has not saved it`)
        }
        const key = place(userId, path)
        const read = wire.findLast(
          (call) =>
            call.life === put.life &&
            call.endedAt !== undefined &&
            call.endedAt <= put.at &&
            call.told?.has(userId) &&
            call.told.get(userId)?.[path] !== undefined &&
            call.name === 'GET /users',
        )
        const value0 = read?.told?.get(userId)?.[path]
        if (read === undefined || value0 === undefined || (read.endedAt ?? 0) < put.at - preReadMs - 1_000) {
          fail(1, `${path} of ${userId} was written and not read before (PUT at ${Math.round(put.at)})`)
        } else if (!seen.get(key)?.has(value0) && !sent.get(key)?.has(value0)) {
          fail(1, `“${value0}” of ${path} of ${userId} was written over, and nobody had seen it`)
        }
        add(sent, key, value)
      }
    }
    judgeOrder()
  }

  /** 5: an older value of ours never lands over a newer one. */
  function judgeOrder(): void {
    for (const userId of server.userIds) {
      for (const path of paths) {
        let newest: WireCall | undefined
        for (const { by, value } of server.historyOf(userId, path)) {
          if (typeof by === 'string') continue
          if (newest !== undefined && by.at < newest.at && flat(newest.body ?? {})[path] !== value) {
            fail(5, `“${value}” of ${path} of ${userId} landed over a newer value of ours`)
          }
          if (newest === undefined || by.at > newest.at) newest = by
        }
      }
    }
  }

  /** 10: all callers together, over kills, too. */
  function judgePace(wire: readonly WireCall[]): void {
    for (let at = callsPerSecond; at < wire.length; at++) {
      const [first, last] = [wire[at - callsPerSecond], wire[at]]
      if (first !== undefined && last !== undefined && last.at - first.at < 1000) {
        fail(
          10,
          `${callsPerSecond + 1} calls within ${Math.round(last.at - first.at)} ms, at ${Math.round(first.at)}`,
        )
        return
      }
    }
  }

  living = false
  app.kill()
  store.close()
  return {
    ...counts,
    puts: server.wire.filter(({ name }) => name === 'PUT /users').length,
    calls: server.wire.length,
    faults: Object.fromEntries(faults.map((fault) => [fault, server.counts[fault] ?? 0])),
    virtualHours: Math.round(timeline.now() / 3_600_000),
    failures: firstOfEach(failures),
  }
}

/** The first failure of each invariant: one is often followed by many of the same. */
const firstOfEach = (failures: readonly string[]): string[] => {
  const known = new Map<string, string>()
  for (const failure of failures) {
    const [invariant = ''] = failure.split(':')
    if (!known.has(invariant)) known.set(invariant, failure)
  }
  return [...known.values()]
}

/** Where the wall clock of the virtual app stands when virtual time begins. */
const wallStart = 1_700_000_000_000
