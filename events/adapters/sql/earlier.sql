-- Where the events stand that lie between two positions, have one of these types and belong to one of these cases or
-- calls (null: to any).
SELECT
    position,
    stream
FROM store.log
WHERE
    position > $1 AND position < $2
    AND type = ANY($3::text [])
    AND ($4::uuid [] IS NULL OR correlation_id = ANY($4));
