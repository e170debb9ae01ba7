import type { OutboxRow } from '../../../shared/ipc/contract'
import type { FieldPath, FieldValue } from '../../../shared/user/types'
import { validateField } from '../../../shared/user/validate'

export type Side = 'mine' | 'theirs' | 'other'

export interface Choice {
  /** Nothing until a person has decided: no side is taken for them. */
  readonly side: Side | undefined
  /** The text of another value. */
  readonly other: string
}

export type Choices = Readonly<Record<FieldPath, Choice>>

export const undecided: Choice = { side: undefined, other: '' }

export interface Resolution {
  readonly choices: readonly { path: FieldPath; theirs: FieldValue; value: FieldValue }[]
  /** What keeps a field from being settled, by path. */
  readonly problems: Readonly<Record<FieldPath, string>>
  /** Fields that nobody has decided yet. */
  readonly open: number
}

/** What the choices amount to. Each carries the server's value as it was shown, so that a newer one conflicts again. */
export function resolution(row: OutboxRow, choices: Choices): Resolution {
  const out: { path: FieldPath; theirs: FieldValue; value: FieldValue }[] = []
  const problems: Record<FieldPath, string> = {}
  let open = 0
  for (const { path, theirs, mine } of row.conflicts) {
    const { side, other } = choices[path] ?? undecided
    if (side === undefined) open++
    else if (side === 'mine') out.push({ path, theirs, value: mine })
    else if (side === 'theirs') out.push({ path, theirs, value: theirs })
    else {
      const checked = validateField(path, other)
      if ('problem' in checked) problems[path] = checked.problem
      else out.push({ path, theirs, value: checked.value })
    }
  }
  return { choices: out, problems, open }
}

/** The other conflicts about the same fields: what is decided by sides for one can be said of them all. */
export function alike(row: OutboxRow, rows: readonly OutboxRow[]): OutboxRow[] {
  const fieldsOf = (one: OutboxRow) =>
    one.conflicts
      .map(({ path }) => path)
      .sort()
      .join('\n')
  const fields = fieldsOf(row)
  return rows.filter((one) => one.id !== row.id && one.state === 'conflict' && fieldsOf(one) === fields)
}

/** Whether the choices name sides only: another value is meant for one user. */
export const bySides = (choices: Choices): boolean =>
  Object.values(choices).every(({ side }) => side !== 'other')
