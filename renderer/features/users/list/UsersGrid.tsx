import { useMemo } from 'react'
import type { UserRow } from '../../../../shared/user/shapes'
import { DataGrid } from '../../../grid/DataGrid'
import { useSource } from '../../../grid/useSource'
import { useStatus } from '../../../kernel/status'
import { useRowHeight } from '../../../kernel/theme'
import { SourceFailed } from '../../../ui/SourceFailed'
import { openDetails } from '../details/detailsLayout'
import { useDrafts } from '../drafts/draftStore'
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
} from '../store'
import { userColumns } from './columns'
import { usersEditing } from './editing'
import { useFoundColumn } from './foundColumn'
import { usersCells } from './pasting'
import { usualCountry } from './shownWords'
import { userState } from './stateColumn'
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
