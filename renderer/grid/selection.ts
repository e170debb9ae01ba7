/**
 * The rows a person has chosen, by id, so that a refresh or a new order leaves them chosen. "All" is kept as
 * such, with what was taken out of it: a hundred thousand rows are not fetched in order to be chosen.
 */
export type Selection =
  | { readonly all: false; readonly ids: ReadonlySet<string> }
  | { readonly all: true; readonly except: ReadonlySet<string> }

export const nothingSelected: Selection = { all: false, ids: new Set() }
export const everythingSelected: Selection = { all: true, except: new Set() }

export function isSelected(selection: Selection, id: string): boolean {
  return selection.all ? !selection.except.has(id) : selection.ids.has(id)
}

/** How many of `total` rows are chosen. */
export function selectedCount(selection: Selection, total: number): number {
  return selection.all ? Math.max(0, total - selection.except.size) : selection.ids.size
}

export function toggled(selection: Selection, id: string): Selection {
  return withRows(selection, [id], !isSelected(selection, id))
}

/** The selection with these rows in it, or out of it. */
export function withRows(selection: Selection, ids: Iterable<string>, chosen: boolean): Selection {
  const kept = new Set(selection.all ? selection.except : selection.ids)
  const keepsIds = chosen !== selection.all
  for (const id of ids) {
    if (keepsIds) kept.add(id)
    else kept.delete(id)
  }
  return selection.all ? { all: true, except: kept } : { all: false, ids: kept }
}
