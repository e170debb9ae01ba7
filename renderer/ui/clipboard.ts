/**
 * Puts text on the clipboard. The page may not ask for the clipboard itself; a copy that a person's own click or
 * key brings about is allowed, and its content is ours.
 * @returns whether it is there.
 */
export function copyText(text: string): boolean {
  let copied = false
  const copy = (event: ClipboardEvent) => {
    event.preventDefault()
    event.stopImmediatePropagation()
    event.clipboardData?.setData('text/plain', text)
    copied = true
  }
  document.addEventListener('copy', copy, { capture: true, once: true })
  document.execCommand('copy')
  document.removeEventListener('copy', copy, { capture: true })
  return copied
}
