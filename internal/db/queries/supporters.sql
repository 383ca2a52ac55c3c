-- name: ListConsents :many
SELECT * FROM consents WHERE supporter_id = $1 ORDER BY given_at, id;

-- name: WithdrawConsents :execrows
-- Withdraws what is still given for a purpose, or for all (''); a withdrawn consent keeps
-- its first date and way.
UPDATE consents
SET withdrawn_at = sqlc.arg(withdrawn_at), withdrawn_way = sqlc.arg(withdrawn_way)
WHERE supporter_id = sqlc.arg(supporter_id) AND withdrawn_at = 0
  AND (CAST(sqlc.arg(purpose) AS text) = '' OR purpose = sqlc.arg(purpose));

-- name: LockSupporter :execrows
-- Makes other writers of the person's row wait until the transaction ends.
UPDATE supporters SET updated_at = supporters.updated_at WHERE id = $1;

-- name: ForgetSupporter :execrows
-- Forgets who a person is, unless they ever joined the list or one of their submissions
-- still holds its letter. The row stays for the submissions that point to it; its mailbox
-- counts as unknown from then on. Lock the row first: what others have just written must
-- be seen.
UPDATE supporters
SET email_key = supporters.id, email = '', first_name = '', last_name = '', zip = '', state = '', seat = '', source = '', custom = '',
    updated_at = sqlc.arg(updated_at)
WHERE supporters.id = sqlc.arg(id)
  AND NOT EXISTS (SELECT 1 FROM consents c WHERE c.supporter_id = supporters.id)
  AND NOT EXISTS (SELECT 1 FROM submissions s WHERE s.supporter_id = supporters.id AND s.scrubbed_at = 0);

-- name: DropTagsOfForgotten :execrows
DELETE FROM person_tags WHERE person_tags.supporter_id = sqlc.arg(id)
  AND NOT EXISTS (SELECT 1 FROM supporters p WHERE p.id = sqlc.arg(id) AND p.email <> '');

-- name: DropSupporter :execrows
-- Takes out the row of somebody from whom nothing was ever taken in.
DELETE FROM supporters
WHERE supporters.id = sqlc.arg(id)
  AND NOT EXISTS (SELECT 1 FROM consents c WHERE c.supporter_id = supporters.id)
  AND NOT EXISTS (SELECT 1 FROM person_tags t WHERE t.supporter_id = supporters.id)
  AND NOT EXISTS (SELECT 1 FROM submissions s WHERE s.supporter_id = supporters.id)
  AND NOT EXISTS (SELECT 1 FROM mailings m JOIN mailing_recipients r ON r.mailing_id = m.id WHERE r.supporter_id = supporters.id);

-- name: ListMailboxKeys :many
-- A page of the keys by which people are found, behind an id.
SELECT id, email_key FROM supporters
WHERE id > sqlc.arg(after_id)
ORDER BY id
LIMIT CAST(sqlc.arg(max_rows) AS bigint);

-- name: SetMailboxKey :execrows
-- Changes the key by which a person is found, only if it still is what the writer saw.
UPDATE supporters SET email_key = sqlc.arg(email_key)
WHERE id = sqlc.arg(id) AND email_key = sqlc.arg(from_key);
