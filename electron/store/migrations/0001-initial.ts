/** Connections, settings, the cached directory, the outbox and the history. */
export const initial = `
CREATE TABLE connections (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  base_url TEXT NOT NULL,
  username TEXT NOT NULL,
  calls_per_second REAL NOT NULL,
  ca_file TEXT,
  demo INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE settings (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT;

-- sp and grp: service provider and group. The record holds the fields; the columns only what is searched by.
-- AUTOINCREMENT: the search index relies on a new user having the largest id there ever was.
CREATE TABLE users (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  connection_id TEXT NOT NULL,
  sp TEXT NOT NULL,
  grp TEXT NOT NULL,
  user_id TEXT NOT NULL,
  completeness TEXT NOT NULL CHECK (completeness IN ('row', 'full')),
  record TEXT NOT NULL,
  read_at INTEGER NOT NULL,
  gone_at INTEGER,
  -- Grows with every change of the row: what is newer than a copy of the directory is found by it.
  version INTEGER NOT NULL,
  UNIQUE (connection_id, user_id)
) STRICT;
CREATE INDEX users_by_version ON users (connection_id, version);
CREATE INDEX users_by_group ON users (connection_id, sp, grp);

CREATE TABLE groups (
  connection_id TEXT NOT NULL,
  sp TEXT NOT NULL,
  grp TEXT NOT NULL,
  sp_name TEXT,
  group_name TEXT,
  -- When all its users were last read, as list rows and as full records.
  read_at INTEGER,
  detailed_at INTEGER,
  -- The load that did so: a load that goes on after a crash skips what it has read. No clock is asked for that.
  read_by INTEGER,
  detailed_by INTEGER,
  -- 1: kept complete and fresh for work without a network.
  offline INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (connection_id, sp, grp)
) STRICT, WITHOUT ROWID;

-- No foreign key to connections: an unsent change outlives whatever happens to its connection's row.
CREATE TABLE outbox (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  connection_id TEXT NOT NULL,
  origin TEXT NOT NULL,
  account TEXT NOT NULL,
  sp TEXT NOT NULL,
  grp TEXT NOT NULL,
  user_id TEXT NOT NULL,
  state TEXT NOT NULL,
  entry TEXT NOT NULL,
  -- Grows with every change of the row: whoever shows entries reads only what is newer than what it has.
  version INTEGER NOT NULL
) STRICT;
CREATE INDEX outbox_by_version ON outbox (version);
CREATE INDEX outbox_by_state ON outbox (connection_id, state);
CREATE INDEX outbox_by_user ON outbox (connection_id, user_id);

CREATE TABLE history (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  connection_id TEXT NOT NULL,
  entry_id TEXT,
  user_id TEXT NOT NULL,
  started_wall INTEGER NOT NULL,
  outcome TEXT NOT NULL,
  row TEXT NOT NULL,
  prev_hash TEXT,
  hash TEXT
) STRICT;
CREATE INDEX history_by_user ON history (user_id);
CREATE INDEX history_by_entry ON history (entry_id);
`
