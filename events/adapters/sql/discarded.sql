-- Everything that was given up, with who, when and why.
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
    false AS again,
    discarded_by,
    why,
    discarded_at
FROM store.discarded
ORDER BY number;
