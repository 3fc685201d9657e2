-- The same secrets under another master key.
UPDATE vault.subject_key AS k SET wrapped = n.wrapped
FROM unnest($1::uuid [], $2::bytea []) AS n (subject, wrapped)
WHERE k.subject = n.subject
