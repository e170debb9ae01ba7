import type { NativeTheme } from 'electron'
import { backgrounds } from './window'

export const themes = ['system', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]

/** What a stored setting means; anything else follows the system. */
export const asTheme = (value: unknown): Theme => themes.find((theme) => theme === value) ?? 'system'

/** Switches the theme of the page (through `prefers-color-scheme`) and of native parts. */
export function applyTheme(nativeTheme: Pick<NativeTheme, 'themeSource'>, theme: Theme): void {
  nativeTheme.themeSource = theme
}

/** Keeps the colour behind the page right, which shows while a window is resized. */
export function followTheme(
  nativeTheme: Pick<NativeTheme, 'shouldUseDarkColors' | 'on'>,
  window: { isDestroyed(): boolean; setBackgroundColor(colour: string): void },
): void {
  nativeTheme.on('updated', () => {
    if (window.isDestroyed()) return
    window.setBackgroundColor(nativeTheme.shouldUseDarkColors ? backgrounds.dark : backgrounds.light)
  })
}
