-- Nothing for this receiver up to a sequence; a place never moves back.
UPDATE subscription.endpoint AS e
SET place = greatest(place, $2)
WHERE ident = $1
RETURNING ident, organisation, person, url, types, created_at, keys::text AS keys, epoch, status, reason, place, failures, failing_since, due, rate,
    ARRAY(SELECT a.sequence FROM subscription.again AS a WHERE a.ident = e.ident ORDER BY a.sequence) AS again
