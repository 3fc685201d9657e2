-- Tried again in vain: the event has a new reason, and its stream waits to be asked for once more.
UPDATE store.parked SET
    again = false,
    reason = CASE WHEN number = $1 THEN $4 ELSE reason END,
    detail = CASE WHEN number = $1 THEN $5 ELSE detail END
WHERE consumer = $2 AND stream = $3;
