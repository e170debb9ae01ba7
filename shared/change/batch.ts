import type { FieldPath, FieldValue, UserKey } from '../user/types'
import { plainText, sameValue } from '../user/value'

/** One field of one user in a batch: changes proposed together, looked at before they are saved. */
export interface BatchEdit {
  readonly path: FieldPath
  /** What the user has, as was last read or is waiting to be sent; the edit is based on it. */
  readonly base?: FieldValue
  /** `undefined` while there is a problem. */
  readonly mine?: FieldValue
  /** What was written, where that is not the value itself. */
  readonly typed?: string
  readonly problem?: string
  /** What was mended without asking. */
  readonly note?: string
  /** Why the field stays as it is although the file has something else: what a program did to it, in words. */
  readonly kept?: string
}

/** All that a batch would change about one user. */
export interface BatchUser {
  readonly user: UserKey
  readonly name: string
  /** The line of the file that it came from. */
  readonly line?: number
  readonly edits: readonly BatchEdit[]
  /** Why the user as a whole cannot be changed. */
  readonly problem?: string
}

const mostWords = 3

/** Fields whose values two users must not share, and within what. */
const unique: Readonly<Record<FieldPath, (user: UserKey) => string>> = {
  extension: ({ serviceProviderId, groupId }) => `${serviceProviderId}\n${groupId}`,
  phoneNumber: () => '',
}

export const isUnique = (path: FieldPath): boolean => Object.hasOwn(unique, path)

/** Where the value of a field that must be unique counts, as a key; numbers by their digits. */
export function claimOf(user: UserKey, path: FieldPath, value: FieldValue): string | undefined {
  const within = Object.hasOwn(unique, path) ? unique[path] : undefined
  const text = plainText(value)
  if (within === undefined || text === '') return undefined
  return `${path}\n${within(user)}\n${text.replace(/[^0-9]/g, '')}`
}

/**
 * Who of a batch would get which extension (in one group) or phone number: of two who would get the same, the server would
 * refuse the second.
 */
export class Claims {
  readonly #names = new Map<string, string[]>()

  /** Takes in what a user of the batch would get. */
  add({ user, name, edits }: BatchUser): void {
    for (const { path, mine } of edits) {
      const claim = mine === undefined ? undefined : claimOf(user, path, mine)
      if (claim === undefined) continue
      const claimants = this.#names.get(claim)
      if (claimants === undefined) this.#names.set(claim, [name])
      else claimants.push(name)
    }
  }

  /** The user with what clashes marked, once everybody has been taken in. */
  marked(of: BatchUser): BatchUser {
    if (!of.edits.some(({ path, mine }) => mine !== undefined && isUnique(path))) return of
    return { ...of, edits: of.edits.map((edit) => withoutClash(of, edit, this.#names)) }
  }
}

function withoutClash(
  { user, name }: BatchUser,
  edit: BatchEdit,
  claims: ReadonlyMap<string, readonly string[]>,
): BatchEdit {
  const claim = edit.mine === undefined ? undefined : claimOf(user, edit.path, edit.mine)
  const claimants = claim === undefined ? [] : (claims.get(claim) ?? [])
  if (claimants.length < 2) return edit
  const others = claimants.filter((other) => other !== name)
  const shown = others.slice(0, mostWords).join(', ')
  const more = others.length > mostWords ? ` and ${others.length - mostWords} more` : ''
  const { mine, ...rest } = edit
  return {
    ...rest,
    typed: String(mine),
    problem: `${String(mine)} would also be given to ${shown || 'the same user'}${more}.`,
  }
}

/** Whether an edit would change anything. */
export const changesSomething = ({ path, base, mine }: BatchEdit): boolean =>
  mine !== undefined && (base === undefined || !sameValue(path, base, mine))
