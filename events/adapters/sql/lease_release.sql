-- Gives a lease up. The row stays, so that the token goes on growing.
UPDATE store.lease SET holder = NULL WHERE name = $1 AND holder = $2
