import { ChevronDown } from 'lucide-react'
import { useMemo, useState } from 'react'
import { Button, ComboBox, Input, Label } from 'react-aria-components'
import { matchingOptions, type Option, OptionsList, PickerBox } from './OptionsList'

interface Props {
  readonly label: string
  readonly options: readonly Option[]
  readonly value: string | undefined
  readonly onChange: (id: string | undefined) => void
  /** What choosing nothing means, e.g. "All groups"; also the first entry of the list. */
  readonly all: string
  readonly isDisabled?: boolean
  /** Whether its name stands above it, as in a form. */
  readonly labelled?: boolean
}

const allId = '\u0000all'

/** A box to pick one of many, which searches as one types. */
export function Picker({
  label,
  options,
  value,
  onChange,
  all,
  isDisabled = false,
  labelled = false,
}: Props) {
  const chosen = options.find((option) => option.id === value)
  const shown = chosen?.label ?? all
  const [typed, setTyped] = useState<string>()
  const { items, more } = useMemo(() => matching(options, typed, all), [options, typed, all])

  return (
    <ComboBox
      className={labelled ? 'field' : 'picker'}
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
      <Label className={labelled ? 'label' : 'hidden-text'}>{label}</Label>
      <PickerBox>
        <Input dir="auto" className="input" placeholder={shown} onFocus={(event) => event.target.select()} />
        {/* The label of the box is said after it. */}
        <Button className="picker-open" aria-label="Choose">
          <ChevronDown size={14} aria-hidden />
        </Button>
      </PickerBox>
      <OptionsList more={more} empty="No match" />
    </ComboBox>
  )
}

function matching(options: readonly Option[], typed: string | undefined, all: string) {
  const { items, more, all: untyped } = matchingOptions(options, typed)
  return { items: untyped ? [{ id: allId, label: all }, ...items] : items, more }
}
