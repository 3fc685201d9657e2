-- Every secret that lives, held until the commit.
SELECT subject, wrapped FROM vault.subject_key WHERE wrapped IS NOT NULL ORDER BY subject FOR UPDATE
