-- Where the log ends.
SELECT position, recorded_at FROM store.log ORDER BY position DESC LIMIT 1
