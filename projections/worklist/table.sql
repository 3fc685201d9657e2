-- Who has the ball: one row a case and a call; party is null where nobody has to move. The first columns show the most
-- urgent task, tasks holds them all; what follows is the memory of the fold.
CREATE TABLE :table (
    subject text COLLATE "C" NOT NULL,
    call text COLLATE "C" NOT NULL,
    case_id text COLLATE "C" NOT NULL,
    party text,
    code text,
    ref text,
    since timestamptz,
    due timestamptz,
    sort_due text COLLATE "C" NOT NULL,
    parties jsonb NOT NULL,
    organisations jsonb NOT NULL,
    recused jsonb NOT NULL,
    sighted jsonb NOT NULL,
    applicant text,
    tasks jsonb NOT NULL,
    ended boolean NOT NULL,
    settled boolean NOT NULL,
    resume text NOT NULL,
    waiting jsonb NOT NULL,
    advised jsonb NOT NULL,
    required jsonb NOT NULL,
    planned jsonb NOT NULL,
    final_tranche text,
    debts jsonb NOT NULL,
    revised boolean NOT NULL,
    held jsonb NOT NULL
);
-- indexes
ALTER TABLE :table ADD PRIMARY KEY (subject);
CREATE INDEX ON :table (sort_due, subject);
