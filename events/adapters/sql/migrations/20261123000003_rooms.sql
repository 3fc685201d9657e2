-- migrate:up

-- Where consumers stand, what is due, and the keys of data subjects: the only rows here that change in place.
SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

CREATE TABLE store.consumer_place (
    consumer text PRIMARY KEY,
    position bigint NOT NULL CHECK (position >= 0)
) WITH (fillfactor = 50);

CREATE TABLE store.timer (
    timer_id text PRIMARY KEY,
    due_at timestamptz NOT NULL,
    service text NOT NULL,
    stream text NOT NULL,
    command text NOT NULL,
    body jsonb NOT NULL,
    cause uuid NOT NULL,
    fired_at timestamptz
);

CREATE INDEX timer_due ON store.timer (due_at) WHERE fired_at IS NULL;

CREATE SCHEMA vault;

GRANT USAGE ON SCHEMA vault TO wijkspoor_app;

-- A destroyed key keeps its row without the key, so that it is never made anew for the same subject.
CREATE TABLE vault.subject_key (
    subject uuid PRIMARY KEY,
    wrapped bytea,
    created_at timestamptz NOT NULL DEFAULT now(),
    destroyed_at timestamptz,
    CHECK ((wrapped IS NULL) = (destroyed_at IS NOT NULL))
);

GRANT SELECT, INSERT, UPDATE, DELETE ON store.consumer_place, store.timer TO wijkspoor_app;

GRANT SELECT, INSERT, UPDATE ON vault.subject_key TO wijkspoor_app;

-- Moves a place if it stands where the caller believes; false tells a stale caller that another has gone on.
-- The commit need not wait for the disk: a place that is lost is a repeat, and repeats are harmless.
CREATE FUNCTION store.advance_place(p_consumer text, p_expected bigint, p_position bigint)
RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('synchronous_commit', 'off', true);
    IF p_expected = 0 THEN
        INSERT INTO store.consumer_place (consumer, position) VALUES (p_consumer, 0) ON CONFLICT DO NOTHING;
    END IF;
    UPDATE store.consumer_place SET position = p_position WHERE consumer = p_consumer AND position = p_expected;
    RETURN FOUND;
END
$$;

-- migrate:down

DO $$ BEGIN RAISE EXCEPTION 'a log has no way back: write a migration that goes forward'; END $$;
