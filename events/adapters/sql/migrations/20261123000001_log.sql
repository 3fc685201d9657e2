-- migrate:up

-- The log: what happened, in the one order in which it was committed. Rows come in through store.append alone and
-- never change. The bytes in body are the event; the columns beside them are an index.
SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'wijkspoor_app') THEN
        CREATE ROLE wijkspoor_app LOGIN;
    END IF;
    IF NOT pg_has_role(current_user, 'wijkspoor_app', 'SET') THEN
        EXECUTE format('GRANT wijkspoor_app TO %I WITH SET TRUE', current_user);
    END IF;
END
$$;

CREATE SCHEMA store;

GRANT USAGE ON SCHEMA store TO wijkspoor_app;

-- Projections keep their tables in the schema public and make them themselves.
GRANT CREATE, USAGE ON SCHEMA public TO wijkspoor_app;

CREATE TABLE store.log (
    position bigint PRIMARY KEY CHECK (position >= 1),
    recorded_at timestamptz NOT NULL,
    stream text NOT NULL,
    version bigint NOT NULL CHECK (version >= 1),
    type text NOT NULL,
    schema_version bigint NOT NULL,
    correlation_id uuid NOT NULL,
    event_id uuid NOT NULL UNIQUE,
    key_id text NOT NULL,
    signature bytea NOT NULL,
    body bytea NOT NULL,
    UNIQUE (stream, version)
);

CREATE INDEX log_case ON store.log (correlation_id, position);

CREATE INDEX log_type ON store.log (type, position);

-- One row for ever. An append holds it until its commit, so that no reader sees position n+1 before n.
CREATE TABLE store.counter (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    position bigint NOT NULL,
    recorded_at timestamptz NOT NULL
) WITH (fillfactor = 10);

INSERT INTO store.counter (position, recorded_at) VALUES (0, '-infinity');

-- What was answered to each command, for ever: a repeat gets the first answer again.
CREATE TABLE store.command (
    command_id uuid PRIMARY KEY,
    stream text NOT NULL,
    version bigint NOT NULL,
    position bigint NOT NULL,
    first_position bigint,
    count bigint NOT NULL,
    content_hash bytea,
    answer text
);

-- What is true of this log as a whole, set once: its origin, for one.
CREATE TABLE store.meta (
    name text PRIMARY KEY,
    value text NOT NULL
);

-- Rights keep the application from changing history; this keeps everyone else from doing it by mistake.
CREATE FUNCTION store.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on %.% is refused: what happened stays as it was written',
        tg_op, tg_table_schema, tg_table_name USING ERRCODE = 'insufficient_privilege';
END
$$;

CREATE TRIGGER log_is_final BEFORE UPDATE OR DELETE OR TRUNCATE ON store.log
FOR EACH STATEMENT EXECUTE FUNCTION store.refuse_change();

CREATE TRIGGER command_is_final BEFORE UPDATE OR DELETE OR TRUNCATE ON store.command
FOR EACH STATEMENT EXECUTE FUNCTION store.refuse_change();

CREATE TRIGGER meta_is_final BEFORE UPDATE OR DELETE OR TRUNCATE ON store.meta
FOR EACH STATEMENT EXECUTE FUNCTION store.refuse_change();

-- ALWAYS: a session that plays a replica must not slip past.
ALTER TABLE store.log ENABLE ALWAYS TRIGGER log_is_final;

ALTER TABLE store.command ENABLE ALWAYS TRIGGER command_is_final;

ALTER TABLE store.meta ENABLE ALWAYS TRIGGER meta_is_final;

GRANT SELECT ON store.log, store.counter, store.command TO wijkspoor_app;

GRANT SELECT, INSERT ON store.meta TO wijkspoor_app;

-- migrate:down

DO $$ BEGIN RAISE EXCEPTION 'a log has no way back: write a migration that goes forward'; END $$;
