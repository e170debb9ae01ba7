import { ArrowDown, ArrowUp, Columns3 } from 'lucide-react'
import { useState } from 'react'
import { Checkbox, DialogTrigger, Input, Popover, SearchField } from 'react-aria-components'
import { finds } from '../../shared/query/find'
import { Button, IconButton } from '../ui/Button'
import { type ColumnLayout, isShown, orderedIds, plainLayout } from './columns'

interface Props {
  readonly columns: readonly { readonly id: string; readonly label: string; readonly hidden?: boolean }[]
  readonly layout: ColumnLayout
  readonly onLayout: (layout: ColumnLayout) => void
}

/** Which columns to show, and in which order. */
export function ColumnsButton({ columns, layout, onLayout }: Props) {
  const [filter, setFilter] = useState('')
  const byId = new Map(columns.map((column) => [column.id, column]))
  const order = orderedIds([...byId.keys()], layout)
  const shows = (id: string) => {
    const column = byId.get(id)
    return column !== undefined && isShown(column, layout)
  }
  const listed = order.filter((id) => finds(byId.get(id)?.label ?? '', filter))
  const shown = listed.filter(shows)

  const swap = (id: string, by: -1 | 1) => {
    const visible = order.filter(shows)
    const other = visible[visible.indexOf(id) + by]
    if (other === undefined) return
    const next = order.map((each) => (each === id ? other : each === other ? id : each))
    onLayout({ ...layout, order: next })
  }

  return (
    <DialogTrigger onOpenChange={() => setFilter('')}>
      <Button look="quiet" icon={Columns3}>
        <span className="spare-words">Columns</span>
      </Button>
      <Popover className="popover columns-popover" placement="bottom end" offset={4} aria-label="Columns">
        <div className="columns-dialog">
          <SearchField aria-label="Find a column" value={filter} onChange={setFilter} autoFocus>
            <Input dir="auto" className="input" placeholder="Find a column" />
          </SearchField>
          <ul className="columns-list">
            {[...shown, ...listed.filter((id) => !shows(id))].map((id) => (
              <li key={id}>
                <Checkbox
                  className="checkbox grow"
                  isSelected={shows(id)}
                  onChange={(show) => onLayout({ ...layout, shown: { ...layout.shown, [id]: show } })}
                >
                  <span className="checkbox-box" aria-hidden />
                  {byId.get(id)?.label}
                </Checkbox>
                {shows(id) && filter.trim() === '' && (
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
          <Button look="quiet" onPress={() => onLayout(plainLayout)}>
            Put back the usual columns
          </Button>
        </div>
      </Popover>
    </DialogTrigger>
  )
}
