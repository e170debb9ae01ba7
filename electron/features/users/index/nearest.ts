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
/** Names looked at between two looks at the clock. */
const atOnce = 256

/** A name as somebody has it, folded, and as it is written. */
export interface Name {
  readonly folded: string
  readonly written: () => string
}

/** What is asked of the users among whom is searched. */
export interface Among {
  /** Every first and last name that one of them has, each once. */
  readonly names: () => Iterable<Name>
  /** How many of them a search finds. */
  readonly count: (search: string) => Promise<number>
  readonly pause: Pause
}

interface Near {
  readonly word: string
  readonly far: number
}

const parts = (name: string): string[] => name.split(/[\s-]+/).filter((part) => part !== '')
const mostFar = (word: string): number => (word.length <= 4 ? 1 : 2)

/** The names nearest to each of these folded words, the nearest first; of a name of several words the one that is near. */
async function nearestWords(words: readonly string[], { names, pause }: Among): Promise<Near[][]> {
  const near = words.map(() => new Map<string, Near>())
  let looked = 0
  for (const { folded, written } of names()) {
    if (++looked % atOnce === 0 && pause.due()) await pause.wait()
    for (const [at, part] of parts(folded).entries()) {
      for (const [number, word] of words.entries()) {
        const most = mostFar(word)
        if (part.length < shortest || near[number]?.has(part)) continue
        const far = distance(word, part, most)
        if (far === 0 || far > most) continue
        const spelled = parts(written())[at]
        near[number]?.set(part, {
          far,
          word: spelled !== undefined && fold(spelled) === part ? spelled : part,
        })
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
