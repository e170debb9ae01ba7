import type { Place } from './rowSource'

/**
 * The rows that are to stay where they are seen when the list changes, the most important first: the one a person is at,
 * then those nearest to it, for it may be gone from the list. None in a list that is seen from its top by nobody in
 * particular: whoever comes first is to be seen then.
 * @param drawn ids by place
 * @param seen what is in sight: the place at the top (a fraction is scrolled out) and how many rows there are
 * @param at ids of the rows that a person may be at, the most important first
 */
export function stayingRows(
  drawn: ReadonlyMap<number, string>,
  seen: { readonly top: number; readonly rows: number },
  at: readonly (string | undefined)[],
): Place[] {
  const inSight = [...drawn]
    .map(([row, id]) => ({ id, row }))
    .filter(({ row }) => row > seen.top - 1 && row < seen.top + seen.rows)
  const first = seen.top > 0 ? inSight.find(({ row }) => row >= seen.top) : undefined
  const lead =
    at.map((id) => inSight.find((each) => each.id === id)).find((each) => each !== undefined) ?? first
  if (lead === undefined) return []
  const away = ({ row }: Place) => Math.abs(row - lead.row)
  return inSight.sort((a, b) => away(a) - away(b) || b.row - a.row).slice(0, most)
}

/** Where each stands costs a look through the whole list: that so many leave it at once is rare. */
const most = 8
