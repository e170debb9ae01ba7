import { fieldAt } from '../../../../shared/user/catalogue'
import { isWordOfNoValue } from '../../../../shared/user/cell'
import type { UserRow } from '../../../../shared/user/shapes'
import type { FieldPath, FieldValue } from '../../../../shared/user/types'
import { validateField } from '../../../../shared/user/validate'
import type { CellBlock, GridCells } from '../../../grid/DataGrid'
import { say, sayError } from '../../../kernel/messages'
import { placeNow } from '../../../kernel/status'
import { count, counted } from '../../../ui/words'
import { changeDrafts, draftsAt } from '../drafts/draftStore'
import { type DraftEdit, type UserEdit, withEdits } from '../drafts/drafts'
import { shownName, shownValue } from '../shownValue'
import { placeOfRow, userId, usersSource } from '../store'
import { editableInPlace } from './columns'
import { basedOn, typedValue } from './editing'

/** More rows than this are a job for a file, not for the clipboard. */
const mostRows = 5_000

/** What a cell is to become; nothing leaves it as it is. */
type Wish = (cell: {
  readonly user: UserRow
  readonly path: FieldPath
  readonly down: number
  readonly across: number
  /** The first user of the block. */
  readonly top: UserRow
}) => FieldValue | undefined

/**
 * Takes a value for each cell of a block into drafts, as one step that can be undone. Cells that cannot be changed are
 * passed over; values that cannot be saved are kept and marked, to be mended in place.
 */
async function change(
  block: Pick<CellBlock, 'first' | 'last' | 'columns'>,
  wish: Wish,
  words: { readonly done: string; readonly none: string },
): Promise<void> {
  const last = Math.min(block.last, (usersSource.total() ?? 0) - 1)
  if (block.first < 0 || last < block.first) return
  if (last - block.first >= mostRows) {
    say(`At most ${count(mostRows)} rows can be changed at once. An imported file can change more.`)
    return
  }
  try {
    const place = placeNow()
    // Whom the person saw there. Reading takes a moment, in which others may come to stand in their place.
    const meant = Array.from({ length: last + 1 - block.first }, (_, down) =>
      usersSource.row(block.first + down),
    )
    const rows = await usersSource.read(block.first, last)
    const [top] = rows
    if (top === undefined) return
    const others = rows.some((row, down) => meant[down] !== undefined && userId(meant[down]) !== userId(row))
    if (others || placeOfRow(top) !== place) {
      say('The list has changed, so nothing was changed in it. Look where the cursor is, and do it again.')
      return
    }
    const edits = rows.flatMap((user, down) =>
      block.columns.flatMap((path, across): UserEdit[] => {
        const field = fieldAt(path)
        const value = field && editableInPlace(field) ? wish({ user, path, down, across, top }) : undefined
        // Copied from a cell that was not read: there is no value to paste.
        if (value === undefined || (typeof value === 'string' && isWordOfNoValue(value))) return []
        const of = { key: user.key, name: shownName(user, undefined) }
        return [{ user: of, path, edit: editOf(user, path, value) }]
      }),
    )
    changeDrafts((drafts) => withEdits(drafts, edits), { place: placeOfRow(top) })
    const taken = edits.length
    const wrong = edits.filter(({ edit }) => edit.problem !== undefined).length
    if (taken === 0) say(words.none)
    else if (wrong > 0) {
      const are = wrong === 1 ? 'is' : 'are'
      say(`${words.done} ${counted(taken, 'cell')}. ${count(wrong)} cannot be saved and ${are} marked.`)
    } else say(`${words.done} ${counted(taken, 'cell')}. Not saved yet.`)
  } catch (error) {
    sayError(error)
  }
}

function editOf(user: UserRow, path: FieldPath, value: FieldValue): DraftEdit {
  const based = basedOn(user, path)
  const checked = validateField(path, typedValue(path, value, user.key))
  if (!('problem' in checked)) return { mine: checked.value, ...based }
  return { mine: null, problem: checked.problem, typed: typeof value === 'string' ? value : '', ...based }
}

/** One copied cell fills the whole block; more go from its upper left corner on, as many as they are. */
function pasteCells({ first, last, columns, onwards }: CellBlock, cells: string[][]): Promise<void> {
  const words = { done: 'Pasted', none: 'Nothing pasted: these cells cannot be changed here.' }
  const only = cells.length === 1 && cells[0]?.length === 1 ? cells[0][0] : undefined
  if (only !== undefined) return change({ first, last, columns }, () => only, words)
  const block = { first, last: first + cells.length - 1, columns: onwards }
  return change(block, ({ down, across }) => cells[down]?.[across], words)
}

const clearCells = (block: CellBlock): Promise<void> =>
  change(block, ({ path }) => (fieldAt(path)?.clear === 'no' ? undefined : null), {
    done: 'Cleared',
    none: 'Nothing cleared: these cells cannot be empty.',
  })

async function fillDown(block: CellBlock): Promise<void> {
  if (block.last === block.first) return
  const value: Wish = ({ path, down, top }) =>
    down === 0
      ? undefined
      : (shownValue(top, draftsAt(placeOfRow(top)).get(top.key.userId), path) ?? undefined)
  await change(block, value, {
    done: 'Filled',
    none: 'Nothing filled: these cells cannot be changed here.',
  })
}

/** What can be done with several cells of the list at once. */
export const usersCells: GridCells = {
  paste: (block, cells) => void pasteCells(block, cells),
  clear: (block) => void clearCells(block),
  fillDown: (block) => void fillDown(block),
}
