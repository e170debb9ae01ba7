import { labelOf } from '../../../../shared/user/catalogue'
import { cellText } from '../../../../shared/user/cell'
import type { FieldPath, FieldValue } from '../../../../shared/user/types'
import type { Pause } from '../../../platform/pause'
import { isPersonal } from './others-values'

/** One value that a file would change. */
export interface ChangedValue {
  readonly path: FieldPath
  readonly base: FieldValue
  readonly mine: FieldValue
}

/**
 * Fewer changes than this say nothing, and neither does a smaller share of them. Where values are those of a person, two
 * that change places are as likely a mistake as not.
 */
const fewest = 5
const share = 0.8

interface Values {
  changes: number
  /** How often each text is a value that is given up. */
  readonly left: Map<string, number>
  readonly taken: string[]
}

/**
 * The fields whose new values are those of other users, each as often as these have it: a column that was sorted by itself,
 * lines that have slipped. Nobody can tell from one line alone. With what is to be said of each.
 */
export async function slipped(
  changes: Iterable<ChangedValue>,
  pause: Pause,
): Promise<ReadonlyMap<FieldPath, string>> {
  const fields = new Map<FieldPath, Values>()
  for (const { path, base, mine } of changes) {
    const field: Values = fields.get(path) ?? { changes: 0, left: new Map(), taken: [] }
    fields.set(path, field)
    field.changes++
    const had = cellText(path, base)
    field.left.set(had, (field.left.get(had) ?? 0) + 1)
    field.taken.push(cellText(path, mine))
    if (pause.due()) await pause.wait()
  }
  const words = new Map<FieldPath, string>()
  for (const [path, { changes, left, taken }] of fields) {
    const least = isPersonal(path) ? 2 : fewest
    if (changes < least) continue
    let others = 0
    for (const text of taken) {
      const rest = left.get(text) ?? 0
      if (text !== '' && rest > 0) {
        left.set(text, rest - 1)
        others++
      }
      if (pause.due()) await pause.wait()
    }
    if (others < (changes < fewest ? 1 : share) * changes) continue
    words.set(
      path,
      `${labelOf(path)}: ${others.toLocaleString('en')} of ${changes.toLocaleString('en')} new values are what other users of the file have now, as when a column is sorted by itself or lines have slipped. It is not ticked: look at the rows, and tick it if that is meant.`,
    )
  }
  return words
}
