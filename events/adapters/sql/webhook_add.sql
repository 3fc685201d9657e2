-- A new receiver; nothing if its id is taken.
INSERT INTO subscription.endpoint
    (ident, organisation, person, url, types, created_at, keys, status, reason, place, failures, failing_since, due, rate)
VALUES ($1, $2, $3, $4, $5, $6, $7::jsonb, $8, $9, $10, $11, $12, $13, $14)
ON CONFLICT DO NOTHING
RETURNING ident
