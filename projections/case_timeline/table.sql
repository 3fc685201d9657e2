-- The history of each case (case_id '' for the call itself): one row an event, in the log's order, told in a sentence.
CREATE TABLE :table (
    position bigint NOT NULL,
    case_id text COLLATE "C" NOT NULL,
    call text COLLATE "C" NOT NULL,
    recorded_at timestamptz NOT NULL,
    occurred_at timestamptz NOT NULL,
    effective_at timestamptz NOT NULL,
    type text NOT NULL,
    service text NOT NULL,
    stream text NOT NULL,
    version bigint NOT NULL,
    event_id text NOT NULL,
    classification text NOT NULL,
    actor_role text NOT NULL,
    actor_organisation text NOT NULL,
    on_behalf_of text,
    causation_id text,
    rules bigint,
    nl text NOT NULL,
    en text NOT NULL,
    checks jsonb NOT NULL
);
-- indexes
ALTER TABLE :table ADD PRIMARY KEY (position, case_id);
CREATE INDEX ON :table (case_id, position);
CREATE INDEX ON :table (call, position);
