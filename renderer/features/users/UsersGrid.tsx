import { useMemo } from 'react'
import type { UserRow } from '../../../shared/user/shapes'
import { useStatus } from '../../app/status'
import { useRowHeight } from '../../app/theme'
import { DataGrid } from '../../grid/DataGrid'
import { useSource } from '../../grid/useSource'
import { SourceFailed } from '../../ui/SourceFailed'
import { userColumns } from './columns'
import { openDetails } from './detailsLayout'
import { useDrafts } from './draftStore'
import { usersEditing } from './editing'
import { useFoundColumn } from './foundColumn'
import { usersCells } from './pasting'
import { usualCountry } from './shownWords'
import { userState } from './stateColumn'
import {
  refreshView,
  setCurrent,
  setSelection,
  setSort,
  userId,
  usersGrid,
  usersGridMemory,
  usersSource,
  useUsers,
} from './store'
import { useUsersLayout } from './UsersColumns'
import { UsersEmpty } from './UsersEmpty'

const noMarks: readonly string[] = []

export function UsersGrid() {
  useSource(usersSource)
  const drafts = useDrafts()
  const locked = useStatus(({ status }) => Object.keys(status?.locked ?? {}).join())
  const usual = usualCountry()
  // Which cells can be edited depends on the sign-in.
  const columns = useMemo(() => userColumns(drafts, usual), [drafts, locked, usual])
  const [shown, setInSight] = useFoundColumn(columns)
  const [layout, setLayout] = useUsersLayout()
  const sort = useUsers((state) => state.query.sort)
  const selection = useUsers((state) => state.selection)
  const current = useUsers((state) => state.current?.userId)
  const rowHeight = useRowHeight()
  const marks = usersSource.latest()?.marks ?? noMarks
  return (
    <DataGrid<UserRow>
      ref={(handle) => {
        usersGrid.current = handle
      }}
      label="Users"
      columns={shown}
      onInSight={setInSight}
      source={usersSource}
      rowId={userId}
      layout={layout}
      onLayout={setLayout}
      sort={sort}
      onSort={setSort}
      marks={marks}
      selecting={{ selection, onSelection: setSelection }}
      editing={usersEditing}
      cells={usersCells}
      currentId={current}
      onCurrent={setCurrent}
      onStrayed={() => void refreshView()}
      onOpen={(row) => {
        setCurrent(row)
        openDetails()
      }}
      rowLook={(row) => userState(row, drafts)?.look}
      rowHeight={rowHeight}
      memory={usersGridMemory}
      empty={<UsersEmpty />}
      failed={<SourceFailed source={usersSource} />}
    />
  )
}
