-- What waits for somebody, by number; with $1 what was closed too.
SELECT
    number,
    digest,
    name,
    ordinal,
    reason,
    detail,
    end_to_end_id,
    amount_cents,
    stream,
    since,
    closed_by,
    why
FROM store.bank_waiting
WHERE $1::boolean OR closed_by IS NULL
ORDER BY number;
