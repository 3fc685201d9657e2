-- Takes or renews a lease; no row while another holds it. The row's lock makes two takers wait for each other, and the
-- clock is read after that wait.
INSERT INTO store.lease AS l (name, holder, token, expires_at)
VALUES ($1, $2, 1, clock_timestamp() + $3)
ON CONFLICT (name) DO UPDATE SET
    token = CASE WHEN l.holder = excluded.holder THEN l.token ELSE l.token + 1 END,
    holder = excluded.holder,
    expires_at = clock_timestamp() + $3
WHERE l.holder = excluded.holder OR l.holder IS NULL OR l.expires_at <= clock_timestamp()
RETURNING l.token
