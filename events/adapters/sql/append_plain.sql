-- A batch without guards; null asks for the judged form.
SELECT store.append_plain($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
