import type { NearestSearch } from '../../../../shared/ipc/contract'
import { distance } from '../../../../shared/query/distance'
import { fold } from '../../../../shared/query/fold'
import type { Pause } from '../../../platform/pause'

/** A word that so few users have may be mistyped. */
export const few = 3
/** More words than these are no name. */
const mostWords = 5
const mostOffered = 3
const shortest = 3
/** A word of somebody's first or last name, folded, and as it is written. */
export interface NameWord {
  readonly folded: string
  readonly written: () => string
}

/** What is asked of the users among whom is searched. */
export interface Among {
  /** Every word of a first or last name that one of them has, in portions between which others can work. */
  readonly words: () => Iterable<readonly NameWord[]>
  /** How many of them a search finds. */
  readonly count: (search: string) => Promise<number>
  readonly pause: Pause
}

interface Near {
  readonly word: string
  readonly far: number
}

/** The words of a name. */
export const partsOf = (name: string): string[] => name.split(/[\s-]+/).filter((part) => part !== '')
const mostFar = (word: string): number => (word.length <= 4 ? 1 : 2)

/** The words nearest to each of these folded ones, the nearest first. */
async function nearestWords(typed: readonly string[], { words, pause }: Among): Promise<Near[][]> {
  const near = typed.map(() => new Map<string, Near>())
  for (const portion of words()) {
    if (pause.due()) await pause.wait()
    for (const { folded, written } of portion) {
      if (folded.length < shortest) continue
      for (const [number, word] of typed.entries()) {
        const most = mostFar(word)
        if (Math.abs(folded.length - word.length) > most) continue
        const far = distance(word, folded, most)
        if (far > 0 && far <= most) near[number]?.set(folded, { far, word: written() })
      }
    }
  }
  return near.map((them) => [...them.values()].sort((a, b) => a.far - b.far).slice(0, mostOffered))
}

/** Every choice of one from each list. */
const choices = <T>(lists: readonly (readonly T[])[]): T[][] =>
  lists.reduce<T[][]>((all, list) => all.flatMap((some) => list.map((one) => [...some, one])), [[]])

/**
 * Searches that were probably meant, where a word of this one is had by nobody or by hardly anybody, and names are near to
 * it; each with how many users it finds. Only plain words are looked at: names of fields, numbers and phrases mean what they say.
 */
export async function nearestSearches(search: string, among: Among): Promise<NearestSearch[]> {
  if (/["“”„«»*]/.test(search)) return []
  const written = [...search.matchAll(/\S+/g)]
  if (written.length > mostWords) return []
  const doubtful: {
    readonly from: number
    readonly to: number
    readonly word: string
    readonly found: number
  }[] = []
  for (const { 0: text, index } of written) {
    if (!/^\p{L}[\p{L}\p{M}'’]*$/u.test(text) || fold(text).length < shortest) continue
    const found = await among.count(text)
    if (found <= few) doubtful.push({ from: index, to: index + text.length, word: fold(text), found })
  }
  if (doubtful.length === 0) return []
  const near = await nearestWords(
    doubtful.map(({ word }) => word),
    among,
  )
  // A word that somebody has may be right, and one to which nothing is near stays as it is.
  const lists = near.map((them, at): readonly (Near | undefined)[] =>
    them.length === 0 || (doubtful[at]?.found ?? 0) > 0 ? [undefined, ...them] : them,
  )
  const now = await among.count(search)
  const found: (NearestSearch & { readonly far: number })[] = []
  for (const chosen of choices(lists)) {
    if (chosen.every((one) => one === undefined)) continue
    let meant = search
    for (const [at, { from, to }] of [...doubtful.entries()].reverse()) {
      const one = chosen[at]
      if (one !== undefined) meant = meant.slice(0, from) + one.word + meant.slice(to)
    }
    const users = await among.count(meant)
    const far = chosen.reduce((sum, one) => sum + (one?.far ?? 0), 0)
    if (users > now) found.push({ search: meant.trim(), users, far })
    if (among.pause.due()) await among.pause.wait()
  }
  return found
    .sort((a, b) => a.far - b.far || b.users - a.users)
    .slice(0, mostOffered)
    .map(({ search: meant, users }) => ({ search: meant, users }))
}
