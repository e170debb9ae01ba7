import { create } from 'zustand'
import type { Identity } from '../../../../shared/ipc/contract'
import type { FieldPath, UserKey } from '../../../../shared/user/types'
import { setSetting, setting } from '../../../kernel/settings'
import { identityNow, placeNow, placeOf, usePlace, useStatus } from '../../../kernel/status'
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
  /** By server and account (`placeOf`): an edit never moves to another. */
  readonly byPlace: Readonly<Record<string, Drafts>>
  /** What can be undone and redone, the latest last. It ends when anything is saved there. */
  readonly past: readonly Step[]
  readonly future: readonly Step[]
}

/** The drafts of one server and account as they were. */
interface Step {
  readonly place: string
  readonly drafts: Drafts
}

const useDraftStore = create<DraftStore>(() => ({ byPlace: {}, past: [], future: [] }))
const settingKey = 'drafts'
const mostSteps = 200
/** Letters typed one after the other into the same field are one step. */
const typingMs = 1000
let last: { readonly what: string; readonly at: number } | undefined

/** The unsaved edits of the server and account on screen. */
export function useDrafts(): Drafts {
  const place = usePlace()
  return useDraftStore(({ byPlace }) => (place === undefined ? noDrafts : (byPlace[place] ?? noDrafts)))
}

export const draftsAt = (place: string | undefined): Drafts =>
  place === undefined ? noDrafts : (useDraftStore.getState().byPlace[place] ?? noDrafts)

export const currentDrafts = (): Drafts => draftsAt(placeNow())

export function useDraft(userId: string | undefined): Draft | undefined {
  const drafts = useDrafts()
  return userId === undefined ? undefined : drafts.get(userId)
}

/**
 * Changes the drafts of one server and account; they are kept with the settings, so that closing the app loses none.
 * @param what the field that is being typed in; each other change is a step of its own
 */
export function changeDrafts(
  change: (drafts: Drafts) => Drafts,
  { place = placeNow(), what }: { place?: string | undefined; what?: string } = {},
): void {
  if (place === undefined) return
  const { past, future } = useDraftStore.getState()
  const before = draftsAt(place)
  const after = change(before)
  if (after === before) return
  const now = performance.now()
  const field = what === undefined ? undefined : `${place}\n${what}`
  const goesOn = field !== undefined && last?.what === field && now - last.at < typingMs
  last = field === undefined ? undefined : { what: field, at: now }
  useDraftStore.setState({
    past: goesOn ? past : [...past.slice(1 - mostSteps), { place, drafts: before }],
    future: elsewhere(future, place),
  })
  put(place, after)
}

const elsewhere = (steps: readonly Step[], place: string): readonly Step[] =>
  steps.filter((step) => step.place !== place)

function put(place: string, drafts: Drafts): void {
  const next = { ...useDraftStore.getState().byPlace, [place]: drafts }
  useDraftStore.setState({ byPlace: next })
  const kept = Object.entries(next).filter(([, each]) => each.size > 0)
  setSetting(settingKey, Object.fromEntries(kept.map(([id, each]) => [id, storedDrafts(each)])))
}

/** What was saved is not undone here: history puts it back. */
export function changeSaved(change: (drafts: Drafts) => Drafts, place: string): void {
  changeDrafts(change, { place })
  const { past, future } = useDraftStore.getState()
  useDraftStore.setState({ past: elsewhere(past, place), future: elsewhere(future, place) })
}

/** What a step changed: the drafts before and after it. */
export interface Travelled {
  readonly before: Drafts
  readonly after: Drafts
}

/** Takes the last step on this server and account back, or makes it again. Nothing when there is none. */
export function travel(direction: 'undo' | 'redo'): Travelled | undefined {
  const place = placeNow()
  const { past, future } = useDraftStore.getState()
  const from = direction === 'undo' ? past : future
  const at = from.findLastIndex((each) => each.place === place)
  const step = from[at]
  if (step === undefined) return undefined
  const here = { place: step.place, drafts: draftsAt(step.place) }
  const rest = from.toSpliced(at, 1)
  last = undefined
  useDraftStore.setState(
    direction === 'undo'
      ? { past: rest, future: [...future, here] }
      : { past: [...past, here], future: rest },
  )
  put(step.place, step.drafts)
  return { before: here.drafts, after: step.drafts }
}

/** Whether there is something to undo and to redo. */
export const useSteps = () => {
  const place = usePlace()
  return {
    undo: useDraftStore(({ past }) => past.some((step) => step.place === place)),
    redo: useDraftStore(({ future }) => future.some((step) => step.place === place)),
  }
}

/** Takes up what was left unsaved when the app was closed. */
export function restoreDrafts(): void {
  const stored = setting(settingKey, (value) =>
    typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {},
  )
  useDraftStore.setState({
    byPlace: Object.fromEntries(Object.entries(stored).map(([place, drafts]) => [place, readDrafts(drafts)])),
    past: [],
    future: [],
  })
  const adopt = () => adoptOld(identityNow())
  adopt()
  useStatus.subscribe(adopt)
}

/** Drafts were once kept by connection alone: they are those of the first server and account seen under it. */
function adoptOld(identity: Identity | undefined): void {
  if (identity === undefined) return
  const { [identity.connectionId]: old, ...byPlace } = useDraftStore.getState().byPlace
  if (old === undefined) return
  useDraftStore.setState({ byPlace })
  const place = placeOf(identity)
  put(place, new Map([...old, ...draftsAt(place)]))
}

export const draftEdit = (
  user: { readonly key: UserKey; readonly name: string },
  path: FieldPath,
  edit: DraftEdit,
  place: string | undefined = placeNow(),
): void =>
  changeDrafts((drafts) => withEdit(drafts, user, path, edit), { place, what: `${user.key.userId}\n${path}` })

export const dropEdit = (userId: string, path: FieldPath): void =>
  changeDrafts((drafts) => withoutEdit(drafts, userId, path))

export const dropUser = (userId: string, place: string | undefined = placeNow()): void =>
  changeDrafts((drafts) => withoutUser(drafts, userId), { place })
