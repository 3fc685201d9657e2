-- One event once more, for a receiver that exists.
INSERT INTO subscription.again (ident, sequence)
SELECT ident, $2 FROM subscription.endpoint WHERE ident = $1
ON CONFLICT DO NOTHING
