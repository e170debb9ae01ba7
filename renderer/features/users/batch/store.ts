import { create } from 'zustand'
import { callFields } from '../../../../shared/calls/catalogue'
import type {
  BatchProgress,
  BatchRow,
  BatchSummary,
  BatchWindow,
  ExportInput,
  Identity,
  UnreadFacts,
  UserSelection,
  UsersQuery,
} from '../../../../shared/ipc/contract'
import { callColumns } from '../../../../shared/query/columns'
import type { FieldPath } from '../../../../shared/user/types'
import { newGridMemory } from '../../../grid/DataGrid'
import { createRowSource } from '../../../grid/rowSource'
import { everythingSelected, nothingSelected, type Selection, selectedCount } from '../../../grid/selection'
import { ask, gungnir, type Refused, refusal } from '../../../kernel/bridge'
import { sayError, sayPromise } from '../../../kernel/messages'
import { identityNow, useStatus } from '../../../kernel/status'
import { sayWritten } from '../../../kernel/written'
import { confirm } from '../../../ui/confirm'
import { counted } from '../../../ui/words'
import { setSelection, usersSource, useUsers } from '../store'
import { draftProblem, newRule, type RuleDraft, ruleOf } from './rules'

/** What a dialog is about: the chosen users as they were when it was opened, or a file. */
export type Asked =
  | {
      readonly kind: 'edit'
      readonly as: Identity
      readonly query: UsersQuery
      readonly selection: UserSelection
      readonly users: number
    }
  | { readonly kind: 'import' }

interface BatchStore {
  readonly asked: Asked | undefined
  readonly rules: readonly RuleDraft[]
  readonly summary: BatchSummary | undefined
  /** The rows that are ticked. */
  readonly picked: Selection
  readonly withoutFields: ReadonlySet<FieldPath>
  readonly problemsOnly: boolean
  /** What the ticked rows come to. */
  readonly count: { readonly users: number; readonly edits: number }
  readonly reason: string
  readonly work: 'look' | 'compare' | 'save' | undefined
  readonly progress: BatchProgress | undefined
  readonly error: Refused | undefined
  /** What was done last, in words; with the file that was written by it. */
  readonly note: string | undefined
  readonly written: string | undefined
}

const closed: BatchStore = {
  asked: undefined,
  rules: [],
  summary: undefined,
  picked: everythingSelected,
  withoutFields: new Set(),
  problemsOnly: false,
  count: { users: 0, edits: 0 },
  reason: '',
  work: undefined,
  progress: undefined,
  error: undefined,
  note: undefined,
  written: undefined,
}

export const useBatch = create<BatchStore>(() => closed)

export const batchSource = createRowSource<BatchRow, BatchWindow>(async (start, count) => {
  const { summary, problemsOnly } = useBatch.getState()
  if (summary === undefined) return { total: 0, start: 0, rows: [] }
  return ask(gungnir.batch.window({ id: summary.id, problemsOnly, start, count }))
})
export const batchGridMemory = newGridMemory()

export const followBatches = (): (() => void) =>
  gungnir.events.batchProgress((progress) => useBatch.setState({ progress }))

export const asked = (selection: Selection): UserSelection =>
  selection.all ? { all: true, except: [...selection.except] } : { all: false, ids: [...selection.ids] }

// --- looking -----------------------------------------------------------------------------------------------

/** Growing with each question; answers to older ones are dropped. */
let question = 0
let waiting: ReturnType<typeof setTimeout> | undefined
const typingMs = 250
/** So many users are read without asking when a field in question is not known yet. */
const readAtOnce = 500

function online(): boolean {
  const { status } = useStatus.getState()
  return status?.mayAsk === true
}

/** Opens the dialog for the chosen users. */
export function editSelected(): void {
  const { selection } = useUsers.getState()
  editUsers(asked(selection), selectedCount(selection, usersSource.total() ?? 0))
}

/** The same for users that are named; says whether it could. */
export function editUsers(selection: UserSelection, users: number): boolean {
  const { query } = useUsers.getState()
  const as = identityNow()
  if (users === 0 || as === undefined) return false
  useBatch.setState({
    ...closed,
    asked: { kind: 'edit', as, query, selection, users },
    rules: [newRule()],
  })
  batchSource.clear()
  void look()
  return true
}

/** Asks for a file and opens the dialog with what it would change. */
export async function importCsv(): Promise<void> {
  if (useBatch.getState().asked) return
  const mine = ++question
  useBatch.setState({ ...closed, asked: { kind: 'import' }, work: 'look' })
  batchSource.clear()
  try {
    const summary = await ask(gungnir.batch.import())
    if (mine !== question) return
    if (summary === undefined) {
      useBatch.setState(closed)
      return
    }
    await take(summary)
    // A person first looks whether the letters are right.
    if (summary.reading === undefined && summary.columns?.why === undefined && online()) await compare()
  } catch (error) {
    if (mine === question) useBatch.setState({ work: undefined, error: refusal(error) })
  }
}

/** Reads the letters of the file in another way. What was mended or unticked was so for other texts. */
export async function readAs(reading: string): Promise<void> {
  const { summary, work } = useBatch.getState()
  if (!summary || work !== undefined) return
  const mine = ++question
  useBatch.setState({ work: 'look', progress: undefined, error: undefined, note: undefined })
  try {
    const read = await ask(gungnir.batch.readAs({ id: summary.id, reading }))
    if (mine !== question) return
    useBatch.setState({ picked: everythingSelected, withoutFields: new Set() })
    await take(read)
  } catch (error) {
    if (mine === question) useBatch.setState({ work: undefined, error: refusal(error) })
  }
}

/** Takes the columns of the file for what a person says they are. What was mended or unticked was so for others. */
export async function mapColumns(line: number, paths: readonly (FieldPath | null)[]): Promise<void> {
  const { summary, work } = useBatch.getState()
  if (!summary || work !== undefined) return
  const mine = ++question
  useBatch.setState({ work: 'look', progress: undefined, error: undefined, note: undefined })
  try {
    const mapped = await ask(gungnir.batch.mapColumns({ id: summary.id, line, paths: [...paths] }))
    if (mine !== question) return
    useBatch.setState({ picked: everythingSelected, withoutFields: new Set() })
    await take(mapped)
    if (mapped.reading === undefined && online()) await compare()
  } catch (error) {
    if (mine === question) useBatch.setState({ work: undefined, error: refusal(error) })
  }
}

export function changeRules(change: (rules: readonly RuleDraft[]) => readonly RuleDraft[]): void {
  useBatch.setState(({ rules }) => ({ rules: change(rules), note: undefined }))
  clearTimeout(waiting)
  waiting = setTimeout(() => void look(), typingMs)
}

/** Shows what the rules would make of the chosen users. */
async function look(): Promise<void> {
  const { asked: about, rules } = useBatch.getState()
  if (about?.kind !== 'edit') return
  const mine = ++question
  const ready = rules.filter((rule) => draftProblem(rule) === undefined).flatMap((rule) => ruleOf(rule) ?? [])
  useBatch.setState({ work: 'look', progress: undefined, error: undefined })
  try {
    const { as, query, selection } = about
    const summary = await ask(gungnir.batch.edit({ as, query, selection, rules: ready }))
    if (mine !== question) return
    useBatch.setState({ picked: everythingSelected })
    await take(summary)
    if (summary.unread > 0 && summary.unread <= readAtOnce && online()) await compare()
  } catch (error) {
    if (mine === question) useBatch.setState({ work: undefined, error: refusal(error) })
  }
}

const doubtful = (summary: BatchSummary | undefined): ReadonlySet<FieldPath> =>
  new Set(summary?.fields.flatMap(({ path, doubtful }) => (doubtful ? [path] : [])))

async function take(summary: BatchSummary): Promise<void> {
  const { ruleProblems } = summary
  const kept = useBatch.getState().summary
  // Only looking at the rules tells what is wrong with them.
  const same = kept?.id === summary.id && Object.keys(ruleProblems).length === 0
  // Ticked by a person, a field stays so.
  const known = doubtful(kept?.id === summary.id ? kept : undefined)
  const untick = [...doubtful(summary)].filter((path) => !known.has(path))
  useBatch.setState(({ withoutFields }) => ({
    withoutFields: untick.length === 0 ? withoutFields : new Set([...withoutFields, ...untick]),
    summary: same ? { ...summary, ruleProblems: kept.ruleProblems } : summary,
    work: undefined,
    progress: undefined,
    problemsOnly: useBatch.getState().problemsOnly && summary.problems > 0,
  }))
  await Promise.all([batchSource.reload(same ? 'here' : 'start'), countPicked()])
}

/** Reads the users of the batch from the server, and shows it again. */
export async function compare(which: 'all' | 'unread' = 'all'): Promise<void> {
  const { summary } = useBatch.getState()
  if (!summary) return
  const mine = ++question
  useBatch.setState({ work: 'compare', progress: undefined, error: undefined })
  try {
    const answer = await ask(gungnir.batch.compare({ id: summary.id, which }))
    if (mine !== question) return
    await take(answer.summary)
    const note =
      answer.why === undefined ? 'Compared with the server just now.' : `Not all compared: ${answer.why}`
    useBatch.setState({ note })
  } catch (error) {
    if (mine === question) useBatch.setState({ work: undefined, error: refusal(error) })
  }
}

/** Stops what is being done; the dialog stays. */
export async function stopWork(): Promise<void> {
  await ask(gungnir.batch.cancel(undefined)).catch(sayError)
}

export async function closeBatch(): Promise<void> {
  const { summary, work } = useBatch.getState()
  if (work === 'save') return
  question++
  clearTimeout(waiting)
  useBatch.setState(closed)
  batchSource.clear()
  await ask(gungnir.batch.cancel(summary?.id)).catch(sayError)
}

// --- picking and mending -----------------------------------------------------------------------------------

const picking = () => {
  const { summary, picked, withoutFields } = useBatch.getState()
  return { id: summary?.id ?? '', rows: asked(picked), withoutFields: [...withoutFields] }
}

async function countPicked(): Promise<void> {
  if (!useBatch.getState().summary) return
  const count = await ask(gungnir.batch.count(picking())).catch(() => undefined)
  if (count) useBatch.setState({ count })
}

export function pick(picked: Selection): void {
  useBatch.setState({ picked })
  void countPicked()
}

export function withField(path: FieldPath, wanted: boolean): void {
  const withoutFields = new Set(useBatch.getState().withoutFields)
  if (wanted) withoutFields.delete(path)
  else withoutFields.add(path)
  useBatch.setState({ withoutFields })
  void countPicked()
}

export function showProblems(problemsOnly: boolean): void {
  useBatch.setState({ problemsOnly })
  void batchSource.reload('start')
}

export async function fixRow(row: BatchRow, text: string): Promise<void> {
  const { summary } = useBatch.getState()
  if (!summary) return
  try {
    await take(await ask(gungnir.batch.fix({ id: summary.id, row: row.id, text })))
  } catch (error) {
    useBatch.setState({ error: refusal(error) })
  }
}

// --- saving ------------------------------------------------------------------------------------------------

/** Saves what is ticked. The dialog closes when nothing is left that could be mended. */
export async function saveBatch(): Promise<void> {
  const { summary, work, reason, asked: about } = useBatch.getState()
  if (!summary || work === 'save') return
  useBatch.setState({ work: 'save', progress: undefined, error: undefined })
  const given = reason.trim()
  try {
    const {
      saved,
      message,
      summary: left,
    } = await ask(gungnir.batch.save(given === '' ? picking() : { ...picking(), reason: given }))
    sayPromise(`${counted(saved, 'user')}: ${message}`, about?.kind === 'edit' ? about.as : identityNow())
    if (about?.kind === 'edit') setSelection(nothingSelected)
    useBatch.setState({ work: undefined })
    if (left.problems === 0 && left.unread === 0 && about?.kind === 'edit') {
      await closeBatch()
      return
    }
    await take(left)
    // Saved is not sent: the server may still refuse some of it.
    useBatch.setState({
      note: `${counted(saved, 'user')} saved here. The outbox sends the changes and shows what the server refuses.`,
    })
  } catch (error) {
    useBatch.setState({ work: undefined, error: refusal(error) })
    await batchSource.reload('here')
  }
}

export async function saveResult(): Promise<void> {
  const { summary } = useBatch.getState()
  if (!summary) return
  try {
    const { path, lines } = await ask(gungnir.batch.result(summary.id))
    if (path !== undefined)
      useBatch.setState({ note: `${counted(lines, 'line')} written to ${path}`, written: path })
  } catch (error) {
    useBatch.setState({ error: refusal(error) })
  }
}

/** An export that waits for an answer: whether what was not read is to be read first. */
interface Exporting {
  readonly input: ExportInput
  readonly facts: UnreadFacts
  /** It is being read. */
  readonly reading: boolean
  /** Why not all of it could be read. */
  readonly why: string | undefined
}

export const useExport = create<{ readonly asked: Exporting | undefined }>(() => ({ asked: undefined }))

/** What happens to the calls of users, and who they are: what a file about calls holds. */
export const callsPaths: readonly FieldPath[] = [
  ...['lastName', 'firstName', 'phoneNumber', 'extension'],
  ...callColumns.map(({ path }) => path),
  ...callFields.map(({ path }) => path),
]

/** Writes the chosen users, or all that the search finds, to a file; asks first when something in it was not read. */
export async function exportCsv(paths: readonly FieldPath[] | undefined): Promise<void> {
  const { query, selection } = useUsers.getState()
  const chosen = selectedCount(selection, usersSource.total() ?? 0) > 0 ? selection : everythingSelected
  const input: ExportInput = {
    query,
    selection: asked(chosen),
    ...(paths === undefined ? {} : { paths: [...paths] }),
  }
  try {
    const facts = await ask(gungnir.batch.unread(input))
    if (facts.unread === 0) await writeExport(input)
    else useExport.setState({ asked: { input, facts, reading: false, why: undefined } })
  } catch (error) {
    sayError(error)
  }
}

async function writeExport(input: ExportInput): Promise<void> {
  const { path, users } = await ask(gungnir.batch.exportUsers(input))
  if (path !== undefined) sayWritten(`Exported ${counted(users, 'user')} to ${path}`, path)
}

/** Writes the file as it would be now, with a word where something was not read. */
export async function exportAsItIs(): Promise<void> {
  const { asked: exporting } = useExport.getState()
  if (exporting === undefined) return
  useExport.setState({ asked: undefined })
  await writeExport(exporting.input).catch(sayError)
}

/** Reads what is missing, then writes the file. What could not be read is asked about once more. */
export async function readThenExport(): Promise<void> {
  const { asked: exporting } = useExport.getState()
  if (exporting === undefined) return
  useBatch.setState({ progress: undefined })
  const mine: Exporting = { ...exporting, reading: true, why: undefined }
  useExport.setState({ asked: mine })
  const isMine = () => useExport.getState().asked === mine
  try {
    const { why } = await ask(gungnir.batch.readUnread(exporting.input))
    if (!isMine()) return
    const facts = await ask(gungnir.batch.unread(exporting.input))
    if (!isMine()) return
    if (facts.unread > 0) useExport.setState({ asked: { ...mine, facts, reading: false, why } })
    else {
      useExport.setState({ asked: undefined })
      await writeExport(exporting.input)
    }
  } catch (error) {
    if (isMine()) useExport.setState({ asked: undefined })
    sayError(error)
  }
}

/** Nothing is written; what is being read for it is left. */
export async function leaveExport(): Promise<void> {
  const { asked: exporting } = useExport.getState()
  useExport.setState({ asked: undefined })
  if (exporting?.reading) await stopWork()
}

/** Closing a batch with work in it asks first. */
export async function leaveBatch(): Promise<void> {
  const { summary, work, count } = useBatch.getState()
  if (work === 'save') return
  const sure =
    (summary?.edits ?? 0) === 0 ||
    count.users === 0 ||
    (await confirm({
      title: 'Leave without saving?',
      text: `Nothing of this has been saved: ${counted(count.users, 'user')} would be changed.`,
      action: 'Leave',
    }))
  if (sure) await closeBatch()
}
