-- What was tried, the newest first.
SELECT entry, ident, sort, sequence, event_id, number, at, millis, status, error, excerpt
FROM subscription.attempt
WHERE ident = $1 AND entry < coalesce($2, 9223372036854775807)
ORDER BY entry DESC
LIMIT $3
