/** Values that were seen to change on the server between two reads, and not by us: for a user's own timeline. */
export const sightings = `
CREATE TABLE sightings (
  id INTEGER PRIMARY KEY,
  connection_id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  -- The two reads between which it happened, wall ms.
  since INTEGER NOT NULL,
  seen_at INTEGER NOT NULL,
  changes TEXT NOT NULL
) STRICT;
CREATE INDEX sightings_by_user ON sightings (connection_id, user_id, id);
`
