-- A line of the log of attempts.
INSERT INTO subscription.attempt (ident, sort, sequence, event_id, number, at, millis, status, error, excerpt)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
