import type { ServiceId } from '../../../../shared/calls/catalogue'
import {
  type BatchEdit,
  type BatchUser,
  Claims,
  changesSomething,
  isUnique,
} from '../../../../shared/change/batch'
import type { BatchRow, BatchSummary, BatchWindow, SaveInput } from '../../../../shared/ipc/contract'
import { cellText, clearWord } from '../../../../shared/user/cell'
import type { FieldPath, FieldValue, UserKey } from '../../../../shared/user/types'
import { displayValue, nameAndId } from '../../../../shared/user/value'
import type { Pause } from '../../../platform/pause'
import type { Identity } from '../../../server/identity'
import { filledSeries } from './filled-series'
import { type ChangedLine, type Doubts, othersValues, valueId } from './others-values'
import { type ChangedValue, slipped } from './slipped'
import type { BatchSource } from './source'

export interface BatchFacts {
  /** The server and account under which the person made it, if one was chosen. */
  readonly as?: Identity | undefined
  readonly id: string
  readonly kind: BatchSummary['kind']
  readonly name?: string
  /** What must be known before anything is saved. */
  readonly notices?: readonly string[]
  readonly remarks: readonly string[]
  /** The call-handling services that its rules are about. */
  readonly services?: readonly ServiceId[]
  /** Whether they look at the options of the user; left out: they do. */
  readonly isOptions?: boolean
  readonly reading?: BatchSummary['reading']
  readonly columns?: BatchSummary['columns']
}

/** Who has a number that must be unique, as the cache knows; not the user itself. */
export type Holders = (
  user: UserKey,
  path: 'extension' | 'phoneNumber',
  value: string,
) => Promise<readonly { readonly userId: string; readonly name: string }[]>

/** Why a user cannot have a value, by what the server says of its lists. */
export type Unlisted = (user: UserKey, path: FieldPath, value: FieldValue) => Promise<string | undefined>

export interface Looking {
  readonly pause: Pause
  readonly signal: AbortSignal
  readonly onProgress?: (done: number) => void
}

/** What has become of one line or user. */
export interface BatchResult {
  readonly user: UserKey
  readonly line?: number
  readonly path?: FieldPath
  readonly edit?: BatchEdit
  readonly result: 'saved' | 'taken out' | 'not saved' | 'unchanged'
  readonly why?: string
}

/** One row of the preview; without an edit it says why the whole user is left alone, or only who it is. */
interface Flat {
  readonly item: number
  readonly edit: BatchEdit | undefined
}

interface FieldCount {
  readonly path: FieldPath
  edits: number
  problems: number
}

interface Counts {
  /** Of what can be saved. */
  readonly users: number
  readonly edits: number
  readonly notes: number
  /** How many fields stay as they are, by what a program did to them. */
  readonly kept: ReadonlyMap<string, number>
  /** Lines of which nothing else is left. */
  readonly keptLines: number
  readonly fields: readonly FieldCount[]
}

const mostRemarks = 50

/**
 * Changes proposed together: computed item by item from their source, looked through by a person, saved once. It keeps
 * only what would change something or cannot; a million users that stay as they are cost nothing.
 */
export class Batch {
  readonly facts: BatchFacts
  readonly results: BatchResult[] = []
  readonly #source: BatchSource
  readonly #holders: Holders
  readonly #unlisted: Unlisted
  readonly #fixes = new Map<number, Map<FieldPath, string>>()
  /** Rows that were saved. */
  readonly #done = new Set<string>()
  #looked = new Map<number, BatchUser>()
  #unread = new Map<number, UserKey>()
  /** By item: one has no more cells than a spreadsheet has columns. */
  readonly #blanks: Uint16Array
  #flat: readonly Flat[] = []
  #problems: readonly number[] = []
  #slipped: ReadonlyMap<FieldPath, string> = new Map()
  #doubts: Doubts = { lines: new Map(), values: new Map(), fields: new Map() }
  #counts: Counts = { users: 0, edits: 0, notes: 0, kept: new Map(), keptLines: 0, fields: [] }

  constructor(facts: BatchFacts, source: BatchSource, holders: Holders, unlisted: Unlisted) {
    this.facts = facts
    this.#source = source
    this.#blanks = new Uint16Array(source.size)
    this.#holders = holders
    this.#unlisted = unlisted
  }

  /** Looks at every item, or at those of these users. */
  async look({ pause, signal, onProgress }: Looking, users?: ReadonlySet<string>): Promise<void> {
    for (let item = 0; item < this.#source.size && !signal.aborted; item++) {
      if (users === undefined || users.has(this.#source.userId(item) ?? '')) this.#lookAt(item)
      if (!pause.due()) continue
      onProgress?.(item)
      await pause.wait()
    }
    const { now, size } = this.#source
    if (now !== undefined && !signal.aborted) {
      const lines = this.#changedLines()
      const doubts = await othersValues(lines, now.paths, { size, ...now }, pause)
      const had = (item: number, path: FieldPath) => now.present(item)?.has(path) ?? ''
      const series = await filledSeries(lines, had, pause)
      this.#doubts = { ...doubts, fields: new Map([...series, ...doubts.fields]) }
    }
    await this.#settle({ pause, signal })
  }

  /** What the lines would change, in their order. */
  #changedLines(): ChangedLine[] {
    const lines: ChangedLine[] = []
    for (const item of Uint32Array.from(this.#looked.keys()).sort()) {
      const looked = this.#looked.get(item)
      const changes = looked?.edits.flatMap(({ path, mine, kept }) =>
        mine === undefined || kept !== undefined || this.#fixes.get(item)?.has(path)
          ? []
          : [{ path, mine: cellText(path, mine) }],
      )
      if (looked === undefined || changes === undefined || changes.length === 0) continue
      lines.push({ item, line: looked.line ?? 0, userId: looked.user.userId, changes })
    }
    return lines
  }

  /** Why a value is for a person to decide although nothing is wrong with it by itself. */
  #doubtful(item: number, path: FieldPath): string | undefined {
    if (this.#fixes.get(item)?.has(path)) return undefined
    return this.#doubts.lines.get(item) ?? this.#doubts.values.get(valueId(item, path))
  }

  #lookAt(item: number): void {
    const { user, unread, blanks = 0 } = this.#source.look(item, this.#fixes.get(item) ?? new Map())
    this.#blanks[item] = blanks
    if (user === undefined) this.#looked.delete(item)
    else this.#looked.set(item, user)
    if (unread === undefined) this.#unread.delete(item)
    else this.#unread.set(item, unread)
  }

  /** Finds numbers that two users would have, in the batch or beside it, and lays everything out in order. */
  async #settle({ pause, signal }: Looking): Promise<void> {
    const claims = new Claims()
    const givenUp = new Set<string>()
    for (const of of this.#looked.values()) {
      claims.add(of)
      for (const edit of of.edits) {
        if (isUnique(edit.path) && changesSomething(edit)) givenUp.add(`${edit.path}\n${of.user.userId}`)
      }
      if (pause.due()) await pause.wait()
    }
    const flat: Flat[] = []
    // Behind everything that is to be decided.
    const kept: Flat[] = []
    for (const item of Uint32Array.from(this.#looked.keys()).sort()) {
      const looked = this.#looked.get(item)
      if (looked === undefined) continue
      const { user, problem, edits } = claims.marked(looked)
      if (problem !== undefined || edits.length === 0) flat.push({ item, edit: undefined })
      for (const edit of edits) {
        if (edit.kept !== undefined) {
          kept.push({ item, edit })
          continue
        }
        const doubt = edit.problem === undefined ? this.#doubtful(item, edit.path) : undefined
        const problem =
          (await this.#held(user, edit, givenUp)) ?? (await this.#notListed(user, edit)) ?? doubt
        if (signal.aborted) return
        const { mine = null, ...rest } = edit
        const typed = displayValue(edit.path, mine)
        const shown = problem === undefined ? edit : { ...rest, typed, problem }
        if (!this.#done.has(rowId(item, edit.path))) flat.push({ item, edit: shown })
      }
      if (pause.due()) await pause.wait()
    }
    for (const each of kept) flat.push(each)
    await this.#lay(flat, pause)
  }

  /** Makes these the rows of the preview, and counts them. */
  async #lay(flat: readonly Flat[], pause: Pause): Promise<void> {
    const problems: number[] = []
    const fields = new Map<FieldPath, FieldCount>()
    const users = new Set<number>()
    let edits = 0
    let notes = 0
    const kept = new Map<string, number>()
    for (const [at, { item, edit }] of flat.entries()) {
      // Who is not read yet is no mistake of anybody's, and neither is who is only chosen.
      const wrong =
        edit === undefined ? this.#looked.get(item)?.problem : edit.unread ? undefined : edit.problem
      if (wrong !== undefined) problems.push(at)
      if (edit?.kept !== undefined) kept.set(edit.kept, (kept.get(edit.kept) ?? 0) + 1)
      else if (edit !== undefined) {
        const field = fields.get(edit.path) ?? { path: edit.path, edits: 0, problems: 0 }
        fields.set(edit.path, field)
        if (edit.note !== undefined) notes++
        if (edit.problem !== undefined) field.problems += edit.unread ? 0 : 1
        else {
          field.edits++
          edits++
          users.add(item)
        }
      }
      if (pause.due()) await pause.wait()
    }
    this.#flat = flat
    this.#problems = problems
    let keptLines = 0
    for (const { edits: some, problem } of this.#looked.values()) {
      if (problem === undefined && some.length > 0 && some.every(({ kept }) => kept !== undefined))
        keptLines++
      if (pause.due()) await pause.wait()
    }
    if (this.facts.kind === 'import') {
      this.#slipped = new Map([...this.#doubts.fields, ...(await slipped(this.#changed(), pause))])
    }
    this.#counts = { users: users.size, edits, notes, kept, keptLines, fields: [...fields.values()] }
  }

  /** What the lines ask for and is not saved, also where it is for a person to decide. */
  *#changed(): Generator<ChangedValue> {
    for (const [item, { edits }] of this.#looked) {
      for (const { path, base, mine, kept } of edits) {
        if (mine === undefined || base === undefined || kept !== undefined) continue
        if (!this.#done.has(rowId(item, path))) yield { path, base, mine }
      }
    }
  }

  async #held(user: UserKey, edit: BatchEdit, givenUp: ReadonlySet<string>): Promise<string | undefined> {
    const { path, mine } = edit
    if (path !== 'extension' && path !== 'phoneNumber') return undefined
    if (typeof mine !== 'string' || mine === '' || !changesSomething(edit)) return undefined
    const [holder] = (await this.#holders(user, path, mine)).filter(
      ({ userId }) => !givenUp.has(`${path}\n${userId}`),
    )
    return holder && `${mine} is taken by ${nameAndId(holder.name, holder.userId)}.`
  }

  async #notListed(user: UserKey, { path, mine, problem }: BatchEdit): Promise<string | undefined> {
    return problem !== undefined || mine === undefined ? undefined : this.#unlisted(user, path, mine)
  }

  /** Users of whom a field in question was not read yet. */
  unread(): UserKey[] {
    return [...this.#unread.values()]
  }

  /** Users that the batch would change, to be compared with the server. */
  touched(): UserKey[] {
    const keys = new Map<string, UserKey>()
    for (const { user, problem, edits } of this.#looked.values()) {
      if (problem === undefined && edits.some(({ kept }) => kept === undefined)) keys.set(user.userId, user)
    }
    for (const user of this.#unread.values()) keys.set(user.userId, user)
    return [...keys.values()]
  }

  summary(): BatchSummary {
    const { id, kind, name, notices = [], remarks, reading, columns } = this.facts
    const { users, edits, notes, kept, keptLines, fields } = this.#counts
    const blanks = this.#blanks.reduce((sum, count) => sum + count, 0)
    return {
      id,
      kind,
      ...(name === undefined ? {} : { name }),
      looked: this.#source.size,
      users,
      edits,
      problems: this.#problems.length,
      unchanged: this.#source.size - this.#looked.size + keptLines,
      kept: [...kept.values()].reduce((sum, count) => sum + count, 0),
      unread: this.#unread.size,
      fields: fields.map((field) => ({
        ...field,
        ...(this.#slipped.has(field.path) ? { doubtful: true } : {}),
      })),
      notices: [
        ...notices,
        ...(blanks === 0 ? [] : [blanksWords(blanks)]),
        ...(kept.size === 0 ? [] : [keptWords(kept)]),
        ...this.#slipped.values(),
        ...(notes === 0
          ? []
          : [
              `${counted(notes, 'cell')} to be saved ${notes === 1 ? 'was' : 'were'} mended; Remark says how.`,
            ]),
      ],
      remarks: remarks.slice(0, mostRemarks),
      ...(reading === undefined ? {} : { reading }),
      ...(columns === undefined ? {} : { columns }),
      ruleProblems: {},
    }
  }

  window(problemsOnly: boolean, start: number, count: number): BatchWindow {
    const total = problemsOnly ? this.#problems.length : this.#flat.length
    const rows: BatchRow[] = []
    for (let at = start; at < Math.min(start + count, total); at++) {
      const flat = this.#flat[problemsOnly ? (this.#problems[at] ?? -1) : at]
      if (flat !== undefined) rows.push(this.#row(flat))
    }
    return { total, start, rows }
  }

  #row({ item, edit }: Flat): BatchRow {
    const of = this.#looked.get(item) as BatchUser
    const { user, name, line } = of
    const about = { user: { ...user }, userName: name, ...(line === undefined ? {} : { line }) }
    if (edit === undefined)
      return { id: rowId(item, ''), ...about, ...(of.problem === undefined ? {} : { problem: of.problem }) }
    const { path, base, mine, typed, problem, unread, note, kept } = edit
    return {
      id: rowId(item, path),
      ...about,
      path,
      ...(base === undefined ? {} : { old: base }),
      ...(mine === undefined ? {} : { new: mine }),
      ...(typed === undefined ? {} : { typed }),
      ...(problem === undefined ? {} : { problem }),
      ...(unread ? { unread: true } : {}),
      ...(note === undefined ? {} : { note }),
      ...(kept === undefined ? {} : { kept: true }),
    }
  }

  /** Puts a person's text in place of what was proposed for one field of one user. */
  async fix(row: string, text: string, looking: Looking): Promise<void> {
    const [item, path] = readRowId(row)
    if (path === '' || !this.#looked.has(item)) return
    const fixes = this.#fixes.get(item) ?? new Map<FieldPath, string>()
    this.#fixes.set(item, fixes.set(path, text))
    this.#lookAt(item)
    await this.#settle(looking)
  }

  /** The changes that can be saved and are picked, in order. */
  *changes(picked: (row: string, path: FieldPath) => boolean): Generator<{
    readonly items: readonly string[]
    readonly change: SaveInput['changes'][number]
  }> {
    for (let at = 0; at < this.#flat.length; ) {
      const item = this.#flat[at]?.item ?? -1
      const edits: BatchEdit[] = []
      for (; this.#flat[at]?.item === item; at++) {
        const edit = this.#flat[at]?.edit
        if (edit === undefined || edit.problem !== undefined || edit.kept !== undefined) continue
        if (picked(rowId(item, edit.path), edit.path)) edits.push(edit)
      }
      const user = this.#looked.get(item)
      if (user === undefined || edits.length === 0) continue
      yield {
        items: edits.map(({ path }) => rowId(item, path)),
        change: {
          user: { ...user.user },
          edits: edits.map(({ path, base, own, mine = null }) => ({
            path,
            ...(base === undefined ? {} : { base }),
            ...(own === undefined ? {} : { own: { ...own } }),
            mine,
          })),
        },
      }
    }
  }

  /** These were saved: they leave the batch, with what they were in its results. */
  async saved(items: ReadonlySet<string>, pause: Pause): Promise<void> {
    const left: Flat[] = []
    for (const flat of this.#flat) {
      const { item, edit } = flat
      const row = rowId(item, edit?.path ?? '')
      if (edit === undefined || !items.has(row)) left.push(flat)
      else {
        this.#done.add(row)
        this.results.push({ ...this.#about(item), path: edit.path, edit, result: 'saved' })
      }
      if (pause.due()) await pause.wait()
    }
    await this.#lay(left, pause)
  }

  #about(item: number) {
    const { user, line } = this.#looked.get(item) as BatchUser
    return { user, ...(line === undefined ? {} : { line }) }
  }

  /** Everything that was saved, and what still stands in the batch with the reason. */
  *outcome(): Generator<BatchResult> {
    yield* this.results
    for (const { item, edit } of this.#flat) {
      const problem = edit === undefined ? this.#looked.get(item)?.problem : edit.problem
      const why = edit?.kept === undefined ? problem : edit.note
      yield {
        ...this.#about(item),
        ...(edit === undefined ? {} : { path: edit.path, edit }),
        result: edit?.kept !== undefined ? 'unchanged' : problem === undefined ? 'taken out' : 'not saved',
        ...(why === undefined ? {} : { why }),
      }
    }
  }
}

const counted = (number: number, what: string) =>
  `${number.toLocaleString('en')} ${what}${number === 1 ? '' : 's'}`

/** In many programs an emptied cell clears; whoever expects that must hear that it did not. */
function blanksWords(blanks: number): string {
  const [were, users] = blanks === 1 ? ['was', 'the user has'] : ['were', 'the users have']
  return `${counted(blanks, 'blank cell')} ${were} passed over although ${users} a value there: a blank cell changes nothing. To clear a field, write ${clearWord} into its cell.`
}

/** What was put back, the most frequent first. */
function keptWords(kept: ReadonlyMap<string, number>): string {
  const all = [...kept].sort((a, b) => b[1] - a[1])
  const total = all.reduce((sum, [, count]) => sum + count, 0)
  const why = all.map(([what, count]) =>
    all.length === 1 ? what : `${what} (${count.toLocaleString('en')})`,
  )
  return `${counted(total, 'cell')} of the file ${total === 1 ? 'looks' : 'look'} changed by a program, and ${total === 1 ? 'stays' : 'stay'} as ${total === 1 ? 'it is' : 'they are'} here: ${why.join('; ')}. They stand below the changes.`
}

const rowId = (item: number, path: FieldPath) => `${item}:${path}`

function readRowId(id: string): [item: number, path: FieldPath] {
  const colon = id.indexOf(':')
  return [Number(id.slice(0, colon)), id.slice(colon + 1)]
}
