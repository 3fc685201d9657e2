-- The log above a position, some types only. Positions are picked from the index first, a few a type, so that a log
-- without statistics (just restored, say) is never sorted as a whole.
WITH picked AS (
    SELECT next.position
    FROM unnest($3::text []) AS wanted (type)
    CROSS JOIN LATERAL (
        SELECT l.position FROM store.log AS l
        WHERE l.type = wanted.type AND l.position > $1
        ORDER BY l.position
        LIMIT $2
    ) AS next
    ORDER BY next.position
    LIMIT $2
)

SELECT
    position,
    recorded_at,
    stream,
    version,
    type,
    schema_version,
    correlation_id,
    body,
    key_id,
    signature
FROM store.log
WHERE position = ANY(ARRAY(SELECT p.position FROM picked AS p))
ORDER BY position
