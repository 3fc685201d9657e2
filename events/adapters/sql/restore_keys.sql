-- Writes who holds which key after a restored batch.
INSERT INTO store.unique_key AS k (key, holder)
SELECT n.key, n.holder FROM unnest($1::text [], $2::text []) AS n (key, holder)
ON CONFLICT (key) DO UPDATE SET holder = excluded.holder
