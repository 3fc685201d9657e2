-- Everything about one case or call, in the log's order.
SELECT position, recorded_at, stream, version, type, schema_version, correlation_id, body, key_id, signature
FROM store.log
WHERE correlation_id = $1
ORDER BY position
