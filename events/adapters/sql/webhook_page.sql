-- Receivers of one organisation, or of all, by id.
SELECT ident, organisation, person, url, types, created_at, keys::text AS keys, epoch, status, reason, place, failures, failing_since, due, rate,
    ARRAY(SELECT a.sequence FROM subscription.again AS a WHERE a.ident = e.ident ORDER BY a.sequence) AS again
FROM subscription.endpoint AS e
WHERE ($1::text IS NULL OR organisation = $1) AND ident > $2
ORDER BY ident
LIMIT $3
