-- What was answered to some commands.
SELECT command_id, stream, version, position, first_position, count, content_hash, answer
FROM store.command
WHERE command_id = ANY($1::uuid [])
