-- Erases a secret for ever, also one that was never made.
INSERT INTO vault.subject_key (subject, wrapped, destroyed_at) VALUES ($1, NULL, now())
ON CONFLICT (subject) DO UPDATE SET wrapped = NULL, destroyed_at = now()
WHERE subject_key.destroyed_at IS NULL
