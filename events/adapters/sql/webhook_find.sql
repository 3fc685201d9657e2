-- One receiver as it stands now, with the events that are asked for once more.
SELECT ident, organisation, person, url, types, created_at, keys::text AS keys, epoch, status, reason, place, failures, failing_since, due, rate,
    ARRAY(SELECT a.sequence FROM subscription.again AS a WHERE a.ident = e.ident ORDER BY a.sequence) AS again
FROM subscription.endpoint AS e
WHERE ident = $1
