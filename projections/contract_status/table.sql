-- How each case stands: one row from the first draft on.
CREATE TABLE :table (
    case_id text COLLATE "C" NOT NULL,
    call text COLLATE "C" NOT NULL,
    status text NOT NULL,
    case_number text,
    applicant_ovo text,
    applicant text,
    beneficiary_ovo text,
    beneficiary text,
    successor_of text,
    neighbourhood text,
    project text,
    requested_cents bigint,
    awarded_cents bigint,
    final_subsidy_cents bigint,
    synthetic boolean NOT NULL,
    rank bigint,
    score_bp bigint,
    started_at timestamptz,
    submitted_at timestamptz,
    decided_on date,
    notified_at timestamptz,
    activated_at timestamptz,
    term_start date,
    term_end date,
    completed_at timestamptz,
    closed_at timestamptz,
    overdue_reports jsonb NOT NULL,
    open_findings jsonb NOT NULL,
    open_recoveries jsonb NOT NULL,
    rejected_payments jsonb NOT NULL,
    unsigned jsonb NOT NULL,
    organisations jsonb NOT NULL,
    recused jsonb NOT NULL,
    sighted jsonb NOT NULL,
    last_type text NOT NULL,
    last_at timestamptz,
    last_position bigint NOT NULL
);
-- indexes
ALTER TABLE :table ADD PRIMARY KEY (case_id);
CREATE INDEX ON :table (call, status);
CREATE INDEX ON :table USING gin (organisations);
