import { labelOf } from '../../../shared/user/catalogue'
import { type UnsentChange, unsentChange } from '../outbox/transfer'

/** The setting in which the page keeps edits that are not saved: by server and account, a list of users with their edits. */
export const draftsKey = 'drafts'

/** The unsaved edits of one user. */
export interface Unsaved {
  /** Under which server and account they were made; absent in what old versions kept. */
  readonly origin?: string
  readonly account?: string
  /** As a change that could be saved, or a sentence that says why it could not. */
  readonly changes: readonly (UnsentChange | string)[]
  readonly edits: number
  /** Equal only when the edits are. */
  readonly text: string
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The unsaved edits in that setting, one for each user. What is no edit is left out, as the page does. */
export function unsavedIn(stored: unknown): Unsaved[] {
  if (!isObject(stored)) return []
  return Object.entries(stored).flatMap(([place, users]) => {
    const whose = whoseIs(place)
    return (Array.isArray(users) ? users : []).flatMap((user: unknown) => {
      if (!isObject(user) || !isObject(user.edits)) return []
      const edits = Object.entries(user.edits)
      if (edits.length === 0) return []
      const text = JSON.stringify([place, user])
      return [{ ...whose, changes: changesOf(user.key, edits), edits: edits.length, text }]
    })
  })
}

function whoseIs(place: string): { origin?: string; account?: string } {
  try {
    const [origin, account]: unknown[] = JSON.parse(place)
    if (typeof origin === 'string' && typeof account === 'string') return { origin, account }
  } catch {
    // Once they were kept by connection alone.
  }
  return {}
}

function changesOf(user: unknown, edits: readonly [string, unknown][]): (UnsentChange | string)[] {
  const good: unknown[] = []
  const bad: string[] = []
  for (const [path, edit] of edits) {
    if (!isObject(edit)) continue
    const { base, own, mine, problem } = edit
    if (problem !== undefined) bad.push(`${labelOf(path)}: ${String(problem)}`)
    else if (isObject(own)) good.push({ path, mine, ...('old' in own && { base: own.old }) })
    else good.push({ path, mine, ...(base !== undefined && { base }) })
  }
  if (good.length === 0) return bad
  const change = unsentChange.safeParse({ user, edits: good })
  return [change.success ? change.data : 'an unsaved edit is not what one is', ...bad]
}
