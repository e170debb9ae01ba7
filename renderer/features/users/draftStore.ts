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
}

const useDraftStore = create<DraftStore>(() => ({ byConnection: {} }))
const settingKey = 'drafts'

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

/** Changes the drafts of one server; they are kept with the settings, so that closing the app loses none. */
export function changeDrafts(change: (drafts: Drafts) => Drafts, connection = connectionId()): void {
  if (connection === undefined) return
  const { byConnection } = useDraftStore.getState()
  const before = byConnection[connection] ?? noDrafts
  const after = change(before)
  if (after === before) return
  const next = { ...byConnection, [connection]: after }
  useDraftStore.setState({ byConnection: next })
  const kept = Object.entries(next).filter(([, drafts]) => drafts.size > 0)
  setSetting(settingKey, Object.fromEntries(kept.map(([id, drafts]) => [id, storedDrafts(drafts)])))
}

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
): void => changeDrafts((drafts) => withEdit(drafts, user, path, edit))

export const dropEdit = (userId: string, path: FieldPath): void =>
  changeDrafts((drafts) => withoutEdit(drafts, userId, path))

export const dropUser = (userId: string): void => changeDrafts((drafts) => withoutUser(drafts, userId))
