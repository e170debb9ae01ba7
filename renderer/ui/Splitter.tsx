import type { KeyboardEvent, PointerEvent } from 'react'

interface Props {
  readonly label: string
  /** Width in px of the panel to the right of it. */
  readonly width: number
  readonly least: number
  readonly most: number
  readonly onWidth: (width: number) => void
}

/** The edge of a panel on the right, dragged or moved with the arrow keys. */
export function Splitter({ label, width, least, most, onWidth }: Props) {
  const set = (next: number) => onWidth(Math.min(Math.max(Math.round(next), least), most))
  const onKeyDown = (event: KeyboardEvent) => {
    const by = { ArrowLeft: 16, ArrowRight: -16, Home: most, End: -most }[event.key]
    if (by === undefined) return
    event.preventDefault()
    set(width + by)
  }
  const onPointerMove = (event: PointerEvent<HTMLElement>) => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return
    const panel = event.currentTarget.parentElement
    if (panel) set(panel.getBoundingClientRect().right - event.clientX)
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: a rule cannot be moved; this is the window splitter of ARIA.
    <div
      role="separator"
      className="splitter"
      tabIndex={0}
      aria-label={label}
      aria-orientation="vertical"
      aria-valuenow={width}
      aria-valuemin={least}
      aria-valuemax={most}
      onKeyDown={onKeyDown}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={onPointerMove}
    />
  )
}
