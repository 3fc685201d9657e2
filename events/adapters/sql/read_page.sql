-- A page of the log as one JSON array [[position, recorded_at in microseconds, envelope], …], glued by the server:
-- the envelope's own bytes stand in it unchanged. Each row closes the one before it, so that a body is copied once;
-- the reader drops the first two bytes and closes the last.
SELECT
    max(p.position) AS last,
    string_agg(
        convert_to(
            '],[' || p.position::text || ',' || (date_part('epoch', p.recorded_at) * 1000000)::bigint::text || ',',
            'UTF8'
        ) || p.body,
        NULL ORDER BY p.position
    ) AS page
FROM (
    SELECT position, recorded_at, body FROM store.log
    WHERE position > $1 AND ($3::text [] IS NULL OR type = ANY($3::text []))
    ORDER BY position
    LIMIT $2
) AS p
