import type { OutboxEntry } from '../../../shared/change/types'
import { copyAs } from '../../../shared/history/copy-as'
import { isApplied, isFailed } from '../../../shared/history/outcomes'
import { planRevert, planUndo } from '../../../shared/history/revert'
import type { HistoryEntry, HistoryRow, HistoryScope } from '../../../shared/history/shapes'
import type { Handlers } from '../../../shared/ipc/bridge'
import { type Calendar, parseHistoryQuery } from '../../../shared/query/history'
import type { FieldEdit, UserRecord } from '../../../shared/user/types'
import { sameValue } from '../../../shared/user/value'
import type { Emit } from '../../ipc/door'
import { Refusal, withFile } from '../../ipc/refusal'
import type { SaveFile } from '../../platform/file-sink'
import type { Clock } from '../../platform/ports'
import { type Identity, originOf, sameServer } from '../../server/identity'
import { mustBeMeant } from '../../server/meant'
import type { HistoryRepository, StoredHistoryEntry } from '../../store/repositories/history'
import type { KeptEnd } from '../../store/repositories/history-chain'
import type { Store } from '../../store/store'
import { suggestionOf, writeExport } from './save'
import { summaryOf } from './summary'
import { urgently, verifyHistory } from './verify'

export interface HistoryDeps {
  readonly store: Store
  readonly kept?: KeptEnd
  readonly history: HistoryRepository
  readonly clock: Clock
  readonly calendar: Calendar
  readonly emit: Emit
  readonly saveFile: SaveFile
  /** Days of history that have to stay, and who says so. */
  readonly minimum?: { readonly days: number; readonly why: string }
  /** The server that is chosen, and its users as they were last read. */
  readonly present: () => {
    /** The server and account that are chosen. */
    readonly identity: Identity | undefined
    readonly recordOf: (userId: string) => UserRecord | undefined
    /** The newest value of each field that was saved and is not on the server yet. */
    readonly waitingOf: (userId: string) => readonly FieldEdit[]
    /** The outbox entries of this user of which nothing was sent. */
    readonly unsentOf: (userId: string) => readonly Pick<OutboxEntry, 'id' | 'edits'>[]
  }
}

type Own = Extract<keyof Handlers, `history.${string}`>

const dayMs = 86_400_000
/** More than this is no plan that a person can look through. */
const mostReverted = 10_000

/** What the page asks of the history. */
export function historyHandlers(deps: HistoryDeps): Pick<Handlers, Own> {
  const { store, kept, history, clock, calendar, emit, saveFile, present, minimum } = deps
  const userOnly = (userId: string | undefined) => (userId === undefined ? {} : { userId })
  const scoped = ({ search, userId }: HistoryScope) => ({
    query: parseHistoryQuery(search, calendar),
    ...userOnly(userId),
  })
  const entryWith = (id: string): StoredHistoryEntry => {
    const entry = history.byId(id)
    if (entry === undefined) throw new Refusal('not-found', 'This change is no longer in the history.')
    return entry
  }

  /** A search that was partly left out must not decide what is put back or handed on. */
  const understood = (scope: HistoryScope) => {
    const asked = scoped(scope)
    const [problem] = asked.query.problems
    if (problem !== undefined) {
      throw new Refusal('search', problem, { next: 'Correct the search, so that it is clear what is meant.' })
    }
    return asked
  }

  const found = ({ except = [], ...scope }: HistoryScope & { except?: readonly string[] | undefined }) => {
    const without = new Set(except)
    const asked = { ...understood(scope), start: 0, count: mostReverted + without.size }
    const { total, entries } = history.window(asked)
    const wanted = total - without.size
    if (wanted <= mostReverted) return entries.filter(({ id }) => !without.has(id))
    throw new Refusal('too-many', `${wanted} changes are too many to put back at once.`, {
      next: `Narrow the search to at most ${mostReverted}.`,
    })
  }

  return {
    'history.window'({ start, count, ...scope }) {
      const asked = scoped({ search: scope.search, ...userOnly(scope.userId) })
      const { total, entries } = history.window({ ...asked, start, count })
      return { total, start, rows: entries.map(rowOf), problems: [...asked.query.problems] }
    },

    'history.lines'({ search, open, start, count }) {
      const { query } = scoped({ search })
      // Whoever looks for a batch wants its changes, not one line again.
      if (query.clauses.some((clause) => clause.kind === 'text' && clause.of === 'batch' && !clause.negate)) {
        const { total, entries } = history.window({ query, start, count })
        return { total, changes: total, start, rows: entries.map(rowOf), problems: [...query.problems] }
      }
      const { lines, total, changes } = history.lines({ query, open, start, count })
      const rows = lines.map(({ entry, ...line }) => ({ ...rowOf(entry), ...line }))
      return { total, changes, start, rows, problems: [...query.problems] }
    },

    'history.batch'({ search, id }) {
      const line = history.batch(scoped({ search }), id)
      if (line === undefined) {
        throw new Refusal('not-found', 'This batch is no longer in what the search finds.')
      }
      return { ...rowOf(line.entry), batch: line.batch }
    },

    'history.place'({ id, open }) {
      const { id: found } = entryWith(id)
      const place = history.place(found, open)
      if (place === undefined) throw new Error('an entry that is there has its place')
      return place
    },

    'history.finds': ({ search, id }) => history.finds(scoped({ search }).query, id),

    'history.entry'(id) {
      const entry = entryWith(id)
      return { ...entry, origin: originOf(entry.origin) }
    },

    'history.summary'(scope) {
      const asked = scoped(scope)
      return { ...summaryOf(history.counts(asked)), problems: [...asked.query.problems] }
    },

    'history.revertPlan'(input) {
      const now = present()
      mustBeMeant(input.as, now.identity)
      const chosen = now.identity?.origin
      const here = { ...now, isHere: (origin: string) => chosen !== undefined && sameServer(origin, chosen) }
      const entries =
        'ids' in input
          ? history.byIds(input.ids)
          : 'outboxIds' in input
            ? input.outboxIds.flatMap(history.ofEntry)
            : found(input)
      if ('ids' in input && entries.length < new Set(input.ids).size) {
        throw new Refusal('not-found', 'Some of these changes are no longer in the history.')
      }
      const saved = 'outboxIds' in input ? input.saved : undefined
      const { changes, leftOut, takenOut } =
        saved === undefined ? planRevert(entries, here) : planUndo(saved, entries, here)
      return {
        changes: changes.map((change) => ({
          ...change,
          edits: [...change.edits],
          reverts: [...change.reverts],
        })),
        leftOut: [...leftOut],
        ...(takenOut === undefined ? {} : { takenOut: [...takenOut] }),
      }
    },

    async 'history.export'({ format, only, except, ...scope }) {
      const asked = understood(scope)
      const sink = await saveFile(suggestionOf(format))
      if (sink === undefined) return { entries: 0 }
      const chosen = only && new Set(only)
      const left = new Set(except)
      const isWanted = ({ id }: StoredHistoryEntry) => !left.has(id) && (chosen?.has(id) ?? true)
      const portions = function* () {
        for (const portion of history.each(asked)) yield portion.filter(isWanted)
      }
      const { total: found } = history.window({ ...asked, start: 0, count: 0 })
      const total = chosen?.size ?? found - left.size
      const tell = (done: number) => emit('history.progress', { work: 'export', done, of: total })
      const entries = await withFile(
        'written',
        writeExport(sink, {
          format,
          search: scope.search,
          madeAt: clock.wall(),
          total,
          portions: portions(),
          onProgress: tell,
        }),
      )
      return { path: sink.path, entries }
    },

    'history.copyAs': ({ id, form }) => copyAs(form, entryWith(id)),

    async 'history.verify'() {
      const onProgress = (done: number, of: number) => emit('history.progress', { work: 'verify', done, of })
      const report = await verifyHistory({
        store,
        ...(kept === undefined ? {} : { kept }),
        clock,
        pauseMs: urgently,
        onProgress,
      })
      if (report === undefined) throw new Error('a check that nobody stops has an end')
      return report
    },

    'history.trim'({ olderThanDays }) {
      if (minimum !== undefined && olderThanDays < minimum.days) {
        const most = Number.isFinite(minimum.days)
          ? `Changes stay for ${minimum.days} days`
          : 'All changes stay'
        throw new Refusal('policy', `${most}. ${minimum.why}.`, { next: 'Nothing was removed.' })
      }
      const removed = history.trim(clock.wall() - olderThanDays * dayMs, clock.wall())
      if (removed > 0) emit('history.changed', { generation: Math.round(clock.mono()) })
      return removed
    },
  }
}

function rowOf(entry: HistoryEntry): HistoryRow {
  const { id, seq, user, userName, action, fields, outcome, words, account, origin, startedWall } = entry
  const { reason, batchId } = entry
  return {
    ...{ id, seq, user, userName, action, fields, outcome, words, account, origin, startedWall },
    ...(reason === undefined ? {} : { reason }),
    ...(batchId === undefined ? {} : { batchId }),
    values: valuesOf(entry),
  }
}

const own = <T>(values: Readonly<Record<string, T>> | undefined, path: string): T | undefined =>
  values !== undefined && Object.hasOwn(values, path) ? values[path] : undefined

function valuesOf({ fields, asked, before, after, outcome }: HistoryEntry): HistoryRow['values'] {
  const paths = fields.length > 0 ? fields : Object.keys(asked)
  return paths.map((path) => {
    const was = own(before, path)
    const wanted = own(asked, path) ?? null
    const became = own(after, path)
    // Of a change in part, what was read afterwards tells which parts.
    const unapplied =
      isFailed(outcome) && (!isApplied(outcome) || (became !== undefined && !sameValue(path, became, wanted)))
    // What was refused left everything as it was: that is no news, what was asked is.
    const now = unapplied || became === undefined || !isApplied(outcome) ? wanted : became
    return {
      ...{ path, now },
      ...(was === undefined ? {} : { before: was }),
      ...(unapplied ? { unapplied } : {}),
    }
  })
}
