/** Whether an element can still have the focus. */
const usable = (element: Element): boolean => element.isConnected && !element.matches(':disabled')

/**
 * Where somebody goes on who was in this part of the page: its list, else its first heading. Never a list that can be
 * edited: what is typed next would go into a cell that nobody chose.
 */
function placeIn(part: Element): HTMLElement | undefined {
  const cell = part.querySelector<HTMLElement>('[role=grid][aria-readonly=true] [tabindex="0"]')
  if (cell) return cell
  const heading = part.querySelector<HTMLElement>('h1, h2')
  if (heading === null) return undefined
  if (!heading.hasAttribute('tabindex')) heading.tabIndex = -1
  return heading
}

/**
 * Watches over the focus until the returned function is called. When what has it vanishes or disables itself, the
 * browser drops it to the page's body, from where a keyboard begins anew; it goes to the smallest part of the page
 * around it that is still there, and back when what had it can have it again.
 */
export function keepFocus(): () => void {
  let had: HTMLElement | undefined
  let around: Element[] = []
  let placed: Element | undefined
  const note = ({ target }: FocusEvent) => {
    if (!(target instanceof HTMLElement) || target === placed) return
    placed = undefined
    had = target
    around = []
    for (let each = target.parentElement; each; each = each.parentElement) {
      if (each.matches('section, main, form, [role=dialog], [role=alertdialog]')) around.push(each)
    }
  }
  const look = () => {
    const now = document.activeElement
    if (had === undefined) return
    if (placed !== undefined && now === placed && usable(had)) {
      placed = undefined
      had.focus()
      return
    }
    if (now !== document.body || usable(had)) return
    const dialogs = [...document.querySelectorAll('[role=dialog], [role=alertdialog]')]
    const main = document.querySelector('main')
    // A dialog that is open keeps the focus by itself, unless what had it was in the dialog.
    const parts = [...around, ...(main ? [main] : [])].filter((part) => part.isConnected)
    const inDialog = (part: Element) => dialogs.some((dialog) => dialog.contains(part))
    for (const part of dialogs.length > 0 ? parts.filter(inDialog) : parts) {
      placed = placeIn(part)
      placed instanceof HTMLElement && placed.focus({ preventScroll: true })
      if (placed !== undefined && document.activeElement === placed) return
    }
  }
  // Only after whoever closed or opened something has placed the focus themselves.
  let asked = 0
  const lookSoon = () => {
    cancelAnimationFrame(asked)
    asked = requestAnimationFrame(() => {
      asked = requestAnimationFrame(look)
    })
  }
  const changes = new MutationObserver(lookSoon)
  changes.observe(document.body, { childList: true, subtree: true, attributeFilter: ['disabled'] })
  document.addEventListener('focusin', note)
  return () => {
    changes.disconnect()
    cancelAnimationFrame(asked)
    document.removeEventListener('focusin', note)
  }
}
