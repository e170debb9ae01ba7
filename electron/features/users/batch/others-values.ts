import { fieldAt, labelOf } from '../../../../shared/user/catalogue'
import { undressed } from '../../../../shared/user/rendering/letters'
import type { FieldPath } from '../../../../shared/user/types'
import { nameAndId } from '../../../../shared/user/value'
import type { Pause } from '../../../platform/pause'

/** What a user has now in the fields that a file is about, as texts. */
export interface Present {
  readonly userId: string
  readonly name: string
  readonly has: (path: FieldPath) => string
}

/** What a line of a file would change, as texts. */
export interface ChangedLine {
  readonly item: number
  /** Its number in the file. */
  readonly line: number
  readonly userId: string
  readonly changes: readonly { readonly path: FieldPath; readonly mine: string }[]
}

/** What is for a person to decide, in words. */
export interface Doubts {
  /** Whole lines. */
  readonly lines: ReadonlyMap<number, string>
  /** Single values, by {@link valueId}. */
  readonly values: ReadonlyMap<string, string>
  /** Fields as a whole. */
  readonly fields: ReadonlyMap<FieldPath, string>
}

export const valueId = (item: number, path: FieldPath): string => `${item}:${path}`

/**
 * Fields that belong to one person, each with what it is about: a name that several fields hold counts once. Names that
 * are shown to whoever is called are often those of a company, so these tell only beside others.
 */
const personal: Readonly<Record<FieldPath, string>> = {
  firstName: 'first name',
  callingLineIdFirstName: 'first name',
  hiraganaFirstName: 'first name',
  lastName: 'last name',
  callingLineIdLastName: 'last name',
  hiraganaLastName: 'last name',
  nameDialingName: 'name dialing',
  emailAddress: 'e-mail',
  yahooId: 'Yahoo ID',
  phoneNumber: 'phone number',
  extension: 'extension',
  mobilePhoneNumber: 'mobile number',
  pagerPhoneNumber: 'pager number',
  aliases: 'aliases',
  alternateUserId: 'alternate user ids',
  impId: 'IM&P ID',
  contacts: 'contacts',
  'accessDeviceEndpoint.linePort': 'line/port',
  'trunkAddressing.trunkGroupDeviceEndpoint.linePort': 'line/port',
}
/** Whether the values of a field are each of one person. */
export const isPersonal = (path: FieldPath): boolean =>
  Object.hasOwn(personal, path) && !path.startsWith('callingLineId')
const aboutOf = (path: FieldPath): string | undefined =>
  Object.hasOwn(personal, path) ? personal[path] : undefined

/** Fields of which a single value tells whose it is. Two users in one place often have one extension or name. */
const distinct: ReadonlySet<FieldPath> = new Set(
  Object.keys(personal)
    .filter((path) => !/name|extension|phoneNumber$/i.test(path))
    .concat('mobilePhoneNumber'),
)

/** So many in a row, of so many values, are no chance where a field is not personal. */
const fewestInRow = 3
/** Of one value, so many users tell where it comes from. */
const mostOrigins = 8

const keyOf = (path: FieldPath, text: string): string =>
  fieldAt(path)?.kind === 'phone' ? text.replace(/[^\d+]/g, '') : undressed(text).toLowerCase()

/** Fields of which it matters whose the values are. One value for many is no mistake where it belongs to nobody. */
function inQuestion(lines: readonly ChangedLine[]): ReadonlySet<FieldPath> {
  const values = new Map<FieldPath, Set<string>>()
  for (const { changes } of lines) {
    for (const { path, mine } of changes) {
      const some = values.get(path) ?? new Set()
      values.set(path, some)
      if (some.size < fewestInRow) some.add(mine)
    }
  }
  return new Set(
    [...values].flatMap(([path, { size }]) => (isPersonal(path) || size >= fewestInRow ? [path] : [])),
  )
}

/** Two personal values together, which two users rarely share. */
function pairsOf(values: readonly { readonly path: FieldPath; readonly text: string }[]): Set<string> {
  const keys = new Map<string, Set<string>>()
  for (const { path, text } of values) {
    const about = aboutOf(path)
    const key = keyOf(path, text)
    if (about === undefined || key === '') continue
    keys.set(about, (keys.get(about) ?? new Set()).add(key))
  }
  const all = [...keys].flatMap(([about, some]) => [...some].map((key) => ({ about, key })))
  const pairs = new Set<string>()
  for (const [at, one] of all.entries()) {
    for (const other of all.slice(at + 1)) {
      if (one.about === other.about) continue
      const [a, b] = one.about < other.about ? [one, other] : [other, one]
      pairs.add(`${a.about}\n${a.key}\n${b.about}\n${b.key}`)
    }
  }
  return pairs
}

/** Finds lines that hold what another user has: several personal values of one. */
export class Strangers {
  readonly #wanted = new Map<string, ChangedLine[]>()
  readonly #paths: readonly FieldPath[]
  readonly found = new Map<number, string>()

  constructor(lines: readonly ChangedLine[], paths: readonly FieldPath[]) {
    this.#paths = paths.filter((path) => aboutOf(path) !== undefined)
    for (const line of lines) {
      for (const pair of pairsOf(line.changes.map(({ path, mine }) => ({ path, text: mine })))) {
        const some = this.#wanted.get(pair)
        if (some === undefined) this.#wanted.set(pair, [line])
        else some.push(line)
      }
    }
  }

  get isNeeded(): boolean {
    return this.#wanted.size > 0
  }

  look({ userId, name, has }: Present): void {
    if (!this.isNeeded) return
    for (const pair of pairsOf(this.#paths.map((path) => ({ path, text: has(path) })))) {
      for (const line of this.#wanted.get(pair) ?? []) {
        if (line.userId === userId || this.found.has(line.item)) continue
        this.found.set(
          line.item,
          `What this line would change is what ${nameAndId(name, userId)} has here, as when the cells of one line are pasted over another. Mend the line in the file, or type it here if it is meant.`,
        )
      }
    }
  }
}

interface Moved {
  readonly item: number
  readonly why: string
}

/** A run of lines next to each other whose values come from lines that stand next to each other as well, or from one. */
function* runsOf(
  path: FieldPath,
  lines: readonly ChangedLine[],
  originsOf: (mine: string) => readonly number[],
  lineOf: (item: number) => number,
): Generator<Moved> {
  const changes = lines.flatMap(({ item, line, changes: all }) => {
    const mine = all.find((change) => change.path === path)?.mine
    return mine === undefined || mine === '' ? [] : [{ item, line, mine, origins: originsOf(mine) }]
  })
  const least = isPersonal(path) ? 2 : fewestInRow
  const told = new Set<number>()
  for (let from = 0; from < changes.length; ) {
    const first = changes[from] as (typeof changes)[0]
    // One value for all of them, and the line before or behind has it.
    let to = from + 1
    while (changes[to]?.mine === first.mine && changes[to]?.item === first.item + to - from) to++
    const last = changes[to - 1] as (typeof changes)[0]
    const origin = first.origins.find((at) => at === first.item - 1 || at === last.item + 1)
    if (origin !== undefined && isPersonal(path)) {
      const why = `It is what line ${lineOf(origin)} beside has in ${labelOf(path)}, as when a cell is filled into others. Type it here if it is meant.`
      for (const { item } of changes.slice(from, to)) {
        told.add(item)
        yield { item, why }
      }
    }
    from = to
  }
  for (let from = 0; from < changes.length; ) {
    const first = changes[from] as (typeof changes)[0]
    let best = 1
    for (const origin of first.origins) {
      let length = 1
      while (
        changes[from + length]?.item === first.item + length &&
        changes[from + length]?.origins.includes(origin + length)
      )
        length++
      best = Math.max(best, length)
    }
    const run = changes.slice(from, from + best)
    if (best >= least && new Set(run.map(({ mine }) => mine)).size >= least) {
      const why = `${labelOf(path)} of ${best.toLocaleString('en')} lines from line ${first.line} on is what as many users in a row have here, as when cells have slipped or are pasted over others. Type it here if it is meant.`
      for (const { item } of run) if (!told.has(item)) yield { item, why }
      from += best
    } else from++
  }
}

/** Values that a user of another line has and keeps: copied over the own one. */
function* copiesOf(
  path: FieldPath,
  lines: readonly ChangedLine[],
  originsOf: (mine: string) => readonly number[],
  lineOf: (item: number) => number,
): Generator<Moved> {
  if (!distinct.has(path)) return
  const given = new Set(
    lines.flatMap(({ item, changes }) => (changes.some((change) => change.path === path) ? [item] : [])),
  )
  for (const { item, changes } of lines) {
    const mine = changes.find((change) => change.path === path)?.mine ?? ''
    const origin = mine === '' ? undefined : originsOf(mine).find((at) => at !== item && !given.has(at))
    if (origin === undefined) continue
    const why = `It is what line ${lineOf(origin)} has in ${labelOf(path)}, and keeps. Type it here if both are meant to have it.`
    yield { item, why }
  }
}

/** Whose values a file gives to others: cells that were filled into others, moved up or down, or pasted over a line. */
export async function othersValues(
  lines: readonly ChangedLine[],
  paths: readonly FieldPath[],
  source: {
    readonly size: number
    readonly present: (item: number) => Present | undefined
    readonly lineOf: (item: number) => number
    readonly everybody: () => Iterable<Present>
  },
  pause: Pause,
): Promise<Doubts> {
  const fields = [...inQuestion(lines)]
  const strangers = new Strangers(lines, paths)
  if (fields.length === 0 && !strangers.isNeeded)
    return { lines: new Map(), values: new Map(), fields: new Map() }
  const origins = new Map<FieldPath, Map<string, number[]>>()
  for (const path of fields) origins.set(path, new Map())
  for (const { changes } of lines) {
    for (const { path, mine } of changes) origins.get(path)?.set(keyOf(path, mine), [])
    if (pause.due()) await pause.wait()
  }
  for (let item = 0; item < source.size; item++) {
    const present = source.present(item)
    if (present !== undefined) {
      for (const path of fields) {
        const some = origins.get(path)?.get(keyOf(path, present.has(path)))
        if (some !== undefined && some.length < mostOrigins) some.push(item)
      }
      strangers.look(present)
    }
    if (pause.due()) await pause.wait()
  }
  if (strangers.isNeeded) {
    for (const present of source.everybody()) {
      strangers.look(present)
      if (pause.due()) await pause.wait()
    }
  }
  const values = new Map<string, string>()
  const whole = new Map<FieldPath, string>()
  for (const path of fields) {
    const originsOf = (mine: string) => origins.get(path)?.get(keyOf(path, mine)) ?? []
    const inRow = [...runsOf(path, lines, originsOf, source.lineOf)]
    const told = new Set(inRow.map(({ item }) => item))
    const copies = [...copiesOf(path, lines, originsOf, source.lineOf)].filter(({ item }) => !told.has(item))
    const moved = [...inRow, ...copies].filter(({ item }) => !strangers.found.has(item))
    const all = lines.filter(({ changes }) => changes.some((change) => change.path === path)).length
    // Whoever means it ticks the field once.
    if (moved.length >= 5 && 2 * moved.length > all) {
      whole.set(
        path,
        `${labelOf(path)}: ${moved.length.toLocaleString('en')} of ${all.toLocaleString('en')} new values are what other users of the file have now, as when a cell is filled into others, or cells have slipped. It is not ticked: look at the rows, and tick it if that is meant.`,
      )
    } else for (const { item, why } of moved) values.set(valueId(item, path), why)
    if (pause.due()) await pause.wait()
  }
  return { lines: strangers.found, values, fields: whole }
}
