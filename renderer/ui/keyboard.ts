/** The platform of the person's keyboard: Cmd instead of Ctrl. */
export const isMac = globalThis.navigator?.platform?.startsWith('Mac') === true

/** The name of the command key in a list of shortcuts. */
export const commandKey = isMac ? '⌘' : 'Ctrl+'

/** The part of a key event that shortcuts are decided by. */
export interface KeyPress {
  /** The character or the name of the key, as the person's layout has it. */
  readonly key: string
  /** Its place on the keyboard, named as on a US layout, as 'KeyZ'. */
  readonly code: string
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly altKey: boolean
  getModifierState(modifier: 'AltGraph'): boolean
}

/**
 * The letter or digit that a shortcut means, in lower case: the Latin letter or the digit that the key gives, else, under
 * a layout that gives another character (Cyrillic, Greek, Hebrew, the digits of AZERTY), the one at its place on a US
 * keyboard. Other keys by their name.
 */
export function shortcutKey({ key, code }: Pick<KeyPress, 'key' | 'code'>): string {
  const lower = key.toLowerCase()
  if (/^[a-z\d]$/.test(lower) || [...key].length !== 1) return lower
  const place = /^(?:Key([A-Z])|Digit(\d))$/.exec(code)
  return (place?.[1]?.toLowerCase() ?? place?.[2] ?? lower) as string
}

/**
 * Whether a key writes a character of its third level: AltGr, which Windows also reports as Ctrl with Alt, or Option on
 * a Mac. Such a key is text and never a shortcut.
 */
export function writesThirdLevel(press: KeyPress, mac = isMac): boolean {
  if ([...press.key].length !== 1) return false
  if (press.getModifierState('AltGraph')) return true
  return mac && press.altKey && !press.ctrlKey && !press.metaKey
}

/** Whether the key of shortcuts is held: Cmd on a Mac, else Ctrl, and not as a part of AltGr. */
export function holdsCommand(press: KeyPress, mac = isMac): boolean {
  return (mac ? press.metaKey : press.ctrlKey) && !writesThirdLevel(press, mac)
}
