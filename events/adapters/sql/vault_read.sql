-- The wrapped secrets of some subjects; null for a destroyed one.
SELECT subject, wrapped FROM vault.subject_key WHERE subject = ANY($1::uuid [])
