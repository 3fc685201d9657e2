-- A stream's events above a version, in version order.
SELECT position, recorded_at, stream, version, type, schema_version, correlation_id, body, key_id, signature
FROM store.log
WHERE stream = $1 AND version > $2
ORDER BY version
