-- Moves a place; false when it does not stand where the caller believes.
SELECT store.advance_place($1, $2, $3)
