import { ChevronDown } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button, DialogTrigger, Popover } from 'react-aria-components'

interface Props {
  /** What stands on it. */
  readonly label: string
  /** What it is called, where more is needed than stands on it. */
  readonly name?: string
  /** What its dialog is called. */
  readonly title: string
  readonly children: ReactNode
}

/** A quiet button that opens a small dialog beside it. */
export function DialogButton({ label, name = label, title, children }: Props) {
  return (
    <DialogTrigger>
      <Button className="button button-quiet" aria-label={name}>
        {label}
        <ChevronDown size={12} aria-hidden />
      </Button>
      {/* It is the dialog itself: beside one inside it, its own way out would stand in no part of the page. */}
      <Popover className="popover small-dialog" placement="bottom start" offset={4} aria-label={title}>
        {children}
      </Popover>
    </DialogTrigger>
  )
}
