-- name: ClaimConfirmation :execrows
-- Takes a mailbox's turn for the mails of one submission. No row means that it is not its
-- turn: the last one came too lately, or too many without an answer.
INSERT INTO mailboxes (address, asked, asked_at, asked_for)
VALUES (sqlc.arg(address), 1, sqlc.arg(asked_at), sqlc.arg(asked_for))
ON CONFLICT (address) DO UPDATE
SET asked = CASE WHEN mailboxes.asked_for = excluded.asked_for THEN mailboxes.asked ELSE mailboxes.asked + 1 END,
    asked_at = CASE WHEN mailboxes.asked_for = excluded.asked_for THEN mailboxes.asked_at ELSE excluded.asked_at END,
    asked_for = excluded.asked_for
WHERE mailboxes.asked_for = excluded.asked_for
   OR (mailboxes.asked < CAST(sqlc.arg(most) AS bigint) AND mailboxes.asked_at <= CAST(sqlc.arg(before) AS bigint));

-- name: Mailbox :one
SELECT * FROM mailboxes WHERE address = $1;

-- name: ConfirmMailbox :exec
-- The owner of the mailbox answered: what was asked before no longer counts, and the turn is
-- that of what they answered for.
INSERT INTO mailboxes (address, asked_for, confirmed_at)
VALUES (sqlc.arg(address), sqlc.arg(asked_for), sqlc.arg(confirmed_at))
ON CONFLICT (address) DO UPDATE SET asked = 0, asked_for = excluded.asked_for, confirmed_at = excluded.confirmed_at;

-- name: ListSubmissionsOfMailbox :many
-- What was sent on a campaign from one mailbox, the oldest first.
SELECT id, zip FROM submissions
WHERE supporter_id = $1 AND campaign_id = $2
ORDER BY created_at, id;

-- name: ReleasePerson :execrows
-- Forgets whose submission it was, so that the person can act on the campaign again.
UPDATE submissions SET person = submissions.id WHERE id = $1;
