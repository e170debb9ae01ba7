import { Search, X } from 'lucide-react'
import type { ComponentProps } from 'react'
import { Button as AriaButton, Input, SearchField } from 'react-aria-components'

interface Props {
  /** Of the box itself, by which it is found to be focused. */
  readonly id: string
  readonly label: string
  readonly value: string
  readonly onChange: (text: string) => void
  /** Arrow down and Enter lead from the box into what it searches. */
  readonly onLeave: (key: 'ArrowDown' | 'Enter') => void
  readonly inputProps?: Omit<ComponentProps<typeof Input>, 'id' | 'className'>
}

/** The box that searches a page. */
export function SearchBox({ id, label, value, onChange, onLeave, inputProps }: Props) {
  return (
    <SearchField
      aria-label={label}
      className="search"
      value={value}
      onChange={onChange}
      onKeyDown={(event) => {
        // Enter that takes up what an input method offers is not meant for the page.
        if (event.nativeEvent.isComposing) event.continuePropagation()
        else if (event.key === 'ArrowDown' || event.key === 'Enter') {
          event.preventDefault()
          onLeave(event.key)
        } else event.continuePropagation()
      }}
    >
      <Search size={16} aria-hidden className="search-icon" />
      <Input {...inputProps} id={id} dir="auto" className="input" placeholder={label} spellCheck={false} />
      {value === '' ? (
        <kbd aria-hidden>/</kbd>
      ) : (
        <AriaButton className="button button-quiet button-icon search-clear" aria-label="Clear search">
          <X size={14} aria-hidden />
        </AriaButton>
      )}
    </SearchField>
  )
}
