/** Groups whose users were read from the server, and lie on disk until they have been taken into the cache. */
export const arrivals = `
CREATE TABLE arrivals (
  connection_id TEXT NOT NULL,
  sp TEXT NOT NULL,
  grp TEXT NOT NULL,
  -- 1: full records.
  detailed INTEGER NOT NULL,
  -- The load that read them, and when it asked (wall milliseconds).
  load INTEGER NOT NULL,
  asked_at INTEGER NOT NULL,
  PRIMARY KEY (connection_id, sp, grp)
) STRICT, WITHOUT ROWID;
`
