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

-- name: MergeSupporter :execrows
-- Notes whose id a person has now.
UPDATE supporters SET merged_into = sqlc.arg(kept) WHERE id = sqlc.arg(gone);

-- name: SupporterMergedInto :one
SELECT merged_into FROM supporters WHERE id = $1;

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

-- name: InsertImport :exec
INSERT INTO imports (id, at, who, file, list, basis, basis_hash) VALUES ($1, $2, $3, $4, $5, $6, $7);

-- name: CountImport :execrows
-- Adds to what an import has taken in and refused.
UPDATE imports SET taken = taken + sqlc.arg(taken), refused = refused + sqlc.arg(refused) WHERE id = sqlc.arg(id);

-- name: ImportByID :one
SELECT * FROM imports WHERE id = $1;

-- name: ListSuppressionsOf :many
-- The suppressions of mailboxes.
SELECT s.address, s.list, s.reason FROM suppressions s
WHERE s.address IN (SELECT key FROM json_each(sqlc.arg(mailboxes)))
ORDER BY s.address, s.list, s.reason;

-- name: ListMailableOf :many
-- People as far as a mail to them needs it. Who was forgotten is not among them. Why the keys are
-- asked for like this, mailings.sql says of recipients.
SELECT id, email, first_name, last_name, lang, zip, seat FROM supporters
WHERE id IN (SELECT key FROM json_each(sqlc.arg(people)) WHERE key || '' = key LIMIT 1000000) AND email <> '' ORDER BY id;

-- name: ListActedOf :many
-- Who of some people has written on a campaign.
SELECT DISTINCT supporter_id FROM submissions
WHERE supporter_id IN (SELECT key FROM json_each(sqlc.arg(people))) AND campaign_id = sqlc.arg(campaign_id)
ORDER BY supporter_id;

-- name: ListImportedOf :many
-- Who of some people has a line in the ledger with these words by an import.
SELECT c.supporter_id FROM consents c
WHERE c.supporter_id IN (SELECT key FROM json_each(sqlc.arg(people)))
  AND c.import_id <> '' AND c.purpose = sqlc.arg(purpose) AND c.words_hash = sqlc.arg(words_hash)
ORDER BY c.supporter_id;

-- name: ListPeopleOf :many
SELECT p.id, p.email, p.first_name, p.last_name, p.lang, p.zip, p.state, p.seat, p.source, p.custom, p.created_at
FROM supporters p
WHERE p.id IN (SELECT key FROM json_each(sqlc.arg(people))) AND p.email <> '' ORDER BY p.id;

-- name: ListAgreedOf :many
-- To what some people agreed for a purpose, confirmed by the mailbox and not taken back, the
-- oldest line of each first.
SELECT p.id, p.email, p.first_name, p.last_name, p.zip, c.words, c.lang, c.page, c.given_at, c.confirmed_at
FROM consents c JOIN supporters p ON p.id = c.supporter_id
WHERE c.supporter_id IN (SELECT key FROM json_each(sqlc.arg(people))) AND c.purpose = sqlc.arg(purpose)
  AND c.confirmed_at > 0 AND c.withdrawn_at = 0 AND p.email <> ''
ORDER BY p.id, c.given_at, c.id;

-- name: ListTags :many
SELECT tag FROM person_tags WHERE supporter_id = $1 ORDER BY tag;

-- name: DropTag :execrows
DELETE FROM person_tags WHERE supporter_id = $1 AND tag = $2;

-- name: MoveTags :execrows
-- Gives a person the tags of another one. The rows of the other one stay.
INSERT INTO person_tags (supporter_id, tag, since)
SELECT CAST(sqlc.arg(kept) AS text), t.tag, t.since FROM person_tags t WHERE t.supporter_id = sqlc.arg(gone)
ON CONFLICT (supporter_id, tag) DO NOTHING;

-- name: MoveSubmissions :execrows
UPDATE submissions SET supporter_id = sqlc.arg(kept) WHERE supporter_id = sqlc.arg(gone);

-- name: MoveConsents :execrows
UPDATE consents SET supporter_id = sqlc.arg(kept) WHERE supporter_id = sqlc.arg(gone);

-- name: MoveSubscriptions :execrows
-- Gives a person the lists of another one on which they are not yet.
INSERT INTO subscriptions (supporter_id, list, since, confirmed_at)
SELECT CAST(sqlc.arg(kept) AS text), s.list, s.since, s.confirmed_at FROM subscriptions s WHERE s.supporter_id = sqlc.arg(gone)
ON CONFLICT (supporter_id, list) DO UPDATE SET since = excluded.since, confirmed_at = excluded.confirmed_at
WHERE subscriptions.confirmed_at = 0;

-- name: CountSources :many
-- For each source, how many letters came from it and how many of their writers ticked the box
-- of the list. Reads a whole index.
SELECT source, CAST(count(*) AS bigint) AS submitted, CAST(count(*) FILTER (WHERE joined = true) AS bigint) AS joined
FROM submissions WHERE (CAST(sqlc.arg(campaign_id) AS text) = '' OR campaign_id = sqlc.arg(campaign_id))
GROUP BY source ORDER BY count(*) DESC, source;

-- name: ForgetNetworks :execrows
-- Forgets from which network ticks came that are older.
UPDATE consents SET network = '' WHERE network <> '' AND given_at < sqlc.arg(before);

-- name: ListEndedConsents :many
-- People of whom the ledger has lines that were taken back before a moment.
SELECT DISTINCT supporter_id FROM consents
WHERE withdrawn_at > 0 AND withdrawn_at < sqlc.arg(before)
ORDER BY supporter_id LIMIT CAST(sqlc.arg(max_rows) AS bigint);

-- name: ForgetEndedConsents :execrows
DELETE FROM consents WHERE supporter_id = sqlc.arg(supporter_id) AND withdrawn_at > 0 AND withdrawn_at < sqlc.arg(before);
