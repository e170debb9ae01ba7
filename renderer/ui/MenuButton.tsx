import { ChevronDown, type LucideIcon } from 'lucide-react'
import { Button, Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components'

export interface Choice {
  readonly id: string
  readonly label: string
  readonly run: () => void
  readonly isDisabled?: boolean
}

interface Props {
  /** What stands on it; without one it shows its icon only. */
  readonly children?: string
  /** What it is called where nothing stands on it. */
  readonly name?: string
  readonly icon?: LucideIcon
  readonly choices: readonly Choice[]
  readonly isDisabled?: boolean
}

/** A button that opens a few things to do. */
export function MenuButton({ children, name = children, icon: Icon, choices, isDisabled = false }: Props) {
  const bare = children === undefined
  return (
    <MenuTrigger>
      <Button
        className={bare ? 'button button-quiet button-icon' : 'button button-quiet'}
        aria-label={name ?? ''}
        isDisabled={isDisabled}
      >
        {Icon && <Icon size={16} aria-hidden />}
        {children}
        {!bare && <ChevronDown size={12} aria-hidden />}
      </Button>
      <Popover className="popover" placement="bottom end" offset={4}>
        <Menu
          className="menu"
          aria-label={name ?? ''}
          onAction={(id) => choices.find((choice) => choice.id === id)?.run()}
        >
          {choices.map((choice) => (
            <MenuItem
              key={choice.id}
              id={choice.id}
              className="menu-item"
              isDisabled={choice.isDisabled === true}
            >
              {choice.label}
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  )
}
