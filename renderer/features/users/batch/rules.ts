import type { EditRule } from '../../../../shared/change/rules'
import { editable, everyField, type Field, fieldAt } from '../../../../shared/user/catalogue'
import type { FieldPath } from '../../../../shared/user/types'
import { validateField } from '../../../../shared/user/validate'
import { lockedBecause } from '../../../kernel/status'

export type Act = EditRule['act']

/** A rule as a person is writing it. */
export interface RuleDraft {
  readonly id: number
  readonly path: FieldPath | ''
  readonly act: Act
  /** The value, the template, or what is to be found. */
  readonly text: string
  readonly by: string
  readonly pattern: boolean
  readonly matchCase: boolean
}

let made = 0
export const newRule = (): RuleDraft => ({
  id: ++made,
  path: '',
  act: 'set',
  text: '',
  by: '',
  pattern: false,
  matchCase: false,
})

export const actWords: Readonly<Record<Act, string>> = {
  set: 'Set to',
  build: 'Build from a template',
  replace: 'Find and replace',
  clear: 'Clear',
}

/** Fields that can be changed for many users, as far as the sign-in may. */
export const ruleFields = (): readonly Field[] =>
  everyField.filter((field) => editable(field) && lockedBecause(field.path) === undefined)

const written = new Set<Field['kind']>(['text', 'digits', 'phone', 'email', 'lookup'])

/** What can be done with a field. */
export function actsFor(path: FieldPath): readonly Act[] {
  const field = fieldAt(path)
  if (field === undefined) return ['set']
  return [
    'set',
    ...(written.has(field.kind) ? (['build', 'replace'] as const) : []),
    ...(field.clear === 'no' ? [] : (['clear'] as const)),
  ]
}

/** The rule that a draft is, once enough of it is written. */
export function ruleOf(draft: RuleDraft): EditRule | undefined {
  const { path, act, text, by, pattern, matchCase } = draft
  if (path === '') return undefined
  switch (act) {
    case 'clear':
      return { path, act }
    case 'set':
      return text.trim() === '' ? undefined : { path, act, value: text }
    case 'build':
      return text === '' ? undefined : { path, act, template: text }
    case 'replace':
      return text === '' ? undefined : { path, act, find: text, by, pattern, matchCase }
  }
}

/** What is wrong with a value that is set for all, before anybody is asked. */
export function draftProblem({ path, act, text }: RuleDraft): string | undefined {
  if (act !== 'set' || path === '' || text.trim() === '' || fieldAt(path)?.kind === 'object') return undefined
  const checked = validateField(path, text)
  return 'problem' in checked ? checked.problem : undefined
}
