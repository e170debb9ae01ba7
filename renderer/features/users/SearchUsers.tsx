import { type KeyboardEvent, useId, useState } from 'react'
import { type Completion, completionsFor } from '../../../shared/query/names'
import { SearchBox } from '../../ui/SearchBox'
import { setSearch, usersGrid, useUsers } from './store'

const searchId = 'users-search'
/** Shorter words begin too many names to be meant as one. */
const shortest = 2
const most = 8

export function focusSearch(): void {
  const box = document.getElementById(searchId)
  if (box instanceof HTMLInputElement) {
    box.focus()
    box.select()
  }
}

const lastWord = /-?[^\s"]*$/

/** How the last word may go on, unless it says already what it would become. */
function waysOn(search: string): readonly Completion[] {
  const word = (lastWord.exec(search)?.[0] ?? '').toLowerCase()
  if (word.replace('-', '').length < shortest) return []
  return completionsFor(search)
    .filter(({ text }) => text !== word)
    .slice(0, most)
}

/** The search with its last word gone on; a blank behind what is complete. */
const goneOn = (search: string, { text }: Completion): string =>
  search.replace(lastWord, () => (text.endsWith(':') ? text : `${text} `))

/** Finds users as one types. Names of fields are offered while they are typed. */
export function SearchUsers() {
  const search = useUsers((state) => state.query.search)
  const [open, setOpen] = useState(false)
  const [active, setActive] = useState(-1)
  const listId = useId()
  const ways = open ? waysOn(search) : []
  const chosen = ways[active]

  const type = (text: string) => {
    setSearch(text)
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
        id={searchId}
        label="Search users"
        value={search}
        onChange={type}
        onLeave={() => usersGrid.current?.goTo(0)}
        inputProps={{
          autoComplete: 'off',
          'aria-keyshortcuts': '/ Control+F',
          'aria-autocomplete': 'list',
          'aria-controls': ways.length > 0 ? listId : undefined,
          'aria-activedescendant': chosen === undefined ? undefined : `${listId}-${active}`,
        }}
      />
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
