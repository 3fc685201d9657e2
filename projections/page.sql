-- A page of the log for a fold: the last position, and one JSON array [[type, position, recorded_at in microseconds,
-- envelope], …], glued by the server around the envelopes' own bytes.
SELECT
    max(p.position) AS last,
    count(*) AS events,
    '['::bytea || string_agg(
        convert_to(
            '["' || p.type || '",' || p.position::text || ','
            || (extract(EPOCH FROM p.recorded_at) * 1000000)::bigint::text || ',', 'UTF8'
        ) || p.body || ']'::bytea,
        ','::bytea ORDER BY p.position
    ) || ']'::bytea AS page
FROM (
    SELECT position, recorded_at, type, body FROM store.log
    WHERE position > $1 AND position <= $2 AND type = ANY($3::text [])
    ORDER BY position
    LIMIT $4
) AS p
