import { fieldAt, labelOf } from '../../../../shared/user/catalogue'
import { cellText } from '../../../../shared/user/cell'
import type { FieldPath, FieldValue } from '../../../../shared/user/types'
import type { Pause } from '../../../platform/pause'

/** One value that a file would change. */
export interface ChangedValue {
  readonly userId: string
  readonly path: FieldPath
  readonly base: FieldValue
  readonly mine: FieldValue
}

/** Fewer changes than this say nothing, and neither does a smaller share of them. */
const fewest = 5
const share = 0.8

/**
 * Says where the new values are those of other users or of another field: a column that was sorted by itself, lines that
 * have slipped, columns that were exchanged. Nobody can tell from one line alone.
 */
export async function slippedWords(changes: Iterable<ChangedValue>, pause: Pause): Promise<string[]> {
  const fields = new Map<FieldPath, { before: Set<string>; after: string[] }>()
  const users = new Map<string, ChangedValue[]>()
  for (const change of changes) {
    const { userId, path, base, mine } = change
    const field = fields.get(path) ?? { before: new Set(), after: [] }
    fields.set(path, field)
    field.before.add(cellText(path, base))
    field.after.push(cellText(path, mine))
    const user = users.get(userId)
    if (user === undefined) users.set(userId, [change])
    else user.push(change)
    if (pause.due()) await pause.wait()
  }
  const words: string[] = []
  for (const [path, { before, after }] of fields) {
    if (after.length < fewest) continue
    const others = after.filter((text) => text !== '' && before.has(text)).length
    // A few values that many have go from one to another in any change.
    if (others < share * after.length || new Set(after).size < after.length / 2) continue
    words.push(
      `${labelOf(fieldAt(path)?.path ?? path)}: ${others.toLocaleString('en')} of ${after.length.toLocaleString('en')} new values are what other users of the file have now, as when a column is sorted by itself or lines have slipped. Look at them before you save.`,
    )
  }
  const exchanged = new Map<string, number>()
  for (const edits of users.values()) {
    for (const [at, one] of edits.entries()) {
      for (const other of edits.slice(at + 1)) {
        const same =
          cellText(one.path, one.mine) === cellText(other.path, other.base) &&
          cellText(other.path, other.mine) === cellText(one.path, one.base)
        if (!same) continue
        const both = `${labelOf(one.path)} and ${labelOf(other.path)}`
        exchanged.set(both, (exchanged.get(both) ?? 0) + 1)
      }
    }
    if (pause.due()) await pause.wait()
  }
  for (const [both, count] of exchanged) {
    if (count < fewest || count < share * users.size) continue
    words.push(
      `${both} are exchanged in ${count.toLocaleString('en')} lines. Say under Columns which is which if that is not meant.`,
    )
  }
  return words
}
