-- name: SupporterByEmailKey :one
SELECT * FROM supporters WHERE email_key = $1;

-- name: SupporterByID :one
SELECT * FROM supporters WHERE id = $1;

-- name: ListConsents :many
SELECT * FROM consents WHERE supporter_id = $1 ORDER BY given_at, id;

-- name: WithdrawConsents :execrows
-- Withdraws what is still given for a purpose; a withdrawn consent keeps its first date.
UPDATE consents
SET withdrawn_at = sqlc.arg(withdrawn_at)
WHERE supporter_id = sqlc.arg(supporter_id) AND purpose = sqlc.arg(purpose) AND withdrawn_at = 0;

-- name: LockSupporter :execrows
-- Makes other writers of the person's row wait until the transaction ends.
UPDATE supporters SET updated_at = supporters.updated_at WHERE id = $1;

-- name: ForgetSupporter :execrows
-- Forgets who a person is, unless they ever joined the list or one of their submissions
-- still holds its letter. The row stays for the submissions that point to it; its mailbox
-- counts as unknown from then on. Lock the row first: what others have just written must
-- be seen.
UPDATE supporters
SET email_key = supporters.id, email = '', first_name = '', last_name = '', zip = '', updated_at = sqlc.arg(updated_at)
WHERE supporters.id = sqlc.arg(id)
  AND NOT EXISTS (SELECT 1 FROM consents c WHERE c.supporter_id = supporters.id)
  AND NOT EXISTS (SELECT 1 FROM submissions s WHERE s.supporter_id = supporters.id AND s.scrubbed_at = 0);
