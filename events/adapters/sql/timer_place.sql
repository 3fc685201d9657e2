-- How far the consumer has come.
SELECT position FROM store.consumer_place WHERE consumer = $1;
