-- Moves the watermark and the partitions; false when the lease has a newer token.
SELECT store.move_relay($1, $2, $3, $4, $5, $6, $7, $8)
