import { create } from 'zustand'
import { fieldAt } from '../../../shared/user/catalogue'
import type { FieldPath } from '../../../shared/user/types'
import { displayValue, fieldValue, isEmptyValue, sameValue } from '../../../shared/user/value'
import { ask, gungnir, Refused, refusal } from '../../app/bridge'
import { say } from '../../app/messages'
import { connectionId } from '../../app/status'
import { counted } from '../../ui/words'
import { changeSaved, currentDrafts, draftEdit } from './draftStore'
import { afterSave, countEdits, type Draft, type Drafts, firstProblem } from './drafts'
import { setCurrent, usersGrid } from './store'

interface Saving {
  readonly busy: boolean
  /** Why the last Save saved nothing. */
  readonly error: Refused | undefined
}

export const useSaving = create<Saving>(() => ({ busy: false, error: undefined }))

export const forgetSaveError = (): void => useSaving.setState({ error: undefined })

/**
 * Saves every unsaved edit: they are in the outbox, on disk, when this resolves to true. An editor that is open
 * in the grid is taken along. An edit with a mistake, or over a value that nobody has seen, stops it.
 */
export async function saveAll(): Promise<boolean> {
  if (useSaving.getState().busy || usersGrid.current?.commitEdit() === false) return false
  const connection = connectionId()
  if (currentDrafts().size === 0) return false
  useSaving.setState({ busy: true, error: undefined })
  try {
    refuseMistakes(currentDrafts())
    for (const draft of currentDrafts().values()) await learnBases(draft)
    const drafts = currentDrafts()
    const changes = [...drafts.values()].map((draft) => ({
      user: draft.key,
      edits: Object.entries(draft.edits).map(([path, { base, mine }]) =>
        base === undefined ? { path, mine } : { path, base, mine },
      ),
    }))
    if (changes.length > 0) {
      const { message } = await ask(gungnir.outbox.save({ changes }))
      changeSaved((now) => afterSave(now, drafts), connection)
      say(message)
    }
    useSaving.setState({ busy: false })
    return true
  } catch (error) {
    useSaving.setState({ busy: false, error: refusal(error) })
    return false
  }
}

function refuseMistakes(drafts: Drafts): void {
  const wrong = firstProblem(drafts)
  if (!wrong) return
  setCurrent(wrong.draft)
  throw invalid(wrong.draft, wrong.path, wrong.problem)
}

/**
 * Looks up what an edit replaces when that was not known as the editing began. If it turns out to be something,
 * its person has to see it first: the draft then shows it, and saving again replaces it.
 */
async function learnBases(draft: Draft): Promise<void> {
  const unknown = Object.entries(draft.edits).filter(([, edit]) => edit.base === undefined)
  if (unknown.length === 0) return
  const record = await ask(gungnir.users.details({ key: draft.key, fresh: true })).catch(() => undefined)
  if (!record) return
  let surprise: Refused | undefined
  for (const [path, edit] of unknown) {
    const base = fieldValue(record, path)
    if (base === undefined) continue
    draftEdit(draft, path, { ...edit, base })
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
    setCurrent(draft)
    throw surprise
  }
}

function invalid(draft: Draft, path: FieldPath, problem: string): Refused {
  const field = fieldAt(path)?.label ?? path
  return new Refused({ kind: 'invalid', message: `${draft.name}, ${field}: ${problem}` })
}

/** "3 unsaved edits in 2 users". */
export function unsavedWords(drafts: Drafts): string {
  const { edits, users } = countEdits(drafts)
  return `${counted(edits, 'unsaved edit')} in ${counted(users, 'user')}`
}
