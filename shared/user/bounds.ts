import type { Json, JsonObject } from '../json'

/** No value of a user is anywhere near these; what is longer is shown shortened and never sent. */
const longestText = 10_000
const mostMembers = 5_000
const mostCharacters = 100_000
const shownOf = 1_000
/** What is nested deeper is not a user but an attack or an accident; code that walks a value may recurse this far. */
export const deepest = 64
/** More than the body of any write: some send a service back as a whole, which may have as many members as a value. */
const mostFields = 2 * mostMembers

/**
 * Whether nothing in it is nested too deeply. Answers have millions of values, so only what can hold others is looked into: a
 * tenth of the parsing time.
 */
export function isShallow(value: Json, depth = 1): boolean {
  if (typeof value !== 'object' || value === null) return true
  if (depth > deepest) return false
  if (Array.isArray(value)) {
    for (const item of value) {
      if (typeof item === 'object' && item !== null && !isShallow(item, depth + 1)) return false
    }
    return true
  }
  const object = value as JsonObject
  for (const key in object) {
    const inner = object[key] as Json
    if (typeof inner === 'object' && inner !== null && !isShallow(inner, depth + 1)) return false
  }
  return true
}

/** Whether a value, wherever it comes from, is one that a field can have. */
export const isFieldValue = (value: Json): boolean => isShallow(value) && Number.isFinite(costOf(value))

/** Whether these are values of the fields of one user, by number and size. */
export const areFieldValues = (values: object): boolean => {
  const all = Object.values(values) as readonly Json[]
  return all.length <= mostFields && all.every(isFieldValue)
}

/** Whether a single text is one that a field can have. */
export const isShortText = (text: string): boolean => text.length <= longestText

/**
 * What a value costs to keep and to show, in characters and members together; infinite when it is more than a field can have.
 * Stops as soon as that is known.
 */
export const costOf = (value: Json): number => {
  let [members, characters] = [0, 0]
  let level: readonly Json[] = [value]
  // What is nested deeper is refused as a whole by whoever reads it.
  for (let depth = 0; level.length > 0 && depth <= deepest; depth++) {
    const below: Json[] = []
    for (const item of level) {
      if (typeof item === 'string') {
        characters += item.length
        if (!isShortText(item)) return Number.POSITIVE_INFINITY
      } else if (typeof item === 'object' && item !== null) {
        const inner = (Array.isArray(item) ? item : Object.values(item)) as readonly Json[]
        members += inner.length
        if (members > mostMembers) return Number.POSITIVE_INFINITY
        if (!Array.isArray(item)) for (const key of Object.keys(item)) characters += key.length
        for (const one of inner) below.push(one)
      }
      if (characters > mostCharacters) return Number.POSITIVE_INFINITY
    }
    level = below
  }
  return members + characters + 1
}

/** In place of a value that is too large: its beginning, and how much more there is. */
export const shortened = (value: Json): string => {
  if (typeof value === 'string') {
    // Not in the middle of a pair.
    const beginning = value.slice(0, shownOf).replace(/[\ud800-\udbff]$/, '')
    return `${beginning}… ${sizeOf(value.length - beginning.length)} more`
  }
  if (Array.isArray(value)) return `… ${value.length.toLocaleString('en')} values more`
  if (typeof value === 'object' && value !== null)
    return `… ${Object.keys(value).length.toLocaleString('en')} fields more`
  return String(value)
}

const sizeOf = (characters: number): string =>
  characters >= 1_000_000
    ? `${Math.round(characters / 1_000_000)} MB`
    : `${Math.max(1, Math.round(characters / 1_000))} kB`
