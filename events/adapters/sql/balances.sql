-- Every account that holds or awaits anything.
SELECT account, debits_pending, debits_posted, credits_pending, credits_posted
FROM store.account
WHERE debits_pending + debits_posted + credits_pending + credits_posted > 0
ORDER BY account
