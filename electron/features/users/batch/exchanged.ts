import { unmarked } from '../../../../shared/user/cell'
import { undressed } from '../../../../shared/user/rendering/letters'
import type { FieldPath } from '../../../../shared/user/types'

/** What a line of a file has in a field where its user has something else. */
export interface Differing {
  readonly path: FieldPath
  readonly cell: string
  readonly had: string
}

/** A text without what programs do to texts in passing, such as taking off zeros in front. */
export const keyOf = (text: string) => undressed(unmarked(text)).replace(/^\+?0*(?=\d+$)/, '')

/**
 * The fields of a line whose new value is what its user has in another field, and so on round to where the first one's
 * value stands: columns that were exchanged. Each with the field that its value is of.
 */
export function exchanged(all: readonly Differing[]): ReadonlyMap<FieldPath, FieldPath> {
  const found = new Map<FieldPath, FieldPath>()
  if (all.length < 2) return found
  const byHad = new Map<string, Differing[]>()
  for (const each of all) {
    const key = keyOf(each.had)
    const same = byHad.get(key)
    if (same === undefined) byHad.set(key, [each])
    else same.push(each)
  }
  const sourcesOf = ({ cell }: Differing) => byHad.get(keyOf(cell)) ?? []
  const leadsTo = (from: Differing, to: Differing, seen: Set<Differing>): boolean => {
    if (from === to) return true
    if (seen.has(from)) return false
    seen.add(from)
    return sourcesOf(from).some((next) => leadsTo(next, to, seen))
  }
  for (const one of all) {
    if (keyOf(one.cell) === '') continue
    const source = sourcesOf(one).find((other) => other !== one && leadsTo(other, one, new Set()))
    if (source !== undefined) found.set(one.path, source.path)
  }
  return found
}
