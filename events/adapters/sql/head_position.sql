-- How far the log has come.
SELECT position FROM store.counter
