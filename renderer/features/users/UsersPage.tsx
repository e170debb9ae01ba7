import { type KeyboardEvent, useEffect } from 'react'
import { flushSync } from 'react-dom'
import { useOffer } from '../../kernel/commands'
import { useLockedAll, useStatus } from '../../kernel/status'
import { commandKey } from '../../ui/keyboard'
import { later } from '../../ui/later'
import { useAction } from './actions/store'
import { callsPaths, editSelected, exportCsv, importCsv, useBatch, useExport } from './batch/store'
import { Details } from './details/Details'
import { findOptionId } from './details/DetailsFields'
import { closeDetails, openDetails, useDetailsLayout } from './details/detailsLayout'
import { showDetails } from './details/detailsStore'
import { useDrafts, useSteps } from './drafts/draftStore'
import { saveAll } from './drafts/saving'
import { UnsavedBar } from './drafts/UnsavedBar'
import { redo, undo } from './drafts/undoing'
import { LoadingBar } from './list/LoadingBar'
import { focusSearch } from './list/SearchUsers'
import { UnreadNotice } from './list/Unread'
import { UsersGrid } from './list/UsersGrid'
import { OfflineNotice, SearchProblems } from './list/UsersNotices'
import { UsersToolbar } from './list/UsersToolbar'
import { useLiveUsers } from './listen'
import { NotConnected } from './NotConnected'
import { refreshFromServer, usersGrid, useUsers } from './store'
import { WhatToLoadDialog } from './WhatToLoad'

const ActionDialog = later(
  async () => (await import('./actions/ActionDialog')).ActionDialog,
  () => useAction(({ open }) => open !== undefined),
)
const BatchDialog = later(
  async () => (await import('./batch/BatchDialog')).BatchDialog,
  () => useBatch(({ asked }) => asked !== undefined),
)

const ExportDialog = later(
  async () => (await import('./batch/ExportDialog')).ExportDialog,
  () => useExport(({ asked }) => asked !== undefined),
)

/** To be read behind the first screen. */
export const usersDialogs = [ActionDialog, BatchDialog, ExportDialog]

/** Find a user, change an option, save: the main page. */
export function UsersPage() {
  const none = useStatus(({ status }) => status?.connectionId === undefined && status?.network === 'none')
  return none ? <NotConnected /> : <UsersOfServer />
}

/** F6 goes from the list to the details and back, also out of a box that keeps its keys to itself. */
function betweenParts(event: KeyboardEvent<HTMLElement>): void {
  if (event.key !== 'F6' || event.defaultPrevented || !(event.target instanceof Element)) return
  if (event.target.closest('.details')) backToList()
  else if (event.target.closest('.users-list')) goToDetails()
  else return
  event.preventDefault()
}

function backToList(): void {
  // Now: what is covered cannot have the focus.
  if (document.querySelector<HTMLElement>('.users-list')?.inert) flushSync(closeDetails)
  usersGrid.current?.focus()
}

/** To the box that finds an option; to the first tab while there is none. */
function goToDetails(): void {
  openDetails()
  // A sheet that was closed is there after it was drawn.
  requestAnimationFrame(() => {
    const tab = document.querySelector<HTMLElement>('.details [role=tab]')
    ;(document.getElementById(findOptionId) ?? tab)?.focus()
  })
}

function UsersOfServer() {
  useLiveUsers()
  const current = useUsers((state) => state.current)
  const drafts = useDrafts()
  const layout = useDetailsLayout()
  // Also while nobody is chosen: a list that gave up its room at the first click would move under a double click or a drag.
  const details = layout.open
  const connected = useStatus(({ status }) => status?.connectionId !== undefined)

  const steps = useSteps()
  const readOnly = useLockedAll() !== undefined
  const selected = useUsers(({ selection }) => selection.all || selection.ids.size > 0)

  useEffect(() => showDetails(current), [current])
  useOffer('users', [
    { id: 'search', name: 'Search users', keys: '/', run: focusSearch },
    // Its key works without drafts too: it takes the open editor along.
    {
      id: 'save',
      name: 'Save all unsaved edits',
      keys: `${commandKey}S`,
      unlisted: drafts.size === 0,
      run: () => void saveAll(),
    },
    { id: 'undo', name: 'Undo', keys: `${commandKey}Z`, unlisted: !steps.undo, run: undo },
    {
      id: 'redo',
      name: 'Redo',
      keys: `${commandKey}Shift+Z`,
      unlisted: !steps.redo,
      run: redo,
    },
    ...(connected
      ? [
          { id: 'refresh', name: 'Refresh users', run: () => void refreshFromServer() },
          { id: 'import', name: 'Import CSV…', run: () => void importCsv() },
          { id: 'export', name: 'Export all fields (Excel or CSV)…', run: () => void exportCsv(undefined) },
          { id: 'exportCalls', name: 'Export calls (Excel or CSV)…', run: () => void exportCsv(callsPaths) },
        ]
      : []),
    { id: 'edit-selected', name: 'Edit selected users…', unlisted: !selected || readOnly, run: editSelected },
  ])

  return (
    <div className="page users-page" data-details={details || undefined} onKeyDownCapture={betweenParts}>
      <section className="users-list" aria-label="Users list" inert={details && layout.covers}>
        <h1 className="hidden-text">Users</h1>
        <UsersToolbar />
        <OfflineNotice />
        <SearchProblems />
        <UnreadNotice />
        <UsersGrid />
        {/* Below the rows: it comes and goes, and they stay where they are. */}
        <LoadingBar />
        <UnsavedBar />
      </section>
      {details && (
        <Details
          onClose={() => {
            // Now: what was covered until then cannot have the focus.
            flushSync(closeDetails)
            usersGrid.current?.focus()
          }}
        />
      )}
      <BatchDialog />
      <ExportDialog />
      <ActionDialog />
      <WhatToLoadDialog />
    </div>
  )
}
