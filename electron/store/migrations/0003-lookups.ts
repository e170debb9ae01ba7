/** What a server lets a person choose from (departments, time zones, numbers…), for work without a network. */
export const lookups = `
CREATE TABLE lookups (
  connection_id TEXT NOT NULL,
  -- What it is a list of, and for which group, as 'departments sp\\ngroup'; only the name for a whole server.
  name TEXT NOT NULL,
  read_at INTEGER NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (connection_id, name)
) STRICT, WITHOUT ROWID;
`
