-- migrate:up

-- The story's clock where several processes play one demo: one row, which only moves forward.
SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

CREATE TABLE store.demo_time (
    single boolean PRIMARY KEY DEFAULT true CHECK (single),
    now timestamptz NOT NULL
);

GRANT SELECT, INSERT, UPDATE ON store.demo_time TO wijkspoor_app;

-- migrate:down

DO $$ BEGIN RAISE EXCEPTION 'a log has no way back: write a migration that goes forward'; END $$;
