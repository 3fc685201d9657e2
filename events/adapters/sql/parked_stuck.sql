-- The streams that consumers stand still on.
SELECT
    consumer,
    stream,
    count(*) AS events,
    bool_or(again) AS again
FROM store.parked
WHERE $1::text [] IS NULL OR consumer = ANY($1)
GROUP BY consumer, stream
ORDER BY consumer, stream;
