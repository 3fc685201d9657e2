-- migrate:up

-- Money in double entry, integer euro cents. Transfers are final; accounts are their sums, kept for the guards.
SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

CREATE TABLE store.account (
    account text PRIMARY KEY,
    debits_pending bigint NOT NULL DEFAULT 0 CHECK (debits_pending >= 0),
    debits_posted bigint NOT NULL DEFAULT 0 CHECK (debits_posted >= 0),
    credits_pending bigint NOT NULL DEFAULT 0 CHECK (credits_pending >= 0),
    credits_posted bigint NOT NULL DEFAULT 0 CHECK (credits_posted >= 0),
    -- The last word on the limit. Which accounts are free of it: events/ledger.py, UNLIMITED.
    CONSTRAINT account_covered CHECK (
        split_part(account, ':', 1) IN ('CONTROL', 'RECOVERABLE')
        OR debits_pending + debits_posted <= credits_posted
    )
) WITH (fillfactor = 50);

CREATE TABLE store.transfer (
    command_id uuid NOT NULL,
    ordinal bigint NOT NULL,
    position bigint NOT NULL,
    kind text NOT NULL CHECK (kind IN ('posted', 'pending', 'post', 'void')),
    amount_cents bigint NOT NULL CHECK (amount_cents >= 0),
    debit text NOT NULL,
    credit text NOT NULL,
    pending_id text,
    PRIMARY KEY (command_id, ordinal)
);

-- A pending transfer is made once for ever, and resolved at most once.
CREATE UNIQUE INDEX transfer_pending ON store.transfer (pending_id) WHERE kind = 'pending';

CREATE UNIQUE INDEX transfer_resolved ON store.transfer (pending_id) WHERE kind IN ('post', 'void');

CREATE TABLE store.unique_key (
    key text PRIMARY KEY,
    holder text NOT NULL
);

CREATE TRIGGER transfer_is_final BEFORE UPDATE OR DELETE OR TRUNCATE ON store.transfer
FOR EACH STATEMENT EXECUTE FUNCTION store.refuse_change();

ALTER TABLE store.transfer ENABLE ALWAYS TRIGGER transfer_is_final;

GRANT SELECT ON store.account, store.transfer, store.unique_key TO wijkspoor_app;

-- migrate:down

DO $$ BEGIN RAISE EXCEPTION 'a log has no way back: write a migration that goes forward'; END $$;
