import { CircleHelp } from 'lucide-react'
import { type KeyboardEvent, useId, useState } from 'react'
import { Button as AriaButton, Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components'
import type { Completion } from '../../shared/query/names'
import { SearchBox } from './SearchBox'

/** Shorter words begin too many names to be meant as one. */
const shortest = 2
const most = 8

const lastWord = /-?[^\s"]*$/

/** How the last word may go on, unless it says already what it would become. */
function waysOn(
  search: string,
  completions: (search: string) => readonly Completion[],
): readonly Completion[] {
  const word = (lastWord.exec(search)?.[0] ?? '').toLowerCase()
  if (word.replace('-', '').length < shortest) return []
  return completions(search)
    .filter(({ text }) => text !== word)
    .slice(0, most)
}

/** The search with its last word gone on; a blank behind what is complete. */
const goneOn = (search: string, { text }: Completion): string =>
  search.replace(lastWord, () => (text.endsWith(':') ? text : `${text} `))

/** One way to search, with what it finds. */
export interface SearchExample {
  readonly text: string
  readonly finds: string
}

interface Props {
  readonly id: string
  readonly label: string
  readonly value: string
  readonly onChange: (text: string) => void
  readonly onLeave: (key: 'ArrowDown' | 'Enter') => void
  readonly completions: (search: string) => readonly Completion[]
  /** What an empty box offers to begin with. */
  readonly examples: readonly SearchExample[]
  /** Shows all of the search language. */
  readonly onHelp: () => void
  readonly shortcuts?: string
}

/** A box that searches as one types, offers the names of fields while they are typed, and examples while it is empty. */
export function SearchWithWays({
  id,
  label,
  value: search,
  onChange,
  onLeave,
  completions,
  examples,
  onHelp,
  shortcuts,
}: Props) {
  const [open, setOpen] = useState(false)
  const [active, setActive] = useState(-1)
  const listId = useId()
  const ways = open ? waysOn(search, completions) : []
  const chosen = ways[active]

  const type = (text: string) => {
    onChange(text)
    setOpen(true)
    setActive(-1)
  }
  const take = (way: Completion) => type(goneOn(search, way))
  const close = () => setOpen(false)

  // Before the field sees them: its Escape would empty it.
  const onKeyDown = (event: KeyboardEvent) => {
    if (ways.length === 0 || event.nativeEvent.isComposing) return
    switch (event.key) {
      case 'ArrowDown':
        setActive(Math.min(active + 1, ways.length - 1))
        break
      case 'ArrowUp':
        setActive(Math.max(active - 1, -1))
        break
      case 'Escape':
        close()
        break
      case 'Enter':
        if (chosen === undefined) return close()
        take(chosen)
        break
      default:
        return
    }
    event.preventDefault()
    event.stopPropagation()
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it hears what the box in it is typed
    <div className="search-box" onKeyDownCapture={onKeyDown} onBlur={close}>
      <SearchBox
        id={id}
        label={label}
        value={search}
        onChange={type}
        onLeave={onLeave}
        inputProps={{
          autoComplete: 'off',
          'aria-keyshortcuts': shortcuts,
          'aria-autocomplete': 'list',
          'aria-controls': ways.length > 0 ? listId : undefined,
          'aria-activedescendant': chosen === undefined ? undefined : `${listId}-${active}`,
        }}
      />
      {search === '' && (
        <SearchExamples
          examples={examples}
          onTake={(text) => {
            type(text)
            // Once the menu is gone, which keeps the focus and would give it back to a button that is gone as well.
            requestAnimationFrame(() => document.getElementById(id)?.focus())
          }}
          onHelp={onHelp}
        />
      )}
      {ways.length > 0 && (
        <div id={listId} role="listbox" aria-label="Ways to go on" className="popover list search-ways">
          {ways.map((way, at) => (
            // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the box, which names the chosen one
            <div
              key={way.text}
              id={`${listId}-${at}`}
              role="option"
              aria-selected={at === active}
              data-focused={at === active || undefined}
              className="list-item"
              // The box keeps the focus.
              onMouseDown={(event) => {
                event.preventDefault()
                take(way)
              }}
            >
              <span className="list-label">{way.text}</span>
              <span className="list-note">{way.label}</span>
            </div>
          ))}
        </div>
      )}
      <span className="hidden-text" aria-live="polite">
        {ways.length > 0 && `${ways.length} ways to go on. Arrow down to choose.`}
      </span>
    </div>
  )
}

function SearchExamples({
  examples,
  onTake,
  onHelp,
}: {
  examples: readonly SearchExample[]
  onTake: (text: string) => void
  onHelp: () => void
}) {
  return (
    <MenuTrigger>
      <AriaButton className="button button-quiet button-icon search-help" aria-label="How to search">
        <CircleHelp size={14} aria-hidden />
      </AriaButton>
      <Popover className="popover" placement="bottom end" offset={4}>
        <Menu
          className="menu"
          aria-label="How to search"
          onAction={(key) => (key === 'all' ? onHelp() : onTake(String(key)))}
        >
          {examples.map(({ text, finds }) => (
            <MenuItem key={text} id={text} className="menu-item" textValue={text}>
              <code>{text}</code>
              <span className="grow list-note">{finds}</span>
            </MenuItem>
          ))}
          <MenuItem id="all" className="menu-item">
            All of the search language
          </MenuItem>
        </Menu>
      </Popover>
    </MenuTrigger>
  )
}
