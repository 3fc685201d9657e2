-- A person's command, if nobody else gave one meanwhile.
UPDATE subscription.endpoint
SET url = $3, types = $4, keys = $5::jsonb, status = $6, reason = $7, failures = $8, failing_since = $9, due = $10,
    epoch = epoch + 1
WHERE ident = $1 AND epoch = $2
RETURNING ident
