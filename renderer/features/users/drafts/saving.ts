import { create } from 'zustand'
import type { Identity } from '../../../../shared/ipc/contract'
import { fieldAt } from '../../../../shared/user/catalogue'
import type { FieldEdit, FieldPath, UserKey } from '../../../../shared/user/types'
import { displayValue, fieldValue, isEmptyValue, nameAndId, sameValue } from '../../../../shared/user/value'
import { ask, gungnir, Refused, refusal } from '../../../kernel/bridge'
import { sayPromise } from '../../../kernel/messages'
import { identityNow, placeNow, placeOf } from '../../../kernel/status'
import { counted } from '../../../ui/words'
import { amendCalls, refreshCalls } from '../details/callsStore'
import { amendDetails, refreshDetails } from '../details/detailsStore'
import { withSaved } from '../shownValue'
import { amendRows, refreshView, setCurrent, usersGrid } from '../store'
import { changeSaved, draftEdit, draftsAt } from './draftStore'
import { afterSave, countEdits, type Draft, type Drafts, firstProblem, onlyUser } from './drafts'

interface Saving {
  readonly busy: boolean
  /** Why the last Save saved nothing. */
  readonly error: Refused | undefined
}

export const useSaving = create<Saving>(() => ({ busy: false, error: undefined }))

/** What was saved last, until anything is saved again. */
let last: (Saved & { readonly place: string }) | undefined

interface Saved {
  /** The ids of the outbox entries. */
  readonly entries: readonly string[]
  readonly changes: { user: UserKey; userName: string; edits: FieldEdit[] }[]
}

/** The last Save on this server and account; nothing when none can be taken back. */
export const savedLast = (place: string | undefined): Saved | undefined =>
  last !== undefined && last.place === place ? last : undefined

export const forgetSaveError = (): void => useSaving.setState({ error: undefined })

/** Saves every unsaved edit of every user; see `save`. */
export const saveAll = (): Promise<boolean> => save((drafts) => drafts)

/** Saves the unsaved edits of one user; those of others stay unsaved, and an editor open on one of them stays open. */
export const saveUser = (userId: string): Promise<boolean> =>
  save((drafts) => onlyUser(drafts, userId), userId)

/**
 * What it saves is in the outbox, on disk, when this resolves to true. An editor that is open in the grid is taken
 * along. An edit with a mistake, or over a value that nobody has seen, stops it.
 * @param meant of all drafts, those that are saved
 * @param userId the one user whose open editor is taken along; without it, whoever's is open
 */
async function save(meant: (drafts: Drafts) => Drafts, userId?: string): Promise<boolean> {
  if (useSaving.getState().busy || usersGrid.current?.commitEdit(userId) === false) return false
  // What is saved, and where, is settled now: another server may be on screen before the last question is answered.
  const as = identityNow()
  if (as === undefined) return false
  const place = placeOf(as)
  const toSave = () => meant(draftsAt(place))
  if (toSave().size === 0) return false
  useSaving.setState({ busy: true, error: undefined })
  try {
    refuseMistakes(as, toSave())
    for (const draft of toSave().values()) await learnBases(as, draft)
    const drafts = toSave()
    refuseMistakes(as, drafts)
    const changes = [...drafts.values()].map((draft) => ({
      user: draft.key,
      userName: draft.name,
      edits: Object.entries(draft.edits).map(([path, { base, own, mine }]) => ({
        path,
        ...(base === undefined ? {} : { base }),
        ...(own === undefined ? {} : { own }),
        mine,
      })),
    }))
    if (changes.length > 0) {
      const asked = changes.map(({ user, edits }) => ({ user, edits }))
      const { message, entries } = await ask(gungnir.outbox.save({ as, changes: asked }))
      last = { place, entries, changes }
      // At once: what came of it may be said any moment, and is not to be overwritten.
      sayPromise(message, as)
      // What was saved is in the rows before it leaves the draft: the old value is never seen in between, and not
      // afterwards either if the list cannot be read just now.
      if (placeNow() === place) {
        amendRows((row) => withSaved(row, drafts.get(row.key.userId)), place)
        amendDetails((details) => withSaved(details, drafts.get(details.key.userId)))
        amendCalls((calls) => withSaved(calls, drafts.get(calls.key.userId)))
        await Promise.all([refreshView(), refreshDetails(), refreshCalls()])
      }
      changeSaved((now) => afterSave(now, drafts), place)
    }
    useSaving.setState({ busy: false })
    return true
  } catch (error) {
    useSaving.setState({ busy: false, error: refusal(error) })
    return false
  }
}

/** Shows the user of a draft, if its server is still on screen. */
function show(as: Identity, draft: Draft): void {
  if (placeNow() === placeOf(as)) setCurrent(draft)
}

function refuseMistakes(as: Identity, drafts: Drafts): void {
  const wrong = firstProblem(drafts)
  if (!wrong) return
  show(as, wrong.draft)
  throw invalid(wrong.draft, wrong.path, wrong.problem)
}

/**
 * Looks up what an edit replaces when that was not known as the editing began. If it turns out to be something,
 * its person has to see it first: the draft then shows it, and saving again replaces it.
 */
async function learnBases(as: Identity, { key }: Draft): Promise<void> {
  const place = placeOf(as)
  const unknown = () =>
    Object.entries(draftsAt(place).get(key.userId)?.edits ?? {}).filter(([, edit]) => edit.base === undefined)
  if (unknown().length === 0) return
  const record = await ask(gungnir.users.details({ key, fresh: true, as })).catch(() => undefined)
  if (!record) return
  let surprise: Refused | undefined
  // As they are by now: a person may have typed on, or taken an edit back.
  const draft = draftsAt(place).get(key.userId)
  if (!draft) return
  for (const [path, edit] of unknown()) {
    const base = fieldValue(record, path)
    if (base === undefined) continue
    draftEdit(draft, path, { ...edit, base }, place)
    if (!isEmptyValue(base) && !sameValue(path, base, edit.mine)) {
      const now = displayValue(path, base)
      surprise = invalid(
        draft,
        path,
        `the server has “${now}”, which was not shown yet. Save again to replace it.`,
      )
    }
  }
  if (surprise) {
    show(as, draft)
    throw surprise
  }
}

function invalid(draft: Draft, path: FieldPath, problem: string): Refused {
  const field = fieldAt(path)?.label ?? path
  const who = nameAndId(draft.name, draft.key.userId)
  return new Refused({ kind: 'invalid', message: `${who}, ${field}: ${problem}` })
}

/** "3 unsaved edits in 2 users". */
export function unsavedWords(drafts: Drafts): string {
  const { edits, users } = countEdits(drafts)
  return `${counted(edits, 'unsaved edit')} in ${counted(users, 'user')}`
}
