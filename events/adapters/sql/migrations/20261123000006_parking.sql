-- migrate:up

-- Events that a consumer could not digest, with those of the same stream that wait behind them, and what became of
-- those that were given up. Bytes are kept exactly as they came.
SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

CREATE TABLE store.parked (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    consumer text NOT NULL,
    stream text NOT NULL,
    position bigint NOT NULL CHECK (position >= 0),
    recorded_at timestamptz NOT NULL,
    version bigint NOT NULL,
    type text NOT NULL,
    schema_version bigint NOT NULL,
    trace_id text NOT NULL,
    event_id text,
    body bytea NOT NULL,
    key_id text NOT NULL,
    signature bytea NOT NULL,
    reason text NOT NULL,
    detail text NOT NULL,
    parked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    again boolean NOT NULL DEFAULT false,
    told boolean NOT NULL DEFAULT false,
    UNIQUE (consumer, stream, position)
);

CREATE TABLE store.discarded (
    number bigint PRIMARY KEY,
    consumer text NOT NULL,
    stream text NOT NULL,
    position bigint NOT NULL,
    recorded_at timestamptz NOT NULL,
    version bigint NOT NULL,
    type text NOT NULL,
    schema_version bigint NOT NULL,
    trace_id text NOT NULL,
    event_id text,
    body bytea NOT NULL,
    key_id text NOT NULL,
    signature bytea NOT NULL,
    reason text NOT NULL,
    detail text NOT NULL,
    parked_at timestamptz NOT NULL,
    discarded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    discarded_by text NOT NULL CHECK (discarded_by <> ''),
    why text NOT NULL CHECK (why <> '')
);

CREATE INDEX discarded_consumer ON store.discarded (consumer, position);

GRANT SELECT, INSERT, UPDATE, DELETE ON store.parked TO wijkspoor_app;

GRANT SELECT, INSERT ON store.discarded TO wijkspoor_app;

-- Every step on a stream is taken under this lock, so that nothing comes between looking and writing.
CREATE FUNCTION store.hold_stream(p_consumer text, p_stream text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended(p_consumer || ' ' || p_stream, 6));
END
$$;

-- Parks an event. With p_behind only if its stream stands still already: false tells that it does not any more.
CREATE FUNCTION store.park(
    p_consumer text, p_position bigint, p_recorded_at timestamptz, p_stream text, p_version bigint, p_type text,
    p_schema_version bigint, p_trace_id text, p_event_id text, p_body bytea, p_key_id text, p_signature bytea,
    p_reason text, p_detail text, p_behind boolean
) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    PERFORM store.hold_stream(p_consumer, p_stream);
    IF p_behind AND NOT EXISTS (
        SELECT FROM store.parked AS p WHERE p.consumer = p_consumer AND p.stream = p_stream
    ) THEN
        RETURN false;
    END IF;
    INSERT INTO store.parked AS p (
        consumer, position, recorded_at, stream, version, type, schema_version, trace_id, event_id, body, key_id,
        signature, reason, detail
    ) VALUES (
        p_consumer, p_position, p_recorded_at, p_stream, p_version, p_type, p_schema_version, p_trace_id, p_event_id,
        p_body, p_key_id, p_signature, p_reason, p_detail
    )
    ON CONFLICT (consumer, stream, position) DO UPDATE SET
        reason = excluded.reason, detail = excluded.detail, again = false
    WHERE NOT p_behind;
    RETURN true;
END
$$;

-- Takes an event off; after the last one its stream goes on.
CREATE FUNCTION store.unpark(p_consumer text, p_stream text, p_number bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM store.hold_stream(p_consumer, p_stream);
    DELETE FROM store.parked AS p WHERE p.number = p_number;
END
$$;

-- Gives an event up, on record, and asks for what stands behind it; false if it is not there.
CREATE FUNCTION store.discard(p_number bigint, p_who text, p_why text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    gone store.parked;
BEGIN
    SELECT * INTO gone FROM store.parked AS p WHERE p.number = p_number;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    PERFORM store.hold_stream(gone.consumer, gone.stream);
    DELETE FROM store.parked AS p WHERE p.number = p_number RETURNING p.* INTO gone;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    INSERT INTO store.discarded (
        number, consumer, stream, position, recorded_at, version, type, schema_version, trace_id, event_id, body,
        key_id, signature, reason, detail, parked_at, discarded_by, why
    ) VALUES (
        gone.number, gone.consumer, gone.stream, gone.position, gone.recorded_at, gone.version, gone.type,
        gone.schema_version, gone.trace_id, gone.event_id, gone.body, gone.key_id, gone.signature,
        gone.reason, gone.detail, gone.parked_at, p_who, p_why
    );
    UPDATE store.parked AS p SET again = true WHERE p.consumer = gone.consumer AND p.stream = gone.stream;
    RETURN true;
END
$$;

REVOKE EXECUTE ON FUNCTION store.hold_stream(text, text) FROM public;

REVOKE EXECUTE ON FUNCTION store.park(
    text, bigint, timestamptz, text, bigint, text, bigint, text, text, bytea, text, bytea, text, text, boolean
) FROM public;

REVOKE EXECUTE ON FUNCTION store.unpark(text, text, bigint) FROM public;

REVOKE EXECUTE ON FUNCTION store.discard(bigint, text, text) FROM public;

GRANT EXECUTE ON FUNCTION store.hold_stream(text, text) TO wijkspoor_app;

GRANT EXECUTE ON FUNCTION store.park(
    text, bigint, timestamptz, text, bigint, text, bigint, text, text, bytea, text, bytea, text, text, boolean
) TO wijkspoor_app;

GRANT EXECUTE ON FUNCTION store.unpark(text, text, bigint) TO wijkspoor_app;

GRANT EXECUTE ON FUNCTION store.discard(bigint, text, text) TO wijkspoor_app;

-- migrate:down

DO $$ BEGIN RAISE EXCEPTION 'a log has no way back: write a migration that goes forward'; END $$;
