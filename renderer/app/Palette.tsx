import {
  Dialog as AriaDialog,
  Autocomplete,
  Input,
  Menu,
  MenuItem,
  Modal,
  ModalOverlay,
  TextField,
  useFilter,
} from 'react-aria-components'
import { type Command, useCommands } from './commands'
import { closeOverlay, useOverlay } from './overlays'

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

function CommandList() {
  const { contains } = useFilter({ sensitivity: 'base' })
  const sets = useCommands((state) => state.sets)
  // The page's own commands first: they are what a person in the middle of something looks for.
  const commands: readonly Command[] = [...sets]
    .sort(([a], [b]) => Number(a === 'app') - Number(b === 'app'))
    .flatMap(([, set]) => set.filter((command) => !command.unlisted))
  const filter = (text: string, typed: string) => typed.split(/\s+/).every((word) => contains(text, word))
  return (
    <Autocomplete filter={filter}>
      <TextField aria-label="Command" autoFocus className="palette-search">
        <Input className="input" placeholder="Type what you want to do" />
      </TextField>
      {/* biome-ignore lint/a11y/useSemanticElements: no part of a form. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keys. */}
      <div className="palette-menu" role="group" aria-label="Found commands" tabIndex={0}>
        <Menu
          className="menu"
          aria-label="Commands"
          items={commands}
          renderEmptyState={() => <div className="list-empty">No such command</div>}
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
