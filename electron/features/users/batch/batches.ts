import { type ServiceId, serviceAt } from '../../../../shared/calls/catalogue'
import { type EditRule, type ReadyRule, readyRule } from '../../../../shared/change/rules'
import type {
  BatchProgress,
  BatchSummary,
  ExportInput,
  UnreadFacts,
  UserSelection,
  UsersQuery,
} from '../../../../shared/ipc/contract'
import { fieldAt } from '../../../../shared/user/catalogue'
import type { UserRow } from '../../../../shared/user/shapes'
import { fieldNamed } from '../../../../shared/user/sheet'
import { graphemesOf } from '../../../../shared/user/template'
import type { FieldPath, FieldValue, UserKey } from '../../../../shared/user/types'
import { displayName, notRead } from '../../../../shared/user/value'
import { Refusal, withFile } from '../../../ipc/refusal'
import { type OpenFile, type SaveFile, writeAll } from '../../../platform/file-sink'
import { createPause } from '../../../platform/pause'
import type { Clock, Random } from '../../../platform/ports'
import { boxedReplace } from '../../../platform/time-box'
import type { Identity } from '../../../server/identity'
import { mustBeMeant } from '../../../server/meant'
import type { CallHandlingFeature } from '../../call-handling/call-handling'
import type { ToSave } from '../../outbox/incoming'
import type { Directory } from '../directory'
import { portionsOf } from '../portions'
import { Batch, type BatchFacts, type Holders, type Unlisted } from './batch'
import { type ColumnNames, shownColumns } from './columns'
import { columnsOf, resultCsv, servicesIn, usersCsv } from './export'
import {
  doubtIn,
  headWithin,
  likeliestReading,
  readLines,
  readSheetFile,
  type SheetFile,
  withColumns,
} from './sheet-file'
import { type BatchSource, type RuledRow, ruledSource, sheetSource } from './source'
import type { FoundReading, Reading } from './text'
import { usersWorkbook } from './workbook-export'

export interface BatchesDeps {
  readonly directory: Pick<
    Directory,
    'choose' | 'rows' | 'row' | 'rowsNamed' | 'userIds' | 'holders' | 'readFull' | 'unreadOf' | 'readingTakes'
  >
  /** What is known of the users' services, and the way to know more. */
  readonly callHandling: Pick<CallHandlingFeature, 'lay' | 'readServices' | 'callsFor'>
  /** Why a user cannot be put into a department, as far as is known. */
  readonly noDepartment: (user: UserKey, department: FieldValue) => Promise<string | undefined>
  readonly clock: Clock
  readonly random: Random
  readonly openFile: OpenFile
  readonly saveFile: SaveFile
  /** Saves changes durably, all or none, and says how in words. */
  readonly save: (input: ToSave, batchId: string) => { readonly saved: number; readonly message: string }
  /** The server and account that are chosen. */
  readonly identity: () => Identity | undefined
  /** Fields that this sign-in may not change, with the reason. */
  readonly locked: () => Readonly<Record<FieldPath, string>>
  /** What a person said that names of columns stand for. */
  readonly columnNames: ColumnNames
  readonly onProgress: (progress: BatchProgress) => void
}

const isOption = ({ path, looksAt }: ReadyRule): boolean =>
  [path, ...looksAt].some((each) => serviceAt(each) === undefined)

const asChosen = (reading: Reading): FoundReading => ({ reading, rivals: [], confirmed: true, chosen: true })

const shareMs = 4
/** Users in one portion of an export. */
const portion = 100
/** Users in one transaction of a save: as many as keep the process from other work for about so long. */
const transactionMs = 10
const first = 20
const fewest = 5
const most = 200
/** Every field of 100,000 users takes less than half of it. */
const mostBytes = 200_000_000
const tellEveryMs = 100

/** Changes of many users, looked at before they are saved. One batch at a time is open, and one job done with it. */
export function createBatches(deps: BatchesDeps) {
  const {
    directory,
    callHandling,
    noDepartment,
    clock,
    random,
    openFile,
    saveFile,
    save,
    identity,
    locked,
    onProgress,
  } = deps
  const { columnNames } = deps
  let open: Batch | undefined
  /** The file of the open batch. */
  let openSheet: SheetFile | undefined
  /** How a person said that its letters are to be read. */
  let chosenReading: Reading | undefined
  let job = new AbortController()

  /** Stops what is being done. */
  const begin = (): AbortSignal => {
    job.abort()
    job = new AbortController()
    return job.signal
  }

  const pausing = () => createPause(() => clock.mono(), shareMs)

  const progress = (work: BatchProgress['work'], of: number) => {
    let told = clock.mono()
    return (done: number): void => {
      if (clock.mono() - told < tellEveryMs) return
      told = clock.mono()
      onProgress({ work, done, of })
    }
  }

  const looking = (signal: AbortSignal, size: number) => ({
    pause: pausing(),
    signal,
    onProgress: progress('look', size),
  })

  const stopped = () => new Refusal('stopped', 'Stopped. Nothing was saved.')

  const holders: Holders = async (user, path, value) =>
    (await directory.holders(user, path, value)).map((row) => ({
      userId: row.key.userId,
      name: displayName(row),
    }))

  const unlisted: Unlisted = async (user, path, value) =>
    path === 'department' ? noDepartment(user, value) : undefined

  const lockedBecause = (path: FieldPath): string | undefined => {
    const reasons = locked()
    return Object.hasOwn(reasons, path) ? reasons[path] : undefined
  }

  const batchWith = (id: string): Batch => {
    if (open?.facts.id === id) return open
    throw new Refusal('no-batch', 'These changes are no longer open.', { next: 'Begin again.' })
  }

  /** The batch, to be looked at anew or saved: under the server and account that it was made under only. */
  const batchToChange = (id: string): Batch => {
    const batch = batchWith(id)
    if (batch.facts.as !== undefined) mustBeMeant(batch.facts.as, identity())
    return batch
  }

  /** Users with what is known of the services that are asked about. */
  const laid = (
    rows: readonly UserRow[],
    services: readonly ServiceId[],
    as: Identity | undefined = identity(),
  ): readonly RuledRow[] =>
    as === undefined || services.length === 0 ? rows : callHandling.lay(as.connectionId, rows, services)

  /** Those of these users whose record, and those whose services, are to be read for these columns. */
  const unreadAmong = async (
    ids: readonly number[],
    columns: readonly FieldPath[],
    signal: AbortSignal,
  ): Promise<{ records: UserKey[]; calls: UserKey[]; users: number }> => {
    const services = servicesIn(columns)
    const pause = pausing()
    const found = { records: [] as UserKey[], calls: [] as UserKey[], users: 0 }
    const isUnread = (row: UserRow): boolean =>
      row.completeness !== 'full' &&
      columns.some((path) => fieldAt(path)?.service === undefined && notRead(row, path))
    for (const some of portionsOf(ids, portion)) {
      for (const row of laid(directory.rows(some), services)) {
        found.users++
        if (row.state === 'gone') continue
        if (isUnread(row)) found.records.push(row.key)
        if (services.some((service) => row.read?.includes(service) !== true)) found.calls.push(row.key)
      }
      if (pause.due()) await pause.wait()
      if (signal.aborted) break
    }
    return found
  }

  const summaryOf = (batch: Batch): BatchSummary => {
    const { services = [] } = batch.facts
    // How long services take is not known before it is known which groups have whom.
    const isKnown = batch.unread().length > 0 && services.length === 0
    const readSeconds = isKnown ? directory.readingTakes(batch.unread()) : undefined
    return { ...batch.summary(), ...(readSeconds === undefined ? {} : { readSeconds }) }
  }

  const looked = async (
    facts: Omit<BatchFacts, 'id'>,
    source: BatchSource,
    signal: AbortSignal,
  ): Promise<BatchSummary> => {
    const batch = new Batch({ ...facts, id: random.id() }, source, holders, unlisted)
    await batch.look(looking(signal, source.size))
    if (signal.aborted) throw stopped()
    if (facts.as !== undefined) mustBeMeant(facts.as, identity())
    open = batch
    openSheet = undefined
    return summaryOf(batch)
  }

  /** Looks at what a file would change when its letters are read so. */
  const lookedSheet = async (
    sheet: SheetFile,
    found: FoundReading,
    as: Identity | undefined,
    signal: AbortSignal,
  ): Promise<BatchSummary> => {
    const { name, head, guessed, readings, notices, remarks } = sheet
    const { reading } = found
    const paths = head?.columns.filter(({ use }) => use === 'change').map(({ path }) => path) ?? []
    const services = [...new Set(paths.flatMap((path) => serviceAt(path) ?? []))]
    const source =
      head === undefined
        ? nothing
        : await sheetSource(
            head,
            await readLines(sheet, reading, pausing()),
            services.length === 0
              ? directory
              : {
                  rowsNamed: (ids) => laid(directory.rowsNamed(ids), services, as),
                  userIds: directory.userIds,
                },
            lockedBecause,
            pausing(),
            await doubtIn(sheet, found, directory.rowsNamed, pausing()),
          )
    const uncertain = guessed || (readings.length > 0 && reading !== readings[0])
    const facts = {
      kind: 'import',
      as,
      name,
      services,
      isOptions: paths.some((path) => serviceAt(path) === undefined),
      notices: [
        ...notices,
        ...(uncertain
          ? [
              `The file does not say how its letters are written. It is read as ${reading.name}: look at the accents.`,
            ]
          : []),
      ],
      remarks: [...columnNames.remarks(sheet), ...remarks],
      columns: await shownColumns(sheet, reading, directory.userIds, pausing()),
      ...(uncertain || (openSheet === sheet && readings.length > 0)
        ? {
            reading: {
              id: reading.id,
              choices: readings.map(({ id, name: words }) => ({ id, name: words })),
            },
          }
        : {}),
    } as const
    const summary = await looked(facts, source, signal)
    openSheet = sheet
    return summary
  }

  return {
    /** What the rules would make of the chosen users. A rule with a mistake is left out, and said. */
    async edit(
      query: UsersQuery,
      selection: UserSelection,
      rules: readonly EditRule[],
      as: Identity | undefined = identity(),
    ): Promise<BatchSummary> {
      const signal = begin()
      if (as !== undefined) mustBeMeant(as, identity())
      const ready: ReadyRule[] = []
      const ruleProblems: [FieldPath, string][] = []
      for (const rule of rules) {
        const made = readyRule(rule, replacer)
        if ('problem' in made) ruleProblems.push([rule.path, made.problem])
        else ready.push(made)
      }
      const ids = await directory.choose(query, selection)
      const services = [...new Set(ready.flatMap(({ path }) => serviceAt(path) ?? []))]
      const rowAt = (id: number): RuledRow | undefined => laid(directory.rows([id]), services, as)[0]
      const lookedWith = (rules: readonly ReadyRule[]) =>
        looked(
          { kind: 'edit', as, remarks: [], services, isOptions: ready.some(isOption) },
          ruledSource(ids, rules, rowAt, lockedBecause),
          signal,
        )
      let summary = await lookedWith(ready)
      // One that was given up on the way is left out as a whole, and said once.
      const kept = ready.filter(({ path, givenUp }) => {
        const why = givenUp?.()
        if (why !== undefined) ruleProblems.push([path, why])
        return why === undefined
      })
      if (kept.length < ready.length) summary = await lookedWith(kept)
      return { ...summary, ruleProblems: Object.fromEntries(ruleProblems) }
    },

    /** Asks for a file and looks at what it would change; nothing when a person cancels. */
    async import(): Promise<BatchSummary | undefined> {
      const as = identity()
      const request = {
        title: 'Import users from a file',
        kind: 'Excel workbook or CSV file',
        extensions: ['xlsx', 'csv', 'tsv', 'txt'],
        mostBytes,
      }
      const file = await withFile('read', openFile(request))
      if (file === undefined) return undefined
      const signal = begin()
      const tell = { last: clock.mono() }
      const sheet = await readSheetFile(file, {
        pause: pausing(),
        signal,
        meaningOf: columnNames.meanings(),
        onProgress(done, of) {
          if (clock.mono() - tell.last < tellEveryMs) return
          tell.last = clock.mono()
          onProgress({ work: 'read', done, of })
        },
      })
      if (signal.aborted) throw stopped()
      chosenReading = undefined
      return lookedSheet(sheet, await likeliestReading(sheet, directory.rowsNamed, pausing()), as, signal)
    },

    /** Reads the letters of the open file in another way and looks at it again. */
    async readAs(id: string, reading: string): Promise<BatchSummary> {
      const { as } = batchWith(id).facts
      const chosen = openSheet?.readings.find((each) => each.id === reading)
      if (openSheet === undefined || chosen === undefined)
        throw new Refusal('no-batch', 'This file cannot be read so.')
      chosenReading = chosen
      return lookedSheet(openSheet, asChosen(chosen), as, begin())
    },

    /** Takes the columns of the open file for what a person says, remembers that, and looks at it again. */
    async mapColumns(id: string, line: number, paths: readonly (FieldPath | null)[]): Promise<BatchSummary> {
      const { as } = batchWith(id).facts
      if (openSheet === undefined) throw new Refusal('no-batch', 'The file is no longer open.')
      const names = openSheet.all.find(({ number }) => number === line)?.cells ?? []
      const meaningOf = columnNames.meanings()
      // A name that says nothing and is left alone is still told; of very many columns a person sees the first ones.
      const said = names.map((name, at) => {
        const path = at < paths.length ? paths[at] : meaningOf(name)
        return path === null && fieldNamed(name) === undefined ? undefined : path
      })
      const sheet = await withColumns(openSheet, { line, paths: said }, pausing())
      if (sheet.why !== undefined || !sheet.all.slice(0, headWithin).some(({ number }) => number === line)) {
        throw new Refusal('columns', sheet.why ?? `Line ${line} cannot name the columns.`, {
          next: 'Say which column is the user id, and give each field one column.',
        })
      }
      columnNames.remember(sheet)
      const found =
        chosenReading === undefined
          ? await likeliestReading(sheet, directory.rowsNamed, pausing())
          : asChosen(chosenReading)
      return lookedSheet(sheet, found, as, begin())
    },

    /** Reads the users of the batch from the server and looks at them again. `why` says what could not be read. */
    async compare(
      id: string,
      which: 'all' | 'unread' = 'all',
    ): Promise<{ summary: BatchSummary; why?: string }> {
      const batch = batchToChange(id)
      const signal = begin()
      const users = which === 'all' ? batch.touched() : batch.unread()
      const tell = progress('compare', users.length)
      let done = 0
      const read = new Set<string>()
      const reading = {
        signal,
        onRead(some: readonly UserKey[]) {
          for (const { userId } of some) read.add(userId)
          done += some.length
          tell(done)
        },
      }
      const { services = [], isOptions = true } = batch.facts
      const why =
        (services.length === 0 ? undefined : await callHandling.readServices(users, services, reading)) ??
        (isOptions ? await directory.readFull(users, reading) : undefined)
      batchToChange(id)
      if (read.size > 0) await batch.look({ pause: pausing(), signal: new AbortController().signal }, read)
      return { summary: summaryOf(batch), ...(why === undefined ? {} : { why }) }
    },

    window: (id: string, problemsOnly: boolean, start: number, count: number) =>
      batchWith(id).window(problemsOnly, start, count),

    async fix(id: string, row: string, text: string): Promise<BatchSummary> {
      const batch = batchToChange(id)
      await batch.fix(row, text, looking(new AbortController().signal, 1))
      return summaryOf(batch)
    },

    /** How many users and fields would be saved. */
    async count(id: string, pick: BatchPick): Promise<{ users: number; edits: number }> {
      const pause = pausing()
      let users = 0
      let edits = 0
      for (const { items } of batchWith(id).changes(picking(pick))) {
        users++
        edits += items.length
        if (pause.due()) await pause.wait()
      }
      return { users, edits }
    },

    /** Saves in portions, each durable before the next; what was saved leaves the batch. */
    async save(
      id: string,
      pick: BatchPick,
      reason: string | undefined,
    ): Promise<{ saved: number; message: string; summary: BatchSummary }> {
      const batch = batchToChange(id)
      const { as } = batch.facts
      const signal = begin()
      const batchId = random.id()
      const { users } = await this.count(id, pick)
      const pause = pausing()
      const tell = progress('save', users)
      const items = new Set<string>()
      let saved = 0
      let message = 'Nothing to save.'
      try {
        let size = first
        for (const some of inPortions(batch.changes(picking(pick)), () => size)) {
          if (signal.aborted) break
          const began = clock.mono()
          const changes = some.map(({ change }) => change)
          const result = save(
            { changes, ...(as === undefined ? {} : { as }), ...(reason === undefined ? {} : { reason }) },
            batchId,
          )
          for (const each of some) for (const item of each.items) items.add(item)
          saved += some.length
          message = result.message
          const pace = transactionMs / Math.max(1, clock.mono() - began)
          size = Math.min(most, Math.max(fewest, Math.round(size * Math.min(2, Math.max(0.5, pace)))))
          tell(saved)
          await pause.wait()
        }
      } finally {
        await batch.saved(items, pause)
      }
      if (saved < users) message = `Stopped after ${saved} of ${users} users.`
      return { saved, message, summary: summaryOf(batch) }
    },

    /** Writes what has become of every row of the batch to a file that a person chooses. */
    async result(id: string): Promise<{ path?: string; lines: number }> {
      const batch = batchWith(id)
      const sink = await saveFile({ name: 'gungnir-import-result', extension: 'csv', kind: 'CSV file' })
      if (sink === undefined) return { lines: 0 }
      let lines = -1
      const pause = pausing()
      const texts = async function* () {
        for (const text of resultCsv(batch.outcome())) {
          yield text
          lines++
          if (pause.due()) await pause.wait()
        }
      }
      await withFile('written', writeAll(sink, texts()))
      return { path: sink.path, lines }
    },

    /** Stops what is being done; with an id, forgets that batch. */
    cancel(id: string | undefined): void {
      job.abort()
      if (id === undefined || open?.facts.id !== id) return
      open = undefined
      openSheet = undefined
    },

    /** Of how many of the chosen users something that the file is to hold was not read. */
    async unread({ query, selection, paths }: ExportInput): Promise<UnreadFacts> {
      const columns = columnsOf(paths)
      const services = servicesIn(columns)
      const ids = await directory.choose(query, selection)
      if (services.length === 0) return directory.unreadOf(ids, columns)
      const { records, calls, users } = await unreadAmong(ids, columns, new AbortController().signal)
      const unread = new Map([...records, ...calls].map((key) => [key.userId, key]))
      const groups = new Set([...unread.values()].map((key) => `${key.serviceProviderId}\n${key.groupId}`))
      const seconds = directory.readingTakes(records, callHandling.callsFor(calls, services))
      return {
        users,
        unread: unread.size,
        groups: groups.size,
        ...(seconds === undefined ? {} : { seconds }),
      }
    },

    /** Reads those from the server. `why` says what could not be read. */
    async readUnread({ query, selection, paths }: ExportInput): Promise<{ why?: string }> {
      const signal = begin()
      const columns = columnsOf(paths)
      const ids = await directory.choose(query, selection)
      const { records, calls } = await unreadAmong(ids, columns, signal)
      if (signal.aborted) return { why: 'Stopped.' }
      const tell = progress('compare', records.length + calls.length)
      let done = 0
      const reading = {
        signal,
        onRead(some: readonly UserKey[]) {
          done += some.length
          tell(done)
        },
      }
      const why =
        (await directory.readFull(records, reading)) ??
        (calls.length === 0
          ? undefined
          : await callHandling.readServices(calls, servicesIn(columns), reading))
      return why === undefined ? {} : { why }
    },

    /** Writes users to a file that a person chooses: a workbook when its name ends so, else CSV. */
    async exportUsers(
      query: UsersQuery,
      selection: UserSelection,
      paths: readonly FieldPath[] | undefined,
    ): Promise<{ path?: string; users: number }> {
      const sink = await saveFile({
        name: 'gungnir-users',
        extension: 'xlsx',
        kind: 'Excel workbook',
        others: [{ extension: 'csv', kind: 'CSV file' }],
      })
      if (sink === undefined) return { users: 0 }
      const signal = begin()
      const columns = columnsOf(paths)
      const services = servicesIn(columns)
      const ids = await directory.choose(query, selection)
      const pause = pausing()
      const tell = progress('export', ids.length)
      let users = 0
      const portions = function* () {
        for (const some of portionsOf(ids, portion)) yield laid(directory.rows(some), services)
      }
      const texts = async function* () {
        const write = /\.xlsx$/i.test(sink.path) ? usersWorkbook : usersCsv
        for (const { text, users: some } of write(columns, portions())) {
          if (signal.aborted) throw new Refusal('stopped', 'Stopped. No file was written.')
          yield text
          users += some
          tell(users)
          if (pause.due()) await pause.wait()
        }
      }
      await withFile('written', writeAll(sink, texts()))
      return { path: sink.path, users }
    },
  }
}
/** Of a file of which nobody has said yet which column is the user id. */
const nothing: BatchSource = { size: 0, userId: () => undefined, look: () => ({}) }

export type Batches = ReturnType<typeof createBatches>

function* inPortions<T>(items: Iterable<T>, size: () => number): Generator<readonly T[]> {
  let some: T[] = []
  for (const item of items) {
    some.push(item)
    if (some.length < size()) continue
    yield some
    some = []
  }
  if (some.length > 0) yield some
}

/** Rows of a batch, by id, and fields that are left out of it as a whole. */
export interface BatchPick {
  readonly rows: UserSelection
  readonly withoutFields: readonly FieldPath[]
}

function picking({ rows, withoutFields }: BatchPick): (row: string, path: FieldPath) => boolean {
  const out = new Set(withoutFields)
  const named = new Set(rows.all ? rows.except : rows.ids)
  return (row, path) => !out.has(path) && named.has(row) !== rows.all
}

const replacer = ({ find, by, pattern, matchCase }: Extract<EditRule, { act: 'replace' }>) => {
  const flags = matchCase ? 'gu' : 'giu'
  // Two ways to write one letter are one text to whoever reads it.
  const sought = find.normalize('NFC')
  if (!pattern) return plainReplace(sought, flags, by)
  try {
    const replace = boxedReplace(sought, flags, by)
    return (text: string) => {
      const composed = text.normalize('NFC')
      const after = replace(composed)
      return after === composed ? text : after
    }
  } catch (error) {
    const why = error instanceof Error ? error.message.slice(0, 200) : ''
    return { problem: `This is no pattern: ${why}` }
  }
}

/** Replaces a text wherever it stands as a whole: not the half of an emoji or of a letter with its accent. */
function plainReplace(find: string, flags: string, by: string): (text: string) => string {
  // A pattern of which every character stands for itself takes no longer than the text is long.
  const search = new RegExp(find.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'), flags)
  return (text) => {
    const composed = text.normalize('NFC')
    let ends: Set<number> | undefined
    const isWhole = (at: number, length: number) => {
      if (/^[ -~]*$/.test(composed)) return true
      if (ends === undefined) {
        ends = new Set([0])
        let end = 0
        for (const grapheme of graphemesOf(composed)) {
          end += grapheme.length
          ends.add(end)
        }
      }
      return ends.has(at) && ends.has(at + length)
    }
    const after = composed.replace(search, (found: string, at: number) =>
      isWhole(at, found.length) ? by : found,
    )
    return after === composed ? text : after
  }
}
