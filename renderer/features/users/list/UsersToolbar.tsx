import { FileInput, FileOutput, PanelRightOpen, PencilLine, RefreshCw, X } from 'lucide-react'
import { useMemo } from 'react'
import { nothingSelected, selectedCount } from '../../../grid/selection'
import { useSource } from '../../../grid/useSource'
import { useLockedAll, useStatus } from '../../../kernel/status'
import { Button, IconButton } from '../../../ui/Button'
import { MenuButton } from '../../../ui/MenuButton'
import { Picker } from '../../../ui/Picker'
import { Switch } from '../../../ui/Switch'
import { count, counted } from '../../../ui/words'
import { callsPaths, editSelected, exportCsv, importCsv } from '../batch/store'
import { openDetails, useDetailsLayout } from '../details/detailsLayout'
import {
  dismissGone,
  refreshFromServer,
  setScope,
  setSelection,
  takeOffline,
  usersSource,
  useUsers,
} from '../store'
import { CompletenessButton } from './Completeness'
import { groupsIn, keptOf, keptWords, scopeName } from './offline'
import { SearchUsers } from './SearchUsers'
import { groupOptions, providerOptions, readGroupId } from './scopes'
import { shownPaths, UsersColumns, useUsersLayout } from './UsersColumns'

export function UsersToolbar() {
  const layout = useDetailsLayout()
  const canRefresh = useStatus(({ status }) => status?.mayAsk === true)
  const running = useUsers((state) => state.progress?.running ?? false)
  return (
    <div className="toolbar">
      <SearchUsers />
      <Scopes />
      <OfflineSwitch />
      <div className="toolbar-line users-line">
        <div className="users-facts">
          <Matches />
          <CompletenessButton />
          <Selected />
        </div>
        <div className="users-doings">
          <CsvButtons />
          <UsersColumns />
          <Button
            look="quiet"
            icon={RefreshCw}
            isDisabled={!canRefresh || running}
            onPress={() => void refreshFromServer()}
          >
            <span className="spare-words">Refresh</span>
          </Button>
          <MoreUsers />
          {!layout.open && <IconButton icon={PanelRightOpen} name="Show details" onPress={openDetails} />}
        </div>
      </div>
    </div>
  )
}

function Scopes() {
  const scope = useUsers((state) => state.query.scope)
  const scopes = useUsers((state) => state.scopes)
  const providers = useMemo(() => providerOptions(scopes), [scopes])
  const groups = useMemo(
    () => groupOptions(scopes, scope.serviceProviderId),
    [scopes, scope.serviceProviderId],
  )
  const { serviceProviderId, groupId } = scope
  const group =
    groupId !== undefined && serviceProviderId !== undefined
      ? groups.find((each) => readGroupId(each.id).groupId === groupId)?.id
      : undefined
  return (
    <>
      <Picker
        label="Service provider"
        all="All providers"
        options={providers}
        value={serviceProviderId}
        onChange={(id) => setScope(id === undefined ? {} : { serviceProviderId: id })}
      />
      <Picker
        label="Group"
        all="All groups"
        options={groups}
        value={group}
        onChange={(id) => {
          if (id !== undefined) setScope(readGroupId(id))
          else setScope(serviceProviderId === undefined ? {} : { serviceProviderId })
        }}
      />
    </>
  )
}

/** Keeps the chosen part of the server here for work without a network, and says how far that is. */
function OfflineSwitch() {
  const scope = useUsers((state) => state.query.scope)
  const scopes = useUsers((state) => state.scopes)
  const groups = groupsIn(scopes, scope)
  if (scope.serviceProviderId === undefined || groups.length === 0) return null
  const kept = groups.every(({ offline }) => offline)
  return (
    <>
      <Switch isSelected={kept} onChange={(on) => void takeOffline(on)}>
        Keep offline
      </Switch>
      {kept && (
        <span role="status" aria-label="Kept offline" className="small quiet tabular">
          {`${scopeName(scope)}: ${keptWords(keptOf(groups), Date.now())}`}
        </span>
      )}
    </>
  )
}

function Matches() {
  useSource(usersSource)
  const answer = usersSource.latest()
  // While users arrive it changes all the time: only what it comes to is read out.
  const arriving = useUsers((state) => state.progress?.running ?? false)
  return (
    <div
      role="status"
      aria-label="Matches"
      aria-live={arriving ? 'off' : 'polite'}
      className="matches tabular"
    >
      {answer && `${count(answer.total)} of ${counted(answer.known, 'user')}`}
    </div>
  )
}

function CsvButtons() {
  const [layout] = useUsersLayout()
  const connected = useStatus(({ status }) => status?.connectionId !== undefined)
  return (
    <>
      <IconButton
        worded
        icon={FileInput}
        name="Import CSV…"
        isDisabled={!connected}
        onPress={() => void importCsv()}
      />
      <IconButton
        worded
        icon={FileOutput}
        name="Export CSV…"
        isDisabled={!connected}
        onPress={() => void exportCsv(shownPaths(layout))}
      />
    </>
  )
}

function MoreUsers() {
  const scope = useUsers((state) => state.query.scope)
  const scopes = useUsers((state) => state.scopes)
  const meant = groupsIn(scopes, scope)
  const kept = meant.length > 0 && meant.every(({ offline }) => offline)
  const what = scopeName(scope)
  return (
    <MenuButton
      choices={[
        {
          id: 'offline',
          label: kept ? `Stop keeping ${what} offline` : `Take ${what} offline`,
          run: () => void takeOffline(!kept),
        },
        { id: 'export', label: 'Export all fields (Excel or CSV)…', run: () => void exportCsv(undefined) },
        { id: 'exportCalls', label: 'Export calls (Excel or CSV)…', run: () => void exportCsv(callsPaths) },
        { id: 'gone', label: 'Dismiss gone users', run: () => void dismissGone() },
      ]}
    >
      More
    </MenuButton>
  )
}

function Selected() {
  useSource(usersSource)
  const selection = useUsers((state) => state.selection)
  const readOnly = useLockedAll()
  const chosen = selectedCount(selection, usersSource.total() ?? 0)
  if (chosen === 0) return null
  return (
    <span className="selected-count">
      <span role="status">{count(chosen)} selected</span>
      {readOnly === undefined && (
        <Button look="quiet" icon={PencilLine} onPress={editSelected}>
          <span className="edit-words">Edit selected…</span>
        </Button>
      )}
      <IconButton icon={X} name="Clear selection" onPress={() => setSelection(nothingSelected)} />
    </span>
  )
}
