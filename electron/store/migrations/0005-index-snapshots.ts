/** Which copy of the search index on disk belongs to the cached users. None does once a user was removed. */
export const indexSnapshots = `
CREATE TABLE index_snapshots (
  connection_id TEXT PRIMARY KEY,
  -- Written into the copy too.
  token TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TRIGGER users_removed AFTER DELETE ON users
BEGIN
  DELETE FROM index_snapshots WHERE connection_id = old.connection_id;
END;
`
