import { runCommand } from '../kernel/commands'
import { openOverlay, overlays } from '../kernel/overlays'
import { goTo, pages } from '../kernel/pages'
import { holdsCommand, shortcutKey, writesThirdLevel } from '../ui/keyboard'

const typing = (target: EventTarget | null) =>
  target instanceof HTMLElement &&
  (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))

/** Whether a dialog is over the page, or the window is locked; the page's own keys then rest. */
const covered = () =>
  document.documentElement.hasAttribute('data-locked') ||
  document.querySelector('[role=dialog],[role=alertdialog]') !== null

/** What a key asks of the whole page, by command id; nothing when it belongs to what has the focus. */
export function pageCommand(event: KeyboardEvent): string | undefined {
  if (event.altKey || writesThirdLevel(event)) return undefined
  const command = holdsCommand(event)
  const key = shortcutKey(event)
  // In a text the same keys belong to the text.
  if (command && !typing(event.target)) {
    if (key === 'z') return event.shiftKey ? 'redo' : 'undo'
    if (key === 'y' && !event.shiftKey) return 'redo'
  }
  if (command && !event.shiftKey) {
    if (key === 'k') return 'palette'
    if (key === 'f') return 'search'
    if (key === 's') return 'save'
    const page = pages[Number(key) - 1]
    return page && `page:${page}`
  }
  if (command || typing(event.target)) return undefined
  if (event.key === '/') return 'search'
  if (event.key === '?') return 'shortcuts'
  return undefined
}

/** Does what a key, the menu or the palette asks for. */
export function perform(command: string): void {
  const overlay = overlays.find((each) => each === command)
  if (overlay) openOverlay(overlay)
  else if (command === 'undo' || command === 'redo') {
    // From the menu, for where the cursor stands: a text has steps of its own.
    if (typing(document.activeElement)) document.execCommand(command)
    else if (!covered()) runCommand(command)
  } else if (command.startsWith('page:')) {
    const page = pages.find((each) => command === `page:${each}`)
    if (page) goTo(page)
  } else runCommand(command)
}

/** Listens for the page's keys until the returned function is called. */
export function listenForKeys(): () => void {
  const listen = (event: KeyboardEvent) => {
    const command = pageCommand(event)
    if (command === undefined || event.defaultPrevented) return
    event.preventDefault()
    if (!covered()) perform(command)
  }
  document.addEventListener('keydown', listen)
  return () => document.removeEventListener('keydown', listen)
}
