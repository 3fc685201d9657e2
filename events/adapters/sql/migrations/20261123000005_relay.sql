-- migrate:up

-- Who may act under a name just now, and how far the log has been published on Kafka.
SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

-- The token grows at every change of holder; a row is never removed.
CREATE TABLE store.lease (
    name text PRIMARY KEY,
    holder text,
    token bigint NOT NULL CHECK (token >= 1),
    expires_at timestamptz NOT NULL
) WITH (fillfactor = 10);

-- One row for ever: every position up to this one was acknowledged by Kafka.
CREATE TABLE store.relay (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    position bigint NOT NULL CHECK (position >= 0)
) WITH (fillfactor = 10);

INSERT INTO store.relay (position) VALUES (0);

-- What each partition holds up to that position: its last one, how many, and the rolling SHA-256 over them.
CREATE TABLE store.relay_partition (
    topic text NOT NULL,
    partition bigint NOT NULL CHECK (partition >= 0),
    position bigint NOT NULL CHECK (position >= 1),
    count bigint NOT NULL CHECK (count >= 1),
    hash bytea NOT NULL CHECK (octet_length(hash) = 32),
    PRIMARY KEY (topic, partition)
) WITH (fillfactor = 50);

GRANT SELECT, INSERT, UPDATE ON store.lease TO wijkspoor_app;

GRANT SELECT, UPDATE ON store.relay TO wijkspoor_app;

GRANT SELECT, INSERT, UPDATE ON store.relay_partition TO wijkspoor_app;

-- Moves the watermark and the partitions together, for the holder of the lease's newest token; false tells one that
-- was frozen that another has taken over. The share lock keeps the lease from changing hands before the commit, which
-- need not wait for the disk: a watermark that is lost is moved again, and repeats are harmless.
CREATE FUNCTION store.move_relay(
    p_lease text, p_token bigint, p_position bigint,
    p_topic text [], p_partition bigint [], p_last bigint [], p_count bigint [], p_hash bytea []
) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('synchronous_commit', 'off', true);
    PERFORM FROM store.lease AS l WHERE l.name = p_lease AND l.token = p_token AND l.holder IS NOT NULL FOR SHARE;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    UPDATE store.relay AS r SET position = p_position WHERE r.position <= p_position;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    INSERT INTO store.relay_partition AS r (topic, partition, position, count, hash)
    SELECT n.topic, n.partition, n.last, n.count, n.hash
    FROM unnest(p_topic, p_partition, p_last, p_count, p_hash) AS n (topic, partition, last, count, hash)
    ON CONFLICT (topic, partition) DO UPDATE SET
        position = excluded.position, count = excluded.count, hash = excluded.hash;
    RETURN true;
END
$$;

REVOKE EXECUTE ON FUNCTION store.move_relay(
    text, bigint, bigint, text [], bigint [], bigint [], bigint [], bytea []
) FROM public;

GRANT EXECUTE ON FUNCTION store.move_relay(
    text, bigint, bigint, text [], bigint [], bigint [], bigint [], bytea []
) TO wijkspoor_app;

-- migrate:down

DO $$ BEGIN RAISE EXCEPTION 'a log has no way back: write a migration that goes forward'; END $$;
