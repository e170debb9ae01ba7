import { fieldAt } from '../../../../shared/user/catalogue'
import { clearWord } from '../../../../shared/user/cell'
import { trimmed } from '../../../../shared/user/rendering/letters'
import type { FieldPath } from '../../../../shared/user/types'
import { keyOf } from './exchanged'

/** A cell of a line, beside what its user has there. */
export interface Beside {
  readonly path: FieldPath
  /** Where its column stands; none for a field that has no column in the file. */
  readonly at?: number
  readonly cell: string
  readonly had: string
  /** It would change something, or cannot. */
  readonly differs: boolean
  /** A person wrote it here, so it has not come from another cell. */
  readonly own: boolean
}

/** What a field is about: within one, a value is often copied from one field to another on purpose. */
function aboutOf(path: FieldPath): string {
  const { kind, compare } = fieldAt(path) ?? {}
  if (/first/i.test(path)) return 'first name'
  if (/last/i.test(path)) return 'last name'
  if (kind === 'phone' || compare === 'destination') return 'number'
  if (kind === 'email' || kind === 'list' || /id$|linePort$/i.test(path)) return 'address'
  return path.startsWith('address') && !path.includes('zip') ? 'place' : path
}

/** The name that is shown to whoever is called may be anything on purpose: that of a department, of a group. */
const mayBeAnything = (path: FieldPath) => /^callingLineId(?:First|Last)Name$/.test(path)

const tells = (path: FieldPath) => {
  const { kind, choices } = fieldAt(path) ?? {}
  return kind !== 'boolean' && kind !== 'integer' && choices === undefined
}

const isNear = (a: Beside, b: Beside) =>
  a.at !== undefined && b.at !== undefined && Math.abs(a.at - b.at) === 1

/** Whether what stands in one cell has come out of another one, and not by somebody who copied it. */
function hasSlipped(one: Beside, from: Beside): boolean {
  if (from.own) return false
  const left = keyOf(from.cell) !== keyOf(from.had)
  const blank = trimmed(from.cell) === ''
  if (trimmed(from.cell).toLowerCase() === clearWord) return false
  if (aboutOf(one.path) === aboutOf(from.path)) return left && blank && from.at !== undefined
  if (left && from.at !== undefined) return true
  return isNear(one, from) && !mayBeAnything(one.path)
}

/**
 * A cell of a line that has what its user has in another field, where that has left its own cell or stands doubled: the
 * cells of the line have slipped. With the field that its value is of; nothing when none has.
 */
export function slippedCell(
  all: readonly Beside[],
): { readonly one: FieldPath; readonly from: FieldPath } | undefined {
  const byHad = new Map<string, Beside[]>()
  for (const each of all) {
    const key = keyOf(each.had)
    if (key === '' || !tells(each.path)) continue
    const same = byHad.get(key)
    if (same === undefined) byHad.set(key, [each])
    else same.push(each)
  }
  for (const one of all) {
    if (!one.differs || one.own || !tells(one.path)) continue
    const key = keyOf(one.cell)
    for (const from of byHad.get(key) ?? []) {
      if (from.path === one.path || (key.length < 3 && !isNear(one, from))) continue
      if (hasSlipped(one, from)) return { one: one.path, from: from.path }
    }
  }
  return undefined
}
