-- The streams that consumers stand still on, in the order in which they came to.
SELECT
    consumer,
    stream,
    count(*) AS events,
    bool_or(again) AS again,
    min(number) AS number
FROM store.parked
WHERE $1::text [] IS NULL OR consumer = ANY($1)
GROUP BY consumer, stream
ORDER BY min(number);
