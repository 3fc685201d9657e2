-- One file with all that waits of it, in one statement; it tells whether the file was new.
WITH
reading AS (
    INSERT INTO store.bank_reading (digest, name, message, message_id, outcome, acted, noted, parked)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
    ON CONFLICT (digest) DO NOTHING
    RETURNING digest, name
),

waiting AS (
    INSERT INTO store.bank_waiting (digest, name, ordinal, reason, detail, end_to_end_id, amount_cents, stream)
    SELECT
        reading.digest,
        reading.name,
        told.ordinal,
        told.reason,
        told.detail,
        told.end_to_end_id,
        told.amount_cents,
        told.stream
    FROM reading
    CROSS JOIN unnest($9::bigint [], $10::text [], $11::text [], $12::text [], $13::bigint [], $14::text [])
        WITH ORDINALITY AS told (ordinal, reason, detail, end_to_end_id, amount_cents, stream, place)
    ORDER BY told.place
    RETURNING number
)

SELECT
    EXISTS (SELECT FROM reading) AS new,
    (SELECT count(*) FROM waiting) AS waiting;
