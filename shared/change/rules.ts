import { editable, fieldAt } from '../user/catalogue'
import { cellValue } from '../user/cell'
import { visible } from '../user/rendering/letters'
import { fillTemplate, parseTemplate, type Template, templateFields } from '../user/template'
import type { FieldPath, FieldValue, UserKey } from '../user/types'
import { validateField } from '../user/validate'
import { displayValue } from '../user/value'

/** What is to become of one field of every chosen user. */
export type EditRule =
  | { readonly path: FieldPath; readonly act: 'set'; readonly value: FieldValue }
  | { readonly path: FieldPath; readonly act: 'clear' }
  | { readonly path: FieldPath; readonly act: 'build'; readonly template: string }
  | {
      readonly path: FieldPath
      readonly act: 'replace'
      readonly find: string
      readonly by: string
      readonly pattern: boolean
      readonly matchCase: boolean
    }

/** The result for one field of one user: its new value, nothing to do, or why there is none. */
export type Proposed =
  | { readonly mine: FieldValue }
  | { readonly unchanged: true }
  /** `unread`: it can be said once the user was read. */
  | { readonly problem: string; readonly typed: string; readonly unread?: boolean }

/** Replaces in a text; `undefined` when that takes longer than it may. */
export type ReplaceIn = (text: string) => string | undefined

/** A rule that has been looked through and can be applied to one user after the other. */
export interface ReadyRule {
  readonly path: FieldPath
  /** The fields whose values it looks at. */
  readonly looksAt: readonly FieldPath[]
  /** @param valueAt the value of a field as shown, `undefined` when it is not known; `place` counts from 0 */
  apply(valueAt: (path: FieldPath) => FieldValue | undefined, place: number, user: UserKey): Proposed
  /** Why it was given up on the way; from then on it changes nothing. */
  givenUp?(): string | undefined
}

const notRead = 'Not read yet: read these users first.'
/** Values that a pattern may take too long on: what is slow on so many is slow on all. */
const mostSlow = 10

/**
 * Makes a rule ready, or says what is wrong with it.
 * @param replacer makes the search of a replace rule; it may refuse a pattern, and must bound the time of each use
 */
export function readyRule(
  rule: EditRule,
  replacer: (rule: Extract<EditRule, { act: 'replace' }>) => ReplaceIn | { readonly problem: string },
): ReadyRule | { readonly problem: string } {
  const field = fieldAt(rule.path)
  if (field === undefined) return { problem: `“${rule.path.slice(0, 60)}” is not a field of a user.` }
  if (!editable(field)) return { problem: `${field.label} cannot be changed for several users at once.` }
  const { path } = rule
  switch (rule.act) {
    case 'set':
    case 'clear': {
      const value = rule.act === 'clear' ? null : rule.value
      if (field.kind === 'object' && typeof value === 'string') {
        // A department's name means the one of each user's own group.
        return { path, looksAt: [], apply: (_, __, user) => taken(path, cellValue(path, value, user), value) }
      }
      const checked = validateField(path, value)
      if ('problem' in checked) return checked
      return { path, looksAt: [], apply: () => ({ mine: checked.value }) }
    }
    case 'build': {
      if (visible(rule.template).trim() === '') {
        return { problem: `${field.label}: the template is blank. Choose Clear to empty the field.` }
      }
      const template = parseTemplate(rule.template)
      return 'problem' in template ? template : built(path, template)
    }
    case 'replace': {
      if (rule.find === '') return { problem: `${field.label}: write what is to be found.` }
      const replace = replacer(rule)
      return typeof replace === 'function' ? replaced(path, replace) : replace
    }
  }
}

const taken = (path: FieldPath, value: FieldValue, typed: string): Proposed => {
  const checked = validateField(path, value)
  return 'problem' in checked ? { problem: checked.problem, typed } : { mine: checked.value }
}

function built(path: FieldPath, template: Template): ReadyRule {
  return {
    path,
    looksAt: templateFields(template),
    apply(valueAt, place) {
      const words = (from: FieldPath) => {
        const value = valueAt(from)
        return value === undefined ? undefined : displayValue(from, value)
      }
      const filled = fillTemplate(template, words, place)
      if ('unfit' in filled) {
        return {
          problem: `“${filled.unfit.slice(0, 60)}” has letters that an address cannot have. Type it here.`,
          typed: '',
        }
      }
      if ('text' in filled) {
        const { text } = filled
        // Only Clear clears.
        return visible(text).trim() === ''
          ? { problem: 'The template gives nothing but blanks here.', typed: '' }
          : taken(path, text, text)
      }
      const label = fieldAt(filled.missing)?.label ?? filled.missing
      return filled.known
        ? { problem: `${label} is empty.`, typed: '' }
        : { problem: `${label}: ${notRead}`, typed: '', unread: true }
    },
  }
}

function replaced(path: FieldPath, replace: ReplaceIn): ReadyRule {
  let slow = 0
  return {
    path,
    looksAt: [path],
    givenUp: () =>
      slow < mostSlow
        ? undefined
        : `The pattern takes too long: it was given up after ${mostSlow} values. Write a simpler one.`,
    apply(valueAt) {
      if (slow >= mostSlow) return { unchanged: true }
      const before = valueAt(path)
      if (before === undefined) return { problem: notRead, typed: '', unread: true }
      const text = Array.isArray(before) ? before.map(String).join('\n') : displayValue(path, before)
      const after = replace(text)
      if (after === undefined) {
        slow++
        return { problem: 'The pattern takes too long on this value. Write a simpler one.', typed: text }
      }
      return after === text ? { unchanged: true } : taken(path, after, after)
    },
  }
}
