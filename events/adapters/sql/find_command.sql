-- What was answered to a command.
SELECT command_id, stream, version, position, first_position, count, content_hash, answer
FROM store.command
WHERE command_id = $1
