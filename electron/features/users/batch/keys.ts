import { unmarked } from '../../../../shared/user/cell'
import { foldedId, sameUserId } from '../../../../shared/user/id'
import { type Amount, amountsOf, roundedTo, shownAs } from '../../../../shared/user/rendering/amounts'
import { trimmed } from '../../../../shared/user/rendering/letters'
import { written } from '../../../../shared/user/rendering/rendering'
import type { Pause } from '../../../platform/pause'

/** Who a line is about. */
export type Named =
  | {
      readonly userId: string
      /** Set where the file has another id than the server. */
      readonly note?: string
    }
  | { readonly problem: string }

/** With nothing around it, as most ids stand in a file. */
const bareId = /^[a-z0-9][\w@.-]*$/i

/** An id as it stands in a file, without what a program put around it. */
export function idText(cell: string): string {
  if (bareId.test(cell)) return cell
  const id = trimmed(unmarked(trimmed(cell)))
  return /^=\s*"(.*)"$/.exec(id)?.[1] ?? id
}

const hidden = /[\p{Cf}\p{Cc}]/gu
const shownHidden = (id: string) =>
  id.replace(
    hidden,
    (character) => `⟨U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}⟩`,
  )

const keyOf = ({ negative, digits, exponent }: Amount) => `${negative ? '-' : ''}${digits}e${exponent}`

const nobody: readonly string[] = []

/** Texts that a spreadsheet takes for a number as a whole. */
const looksNumeric = /^[+\d(][\d.,eE+\-() ]*$/

/**
 * Whom the ids of a file name among the users that are loaded: in any letter case, and as a spreadsheet may have left
 * them. An id that could be two users is nobody.
 * @param texts the ids as {@link idText} gives them
 * @param portions the ids of all loaded users, as the server spells them
 */
export async function usersNamed(
  texts: Iterable<string>,
  portions: Iterable<readonly string[]>,
  pause: Pause,
): Promise<(text: string) => Named | undefined> {
  const spelled = new Map<string, string | readonly string[]>()
  const numbers = new Map<string, string[]>()
  const figures = new Set<number>()
  const wanted = (text: string) => (looksNumeric.test(text) && written(text) ? amountsOf(text) : [])
  for (const text of texts) {
    spelled.set(foldedId(text), nobody)
    for (const number of wanted(text)) {
      numbers.set(keyOf(number), [])
      if (number.scientific || number.digits.length >= 15) figures.add(number.digits.length)
    }
    if (pause.due()) await pause.wait()
  }
  for (const ids of portions) {
    for (const id of ids) {
      const lower = foldedId(id)
      const others = spelled.get(lower)
      if (others !== undefined) spelled.set(lower, others === nobody ? id : [others, id].flat())
      if (numbers.size === 0 || !looksNumeric.test(id)) continue
      const keys = new Set<string>()
      for (const number of amountsOf(id)) {
        keys.add(keyOf(number))
        for (const many of figures) for (const one of roundedTo(number, many)) keys.add(keyOf(one))
        // What a spreadsheet keeps of it as a double may have more digits than fifteen.
        if (number.digits.length > 15) {
          for (const one of amountsOf(String(BigInt(Number(id.replace(/\D/g, '')))))) keys.add(keyOf(one))
        }
      }
      for (const key of keys) numbers.get(key)?.push(id)
    }
    if (pause.due()) await pause.wait()
  }

  return (text) => {
    const found = spelled.get(foldedId(text))
    const cells = wanted(text)
    if (typeof found === 'string' && cells.length === 0) return { userId: found }
    const exact = [found ?? []].flat()
    const same = exact.includes(text) ? [text] : exact
    const others = new Set<string>()
    for (const cell of cells) {
      for (const id of numbers.get(keyOf(cell)) ?? []) {
        // Who stands in the file as on the server has a line of their own.
        if (same.includes(id) || spelled.has(foldedId(id))) continue
        if (amountsOf(id).some((had) => shownAs(had, cell) === 'sure')) others.add(id)
      }
    }
    const all = [...same, ...others]
    const [userId] = all
    if (userId === undefined) {
      const bad = shownHidden(text)
      return bad === text
        ? undefined
        : { problem: `The user id has a character that nobody sees: ${bad}. Take it out of the file.` }
    }
    if (all.length > 1) {
      const names = all.slice(0, 4).map((id) => `“${id}”`)
      const more = all.length > 4 ? ` and ${all.length - 4} more` : ''
      return {
        problem: `“${text}” may be ${names.join(', ')}${more}: a spreadsheet drops zeros, plus signs and digits. Keep the id column as text.`,
      }
    }
    return sameUserId(userId, text)
      ? { userId }
      : { userId, note: `“${text}” in the file was taken for ${userId}, the only user it can be.` }
  }
}
