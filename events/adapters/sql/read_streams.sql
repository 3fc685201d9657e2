-- The events of some streams, each above a version of its own, with the number of the one who asked. LATERAL with an
-- order of its own: each stream is found by its index, whatever the server believes about the size of the log.
SELECT
    asked.number, l.position, l.recorded_at, l.stream, l.version, l.type, l.schema_version, l.correlation_id, l.body,
    l.key_id, l.signature
FROM unnest($1::text [], $2::bigint []) WITH ORDINALITY AS asked (stream, after, number)
CROSS JOIN LATERAL (
    SELECT position, recorded_at, stream, version, type, schema_version, correlation_id, body, key_id, signature
    FROM store.log
    WHERE stream = asked.stream AND version > asked.after
    ORDER BY version
) AS l
ORDER BY asked.number, l.version
