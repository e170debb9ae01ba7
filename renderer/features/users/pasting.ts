import { fieldAt } from '../../../shared/user/catalogue'
import type { FieldPath } from '../../../shared/user/types'
import { say, sayError } from '../../app/messages'
import { count, counted } from '../../ui/words'
import { editableInPlace } from './columns'
import { draftEdit } from './draftStore'
import { baseOf, takeValue } from './editing'
import { shownName } from './shownValue'
import { usersSource } from './store'

/** More rows than this are a job for a file, not for the clipboard. */
const mostRows = 5_000

/**
 * Puts pasted cells into drafts, from this row and column on. Cells that cannot be changed are passed over;
 * values that cannot be saved are kept and marked, to be mended in place.
 */
export async function pasteCells(row: number, paths: readonly FieldPath[], cells: string[][]): Promise<void> {
  const total = usersSource.total() ?? 0
  const height = Math.min(cells.length, total - row)
  if (row < 0 || height <= 0) return
  if (height > mostRows) {
    say(`At most ${count(mostRows)} rows can be pasted at once.`)
    return
  }
  try {
    const rows = await usersSource.read(row, row + height - 1)
    let taken = 0
    let wrong = 0
    for (const [down, user] of rows.entries()) {
      for (const [across, typed] of (cells[down] ?? []).entries()) {
        const path = paths[across]
        const field = path === undefined ? undefined : fieldAt(path)
        if (path === undefined || !field || !editableInPlace(field)) continue
        const problem = takeValue(user, path, typed)
        taken++
        if (problem === undefined) continue
        wrong++
        const base = baseOf(user, path)
        const edit = { mine: null, problem, typed, ...(base === undefined ? {} : { base }) }
        draftEdit({ key: user.key, name: shownName(user, undefined) }, path, edit)
      }
    }
    if (taken === 0) say('Nothing pasted: these cells cannot be changed here.')
    else if (wrong > 0)
      say(
        `Pasted ${counted(taken, 'cell')}. ${count(wrong)} cannot be saved and ${wrong === 1 ? 'is' : 'are'} marked.`,
      )
    else say(`Pasted ${counted(taken, 'cell')}. Not saved yet.`)
  } catch (error) {
    sayError(error)
  }
}
