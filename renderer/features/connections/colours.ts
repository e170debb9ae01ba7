import { setSetting, useStored } from '../../kernel/settings'

/** What a connection can be marked with, so that production never looks like the lab. */
export const colours = ['red', 'orange', 'green', 'blue', 'purple'] as const
export type Colour = (typeof colours)[number]

export const colourNames: Readonly<Record<Colour, string>> = {
  red: 'Red',
  orange: 'Orange',
  green: 'Green',
  blue: 'Blue',
  purple: 'Purple',
}

const key = 'connection-colours'

const readColours = (stored: unknown): Readonly<Record<string, unknown>> =>
  typeof stored === 'object' && stored !== null ? (stored as Record<string, unknown>) : {}

/** The colours by connection id; a connection without one is not in it. */
export function useColours(): (id: string | undefined) => Colour | undefined {
  const stored = readColours(useStored(key))
  return (id) =>
    id !== undefined && Object.hasOwn(stored, id) ? colours.find((each) => each === stored[id]) : undefined
}

/** Marks a connection, or with nothing takes the mark away. */
export function useSetColour(): (id: string, colour: Colour | undefined) => void {
  const colourOf = useColours()
  const stored = readColours(useStored(key))
  return (id, colour) => {
    const ids = new Set([...Object.keys(stored), id])
    const marks = [...ids].flatMap((each) => {
      const mark = each === id ? colour : colourOf(each)
      return mark === undefined ? [] : [[each, mark] as const]
    })
    setSetting(key, Object.fromEntries(marks))
  }
}
