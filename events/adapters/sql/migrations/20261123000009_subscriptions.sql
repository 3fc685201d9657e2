-- migrate:up

-- How public events reach other agencies: receivers and how far each is, what came of every attempt, and the signed
-- manifests. Rows that work, not facts; secrets lie in the vault under the ids that `keys` names.
SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

CREATE SCHEMA subscription;

GRANT USAGE ON SCHEMA subscription TO wijkspoor_app;

CREATE TABLE subscription.endpoint (
    ident uuid PRIMARY KEY,
    organisation text NOT NULL,
    person text NOT NULL,
    url text NOT NULL,
    types text[] NOT NULL,
    created_at timestamptz NOT NULL,
    keys jsonb NOT NULL,
    epoch bigint NOT NULL DEFAULT 0,
    status text NOT NULL CHECK (status IN ('pending', 'active', 'paused')),
    reason text,
    place bigint NOT NULL CHECK (place >= 0),
    failures bigint NOT NULL CHECK (failures >= 0),
    failing_since timestamptz,
    due timestamptz,
    rate bigint CHECK (rate > 0)
) WITH (fillfactor = 50);

CREATE INDEX endpoint_working ON subscription.endpoint (ident) WHERE status <> 'paused';

CREATE TABLE subscription.attempt (
    entry bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ident uuid NOT NULL REFERENCES subscription.endpoint,
    sort text NOT NULL CHECK (sort IN ('handshake', 'delivery', 'redelivery')),
    sequence bigint NOT NULL,
    event_id text,
    number bigint NOT NULL,
    at timestamptz NOT NULL,
    millis bigint NOT NULL,
    status bigint,
    error text,
    excerpt text
);

CREATE INDEX attempt_of ON subscription.attempt (ident, entry DESC);

CREATE INDEX attempt_at ON subscription.attempt (at);

CREATE TABLE subscription.again (
    ident uuid NOT NULL REFERENCES subscription.endpoint,
    sequence bigint NOT NULL CHECK (sequence > 0),
    PRIMARY KEY (ident, sequence)
);

-- What was signed once is never signed otherwise: no UPDATE, no DELETE.
CREATE TABLE subscription.manifest (
    topic text NOT NULL,
    day date NOT NULL,
    body bytea NOT NULL,
    PRIMARY KEY (topic, day)
);

GRANT SELECT, INSERT, UPDATE ON subscription.endpoint TO wijkspoor_app;

GRANT SELECT, INSERT, DELETE ON subscription.attempt, subscription.again TO wijkspoor_app;

GRANT SELECT, INSERT ON subscription.manifest TO wijkspoor_app;

-- migrate:down

DO $$ BEGIN RAISE EXCEPTION 'a log has no way back: write a migration that goes forward'; END $$;
