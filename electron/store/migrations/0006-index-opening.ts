/** What the list of users begins with: shown at a start before the copy of the index has been read. */
export const indexOpening = `
-- JSON: how many users there are, and the rows of the first ones in the usual order.
ALTER TABLE index_snapshots ADD COLUMN opening TEXT;
`
