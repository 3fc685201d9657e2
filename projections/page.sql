-- A stretch of the log for a fold: some types. By position and not by count, so that whatever plan the server makes,
-- it reads no more than the stretch: on a log without statistics a LIMIT here is answered by sorting all that follows.
-- Rows, not one glued array: the server spends a third of the time on them. The time of recording is sent only to a
-- fold that reads whole events.
SELECT position, type, body, CASE WHEN $4 THEN recorded_at END AS recorded_at
FROM store.log
WHERE position > $1 AND position <= $2 AND type = ANY($3::text [])
ORDER BY position
