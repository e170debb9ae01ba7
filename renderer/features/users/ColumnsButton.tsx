import { ArrowDown, ArrowUp, Columns3 } from 'lucide-react'
import { useState } from 'react'
import { Checkbox, Dialog, DialogTrigger, Input, Popover, SearchField } from 'react-aria-components'
import { useLayoutSetting } from '../../app/layouts'
import { type ColumnLayout, isShown, orderedIds, plainLayout } from '../../grid/columns'
import { Button, IconButton } from '../../ui/Button'
import { userColumns } from './columns'
import { noDrafts } from './drafts'

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

/** Which columns to show, and in which order. */
export function ColumnsButton() {
  const [layout, setLayout] = useUsersLayout()
  const [filter, setFilter] = useState('')
  const order = inOrder(layout)
  const words = filter.toLowerCase()
  const shows = isShownIn(layout)
  const listed = order.filter((id) => byId.get(id)?.label.toLowerCase().includes(words))
  const shown = listed.filter(shows)

  const swap = (id: string, by: -1 | 1) => {
    const visible = order.filter(shows)
    const other = visible[visible.indexOf(id) + by]
    if (other === undefined) return
    const next = order.map((each) => (each === id ? other : each === other ? id : each))
    setLayout({ ...layout, order: next })
  }

  return (
    <DialogTrigger onOpenChange={() => setFilter('')}>
      <Button look="quiet" icon={Columns3}>
        <span className="spare-words">Columns</span>
      </Button>
      <Popover className="popover columns-popover" placement="bottom end" offset={4}>
        <Dialog className="columns-dialog" aria-label="Columns">
          <SearchField aria-label="Find a column" value={filter} onChange={setFilter} autoFocus>
            <Input className="input" placeholder="Find a column" />
          </SearchField>
          <ul className="columns-list">
            {[...shown, ...listed.filter((id) => !shows(id))].map((id) => (
              <li key={id}>
                <Checkbox
                  className="checkbox grow"
                  isSelected={shows(id)}
                  onChange={(show) => setLayout({ ...layout, shown: { ...layout.shown, [id]: show } })}
                >
                  <span className="checkbox-box" aria-hidden />
                  {byId.get(id)?.label}
                </Checkbox>
                {shows(id) && words === '' && (
                  <>
                    <IconButton
                      icon={ArrowUp}
                      name={`Move ${byId.get(id)?.label} up`}
                      onPress={() => swap(id, -1)}
                    />
                    <IconButton
                      icon={ArrowDown}
                      name={`Move ${byId.get(id)?.label} down`}
                      onPress={() => swap(id, 1)}
                    />
                  </>
                )}
              </li>
            ))}
          </ul>
          <Button look="quiet" onPress={() => setLayout(plainLayout)}>
            Put back as at first
          </Button>
        </Dialog>
      </Popover>
    </DialogTrigger>
  )
}
