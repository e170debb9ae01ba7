import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button as AriaButton, type ButtonProps, Tooltip, TooltipTrigger } from 'react-aria-components'

type Look = 'plain' | 'primary' | 'quiet' | 'danger'

interface Props extends Omit<ButtonProps, 'className' | 'style' | 'children'> {
  readonly look?: Look
  readonly icon?: LucideIcon
  readonly children: ReactNode
}

export function Button({ look = 'plain', icon: Icon, children, ...rest }: Props) {
  return (
    <AriaButton {...rest} className={`button button-${look}`}>
      {Icon && <Icon size={16} aria-hidden />}
      {children}
    </AriaButton>
  )
}

interface IconProps extends Omit<ButtonProps, 'className' | 'style' | 'children' | 'aria-label'> {
  readonly icon: LucideIcon
  /** Its name, also shown when the pointer rests on it. */
  readonly name: string
  /** Whether the name stands beside the icon where there is room; see users.css. */
  readonly worded?: boolean
}

/** A button that shows only an icon; its name is said and shown. */
export function IconButton({ icon: Icon, name, worded = false, ...rest }: IconProps) {
  return (
    <TooltipTrigger delay={600} closeDelay={0}>
      <AriaButton
        {...rest}
        aria-label={name}
        className={worded ? 'button button-quiet' : 'button button-quiet button-icon'}
      >
        <Icon size={16} aria-hidden />
        {worded && <span className="spare-words long-words">{name}</span>}
      </AriaButton>
      <Tooltip className="tooltip" offset={4}>
        {name}
      </Tooltip>
    </TooltipTrigger>
  )
}
