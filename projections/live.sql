-- Which table each view shows: `<name>_v<generation>`, built by this version of its fold.
CREATE TABLE IF NOT EXISTS projection_live (
    name text PRIMARY KEY,
    version bigint NOT NULL,
    generation bigint NOT NULL,
    built_at timestamptz NOT NULL DEFAULT now()
);
