-- migrate:up

-- What the bank's files said, beside the log: each file once, and what somebody has to look at. No account number.
SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

CREATE TABLE store.bank_reading (
    digest text PRIMARY KEY CHECK (length(digest) = 64),
    name text NOT NULL,
    message text NOT NULL,
    message_id text NOT NULL,
    outcome text NOT NULL CHECK (outcome IN ('done', 'rejected')),
    acted bigint NOT NULL CHECK (acted >= 0),
    noted bigint NOT NULL CHECK (noted >= 0),
    parked bigint NOT NULL CHECK (parked >= 0),
    read_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE TABLE store.bank_waiting (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    digest text NOT NULL,
    name text NOT NULL,
    ordinal bigint NOT NULL CHECK (ordinal >= 0),
    reason text NOT NULL,
    detail text NOT NULL,
    end_to_end_id text,
    amount_cents bigint,
    stream text,
    since timestamptz NOT NULL DEFAULT clock_timestamp(),
    closed_by text CHECK (closed_by <> ''),
    why text CHECK (why <> ''),
    closed_at timestamptz,
    CHECK ((closed_by IS NULL) = (why IS NULL)),
    CHECK ((closed_by IS NULL) = (closed_at IS NULL))
);

GRANT SELECT, INSERT ON store.bank_reading TO wijkspoor_app;

GRANT SELECT, INSERT, UPDATE (closed_by, why, closed_at) ON store.bank_waiting TO wijkspoor_app;

-- migrate:down

DO $$ BEGIN RAISE EXCEPTION 'a log has no way back: write a migration that goes forward'; END $$;
