-- name: SupporterByID :one
SELECT * FROM supporters WHERE id = $1;

-- name: SupporterByEmailKey :one
SELECT * FROM supporters WHERE email_key = $1;

-- name: ListSupportersAfter :many
-- A page of all people, by their ids.
SELECT * FROM supporters WHERE id > sqlc.arg(after)
ORDER BY id LIMIT CAST(sqlc.arg(max_rows) AS bigint);

-- name: EraseSupporter :execrows
-- Forgets who a person was, whatever points to the row.
UPDATE supporters
SET email_key = supporters.id, email = '', first_name = '', last_name = '', lang = '', zip = '', state = '', seat = '', source = '', custom = '',
    updated_at = sqlc.arg(updated_at)
WHERE supporters.id = sqlc.arg(id);

-- name: EraseConsents :execrows
DELETE FROM consents WHERE supporter_id = $1;

-- name: EraseSubmissions :execrows
-- Forgets of a person's scrubbed submissions also by what they could be recognised.
UPDATE submissions SET person = submissions.id, key = submissions.id
WHERE supporter_id = $1 AND scrubbed_at > 0;

-- name: EraseTextHashes :execrows
UPDATE letters SET text_hash = ''
WHERE submission_id IN (SELECT s.id FROM submissions s WHERE s.supporter_id = $1);

-- name: ForgetMailbox :execrows
DELETE FROM mailboxes WHERE address = $1;

-- name: ListSubscriptions :many
SELECT * FROM subscriptions WHERE supporter_id = $1 ORDER BY list;

-- name: ListAudience :many
-- A page of the people on a list whose mailboxes confirmed it.
SELECT supporter_id FROM subscriptions
WHERE confirmed_at > 0 AND list = sqlc.arg(list) AND supporter_id > sqlc.arg(after)
ORDER BY supporter_id LIMIT CAST(sqlc.arg(max_rows) AS bigint);

-- name: ListUnconfirmedSubscriptions :many
-- Those that nobody confirmed since before a moment, the oldest first.
SELECT * FROM subscriptions
WHERE confirmed_at = 0 AND since <= sqlc.arg(before)
ORDER BY since, supporter_id LIMIT CAST(sqlc.arg(max_rows) AS bigint);

-- name: ConfirmSubscription :execrows
UPDATE subscriptions SET confirmed_at = sqlc.arg(confirmed_at)
WHERE supporter_id = sqlc.arg(supporter_id) AND list = sqlc.arg(list) AND confirmed_at = 0;

-- name: ConfirmConsents :execrows
-- Records once that the owner of the mailbox confirmed what was ticked for a list.
UPDATE consents SET confirmed_at = sqlc.arg(confirmed_at)
WHERE supporter_id = sqlc.arg(supporter_id) AND purpose = sqlc.arg(purpose) AND confirmed_at = 0 AND withdrawn_at = 0;

-- name: DropSubscriptions :execrows
-- Takes a person off a list, or off all ('').
DELETE FROM subscriptions
WHERE supporter_id = sqlc.arg(supporter_id) AND (CAST(sqlc.arg(list) AS text) = '' OR list = sqlc.arg(list));

-- name: DropUnconfirmedSubscription :execrows
-- Takes a person off a list that they did not confirm, if they still have not.
DELETE FROM subscriptions WHERE supporter_id = $1 AND list = $2 AND confirmed_at = 0;

-- name: EraseUnconfirmedConsents :execrows
-- Forgets ticks of a list that the owner of the mailbox never confirmed.
DELETE FROM consents WHERE supporter_id = $1 AND purpose = $2 AND confirmed_at = 0;

-- name: InsertSuppression :execrows
INSERT INTO suppressions (address, list, reason, created_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (address, list, reason) DO NOTHING;

-- name: ListSuppressions :many
-- What must not go to a mailbox, and why.
SELECT * FROM suppressions WHERE address = $1 ORDER BY created_at, list, reason;

-- name: DeleteSuppression :execrows
DELETE FROM suppressions WHERE address = $1 AND list = $2 AND reason = $3;

-- name: UseDownload :execrows
-- Takes a link's one use. No row means that it was used before.
INSERT INTO downloads (link, at) VALUES ($1, $2) ON CONFLICT (link) DO NOTHING;

-- name: CountDownloads :one
-- 1 when the link was used, else 0.
SELECT CAST(count(*) AS bigint) FROM downloads WHERE link = $1;

-- name: ForgetDownloads :execrows
DELETE FROM downloads WHERE at < sqlc.arg(before);
