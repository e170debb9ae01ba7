import { create } from 'zustand'
import type { FieldPath, UserKey } from '../../../shared/user/types'
import { setSetting, setting } from '../../app/settings'
import { connectionId, useConnectionId } from '../../app/status'
import {
  type Draft,
  type DraftEdit,
  type Drafts,
  noDrafts,
  readDrafts,
  storedDrafts,
  withEdit,
  withoutEdit,
  withoutUser,
} from './drafts'

interface DraftStore {
  /** By connection: an edit never moves to another server. */
  readonly byConnection: Readonly<Record<string, Drafts>>
  /** What can be undone and redone, the latest last. It ends when anything is saved. */
  readonly past: readonly Step[]
  readonly future: readonly Step[]
}

/** The drafts of one server as they were. */
interface Step {
  readonly connection: string
  readonly drafts: Drafts
}

const useDraftStore = create<DraftStore>(() => ({ byConnection: {}, past: [], future: [] }))
const settingKey = 'drafts'
const mostSteps = 200
/** Letters typed one after the other into the same field are one step. */
const typingMs = 1000
let last: { readonly what: string; readonly at: number } | undefined

/** The unsaved edits of the server on screen. */
export function useDrafts(): Drafts {
  const id = useConnectionId()
  return useDraftStore(({ byConnection }) => (id === undefined ? noDrafts : (byConnection[id] ?? noDrafts)))
}

export function currentDrafts(): Drafts {
  const id = connectionId()
  return id === undefined ? noDrafts : (useDraftStore.getState().byConnection[id] ?? noDrafts)
}

export function useDraft(userId: string | undefined): Draft | undefined {
  const drafts = useDrafts()
  return userId === undefined ? undefined : drafts.get(userId)
}

/**
 * Changes the drafts of one server; they are kept with the settings, so that closing the app loses none.
 * @param what the field that is being typed in; each other change is a step of its own
 */
export function changeDrafts(
  change: (drafts: Drafts) => Drafts,
  { connection = connectionId(), what }: { connection?: string | undefined; what?: string } = {},
): void {
  if (connection === undefined) return
  const { byConnection, past } = useDraftStore.getState()
  const before = byConnection[connection] ?? noDrafts
  const after = change(before)
  if (after === before) return
  const now = performance.now()
  const goesOn = what !== undefined && last?.what === what && now - last.at < typingMs
  last = what === undefined ? undefined : { what, at: now }
  useDraftStore.setState({
    past: goesOn ? past : [...past.slice(1 - mostSteps), { connection, drafts: before }],
    future: [],
  })
  put(connection, after)
}

function put(connection: string, drafts: Drafts): void {
  const next = { ...useDraftStore.getState().byConnection, [connection]: drafts }
  useDraftStore.setState({ byConnection: next })
  const kept = Object.entries(next).filter(([, each]) => each.size > 0)
  setSetting(settingKey, Object.fromEntries(kept.map(([id, each]) => [id, storedDrafts(each)])))
}

/** What was saved is not undone here: history puts it back. */
export function changeSaved(change: (drafts: Drafts) => Drafts, connection: string | undefined): void {
  changeDrafts(change, { connection })
  useDraftStore.setState({ past: [], future: [] })
}

/** Takes the last step back, or makes it again. False when there is none on this server. */
export function travel(direction: 'undo' | 'redo'): boolean {
  const { past, future, byConnection } = useDraftStore.getState()
  const step = (direction === 'undo' ? past : future).at(-1)
  if (step === undefined || step.connection !== connectionId()) return false
  const here = { connection: step.connection, drafts: byConnection[step.connection] ?? noDrafts }
  last = undefined
  useDraftStore.setState(
    direction === 'undo'
      ? { past: past.slice(0, -1), future: [...future, here] }
      : { past: [...past, here], future: future.slice(0, -1) },
  )
  put(step.connection, step.drafts)
  return true
}

/** Whether there is something to undo and to redo. */
export const useSteps = () => ({
  undo: useDraftStore(({ past }) => past.length > 0),
  redo: useDraftStore(({ future }) => future.length > 0),
})

/** Takes up what was left unsaved when the app was closed. */
export function restoreDrafts(): void {
  const stored = setting(settingKey, (value) =>
    typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {},
  )
  useDraftStore.setState({
    byConnection: Object.fromEntries(Object.entries(stored).map(([id, drafts]) => [id, readDrafts(drafts)])),
  })
}

export const draftEdit = (
  user: { readonly key: UserKey; readonly name: string },
  path: FieldPath,
  edit: DraftEdit,
): void =>
  changeDrafts((drafts) => withEdit(drafts, user, path, edit), { what: `${user.key.userId}\n${path}` })

export const dropEdit = (userId: string, path: FieldPath): void =>
  changeDrafts((drafts) => withoutEdit(drafts, userId, path))

export const dropUser = (userId: string): void => changeDrafts((drafts) => withoutUser(drafts, userId))
