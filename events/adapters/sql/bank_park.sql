-- One thing that no file told; the same one, while it is open, stands there once.
INSERT INTO store.bank_waiting (digest, name, ordinal, reason, detail, end_to_end_id, amount_cents, stream)
SELECT $1::text, $2::text, $3::bigint, $4::text, $5::text, $6::text, $7::bigint, $8::text
WHERE
    NOT EXISTS (
        SELECT FROM store.bank_waiting
        WHERE
            closed_by IS NULL
            AND (digest, name, ordinal, reason, detail) = ($1, $2, $3, $4, $5)
            AND end_to_end_id IS NOT DISTINCT FROM $6
            AND amount_cents IS NOT DISTINCT FROM $7
            AND stream IS NOT DISTINCT FROM $8
    );
