import { type Basis, basisOf } from '../../../../shared/change/basis'
import { fieldAt } from '../../../../shared/user/catalogue'
import { cellValue } from '../../../../shared/user/cell'
import type { UserRow } from '../../../../shared/user/shapes'
import type { FieldPath, FieldValue, UserKey } from '../../../../shared/user/types'
import { validateField } from '../../../../shared/user/validate'
import { fieldValue } from '../../../../shared/user/value'
import type { GridEditing } from '../../../grid/useEditing'
import { ask, gungnir } from '../../../kernel/bridge'
import { say } from '../../../kernel/messages'
import { identityNow, identityOrRefuse, placeOf } from '../../../kernel/status'
import { draftEdit, draftsAt } from '../drafts/draftStore'
import { savedValue, shownName, shownValue } from '../shownValue'
import { placeOfRow } from '../store'
import { notInPlaceBecause } from './columns'
import { shownWords } from './shownWords'

/** Values that a list row did not carry, read when a person began to edit them. */
const learnt = new Map<string, FieldValue>()
const learntKey = (row: UserRow, path: FieldPath) => `${placeOfRow(row)}\u0000${row.key.userId}\u0000${path}`

/** What an edit of this field is based on: what the person sees without their own draft. */
export function basedOn(row: UserRow, path: FieldPath): Basis {
  const basis = basisOf(row, path)
  const read = learnt.get(learntKey(row, path))
  return basis.base === undefined && read !== undefined ? { base: read } : basis
}

/** Reads the whole user when the row does not say what the edit would replace. */
async function learn(row: UserRow, path: FieldPath): Promise<void> {
  const as = identityNow()
  if (as === undefined || placeOf(as) !== placeOfRow(row)) return
  const details = await ask(gungnir.users.details({ key: row.key, fresh: true, as })).catch(() => undefined)
  const value = details && fieldValue(details, path)
  if (value !== undefined) learnt.set(learntKey(row, path), value)
}

/** What a text in a cell means for this user: a choice by its label, a department by its name. */
export const typedValue = (path: FieldPath, typed: FieldValue, key: UserKey): FieldValue =>
  typeof typed === 'string' && fieldAt(path)?.kind !== 'list' ? cellValue(path, typed, key) : typed

/**
 * Takes one typed text into the draft of its user.
 * @returns what is wrong with it, if it cannot be saved.
 */
function takeText(row: UserRow, path: FieldPath, typed: string): string | undefined {
  const draft = draftsAt(placeOfRow(row)).get(row.key.userId)
  const before = shownValue(row, draft, path)
  // Looked at and left: an object or a list is not made anew from its words, and what was never read is not cleared.
  if (draft?.edits[path]?.problem === undefined && typed === shownWords(path, before ?? null))
    return undefined
  const checked = validateField(path, typedValue(path, typed, row.key))
  if ('problem' in checked) return checked.problem
  const user = { key: row.key, name: shownName(row, undefined) }
  const edit = { ...basedOn(row, path), mine: checked.value }
  draftEdit(user, path, edit, placeOfRow(row))
  return undefined
}

/** A text that cannot be saved, kept and marked: its editor has to close, and nothing typed is lost. */
function keepText(row: UserRow, path: FieldPath, typed: string): void {
  const problem = takeText(row, path, typed)
  if (problem === undefined) return
  const user = { key: row.key, name: shownName(row, undefined) }
  draftEdit(user, path, { mine: null, problem, typed, ...basedOn(row, path) }, placeOfRow(row))
}

/** How cells of the Users grid are edited in place. */
export const usersEditing: GridEditing<UserRow> = {
  text: (row, path) => {
    const draft = draftsAt(placeOfRow(row)).get(row.key.userId)
    const edit = draft?.edits[path]
    if (edit?.typed !== undefined) return edit.typed
    return shownWords(path, shownValue(row, draft, path) ?? null)
  },
  begin: (row, path) => {
    learnt.delete(learntKey(row, path))
    if (savedValue(row, path) === undefined) void learn(row, path)
  },
  refused: (_, path) => {
    const field = fieldAt(path)
    const why = field && notInPlaceBecause(field)
    if (why !== undefined) say(why)
  },
  commit: takeText,
  keep: keepText,
  suggest: async (row, path) => {
    const field = fieldAt(path)
    if (field?.choices) return field.choices.map(({ label }) => label)
    if (field?.kind === 'boolean') return ['Yes', 'No']
    if (field?.lookup === undefined) return []
    const { options } = await ask(
      gungnir.users.lookup({ as: identityOrRefuse(), lookup: field.lookup, key: row.key }),
    )
    return options.map(({ value }) => shownWords(path, value))
  },
}
