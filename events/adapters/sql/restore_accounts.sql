-- Writes accounts as they stand after a restored batch. Their CHECK has the last word on the limit.
INSERT INTO store.account AS a (account, debits_pending, debits_posted, credits_pending, credits_posted)
SELECT n.account, n.dp, n.dd, n.cp, n.cc
FROM unnest($1::text [], $2::bigint [], $3::bigint [], $4::bigint [], $5::bigint []) AS n (account, dp, dd, cp, cc)
ON CONFLICT (account) DO UPDATE SET
    debits_pending = excluded.debits_pending, debits_posted = excluded.debits_posted,
    credits_pending = excluded.credits_pending, credits_posted = excluded.credits_posted
