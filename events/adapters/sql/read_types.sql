-- The log above a position, some types only.
SELECT position, recorded_at, stream, version, type, schema_version, correlation_id, body, key_id, signature
FROM store.log
WHERE position > $1 AND type = ANY($3::text [])
ORDER BY position
LIMIT $2
