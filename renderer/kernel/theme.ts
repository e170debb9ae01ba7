import { setSetting, setting, useStored } from './settings'

export const themes = ['system', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]

export const themeNames: Readonly<Record<Theme, string>> = {
  system: 'Same as the system',
  light: 'Light',
  dark: 'Dark',
}

export const readTheme = (stored: unknown): Theme => themes.find((theme) => theme === stored) ?? 'system'

export const useTheme = (): Theme => readTheme(useStored('theme'))

/** Shows the theme at once; `system` leaves it to the system's own preference. */
export function showTheme(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = theme
}

export function setTheme(theme: Theme): void {
  showTheme(theme)
  setSetting('theme', theme)
}

/** Heights of a row in a grid, in px. */
export const densities = { compact: 28, comfortable: 36 } as const
export type Density = keyof typeof densities

const heightOf = (density: unknown): number =>
  density === 'comfortable' ? densities.comfortable : densities.compact
export const useRowHeight = (): number => heightOf(useStored('density'))
/** The same, for what is no part of the page. */
export const rowHeight = (): number => setting('density', heightOf)

export const setDensity = (density: Density): void => setSetting('density', density)
