-- name: InsertMailIn :exec
INSERT INTO mail_in (id, state, kind, raw, created_at) VALUES ($1, $2, $3, $4, $5);

-- name: MailIn :one
SELECT * FROM mail_in WHERE id = $1;

-- name: ListMailIn :many
-- The mails in a state that came until a moment, the oldest first.
SELECT id, kind, created_at FROM mail_in
WHERE state = sqlc.arg(state) AND created_at <= sqlc.arg(until)
ORDER BY created_at, id
LIMIT CAST(sqlc.arg(max_rows) AS bigint);

-- name: CountMailIn :one
-- How many mails are in a state, and since when the first of them.
SELECT CAST(count(*) AS bigint) AS mails, CAST(coalesce(min(created_at), 0) AS bigint) AS oldest
FROM mail_in WHERE state = $1;

-- name: HoldMailIn :execrows
-- Leaves a mail to a person.
UPDATE mail_in SET state = sqlc.arg(state), kind = sqlc.arg(kind), raw = sqlc.arg(raw) WHERE id = sqlc.arg(id);

-- name: DropMailIn :execrows
DELETE FROM mail_in WHERE id = $1;

-- name: ForgetMailIn :execrows
-- Forgets what nobody has read in time.
DELETE FROM mail_in WHERE state = sqlc.arg(state) AND created_at < sqlc.arg(before);

-- name: InsertMailSeen :execrows
-- No row means that it was acted on already.
INSERT INTO mail_seen (key, created_at) VALUES ($1, $2)
ON CONFLICT (key) DO NOTHING;

-- name: MailSeen :one
SELECT CAST(count(*) AS bigint) AS seen FROM mail_seen WHERE key = $1;

-- name: ForgetMailSeen :execrows
DELETE FROM mail_seen WHERE created_at < sqlc.arg(before);

-- name: InsertSoftBounce :execrows
INSERT INTO soft_bounces (mailbox, key, created_at) VALUES ($1, $2, $3)
ON CONFLICT (mailbox, key) DO NOTHING;

-- name: CountSoftBounces :one
SELECT CAST(count(*) AS bigint) AS bounces FROM soft_bounces
WHERE mailbox = sqlc.arg(mailbox) AND created_at > sqlc.arg(since);

-- name: ForgetSoftBounces :execrows
DELETE FROM soft_bounces WHERE created_at < sqlc.arg(before);

-- name: AddMailInCount :exec
INSERT INTO mail_in_counts (day, kind, mails) VALUES ($1, $2, 1)
ON CONFLICT (day, kind) DO UPDATE SET mails = mail_in_counts.mails + 1;

-- name: ListMailInCounts :many
-- How many mails of each kind came in from a day on.
SELECT kind, CAST(sum(mails) AS bigint) AS mails FROM mail_in_counts
WHERE day >= sqlc.arg(since_day)
GROUP BY kind
ORDER BY mails DESC, kind;

-- name: ForgetMailInCounts :execrows
DELETE FROM mail_in_counts WHERE day < sqlc.arg(before_day);

-- name: PutMailRefusal :exec
INSERT INTO mail_refusals (domain, status, refused, since, updated_at)
VALUES (sqlc.arg(domain), sqlc.arg(status), 1, sqlc.arg(at), sqlc.arg(at))
ON CONFLICT (domain) DO UPDATE
SET status = excluded.status, refused = mail_refusals.refused + 1, updated_at = excluded.updated_at;

-- name: ListMailRefusals :many
-- The domains that refused mail since a moment, the latest first.
SELECT * FROM mail_refusals
WHERE updated_at > sqlc.arg(after)
ORDER BY updated_at DESC, domain
LIMIT CAST(sqlc.arg(max_rows) AS bigint);

-- name: ForgetMailRefusals :execrows
DELETE FROM mail_refusals WHERE updated_at < sqlc.arg(before);
