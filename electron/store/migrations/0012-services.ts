/** The call-handling services of users as last read, each an object as the server sent it. */
export const services = `
CREATE TABLE services (
  connection_id TEXT NOT NULL,
  -- In small letters: the server does not tell ids apart by case.
  user_id TEXT NOT NULL,
  service TEXT NOT NULL,
  -- NULL: the user does not have the service.
  object TEXT,
  -- Wall milliseconds.
  read_at INTEGER NOT NULL,
  PRIMARY KEY (connection_id, user_id, service)
) STRICT, WITHOUT ROWID;
`
