import { ColumnsButton } from '../../../grid/ColumnsButton'
import { type ColumnLayout, isShown, orderedIds } from '../../../grid/columns'
import { useLayoutSetting } from '../../../grid/layouts'
import { noDrafts } from '../drafts/drafts'
import { userColumns } from './columns'

/** Under which key it is remembered how the columns of the Users grid are arranged. */
export const usersLayoutKey = 'users-columns'
export const useUsersLayout = () => useLayoutSetting(usersLayoutKey)

const columns = userColumns(noDrafts)
const byId = new Map(columns.map((column) => [column.id, column]))

const inOrder = (layout: ColumnLayout): string[] => orderedIds([...byId.keys()], layout)
const isShownIn = (layout: ColumnLayout) => (id: string) => {
  const column = byId.get(id)
  return column !== undefined && isShown(column, layout)
}

/** The fields that are shown, in the person's order. */
export const shownPaths = (layout: ColumnLayout): string[] => inOrder(layout).filter(isShownIn(layout))

/** Which columns of the users to show. */
export function UsersColumns() {
  const [layout, setLayout] = useUsersLayout()
  return <ColumnsButton columns={columns} layout={layout} onLayout={setLayout} />
}
