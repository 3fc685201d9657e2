-- The log above a position, in its one order.
SELECT position, recorded_at, stream, version, type, schema_version, correlation_id, body, key_id, signature
FROM store.log
WHERE position > $1
ORDER BY position
LIMIT $2
