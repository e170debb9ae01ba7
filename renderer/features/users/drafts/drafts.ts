import { serviceAt } from '../../../../shared/calls/catalogue'
import type { Basis } from '../../../../shared/change/basis'
import type { Json } from '../../../../shared/json'
import type { FieldPath, FieldValue, UserKey } from '../../../../shared/user/types'
import { sameValue } from '../../../../shared/user/value'

/** One edit that is not saved yet, over what the person saw when the editing began. */
export interface DraftEdit extends Basis {
  readonly mine: FieldValue
  /** Why it cannot be saved, and what was typed; `mine` then says nothing. */
  readonly problem?: string
  readonly typed?: string
}

/** The unsaved edits of one user. */
export interface Draft {
  readonly key: UserKey
  readonly name: string
  readonly edits: Readonly<Record<FieldPath, DraftEdit>>
}

/** By user id; the id is unique on a server, and every server has its own drafts. */
export type Drafts = ReadonlyMap<string, Draft>

export const noDrafts: Drafts = new Map()

/** An edit and whose it is. */
export interface UserEdit {
  readonly user: { readonly key: UserKey; readonly name: string }
  readonly path: FieldPath
  readonly edit: DraftEdit
}

/**
 * The drafts with more edits. A value that is the same as what it was based on is no edit: it drops out. The
 * base of an earlier edit of the field stays, whatever the server has by now; but for one that was a value of ours
 * which waits no more, because it was discarded or has arrived.
 */
export function withEdits(drafts: Drafts, more: readonly UserEdit[]): Drafts {
  const next = new Map(drafts)
  for (const { user, path, edit } of more) {
    const id = user.key.userId
    const before = next.get(id)
    const { [path]: earlier, ...rest } = before?.edits ?? {}
    const basis = basisFor(path, earlier, edit)
    const { base } = basis
    const { base: _base, own: _own, ...made } = edit
    const dropped = edit.problem === undefined && base !== undefined && sameValue(path, base, edit.mine)
    const edits = dropped ? rest : { ...rest, [path]: { ...basis, ...made } }
    if (Object.keys(edits).length === 0) next.delete(id)
    else next.set(id, { key: user.key, name: user.name, edits })
  }
  return next
}

/** What an edit is based on when the field has one already. */
function basisFor(path: FieldPath, earlier: DraftEdit | undefined, edit: DraftEdit): Basis {
  const { base, own } = earlier?.base === undefined ? edit : earlier
  if (base === undefined) return {}
  if (own === undefined) return { base }
  const waitsNoMore = edit.own === undefined && edit.base !== undefined
  if (!waitsNoMore) return { base, own }
  if (sameValue(path, base, edit.base ?? null)) return { base }
  return own.old === undefined ? {} : { base: own.old }
}

/** What a field was before an edit, for a person; `undefined` when it is not known. */
export function wasBefore({ base, own }: DraftEdit, now: Basis): FieldValue | undefined {
  const discarded = own !== undefined && now.own === undefined && now.base !== undefined && now.base !== base
  return discarded ? own.old : base
}

export function withEdit(
  drafts: Drafts,
  user: { readonly key: UserKey; readonly name: string },
  path: FieldPath,
  edit: DraftEdit,
): Drafts {
  return withEdits(drafts, [{ user, path, edit }])
}

export function withoutEdit(drafts: Drafts, userId: string, path: FieldPath): Drafts {
  const draft = drafts.get(userId)
  if (!draft || !Object.hasOwn(draft.edits, path)) return drafts
  const { [path]: _, ...edits } = draft.edits
  if (Object.keys(edits).length === 0) return withoutUser(drafts, userId)
  return new Map(drafts).set(userId, { ...draft, edits })
}

export function withoutUser(drafts: Drafts, userId: string): Drafts {
  if (!drafts.has(userId)) return drafts
  const rest = new Map(drafts)
  rest.delete(userId)
  return rest
}

/** The drafts without what is edited of a user's options; edits of call-handling services stay. */
export const withoutOptions = (drafts: Drafts, userId: string): Drafts =>
  Object.keys(drafts.get(userId)?.edits ?? {})
    .filter((path) => serviceAt(path) === undefined)
    .reduce((left, path) => withoutEdit(left, userId, path), drafts)

/** Of the drafts, that of one user. */
export function onlyUser(drafts: Drafts, userId: string): Drafts {
  const draft = drafts.get(userId)
  return draft ? new Map([[userId, draft]]) : noDrafts
}

/** What the server had under an edit, as far as was seen. */
const oldOf = ({ base, own }: DraftEdit): NonNullable<Basis['own']> =>
  own ?? (base === undefined ? {} : { old: base })

/** The drafts without the edits that were saved just now; an edit changed since then stays, based on what was saved. */
export function afterSave(drafts: Drafts, saved: Drafts): Drafts {
  let left = drafts
  for (const [id, draft] of saved) {
    for (const [path, edit] of Object.entries(draft.edits)) {
      const now = left.get(id)?.edits[path]
      if (!now) continue
      const rest = withoutEdit(left, id, path)
      left =
        now.mine === edit.mine && now.problem === undefined
          ? rest
          : withEdit(rest, draft, path, { ...now, base: edit.mine, own: oldOf(edit) })
    }
  }
  return left
}

export function countEdits(drafts: Drafts): { edits: number; users: number; problems: number } {
  let edits = 0
  let problems = 0
  for (const draft of drafts.values()) {
    for (const edit of Object.values(draft.edits)) {
      edits++
      if (edit.problem !== undefined) problems++
    }
  }
  return { edits, users: drafts.size, problems }
}

/** The first edit that cannot be saved. */
export function firstProblem(drafts: Drafts): { draft: Draft; path: FieldPath; problem: string } | undefined {
  for (const draft of drafts.values()) {
    for (const [path, edit] of Object.entries(draft.edits)) {
      if (edit.problem !== undefined) return { draft, path, problem: edit.problem }
    }
  }
  return undefined
}

/** As kept between two runs of the app, for one server. */
export function storedDrafts(drafts: Drafts): Json {
  return JSON.parse(JSON.stringify([...drafts.values()])) as Json
}

/** Reads them back; anything that is not a draft is left out. */
export function readDrafts(stored: unknown): Drafts {
  if (!Array.isArray(stored)) return noDrafts
  const out = new Map<string, Draft>()
  for (const each of stored as unknown[]) {
    if (isDraft(each)) out.set(each.key.userId, each)
  }
  return out
}

function isDraft(value: unknown): value is Draft {
  if (!isObject(value) || !isObject(value.key) || !isObject(value.edits)) return false
  const { serviceProviderId, groupId, userId } = value.key
  return (
    [serviceProviderId, groupId, userId, value.name].every((text) => typeof text === 'string') &&
    Object.values(value.edits).every((edit) => isObject(edit) && edit.mine !== undefined)
  )
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
