-- migrate:up

SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

-- The two ways into the log. Both run as one autocommit statement: a frozen client never holds the counter.
-- Both are SECURITY DEFINER: the application may append, and has no other right to write what they write.
-- Their SET clauses, and the look-ups written as scalar or lateral subqueries, keep a plan that was made on an empty
-- table good for a full one: each can only be an index look-up a row.

-- The usual case: no guard, no stream and no command twice in the batch. All or nothing: null tells the caller that
-- a version was lost or a command is known, nothing was written, and the batch wants store.append_judged.
CREATE FUNCTION store.append_plain(
    p_now timestamptz,
    p_stream text [], p_expected bigint [], p_command uuid [], p_hash bytea [], p_answer text [], p_count bigint [],
    e_stream text [], e_version bigint [], e_id uuid [], e_type text [], e_schema bigint [], e_case uuid [],
    e_key text [], e_signature bytea [], e_body bytea []
) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off
SET enable_hashjoin = off
SET enable_mergejoin = off
AS $$
DECLARE
    n bigint := cardinality(e_id);
    base bigint;
    before timestamptz;
    at timestamptz;
BEGIN
    UPDATE store.counter
    SET position = position + n,
        recorded_at = CASE WHEN n > 0 THEN greatest(recorded_at, coalesce(p_now, clock_timestamp())) ELSE recorded_at END
    RETURNING old.position, old.recorded_at, new.recorded_at INTO base, before, at;
    IF EXISTS (
            SELECT FROM unnest(p_command) AS p (id)
            WHERE (SELECT true FROM store.command AS c WHERE c.command_id = p.id)
        )
        OR EXISTS (
            SELECT FROM unnest(p_stream, p_expected) AS p (stream, expected)
            WHERE p.expected <> coalesce(
                (SELECT l.version FROM store.log AS l WHERE l.stream = p.stream ORDER BY l.version DESC LIMIT 1), 0)
        )
    THEN
        UPDATE store.counter SET position = base, recorded_at = before;
        RETURN NULL;
    END IF;
    INSERT INTO store.log (
        position, recorded_at, stream, version, type, schema_version, correlation_id, event_id, key_id, signature, body)
    SELECT base + e.ord, at, e.stream, e.version, e.type, e.schema_version, e.correlation, e.id, e.key, e.signature, e.body
    FROM unnest(e_stream, e_version, e_type, e_schema, e_case, e_id, e_key, e_signature, e_body)
        WITH ORDINALITY AS e (stream, version, type, schema_version, correlation, id, key, signature, body, ord);
    INSERT INTO store.command (command_id, stream, version, position, first_position, count, content_hash, answer)
    SELECT c.id, c.stream, c.expected + c.count, base + c.upto,
        CASE WHEN c.count > 0 THEN base + c.upto - c.count + 1 END, c.count, c.hash, c.answer
    FROM (
        SELECT p.*, (sum(p.count) OVER (ORDER BY p.ord))::bigint AS upto
        FROM unnest(p_command, p_stream, p_expected, p_count, p_hash, p_answer)
            WITH ORDINALITY AS p (id, stream, expected, count, hash, answer, ord)
    ) AS c;
    IF n > 0 THEN
        PERFORM pg_notify('wijkspoor_log', (base + n)::text);
    END IF;
    RETURN base;
END
$$;

-- Every other case: requests are judged in order, each against the state left by those before it, on arrays that
-- number the streams, commands, accounts, pending transfers and keys of the batch. What holds is written at the end.
-- p_t, p_k, p_u: request i has the transfers p_t[i]+1 … p_t[i+1], likewise key changes and unchanged guards.
CREATE FUNCTION store.append_judged(
    p_now timestamptz,
    s_name text [], c_id uuid [], a_name text [], d_id text [], k_name text [],
    p_s bigint [], p_expected bigint [], p_c bigint [], p_hash bytea [], p_answer text [], p_count bigint [],
    p_t bigint [], p_k bigint [], p_u bigint [],
    t_kind text [], t_amount bigint [], t_debit bigint [], t_credit bigint [], t_d bigint [],
    k_claim boolean [], k_k bigint [], k_holder text [], u_s bigint [], u_version bigint [],
    e_request bigint [], e_stream text [], e_version bigint [], e_id uuid [], e_type text [], e_schema bigint [],
    e_case uuid [], e_key text [], e_signature bytea [], e_body bytea [],
    OUT base bigint, OUT code text [], OUT detail text [], OUT version bigint []
) LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off
SET enable_hashjoin = off
SET enable_mergejoin = off
AS $$
DECLARE
    total bigint := cardinality(e_id);
    taken bigint := 0;
    before timestamptz;
    at timestamptz;
    head bigint [];
    known boolean [];
    dp bigint []; dd bigint []; cp bigint []; cc bigint []; a_exists boolean [];
    d_amount bigint []; d_done boolean []; d_debit_name text []; d_credit_name text [];
    d_debit bigint []; d_credit bigint [];
    h_now text [];
    dp_was bigint []; dd_was bigint []; cp_was bigint []; cc_was bigint [];
    d_amount_was bigint []; d_done_was boolean []; h_was text [];
    h_first text [];
    c_ok boolean [] := array_fill(false, ARRAY[cardinality(p_s)]);
    c_upto bigint [] := array_fill(0::bigint, ARRAY[cardinality(p_s)]);
    t_request bigint [] := array_fill(NULL::bigint, ARRAY[cardinality(t_kind)]);
    guarded boolean;
    verdict text;
    named text;
    s bigint; c bigint; d bigint; x bigint; y bigint; amount bigint;
BEGIN
    UPDATE store.counter
    SET position = position + total,
        recorded_at = CASE WHEN total > 0 THEN greatest(recorded_at, coalesce(p_now, clock_timestamp())) ELSE recorded_at END
    RETURNING old.position, old.recorded_at, new.recorded_at INTO base, before, at;

    SELECT array_agg(coalesce(
        (SELECT l.version FROM store.log AS l WHERE l.stream = n.name ORDER BY l.version DESC LIMIT 1), 0) ORDER BY n.ord)
    INTO head FROM unnest(s_name) WITH ORDINALITY AS n (name, ord);
    SELECT array_agg((SELECT true FROM store.command AS k WHERE k.command_id = n.id) IS TRUE ORDER BY n.ord)
    INTO known FROM unnest(c_id) WITH ORDINALITY AS n (id, ord);
    IF cardinality(d_id) > 0 THEN
        SELECT array_agg(p.amount_cents ORDER BY n.ord), array_agg(r.kind IS NOT NULL ORDER BY n.ord),
            array_agg(p.debit ORDER BY n.ord), array_agg(p.credit ORDER BY n.ord)
        INTO d_amount, d_done, d_debit_name, d_credit_name
        FROM unnest(d_id) WITH ORDINALITY AS n (id, ord)
        LEFT JOIN LATERAL (
            SELECT t.amount_cents, t.debit, t.credit FROM store.transfer AS t
            WHERE t.pending_id = n.id AND t.kind = 'pending' LIMIT 1
        ) AS p ON true
        LEFT JOIN LATERAL (
            SELECT t.kind FROM store.transfer AS t
            WHERE t.pending_id = n.id AND t.kind IN ('post', 'void') LIMIT 1
        ) AS r ON true;
        d_debit := array_fill(NULL::bigint, ARRAY[cardinality(d_id)]);
        d_credit := d_debit;
        FOR i IN 1..cardinality(d_id) LOOP
            IF d_amount[i] IS NOT NULL THEN
                IF array_position(a_name, d_debit_name[i]) IS NULL THEN
                    a_name := a_name || d_debit_name[i];
                END IF;
                IF array_position(a_name, d_credit_name[i]) IS NULL THEN
                    a_name := a_name || d_credit_name[i];
                END IF;
                d_debit[i] := array_position(a_name, d_debit_name[i]);
                d_credit[i] := array_position(a_name, d_credit_name[i]);
            END IF;
        END LOOP;
    END IF;
    IF cardinality(a_name) > 0 THEN
        SELECT array_agg(coalesce(a.debits_pending, 0) ORDER BY n.ord), array_agg(coalesce(a.debits_posted, 0) ORDER BY n.ord),
            array_agg(coalesce(a.credits_pending, 0) ORDER BY n.ord), array_agg(coalesce(a.credits_posted, 0) ORDER BY n.ord),
            array_agg(a.account IS NOT NULL ORDER BY n.ord)
        INTO dp, dd, cp, cc, a_exists
        FROM unnest(a_name) WITH ORDINALITY AS n (name, ord)
        LEFT JOIN LATERAL (SELECT * FROM store.account AS o WHERE o.account = n.name LIMIT 1) AS a ON true;
    END IF;
    IF cardinality(k_name) > 0 THEN
        SELECT array_agg(k.holder ORDER BY n.ord) INTO h_now
        FROM unnest(k_name) WITH ORDINALITY AS n (name, ord)
        LEFT JOIN LATERAL (SELECT o.holder FROM store.unique_key AS o WHERE o.key = n.name LIMIT 1) AS k ON true;
        h_first := h_now;
    END IF;

    code := array_fill('ok'::text, ARRAY[cardinality(p_s)]);
    detail := array_fill(NULL::text, ARRAY[cardinality(p_s)]);
    version := array_fill(0::bigint, ARRAY[cardinality(p_s)]);
    FOR i IN 1..cardinality(p_s) LOOP
        s := p_s[i];
        c := p_c[i];
        verdict := 'ok';
        IF known[c] THEN
            code[i] := 'duplicate';
            CONTINUE;
        END IF;
        IF head[s] <> p_expected[i] THEN
            code[i] := 'conflict';
            detail[i] := s_name[s];
            version[i] := head[s];
            CONTINUE;
        END IF;
        FOR j IN p_u[i] + 1..p_u[i + 1] LOOP
            IF head[u_s[j]] <> u_version[j] THEN
                verdict := 'conflict';
                detail[i] := s_name[u_s[j]];
                version[i] := head[u_s[j]];
                EXIT;
            END IF;
        END LOOP;
        IF verdict <> 'ok' THEN
            code[i] := verdict;
            CONTINUE;
        END IF;

        guarded := p_t[i + 1] > p_t[i] OR p_k[i + 1] > p_k[i];
        IF guarded THEN
            dp_was := dp; dd_was := dd; cp_was := cp; cc_was := cc;
            d_amount_was := d_amount; d_done_was := d_done; h_was := h_now;
        END IF;
        FOR j IN p_t[i] + 1..p_t[i + 1] LOOP
            amount := t_amount[j];
            d := t_d[j];
            IF t_kind[j] IN ('posted', 'pending') THEN
                x := t_debit[j];
                y := t_credit[j];
                IF t_kind[j] = 'pending' AND d_amount[d] IS NOT NULL THEN
                    verdict := 'pending_exists'; named := d_id[d];
                ELSIF split_part(a_name[x], ':', 1) NOT IN ('CONTROL', 'RECOVERABLE')
                    AND dp[x] + dd[x] + amount > cc[x]
                THEN
                    verdict := 'exceeds_balance'; named := a_name[x];
                ELSIF t_kind[j] = 'posted' THEN
                    dd[x] := dd[x] + amount;
                    cc[y] := cc[y] + amount;
                ELSE
                    dp[x] := dp[x] + amount;
                    cp[y] := cp[y] + amount;
                    d_amount[d] := amount; d_done[d] := false; d_debit[d] := x; d_credit[d] := y;
                END IF;
            ELSIF d_amount[d] IS NULL THEN
                verdict := 'pending_unknown'; named := d_id[d];
            ELSIF d_done[d] THEN
                verdict := 'pending_resolved'; named := d_id[d];
            ELSIF amount > d_amount[d] THEN
                verdict := 'exceeds_pending'; named := d_id[d];
            ELSE
                x := d_debit[d];
                y := d_credit[d];
                dp[x] := dp[x] - d_amount[d];
                cp[y] := cp[y] - d_amount[d];
                dd[x] := dd[x] + amount;
                cc[y] := cc[y] + amount;
                d_done[d] := true; t_debit[j] := x; t_credit[j] := y;
            END IF;
            EXIT WHEN verdict <> 'ok';
        END LOOP;
        IF verdict = 'ok' THEN
            FOR j IN p_k[i] + 1..p_k[i + 1] LOOP
                x := k_k[j];
                IF NOT k_claim[j] THEN
                    IF h_now[x] = k_holder[j] THEN
                        h_now[x] := NULL;
                    END IF;
                ELSIF h_now[x] <> k_holder[j] THEN
                    verdict := 'key_taken'; named := k_name[x];
                    EXIT;
                ELSE
                    h_now[x] := k_holder[j];
                END IF;
            END LOOP;
        END IF;
        IF verdict <> 'ok' THEN
            code[i] := verdict;
            detail[i] := named;
            dp := dp_was; dd := dd_was; cp := cp_was; cc := cc_was;
            d_amount := d_amount_was; d_done := d_done_was; h_now := h_was;
            CONTINUE;
        END IF;
        head[s] := head[s] + p_count[i];
        taken := taken + p_count[i];
        known[c] := true;
        c_ok[i] := true;
        c_upto[i] := taken;
        FOR j IN p_t[i] + 1..p_t[i + 1] LOOP
            t_request[j] := i;
        END LOOP;
    END LOOP;

    IF taken <> total THEN
        UPDATE store.counter
        SET position = base + taken, recorded_at = CASE WHEN taken = 0 THEN before ELSE at END;
    END IF;
    INSERT INTO store.log (
        position, recorded_at, stream, version, type, schema_version, correlation_id, event_id, key_id, signature, body)
    SELECT base + row_number() OVER (ORDER BY e.ord), at, e.stream, e.version, e.type, e.schema_version, e.correlation,
        e.id, e.key, e.signature, e.body
    FROM unnest(e_request, e_stream, e_version, e_type, e_schema, e_case, e_id, e_key, e_signature, e_body)
        WITH ORDINALITY AS e (request, stream, version, type, schema_version, correlation, id, key, signature, body, ord)
    WHERE c_ok[e.request];
    INSERT INTO store.command (command_id, stream, version, position, first_position, count, content_hash, answer)
    SELECT c_id[p.c], s_name[p.s], p.expected + p.count, base + p.upto,
        CASE WHEN p.count > 0 THEN base + p.upto - p.count + 1 END, p.count, p.hash, p.answer
    FROM unnest(p_c, p_s, p_expected, p_count, p_hash, p_answer, c_ok, c_upto)
        AS p (c, s, expected, count, hash, answer, ok, upto)
    WHERE p.ok;
    IF cardinality(t_kind) > 0 THEN
        INSERT INTO store.transfer (command_id, ordinal, position, kind, amount_cents, debit, credit, pending_id)
        SELECT c_id[p_c[t.request]], t.ord - p_t[t.request], base + c_upto[t.request], t.kind, t.amount,
            a_name[t.debit], a_name[t.credit], d_id[t.d]
        FROM unnest(t_request, t_kind, t_amount, t_debit, t_credit, t_d)
            WITH ORDINALITY AS t (request, kind, amount, debit, credit, d, ord)
        WHERE t.request IS NOT NULL;
        INSERT INTO store.account AS a (account, debits_pending, debits_posted, credits_pending, credits_posted)
        SELECT n.name, n.dp, n.dd, n.cp, n.cc
        FROM unnest(a_name, dp, dd, cp, cc, a_exists) AS n (name, dp, dd, cp, cc, existed)
        WHERE n.existed OR n.dp + n.dd + n.cp + n.cc > 0
        ON CONFLICT (account) DO UPDATE SET
            debits_pending = excluded.debits_pending, debits_posted = excluded.debits_posted,
            credits_pending = excluded.credits_pending, credits_posted = excluded.credits_posted
        WHERE (a.debits_pending, a.debits_posted, a.credits_pending, a.credits_posted)
            IS DISTINCT FROM
            (excluded.debits_pending, excluded.debits_posted, excluded.credits_pending, excluded.credits_posted);
    END IF;
    IF h_now IS DISTINCT FROM h_first THEN
        DELETE FROM store.unique_key AS k
        WHERE k.key = ANY(ARRAY(SELECT n.name FROM unnest(k_name, h_now) AS n (name, holder) WHERE n.holder IS NULL));
        INSERT INTO store.unique_key AS k (key, holder)
        SELECT n.name, n.holder FROM unnest(k_name, h_now) AS n (name, holder) WHERE n.holder IS NOT NULL
        ON CONFLICT (key) DO UPDATE SET holder = excluded.holder WHERE k.holder <> excluded.holder;
    END IF;
    IF taken > 0 THEN
        PERFORM pg_notify('wijkspoor_log', (base + taken)::text);
    END IF;
END
$$;

REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA store FROM public;

GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA store TO wijkspoor_app;

-- migrate:down

DO $$ BEGIN RAISE EXCEPTION 'a log has no way back: write a migration that goes forward'; END $$;
