-- name: InsertAudit :exec
INSERT INTO audit (id, at, who, action, subject, detail)
VALUES ($1, $2, $3, $4, $5, $6);

-- name: ListAudit :many
-- A page of the log, newest first: the rows before an id, of one subject or ('') of all.
SELECT * FROM audit
WHERE id < sqlc.arg(before_id) AND at >= sqlc.arg(since)
  AND (CAST(sqlc.arg(subject) AS text) = '' OR subject = sqlc.arg(subject))
ORDER BY id DESC
LIMIT CAST(sqlc.arg(max_rows) AS bigint);

-- name: CountAudit :one
-- How often something was done to a subject since a moment.
SELECT CAST(count(*) AS bigint) AS entries FROM audit
WHERE subject = sqlc.arg(subject) AND action = sqlc.arg(action) AND at >= sqlc.arg(since);

-- name: ForgetAudit :execrows
-- Forgets what is older than the log is kept. Reads the whole table, which is small.
DELETE FROM audit WHERE at < sqlc.arg(before);
