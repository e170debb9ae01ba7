/** How far from its old place a row that has moved is looked for, among the rows that are here. */
const reach = 200

/** Where the row of this id stands now, as far as it is in sight; else the place where it stood. */
export function whereIs(
  id: string | undefined,
  row: number,
  idAt: (index: number) => string | undefined,
): number {
  const here = idAt(row)
  if (id === undefined || row < 0 || here === undefined || here === id) return row
  for (let away = 1; away <= reach; away++) {
    if (idAt(row + away) === id) return row + away
    if (row >= away && idAt(row - away) === id) return row - away
  }
  return row
}
