import { useMemo } from 'react'
import { create } from 'zustand'
import type { Json } from '../../../../shared/json'
import { say } from '../../../app/messages'
import { goTo } from '../../../app/pages'
import { setSetting, setting, useStored } from '../../../app/settings'
import { useStatus } from '../../../app/status'
import { readLayout } from '../../../grid/columns'
import { confirm } from '../../../ui/confirm'
import { setQuery, useUsers } from '../store'
import { usersLayoutKey } from '../UsersColumns'
import { readViews, type SavedView, type Shown } from './views'

const key = 'users-views'

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
  return useMemo(() => readViews(stored), [stored])
}

const all = (): SavedView[] => setting(key, readViews)
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
  if (view === undefined) keep([...all(), { id: crypto.randomUUID(), name: named, ...present() }])
  else keep(all().map((each) => (each.id === view.id ? { ...each, name: named } : each)))
  stopNaming()
  say(`Saved the view “${named}”.`)
}

/** The view from now on shows what the list shows. */
export function replaceView({ id, name }: SavedView): void {
  keep(all().map((each) => (each.id === id ? { id, name, ...present() } : each)))
  say(`“${name}” now shows what the list shows.`)
}

export async function deleteView({ id, name }: SavedView): Promise<void> {
  const text = `The view “${name}” is forgotten. No user is changed.`
  if (!(await confirm({ title: 'Delete view', text, action: 'Delete' }))) return
  keep(all().filter((each) => each.id !== id))
  say(`Deleted the view “${name}”.`)
}

export function openView({ query, layout }: SavedView): void {
  const { order, shown, widths } = layout
  setSetting(usersLayoutKey, { order: [...order], shown: { ...shown }, widths: { ...widths } })
  setQuery(query)
  goTo('users')
}
