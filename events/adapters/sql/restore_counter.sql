-- Takes the counter until the commit, as an append does, for a batch that begins after a position; no row when the log
-- stands elsewhere, or has a later time.
UPDATE store.counter
SET position = $1 + $2, recorded_at = $4
WHERE position = $1 AND recorded_at <= $3
RETURNING position
