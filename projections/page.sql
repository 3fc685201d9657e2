-- A page of the log for a fold: some types, up to a position. Rows, not one glued array: the server spends a third of
-- the time on them. The time of recording is sent only to a fold that reads whole events.
SELECT position, type, body, CASE WHEN $5 THEN recorded_at END AS recorded_at
FROM store.log
WHERE position > $1 AND position <= $2 AND type = ANY($3::text [])
ORDER BY position
LIMIT $4
