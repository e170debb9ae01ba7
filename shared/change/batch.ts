import type { FieldPath, FieldValue, UserKey } from '../user/types'
import { plainText, sameValue } from '../user/value'
import type { Basis } from './basis'

/** One field of one user in a batch: changes proposed together, looked at before they are saved. */
export interface BatchEdit extends Basis {
  readonly path: FieldPath
  /** `undefined` while there is a problem. */
  readonly mine?: FieldValue
  /** What was written, where that is not the value itself. */
  readonly typed?: string
  readonly problem?: string
  /** The problem is only that a field in question was not read yet. */
  readonly unread?: boolean
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

const digits = (text: string) => text.replace(/[^0-9]/g, '')
const lower = (text: string) => text.toLowerCase()

interface Unique {
  /** Where a value counts, as a text. */
  readonly within: (user: UserKey) => string
  /** What of it counts. */
  readonly key: (text: string) => string
  /** Fields of one name share their values. */
  readonly name?: string
}

/** Fields whose values two users must not share, and within what. */
const unique: Readonly<Record<FieldPath, Unique>> = {
  extension: { within: ({ serviceProviderId, groupId }) => `${serviceProviderId}\n${groupId}`, key: digits },
  phoneNumber: { within: () => '', key: digits },
  aliases: { within: () => '', key: lower },
  'accessDeviceEndpoint.linePort': { within: () => '', key: lower, name: 'linePort' },
  'trunkAddressing.trunkGroupDeviceEndpoint.linePort': { within: () => '', key: lower, name: 'linePort' },
}

export const isUnique = (path: FieldPath): boolean => Object.hasOwn(unique, path)

/** Where the values of a field that must be unique count, as keys, and the values as texts; of a list, each item's. */
export function claimsOf(
  user: UserKey,
  path: FieldPath,
  value: FieldValue,
): { readonly claim: string; readonly text: string }[] {
  const rule = Object.hasOwn(unique, path) ? unique[path] : undefined
  if (rule === undefined) return []
  const items: readonly FieldValue[] = Array.isArray(value) ? value : [value]
  return items.flatMap((item) => {
    const text = plainText(item)
    const where = `${rule.name ?? path}\n${rule.within(user)}`
    return text === '' ? [] : [{ claim: `${where}\n${rule.key(text)}`, text }]
  })
}

/** The claim of a number, which passes from one user to another: it is given up before it is taken. */
export const claimOf = (user: UserKey, path: FieldPath, value: FieldValue): string | undefined =>
  path === 'extension' || path === 'phoneNumber' ? claimsOf(user, path, value)[0]?.claim : undefined

/**
 * Who of a batch would get which extension (in one group), phone number, alias or line/port: of two who would get the
 * same, the server would refuse the second.
 */
export class Claims {
  readonly #names = new Map<string, string[]>()

  /** Takes in what a user of the batch would get. */
  add({ user, name, edits }: BatchUser): void {
    for (const { path, mine } of edits) {
      for (const { claim } of mine === undefined ? [] : claimsOf(user, path, mine)) {
        const claimants = this.#names.get(claim)
        if (claimants === undefined) this.#names.set(claim, [name])
        else claimants.push(name)
      }
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
  const mineClaims = edit.mine === undefined ? [] : claimsOf(user, edit.path, edit.mine)
  const clash = mineClaims.find(({ claim }) => (claims.get(claim)?.length ?? 0) > 1)
  if (clash === undefined) return edit
  const claimants = claims.get(clash.claim) ?? []
  const others = claimants.filter((other) => other !== name)
  const shown = others.slice(0, mostWords).join(', ')
  const more = others.length > mostWords ? ` and ${others.length - mostWords} more` : ''
  const { mine, ...rest } = edit
  return {
    ...rest,
    typed: Array.isArray(mine) ? mine.map(String).join('\n') : String(mine),
    problem: `${clash.text} would also be given to ${shown || 'the same user'}${more}.`,
  }
}

/** Whether an edit would change anything. */
export const changesSomething = ({ path, base, mine }: BatchEdit): boolean =>
  mine !== undefined && (base === undefined || !sameValue(path, base, mine))
