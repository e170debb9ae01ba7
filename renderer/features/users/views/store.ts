import { useMemo } from 'react'
import { create } from 'zustand'
import type { Json } from '../../../../shared/json'
import { readLayout } from '../../../grid/columns'
import { say } from '../../../kernel/messages'
import { goTo } from '../../../kernel/pages'
import { setSetting, setting, useStored } from '../../../kernel/settings'
import { useStatus } from '../../../kernel/status'
import { confirm } from '../../../ui/confirm'
import { usersLayoutKey } from '../list/UsersColumns'
import { setQuery, useUsers } from '../store'
import { isFromStart, isText, readViews, type SavedView, type Shown, withStarting } from './views'

const key = 'users-views'
/** The ids of views that were there from the start and that a person has taken away. */
const removedKey = 'users-views-removed'

/** The view that is being named: one of these, or the list as it is now. */
interface Naming {
  readonly open: { readonly view: SavedView | undefined } | undefined
}
export const useNaming = create<Naming>(() => ({ open: undefined }))

export const nameView = (view?: SavedView): void => useNaming.setState({ open: { view } })
export const stopNaming = (): void => useNaming.setState({ open: undefined })

/** Every saved view, also those of other servers. */
export function useViews(): SavedView[] {
  const stored = useStored(key)
  const removed = useStored(removedKey)
  const connectionId = useStatus(({ status }) => status?.connectionId)
  return useMemo(
    () => withStarting(readViews(stored), removed, connectionId),
    [stored, removed, connectionId],
  )
}

const all = (): SavedView[] => setting(key, readViews)
/** Stores a view in place of the one of the same id, or behind all. */
const put = (view: SavedView): void =>
  keep(
    all().some(({ id }) => id === view.id)
      ? all().map((each) => (each.id === view.id ? view : each))
      : [...all(), view],
  )
const keep = (views: readonly SavedView[]): void => setSetting(key, views as unknown as Json)

const present = (): Shown & Pick<SavedView, 'connectionId'> => {
  const { query } = useUsers.getState()
  const connectionId = useStatus.getState().status?.connectionId
  const bound = query.scope.serviceProviderId !== undefined && connectionId !== undefined
  return { query, layout: setting(usersLayoutKey, readLayout), ...(bound ? { connectionId } : {}) }
}

/** Gives the list as it is now a name, or a view another one. */
export function saveName(name: string, view: SavedView | undefined): void {
  const named = name.trim()
  put(view === undefined ? { id: crypto.randomUUID(), name: named, ...present() } : { ...view, name: named })
  stopNaming()
  say(`Saved the view “${named}”.`)
}

/** The view from now on shows what the list shows. */
export function replaceView({ id, name }: SavedView): void {
  put({ id, name, ...present() })
  say(`“${name}” now shows what the list shows.`)
}

export async function deleteView({ id, name }: SavedView): Promise<void> {
  const text = `The view “${name}” is forgotten. No user is changed.`
  if (!(await confirm({ title: 'Delete view', text, action: 'Delete' }))) return
  keep(all().filter((each) => each.id !== id))
  const removed = setting(removedKey, (stored) => (Array.isArray(stored) ? stored.filter(isText) : []))
  if (isFromStart(id)) setSetting(removedKey, [...new Set([...removed, id])])
  say(`Deleted the view “${name}”.`)
}

export function openView({ query, layout }: SavedView): void {
  const { order, shown, widths } = layout
  setSetting(usersLayoutKey, { order: [...order], shown: { ...shown }, widths: { ...widths } })
  setQuery(query)
  goTo('users')
}
