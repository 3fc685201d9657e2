-- What is due and has not fired, in the order in which it fell due.
SELECT timer_id, due_at, service, stream, command, body, cause
FROM store.timer
WHERE fired_at IS NULL AND due_at <= $1
ORDER BY due_at, timer_id
LIMIT 500;
