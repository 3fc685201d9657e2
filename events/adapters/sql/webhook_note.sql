-- The progress after an attempt; of one that a person's command overtook, the place alone.
UPDATE subscription.endpoint AS e
SET place = greatest(place, $3),
    status = CASE WHEN epoch = $2 THEN $4 ELSE status END,
    reason = CASE WHEN epoch = $2 THEN $5 ELSE reason END,
    failures = CASE WHEN epoch = $2 THEN $6 ELSE failures END,
    failing_since = CASE WHEN epoch = $2 THEN $7 ELSE failing_since END,
    due = CASE WHEN epoch = $2 THEN $8 ELSE due END,
    rate = CASE WHEN epoch = $2 THEN $9 ELSE rate END
WHERE ident = $1
RETURNING ident, organisation, person, url, types, created_at, keys::text AS keys, epoch, status, reason, place, failures, failing_since, due, rate,
    ARRAY(SELECT a.sequence FROM subscription.again AS a WHERE a.ident = e.ident ORDER BY a.sequence) AS again
