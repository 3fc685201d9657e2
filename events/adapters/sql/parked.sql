-- What stands on the stuck list, narrowed by whatever is not null; by number, or by position within one stream.
SELECT
    number,
    consumer,
    position,
    recorded_at,
    stream,
    version,
    type,
    schema_version,
    trace_id,
    body,
    key_id,
    signature,
    event_id,
    reason,
    detail,
    parked_at,
    again
FROM store.parked
WHERE
    ($1::text [] IS NULL OR consumer = ANY($1))
    AND ($2::text IS NULL OR stream = $2)
    AND ($3::bigint IS NULL OR number = $3)
    AND ($4::boolean IS NULL OR told = $4)
ORDER BY CASE WHEN $2 IS NULL THEN number ELSE position END;
