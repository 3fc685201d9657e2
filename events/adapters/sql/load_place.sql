-- Where a consumer stands.
SELECT position FROM store.consumer_place WHERE consumer = $1
