-- Where the money of each call is, in euro cents. One row a call (item ''), case, cost category and booking year.
-- available = envelope − reserved − committed; paid = executed + offset.
CREATE TABLE :table (
    call text COLLATE "C" NOT NULL,
    scope text COLLATE "C" NOT NULL CHECK (scope IN ('call', 'case', 'category', 'year')),
    item text COLLATE "C" NOT NULL,
    budget_article text,
    organisation text,
    beneficiary text,
    project text,
    synthetic boolean NOT NULL,
    envelope_cents bigint NOT NULL,
    reserved_cents bigint NOT NULL,
    awarded_cents bigint NOT NULL,
    committed_cents bigint NOT NULL,
    decommitted_cents bigint NOT NULL,
    claimed_cents bigint NOT NULL,
    ordered_cents bigint NOT NULL,
    payable_cents bigint NOT NULL,
    executed_cents bigint NOT NULL,
    offset_cents bigint NOT NULL,
    recovery_ordered_cents bigint NOT NULL,
    recovered_cents bigint NOT NULL,
    given_up_cents bigint NOT NULL,
    pending jsonb NOT NULL,
    split jsonb NOT NULL,
    available_cents bigint GENERATED ALWAYS AS (
        CASE WHEN scope = 'call' THEN envelope_cents - reserved_cents - committed_cents END
    ) STORED,
    paid_cents bigint GENERATED ALWAYS AS (executed_cents + offset_cents) STORED
);
-- indexes
ALTER TABLE :table ADD PRIMARY KEY (call, scope, item);
