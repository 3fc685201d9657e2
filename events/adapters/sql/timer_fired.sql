-- Marks a deadline as fired, unless it was set anew meanwhile.
UPDATE store.timer SET fired_at = clock_timestamp()
WHERE timer_id = $1 AND due_at = $2 AND cause = $3::uuid;
