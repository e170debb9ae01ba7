import { type ServiceId, serviceAt, serviceOf } from '../../../../shared/calls/catalogue'
import { missingNeed } from '../../../../shared/calls/normalise'
import { type Basis, basisOf } from '../../../../shared/change/basis'
import type { BatchEdit, BatchUser } from '../../../../shared/change/batch'
import type { ReadyRule } from '../../../../shared/change/rules'
import { fieldAt, labelOf } from '../../../../shared/user/catalogue'
import { cellText, isWordOfNoValue } from '../../../../shared/user/cell'
import { foldedId } from '../../../../shared/user/id'
import { trimmed, undressed } from '../../../../shared/user/rendering/letters'
import { explained } from '../../../../shared/user/rendering/rendering'
import type { UserRow } from '../../../../shared/user/shapes'
import { readCell, type SheetHead } from '../../../../shared/user/sheet'
import type { FieldPath, FieldValue, UserKey } from '../../../../shared/user/types'
import { validateField } from '../../../../shared/user/validate'
import { displayName, fieldValue, isEmptyValue, sameValue } from '../../../../shared/user/value'
import type { Pause } from '../../../platform/pause'
import { savedOf } from '../saved'
import type { CsvLine } from './csv'
import { looksCutOff } from './cut-off'
import { type Differing, exchanged } from './exchanged'
import { idText, type Named, usersNamed } from './keys'
import type { Present } from './others-values'
import { type Beside, slippedCell } from './slipped-cells'

/** Where a batch comes from: each of its items is about one user, and can be looked at again when the user was read. */
export interface BatchSource {
  readonly size: number
  /** The user of an item as far as the item says. */
  userId(item: number): string | undefined
  /** What the item would change, with the texts that a person wrote in place of the proposed ones. */
  look(item: number, fixes: ReadonlyMap<FieldPath, string>): Looked
  /** Of a file: what its users and all others have now, to tell whose values it gives to whom. */
  readonly now?: {
    /** The fields that its columns are about. */
    readonly paths: readonly FieldPath[]
    readonly present: (item: number) => Present | undefined
    readonly lineOf: (item: number) => number
    readonly everybody: () => Iterable<Present>
  }
}

export interface Looked {
  /** Nothing when the item changes nothing and has no problem. */
  readonly user?: BatchUser
  /** Set when a field that it is about was not read yet. */
  readonly unread?: UserKey
  /** Blank cells, which change nothing, where the user has a value. */
  readonly blanks?: number
}

function fixed(path: FieldPath, basis: Basis, text: string): BatchEdit {
  const checked = validateField(path, text)
  return 'problem' in checked
    ? { path, ...basis, typed: text, problem: checked.problem }
    : { path, ...basis, mine: checked.value }
}

/** Without a value to base it on, an edit would go over something that nobody has seen. */
function unseen(edit: BatchEdit): BatchEdit {
  if (edit.base !== undefined || edit.problem !== undefined) return edit
  const { mine, ...rest } = edit
  const typed = mine === undefined ? '' : cellText(edit.path, mine)
  return {
    ...rest,
    typed,
    problem: 'Not read yet, so it is not known what this would replace.',
    unread: true,
  }
}

/** Whether an edit is to be shown. */
const isChange = ({ path, base, mine, problem, kept }: BatchEdit) =>
  problem !== undefined ||
  kept !== undefined ||
  base === undefined ||
  mine === undefined ||
  !sameValue(path, base, mine)

/** The edits with those marked that would leave a service switched on without what it needs. */
function withNeeds(row: UserRow, edits: readonly BatchEdit[]): readonly BatchEdit[] {
  const mine = new Map(edits.map((edit) => [edit.path, edit.mine]))
  const shown = (path: FieldPath): FieldValue | undefined => mine.get(path) ?? fieldValue(row, path)
  return edits.map((edit) => {
    const service = serviceAt(edit.path)
    const need = service === undefined ? undefined : missingNeed(serviceOf(service), shown)
    if (need === undefined || serviceOf(service as ServiceId).needs?.on !== edit.path) return edit
    const { mine: on, ...rest } = edit
    return { ...rest, typed: cellText(edit.path, on ?? null), problem: `${labelOf(need)} is empty.` }
  })
}

/** A user with what is known of its services. */
export type RuledRow = UserRow & {
  /** The services that are known not to be assigned. */
  readonly lacks?: readonly ServiceId[]
  /** Those that were read, whatever came of it. */
  readonly read?: readonly ServiceId[]
}

/** That the user does not have the service of a field, in words. */
function lackedBy({ lacks = [] }: RuledRow, path: FieldPath): string | undefined {
  const service = serviceAt(path)
  if (service === undefined || !lacks.includes(service)) return undefined
  return `This user does not have ${serviceOf(service).label.toLowerCase()}.`
}

/** Rules over chosen users, by their numbers in the cache. */
export function ruledSource(
  ids: readonly number[],
  rules: readonly ReadyRule[],
  rowAt: (id: number) => RuledRow | undefined,
  /** Why this sign-in may not change a field. */
  lockedBecause: (path: FieldPath) => string | undefined,
): BatchSource {
  const rowOf = (item: number) => {
    const id = ids[item]
    const row = id === undefined ? undefined : rowAt(id)
    return row && { ...savedOf(row), lacks: row.lacks ?? [] }
  }
  return {
    size: ids.length,
    userId: (item) => rowOf(item)?.key.userId,
    look(item, fixes) {
      const row = rowOf(item)
      if (row === undefined) return {}
      const user = { user: row.key, name: displayName(row) }
      if (row.state === 'gone') return { user: { ...user, edits: [], problem: 'No longer on the server.' } }
      let unread = false
      const edits = rules.flatMap((rule): BatchEdit[] => {
        const basis = basisOf(row, rule.path)
        const missing = lackedBy(row, rule.path)
        if (missing !== undefined) return [{ path: rule.path, problem: missing }]
        unread ||= [rule.path, ...rule.looksAt].some((path) => fieldValue(row, path) === undefined)
        const locked = lockedBecause(rule.path)
        const fix = fixes.get(rule.path)
        if (locked !== undefined) return [{ path: rule.path, ...basis, problem: locked }]
        if (fix !== undefined) return [unseen(fixed(rule.path, basis, fix))]
        const proposed = rule.apply((path) => fieldValue(row, path), item, row.key)
        if ('unchanged' in proposed) return []
        return [unseen({ path: rule.path, ...basis, ...proposed })]
      })
      const changes = withNeeds(row, edits).filter(isChange)
      // Before anything is asked for, the chosen users themselves are what there is to see.
      const shown = changes.length > 0 || rules.length === 0
      return {
        ...(shown ? { user: { ...user, edits: changes } } : {}),
        ...(unread ? { unread: row.key } : {}),
      }
    },
  }
}

/** As many cells as most lines have; none when they differ, or are too few to tell. Some programs end each line with separators. */
function usualWidth(lines: readonly CsvLine[]): number {
  const counts = new Map<number, number>()
  for (const { cells } of lines) counts.set(cells.length, (counts.get(cells.length) ?? 0) + 1)
  for (const [width, count] of counts) if (count >= 3 && 2 * count > lines.length) return width
  return 0
}

const fieldText = (row: UserRow, path: FieldPath): string => {
  const value = fieldValue(row, path)
  return value === undefined ? '' : cellText(path, value)
}

/** Letters and digits: what stands between them is what a text is taken apart at. */
const letters = (text: string) => text.replace(/[^\p{L}\p{M}\p{N}]+/gu, '')
/** In more parts a program takes apart whole lines. */
const mostParts = 6

/** Users that are read with one statement. */
const portion = 16

/** The users of items, read in portions. What was read serves only until something else may run, which could change it. */
function readAhead(
  size: number,
  userIdOf: (item: number) => string,
  read: (userIds: readonly string[]) => readonly RuledRow[],
): (item: number) => RuledRow | undefined {
  let rows = new Map<string, RuledRow>()
  let [from, to] = [0, 0]
  return (item) => {
    if (item < from || item >= to) {
      from = item
      to = Math.min(size, item + portion)
      const ids = Array.from({ length: to - from }, (_, at) => userIdOf(from + at))
      rows = new Map(read(ids).map((row) => [row.key.userId, row]))
      queueMicrotask(() => {
        to = from
      })
    }
    return rows.get(userIdOf(item))
  }
}

/** The lines of a file. */
export async function sheetSource(
  head: SheetHead,
  lines: readonly CsvLine[],
  directory: {
    rowsNamed(userIds: readonly string[]): readonly RuledRow[]
    userIds(): Iterable<readonly string[]>
  },
  lockedBecause: (path: FieldPath) => string | undefined,
  pause: Pause,
  /** What a cell may say just as well when nobody said how the letters of the file are written. */
  doubt: (item: number, at: number, text: string) => readonly string[] = () => [],
): Promise<BatchSource> {
  const ids: string[] = []
  for (const { cells } of lines) {
    ids.push(idText(cells[head.userId] ?? ''))
    if (pause.due()) await pause.wait()
  }
  const named = await usersNamed(ids, directory.userIds(), pause)
  // By the user, however the lines spell it.
  const users: (Named | undefined)[] = []
  const userIdOf = (item: number): string => {
    const who = users[item]
    return who !== undefined && 'userId' in who ? who.userId : (ids[item] ?? '')
  }
  const linesOf = new Map<string, number | number[]>()
  for (const [item, line] of lines.entries()) {
    users.push(named(ids[item] ?? ''))
    const id = foldedId(userIdOf(item))
    const others = linesOf.get(id)
    if (others === undefined) linesOf.set(id, line.number)
    else if (typeof others === 'number') linesOf.set(id, [others, line.number])
    else others.push(line.number)
    if (pause.due()) await pause.wait()
  }
  const rowAt = readAhead(lines.length, userIdOf, directory.rowsNamed)
  const changing = head.columns.filter(({ use }) => use === 'change')
  const usual = usualWidth(lines)
  const keys = head.columns.filter(({ use, path }) => use === 'key' && path !== 'userId')

  const wrongKey = (line: CsvLine, row: UserRow): string | undefined => {
    for (const { at, path } of keys) {
      const raw = line.cells[at] ?? ''
      const has = String(fieldValue(row, path) ?? '')
      if (raw === has) continue
      const cell = idText(raw)
      // The user id says already who is meant: letter case, and what a spreadsheet drops, do not matter here.
      if (cell === '' || cell.toLowerCase() === has.toLowerCase()) continue
      if (trimmed(raw) !== has && !explained(cell, has)?.sure) {
        const label = fieldAt(path)?.label ?? path
        return `${label} is “${cell.slice(0, 60)}” in the file and “${has}” here. It is not changed by a file: use Move to group.`
      }
    }
    return undefined
  }

  /**
   * Whether what a user has in a field stands in its cell and the next ones: a separator within it was taken for one
   * between cells, as “Text to columns” does, and programs that lose quotation marks.
   */
  const isSplit = ({ cells }: CsvLine, of: FieldPath, row: UserRow): boolean => {
    const at = changing.find(({ path }) => path === of)?.at ?? 0
    const whole = letters(fieldText(row, of))
    let part = letters(cells[at] ?? '')
    for (let next = at + 1; part !== '' && whole.startsWith(part); next++) {
      const more = letters(cells[next] ?? '')
      const beside = changing.find((column) => column.at === next)
      // What stands there anyway has not come from here.
      if (more === '' || (beside && more === letters(fieldText(row, beside.path)))) return false
      part += more
      if (part === whole) return true
      if (next - at >= mostParts) return false
    }
    return false
  }

  const shortOf = (text: string) => (text.length > 60 ? `${text.slice(0, 60)}…` : text)

  /** An edit that is for a person to decide. What has a reason of its own for that keeps it. */
  const stoppedEdit = (edit: BatchEdit, problem: string): BatchEdit => {
    if (edit.problem !== undefined || edit.kept !== undefined) return edit
    const { mine = null, note: _, ...rest } = edit
    return { ...rest, typed: cellText(edit.path, mine), problem }
  }

  /** The changes of a line, of which those are for a person to decide that cells in the wrong place may have made. */
  const withoutMoved = (
    changes: readonly BatchEdit[],
    { cells, cut }: CsvLine,
    row: UserRow,
    fixes: ReadonlyMap<FieldPath, string>,
  ): readonly BatchEdit[] => {
    const told = new Set(changes.flatMap(({ path, kept }) => (kept === undefined ? [path] : [])))
    const differing: Differing[] = []
    const beside: Beside[] = []
    for (const { at, path, use } of head.columns) {
      const cell = cells[at] ?? ''
      const blank = trimmed(cell) === ''
      const own = fixes.has(path)
      const had = fieldText(row, path)
      beside.push({ path, at, cell, had, differs: told.has(path), own })
      if (use === 'key' || own || (!blank && !told.has(path))) continue
      if (!blank || had !== '') differing.push({ path, cell, had })
    }
    const sources = exchanged(differing)
    const slipped = slippedCell(beside.filter(({ path }) => !sources.has(path)))
    const last = cells.length - 1
    return changes.map((edit) => {
      if (fixes.has(edit.path)) return edit
      const source = sources.get(edit.path)
      if (source !== undefined) {
        return stoppedEdit(
          edit,
          `It is what ${labelOf(source)} has here, as if columns had been exchanged. Say under Columns which is which, or type it here if it is meant.`,
        )
      }
      if (slipped !== undefined) {
        const { one, from } = slipped
        return stoppedEdit(
          edit,
          `The cells of this line seem to have slipped: “${shortOf(fieldText(row, from))}”, in the column ${labelOf(one)}, is what ${labelOf(from)} has here. Mend the line in the file, or type it here if it is meant.`,
        )
      }
      if (cut === undefined || !changing.some(({ at, path }) => at === last && path === edit.path))
        return edit
      const cell = cells[last] ?? ''
      const had = fieldText(row, edit.path)
      const isStill = had !== '' && undressed(had).startsWith(undressed(cell))
      const others = () => lines.slice(0, -1).map((line) => line.cells[last] ?? '')
      return isStill || cut === 'surely' || looksCutOff(cell, others())
        ? stoppedEdit(
            edit,
            `The file ends within this cell, as if it had been cut off: it may be ${isStill ? `“${shortOf(had)}” still` : 'longer'}. Type it here if it is meant.`,
          )
        : edit
    })
  }

  /** What a cell, or the text that a person wrote in place of it, would change. */
  const editOf = (
    item: number,
    line: CsvLine,
    row: UserRow,
    { at, path }: SheetHead['columns'][number],
    fix: string | undefined,
  ): BatchEdit | undefined => {
    if (fix !== undefined) return unseen(fixed(path, basisOf(row, path), fix))
    const cell = line.cells[at] ?? ''
    const wish = readCell(path, cell, row.key, row)
    if (wish.kind === 'nothing') return undefined
    const basis = basisOf(row, path)
    if (wish.kind === 'kept') return { path, ...basis, note: wish.note, kept: wish.why }
    const locked = lockedBecause(path)
    if (locked !== undefined) return { path, ...basis, typed: cell, problem: locked }
    if (wish.kind === 'problem') return { path, ...basis, typed: wish.typed, problem: wish.problem }
    const { mine } = wish
    const others = doubt(item, at, cell)
    if (others.length > 0) {
      const may = [cell, ...others.slice(0, 4)].map((text) => `“${text}”`).join(', ')
      const problem = `How the file is written is not known for sure, so this may be ${may}. Say above how it is read, or type it here.`
      return { path, ...basis, typed: cell, problem }
    }
    const who = users[item]
    const said = who !== undefined && 'note' in who ? who.note : undefined
    const note = [said, wish.note].filter((each) => each !== undefined).join(' ')
    return unseen({ path, ...basis, mine, ...(note === '' ? {} : { note }) })
  }

  /** Whether somebody may have emptied this cell and expect that to clear the field. */
  const isPassedOver = (line: CsvLine, row: UserRow, { at, path }: SheetHead['columns'][number]): boolean =>
    trimmed(line.cells[at] ?? '') === '' &&
    !isEmptyValue(fieldValue(row, path) ?? null) &&
    lockedBecause(path) === undefined

  const presentOf = (found: UserRow): Present => {
    const row = savedOf(found)
    return { userId: row.key.userId, name: displayName(row), has: (path) => fieldText(row, path) }
  }

  return {
    size: lines.length,
    userId: (item) => userIdOf(item) || undefined,
    now: {
      paths: changing.map(({ path }) => path),
      present(item) {
        const found = rowAt(item)
        return found && presentOf(found)
      },
      lineOf: (item) => lines[item]?.number ?? 0,
      *everybody() {
        for (const ids of directory.userIds()) {
          for (let from = 0; from < ids.length; from += portion) {
            for (const row of directory.rowsNamed(ids.slice(from, from + portion))) yield presentOf(row)
          }
        }
      },
    },
    look(item, fixes) {
      const line = lines[item]
      if (line === undefined) return {}
      const id = ids[item] ?? ''
      const bare = { serviceProviderId: '', groupId: '', userId: id }
      const stopped = (problem: string, user: UserKey = bare, name = id): Looked => ({
        user: { user, name: name || '(no user id)', line: line.number, edits: [], problem },
      })
      if (id === '') return stopped('The line has no user id.')
      if (line.problem !== undefined) return stopped(line.problem)
      const beyond =
        line.cells.length > head.width
          ? line.cells.slice(head.width).find((cell) => trimmed(cell) !== '')
          : undefined
      if (beyond !== undefined || line.cells.length > Math.max(head.named, usual)) {
        const what = beyond === undefined ? '' : ` (“${beyond.trim().slice(0, 60)}” is beyond them)`
        return stopped(
          `The line has more cells than the first line names${what}, so it is not clear which is which.`,
        )
      }
      const who = users[item]
      if (who !== undefined && 'problem' in who) return stopped(who.problem)
      const found = rowAt(item)
      if (found === undefined) {
        return stopped('No such user is loaded here. Check the user id, or refresh the list.')
      }
      // Which of them is meant cannot be told, nor whether the other was another user once.
      const all = linesOf.get(foldedId(userIdOf(item)))
      const others = typeof all === 'object' ? all.filter((number) => number !== line.number) : []
      if (others.length > 0) {
        const more = others.length > 3 ? ` and ${others.length - 3} more` : ''
        return stopped(
          `This user is in line ${others.slice(0, 3).join(', ')}${more} as well. Keep one of these lines.`,
        )
      }
      const row = savedOf(found)
      const name = displayName(row)
      if (row.state === 'gone') return stopped('No longer on the server.', row.key, name)
      const wrong = wrongKey(line, row)
      if (wrong !== undefined) return stopped(wrong, row.key, name)
      let unread = false
      let blanks = 0
      const changes: BatchEdit[] = []
      for (const column of changing) {
        const missing = lackedBy(found, column.path)
        if (missing !== undefined) {
          const cell = trimmed(line.cells[column.at] ?? '')
          if (cell !== '' && !isWordOfNoValue(cell)) changes.push({ path: column.path, problem: missing })
          continue
        }
        const edit = editOf(item, line, row, column, fixes.get(column.path))
        if (edit === undefined) {
          if (isPassedOver(line, row, column)) blanks++
          continue
        }
        unread ||= edit.base === undefined && edit.kept === undefined && !fixes.has(column.path)
        if (isChange(edit)) changes.push(edit)
      }
      const split = changes.find(({ path, kept }) => kept === undefined && isSplit(line, path, row))
      if (split !== undefined) {
        const had = fieldText(row, split.path).slice(0, 60)
        return stopped(
          `${labelOf(split.path)} “${had}” stands in more than one cell, so the cells behind it may be those of other columns. Put it back into one.`,
          row.key,
          name,
        )
      }
      const edits = changes.length === 0 ? changes : withNeeds(row, withoutMoved(changes, line, row, fixes))
      return {
        ...(edits.length === 0 ? {} : { user: { user: row.key, name, line: line.number, edits } }),
        ...(unread ? { unread: row.key } : {}),
        ...(blanks === 0 ? {} : { blanks }),
      }
    },
  }
}
