import { ChevronDown } from 'lucide-react'
import { useMemo, useState } from 'react'
import { Button, ComboBox, Input, Label, ListBox, ListBoxItem, Popover, Text } from 'react-aria-components'
import { count } from './words'

export interface Option {
  readonly id: string
  readonly label: string
  readonly note?: string
}

interface Props {
  readonly label: string
  readonly options: readonly Option[]
  readonly value: string | undefined
  readonly onChange: (id: string | undefined) => void
  /** What choosing nothing means, e.g. "All groups"; also the first entry of the list. */
  readonly all: string
  readonly isDisabled?: boolean
}

/** Entries drawn at once; typing narrows the rest. */
const most = 200
const allId = '\u0000all'

/** A box to pick one of many, which searches as one types. */
export function Picker({ label, options, value, onChange, all, isDisabled = false }: Props) {
  const chosen = options.find((option) => option.id === value)
  const shown = chosen?.label ?? all
  const [typed, setTyped] = useState<string>()
  const { items, more } = useMemo(() => matching(options, typed, all), [options, typed, all])

  return (
    <ComboBox
      className="picker"
      aria-label={label}
      items={items}
      inputValue={typed ?? shown}
      value={chosen ? chosen.id : allId}
      menuTrigger="focus"
      allowsEmptyCollection
      isDisabled={isDisabled}
      onOpenChange={(open) => setTyped(open ? '' : undefined)}
      onInputChange={(text) => setTyped((old) => (old === undefined && text === shown ? undefined : text))}
      onChange={(id) => {
        setTyped(undefined)
        if (id !== null) onChange(id === allId ? undefined : String(id))
      }}
    >
      <Label className="hidden-text">{label}</Label>
      <div className="picker-box">
        <Input className="input" placeholder={shown} onFocus={(event) => event.target.select()} />
        <Button className="picker-open" aria-label={`Show ${label.toLowerCase()} list`}>
          <ChevronDown size={14} aria-hidden />
        </Button>
      </div>
      <Popover className="popover picker-list" offset={4}>
        <ListBox className="list" renderEmptyState={() => <div className="list-empty">No match</div>}>
          {(option: Option) => (
            <ListBoxItem id={option.id} textValue={option.label} className="list-item">
              <Text slot="label" className="list-label">
                {option.label}
              </Text>
              {option.note && (
                <Text slot="description" className="list-note" aria-hidden>
                  {option.note}
                </Text>
              )}
            </ListBoxItem>
          )}
        </ListBox>
        {more > 0 && <div className="list-more">{count(more)} more: type to narrow them down</div>}
      </Popover>
    </ComboBox>
  )
}

function matching(options: readonly Option[], typed: string | undefined, all: string) {
  const words = (typed ?? '').toLowerCase().split(/\s+/).filter(Boolean)
  const hits =
    words.length === 0
      ? options
      : options.filter((option) => {
          const text = `${option.label} ${option.note ?? ''}`.toLowerCase()
          return words.every((word) => text.includes(word))
        })
  const first: Option[] = words.length === 0 ? [{ id: allId, label: all }] : []
  return { items: [...first, ...hits.slice(0, most)], more: Math.max(0, hits.length - most) }
}
