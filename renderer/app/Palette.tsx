import { useEffect, useState } from 'react'
import {
  Dialog as AriaDialog,
  Autocomplete,
  Input,
  Menu,
  MenuItem,
  Modal,
  ModalOverlay,
  TextField,
} from 'react-aria-components'
import { finds } from '../../shared/query/find'
import { shownName } from '../features/users/shownValue'
import { openUser } from '../features/users/showUser'
import { ask, gungnir } from '../kernel/bridge'
import { type Command, useCommands } from '../kernel/commands'
import { closeOverlay, useOverlay } from '../kernel/overlays'
import { identityNow } from '../kernel/status'

/** Everything that can be done here, found by typing. */
export function Palette() {
  const open = useOverlay((state) => state.open === 'palette')
  return (
    <ModalOverlay
      className="overlay overlay-top"
      isOpen={open}
      isDismissable
      onOpenChange={(isOpen) => !isOpen && closeOverlay()}
    >
      <Modal className="modal palette">
        <AriaDialog className="dialog" aria-label="Commands">
          <CommandList />
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  )
}

/** Shorter ones begin too many names. */
const shortestName = 2
const mostPeople = 8
const settleMs = 150
/** With this the names of people begin in the list: what was found for a text fits it, however it was found. */
const open = 'Open user '

/** People whom the search of the list finds, on the server in use. */
function usePeople(typed: string): readonly Command[] {
  const [found, setFound] = useState<readonly Command[]>([])
  useEffect(() => {
    const as = identityNow()
    const search = typed.trim()
    if (as === undefined || search.length < shortestName) {
      setFound([])
      return
    }
    let latest = true
    const look = async () => {
      const query = { search, scope: {}, sort: [] }
      const { rows } = await ask(gungnir.users.window({ query, start: 0, count: mostPeople, as }))
      if (!latest) return
      setFound(
        rows.map((row) => ({
          id: `user:${row.key.userId}`,
          name: `${open}${shownName(row, undefined)} (${row.key.userId})`,
          run: () => void openUser(row.key),
        })),
      )
    }
    const timer = setTimeout(() => void look().catch(() => latest && setFound([])), settleMs)
    return () => {
      latest = false
      clearTimeout(timer)
    }
  }, [typed])
  return found
}

function CommandList() {
  const [typed, setTyped] = useState('')
  const people = usePeople(typed)
  const sets = useCommands((state) => state.sets)
  // The page's own commands first: they are what a person in the middle of something looks for.
  const commands: readonly Command[] = [
    ...[...sets]
      .sort(([a], [b]) => Number(a === 'app') - Number(b === 'app'))
      .flatMap(([, set]) => set.filter((command) => !command.unlisted)),
    ...people,
  ]
  const filter = (text: string, typed: string) => text.startsWith(open) || finds(text, typed)
  return (
    <Autocomplete filter={filter} inputValue={typed} onInputChange={setTyped}>
      <TextField aria-label="Command" autoFocus className="palette-search">
        <Input dir="auto" className="input" placeholder="Type what you want to do, or whom you look for" />
      </TextField>
      {/* biome-ignore lint/a11y/useSemanticElements: no part of a form. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keys. */}
      <div className="palette-menu" role="group" aria-label="Found commands" tabIndex={0}>
        <Menu
          className="menu"
          aria-label="Commands"
          items={commands}
          autoFocus="first"
          renderEmptyState={() => <div className="list-empty">No such command, and nobody of that name</div>}
          onAction={(id) => {
            closeOverlay()
            commands.find((command) => command.id === id)?.run()
          }}
        >
          {(command) => (
            <MenuItem className="menu-item" id={command.id} textValue={command.name}>
              <span className="grow">{command.name}</span>
              {command.keys && <kbd>{command.keys}</kbd>}
            </MenuItem>
          )}
        </Menu>
      </div>
    </Autocomplete>
  )
}
