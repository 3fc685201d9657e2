-- Where the log, the relay and every consumer stand, in one snapshot.
SELECT
    (SELECT position FROM store.counter) AS head,
    coalesce((SELECT max(position) FROM store.relay), 0) AS relayed,
    coalesce((SELECT jsonb_object_agg(topic || '-' || partition, position) FROM store.relay_partition), '{}') AS partitions,
    coalesce((SELECT jsonb_object_agg(consumer, position) FROM store.consumer_place), '{}') AS places
