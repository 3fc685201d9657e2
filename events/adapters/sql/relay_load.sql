-- The watermark, beside each partition; one row without a topic when there is none.
SELECT
    r.position AS watermark,
    p.topic,
    p.partition,
    p.position,
    p.count,
    p.hash
FROM store.relay AS r
LEFT JOIN store.relay_partition AS p ON true
