-- Manifests of the days after one, in order.
SELECT day, body
FROM subscription.manifest
WHERE topic = $1 AND day > coalesce($2, '-infinity'::date)
ORDER BY day
LIMIT $3
