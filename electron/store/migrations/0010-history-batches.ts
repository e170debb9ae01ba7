/**
 * Which changes were saved together, and of which fields, without the pages of the entries themselves: a list that shows
 * each batch as one line asks this of every entry. Made of the entry, so that it cannot say something else.
 */
export const historyBatches = `
ALTER TABLE history ADD COLUMN batch_id TEXT
  GENERATED ALWAYS AS (CASE WHEN json_valid(row) THEN CAST(json_extract(row, '$.batchId') AS TEXT) END) VIRTUAL;
ALTER TABLE history ADD COLUMN fields TEXT
  GENERATED ALWAYS AS (CASE WHEN json_valid(row) THEN CAST(json_extract(row, '$.fields') AS TEXT) END) VIRTUAL;
DROP INDEX history_narrow;
CREATE INDEX history_narrow ON history (seq, started_wall, outcome, user_id, connection_id, batch_id);
-- Where each batch stands, and how large it is; and what is said of a few of them.
CREATE INDEX history_batch_lines ON history (batch_id, seq) WHERE batch_id IS NOT NULL;
CREATE INDEX history_batch_facts ON history (batch_id, outcome, user_id, fields) WHERE batch_id IS NOT NULL;
`
