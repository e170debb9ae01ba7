/**
 * History as a ledger: what an attempt was is never touched again, what became of it lies beside, and every step is
 * a link of a hash chain. The words of an entry are in a full-text index of all substrings.
 */
export const historyLedger = `
ALTER TABLE history DROP COLUMN prev_hash;
ALTER TABLE history DROP COLUMN hash;
-- What was added to the row since, as one JSON object.
ALTER TABLE history ADD COLUMN settled TEXT;
CREATE INDEX history_by_start ON history (started_wall, outcome);
-- What a search asks of each entry, without the pages of the entries themselves.
CREATE INDEX history_narrow ON history (seq, started_wall, outcome, user_id, connection_id);

CREATE TABLE history_links (
  link INTEGER PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('open', 'settle', 'trim')),
  -- The entry; of a trim the newest entry that went.
  seq INTEGER NOT NULL,
  digest TEXT NOT NULL,
  hash TEXT NOT NULL,
  note TEXT
) STRICT;
CREATE INDEX history_links_by_seq ON history_links (seq, kind);
CREATE INDEX history_trims ON history_links (seq) WHERE kind = 'trim';

-- The end of the chain, so that links cut off at the end are missed. Entries up to starts_after are older than the chain.
CREATE TABLE history_head (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  links INTEGER NOT NULL,
  hash TEXT NOT NULL,
  starts_after INTEGER NOT NULL
) STRICT;
INSERT INTO history_head SELECT 1, 0, '', max(seq) FROM history HAVING count(*) > 0;

CREATE TABLE history_reverts (
  id INTEGER PRIMARY KEY,
  seq INTEGER NOT NULL,
  reverted_id TEXT NOT NULL
) STRICT;
CREATE INDEX history_reverts_by_reverted ON history_reverts (reverted_id);

-- The texts are folded before they come here. Ranks are never asked for, so no sizes are kept.
CREATE VIRTUAL TABLE history_words USING fts5 (
  user, fields, vals, outcome, account, reason, batch, tokenize = 'trigram case_sensitive 1', columnsize = 0
);
CREATE VIRTUAL TABLE history_terms USING fts5vocab (history_words, row);
`
