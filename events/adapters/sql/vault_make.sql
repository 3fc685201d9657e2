-- The wrapped secrets of some subjects, new ones for those that have none; null for a destroyed one. A subject that has
-- one, or had one that was destroyed, keeps its row; one that another process makes just now is not told.
WITH made AS (
    INSERT INTO vault.subject_key (subject, wrapped)
    SELECT n.subject, n.wrapped FROM unnest($1::uuid [], $2::bytea []) AS n (subject, wrapped)
    ON CONFLICT (subject) DO NOTHING
    RETURNING subject, wrapped
)
SELECT subject, wrapped FROM made
UNION ALL
SELECT subject, wrapped FROM vault.subject_key WHERE subject = ANY($1)
