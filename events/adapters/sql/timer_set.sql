-- Sets deadlines. One that is set again for the same cause and instant stays as it is, fired or not.
INSERT INTO store.timer AS t (timer_id, due_at, service, stream, command, body, cause)
SELECT * FROM unnest($1::text [], $2::timestamptz [], $3::text [], $4::text [], $5::text [], $6::jsonb [], $7::uuid [])
ON CONFLICT (timer_id) DO UPDATE SET
    due_at = excluded.due_at,
    service = excluded.service,
    stream = excluded.stream,
    command = excluded.command,
    body = excluded.body,
    cause = excluded.cause,
    fired_at = CASE WHEN t.cause = excluded.cause AND t.due_at = excluded.due_at THEN t.fired_at END;
