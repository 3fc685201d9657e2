-- Every public event as the bytes that subscribers get (head, data), in the order of the log without a hole; and
-- beside them what the fold knows: one row for the log (key ''), one a case.
CREATE TABLE :table (
    key text COLLATE "C" NOT NULL,
    kind text NOT NULL,
    sequence bigint NOT NULL,
    type text NOT NULL,
    call text COLLATE "C" NOT NULL,
    case_id text COLLATE "C",
    position bigint NOT NULL,
    recorded_at timestamptz,
    head text NOT NULL,
    data text NOT NULL,
    state jsonb
);
-- indexes
ALTER TABLE :table ADD PRIMARY KEY (key);
CREATE UNIQUE INDEX ON :table (sequence) WHERE kind = 'event';
