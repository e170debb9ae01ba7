import { readFileSync } from 'node:fs'
import { replaceFile } from '../platform/new-file'

export interface Rectangle {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export interface Place extends Rectangle {
  readonly maximized: boolean
}

export const smallest = { width: 900, height: 600 }
const preferred = { width: 1280, height: 800 }

/** A title bar with less than this on a screen cannot be caught with a mouse. */
const graspable = { width: 120, height: 40 }

// By hand: the window must not wait for the library that checks everything else.
const isPlace = ({ x, y, width, height, maximized }: Record<keyof Place, unknown>): boolean =>
  typeof maximized === 'boolean' && [x, y, width, height].every(isWhole)
const isWhole = (value: unknown): boolean => Number.isInteger(value) && Math.abs(value as number) <= 100_000

/** Reads the remembered place; anything unreadable counts as none. */
export function readPlace(file: string): Place | undefined {
  try {
    const { x, y, width, height, maximized } = JSON.parse(readFileSync(file, 'utf8'))
    const place = { x, y, width, height, maximized }
    return isPlace(place) ? place : undefined
  } catch {
    return undefined
  }
}

/** Writes it whole or not at all; a place that cannot be kept is not worth an error. */
export function writePlace(file: string, place: Place): void {
  try {
    replaceFile(file, `${JSON.stringify(place)}\n`)
  } catch {
    // The next start centres the window.
  }
}

/**
 * Where to open: the remembered place if its title bar can still be reached on one of the screens' work areas (the
 * first is the primary), else centred on the primary screen. Never larger than its screen.
 */
export function choosePlace(remembered: Place | undefined, screens: readonly Rectangle[]): Place {
  const maximized = remembered?.maximized ?? false
  if (remembered) {
    for (const screen of screens) {
      const y = Math.max(remembered.y, screen.y)
      const place = { x: remembered.x, y, ...fitted(remembered, screen), maximized }
      if (y - remembered.y < graspable.height && reachable(place, screen)) return place
    }
  }
  const primary = screens[0] ?? { x: 0, y: 0, ...preferred }
  return { ...centred(remembered ?? preferred, primary), maximized }
}

function fitted(
  size: { width: number; height: number },
  screen: Rectangle,
): { width: number; height: number } {
  return {
    width: Math.min(Math.max(size.width, smallest.width), Math.max(screen.width, smallest.width)),
    height: Math.min(Math.max(size.height, smallest.height), Math.max(screen.height, smallest.height)),
  }
}

function centred(size: { width: number; height: number }, screen: Rectangle): Rectangle {
  const { width, height } = fitted(size, screen)
  return {
    x: screen.x + Math.round(Math.max(0, screen.width - width) / 2),
    y: screen.y + Math.round(Math.max(0, screen.height - height) / 2),
    width,
    height,
  }
}

function reachable(place: Rectangle, screen: Rectangle): boolean {
  const right = Math.min(place.x + place.width, screen.x + screen.width)
  const overlap = right - Math.max(place.x, screen.x)
  return overlap >= graspable.width && place.y + graspable.height <= screen.y + screen.height
}
