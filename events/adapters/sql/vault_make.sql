-- New secrets; a subject that has one, or had one that was destroyed, keeps its row.
INSERT INTO vault.subject_key (subject, wrapped)
SELECT n.subject, n.wrapped FROM unnest($1::uuid [], $2::bytea []) AS n (subject, wrapped)
ON CONFLICT (subject) DO NOTHING
