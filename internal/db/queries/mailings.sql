-- name: InsertMailing :exec
INSERT INTO mailings (id, number, name, source, author, state, moved_by, created_at, updated_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- name: NextMailingNumber :one
SELECT CAST(coalesce(max(number), 0) + 1 AS bigint) AS number FROM mailings;

-- name: MailingByID :one
SELECT * FROM mailings WHERE id = $1;

-- name: MailingByNumber :one
SELECT * FROM mailings WHERE number = $1;

-- name: MailingByName :one
SELECT * FROM mailings WHERE name = $1;

-- name: ListMailings :many
-- All of them, the newest first, without their files.
SELECT id, number, name, state, reason, moved_by, starts_at, began_at, ended_at, created_at FROM mailings ORDER BY number DESC;

-- name: ListMailingsBefore :many
-- A page of mailings with their files, the newest first.
SELECT * FROM mailings WHERE number < sqlc.arg(before) ORDER BY number DESC LIMIT CAST(sqlc.arg(max_rows) AS bigint);

-- name: ListMailingsIn :many
-- The mailings in a state, the oldest first.
SELECT * FROM mailings WHERE state = sqlc.arg(state) ORDER BY number;

-- name: CountMailings :many
-- How many mailings are in each state. Reads an index of all of them.
SELECT state, CAST(count(*) AS bigint) AS mailings FROM mailings GROUP BY state ORDER BY state;

-- name: ReplaceMailing :execrows
-- Changes what a mailing says, as long as nothing of it was sent, and only if it was last written
-- when its author saw: of two who write at once, one comes second.
UPDATE mailings SET source = sqlc.arg(source), author = sqlc.arg(author), updated_at = sqlc.arg(updated_at)
WHERE id = sqlc.arg(id) AND began_at = 0 AND (state = 'draft' OR state = 'scheduled') AND updated_at = sqlc.arg(seen);

-- name: MoveMailing :execrows
-- Changes a mailing's state, only if it still has the state and the text that its mover saw.
UPDATE mailings
SET state = sqlc.arg(state), reason = sqlc.arg(reason), moved_by = sqlc.arg(moved_by), starts_at = sqlc.arg(starts_at),
    began_at = sqlc.arg(began_at), ended_at = sqlc.arg(ended_at), updated_at = sqlc.arg(updated_at),
    heard_delivered = sqlc.arg(heard_delivered), heard_complained = sqlc.arg(heard_complained)
WHERE id = sqlc.arg(id) AND state = sqlc.arg(from_state) AND source = sqlc.arg(source);

-- name: MailingState :one
SELECT state FROM mailings WHERE id = $1;

-- name: FillMailing :execrows
-- Notes how far a mailing's people are written down, only by who knows how far they were.
UPDATE mailings SET filled_to = sqlc.arg(filled_to), filled = sqlc.arg(filled)
WHERE id = sqlc.arg(id) AND filled_to = sqlc.arg(from_filled) AND state = 'sending';

-- name: DecideMailing :execrows
-- Records once which subject was better.
UPDATE mailings SET winner = sqlc.arg(winner) WHERE id = sqlc.arg(id) AND winner = '';

-- name: ListMailingLine :many
-- The first of those whose time to get a mailing has come. Who is being sent to is among them.
SELECT supporter_id, variant FROM mailing_recipients
WHERE mailing_id = sqlc.arg(mailing_id) AND state = 'queued' AND due_at <= sqlc.arg(until)
ORDER BY due_at, supporter_id LIMIT CAST(sqlc.arg(max_rows) AS bigint);

-- name: NextInMailingLine :one
-- When the next of those in line is due; 0 when nobody is in line.
SELECT CAST(coalesce(min(due_at), 0) AS bigint) AS due FROM mailing_recipients WHERE mailing_id = $1 AND state = 'queued';

-- name: PutFlights :execrows
-- Writes down whose messages of a mailing are under way, unless another sender took it over.
UPDATE mailing_flights SET people = sqlc.arg(people) WHERE mailing_id = sqlc.arg(mailing_id) AND fence = sqlc.arg(fence);

-- name: TakeFlights :many
-- Takes a mailing over from all earlier senders, and returns whose messages were under way. It
-- returns no row when a later sender has it.
INSERT INTO mailing_flights (mailing_id, fence) VALUES (sqlc.arg(mailing_id), sqlc.arg(fence))
ON CONFLICT (mailing_id) DO UPDATE SET fence = excluded.fence WHERE mailing_flights.fence <= excluded.fence
RETURNING people;

-- name: ListFlights :many
-- The mailings that senders had in hand. There are few.
SELECT m.id, m.name FROM mailing_flights f JOIN mailings m ON m.id = f.mailing_id ORDER BY m.number;

-- name: DropFlights :execrows
-- Takes out what is written down of mailings that are over.
DELETE FROM mailing_flights WHERE mailing_id IN (SELECT m.id FROM mailings m WHERE m.state = 'done' OR m.state = 'cancelled');

-- name: PutRecipientOff :execrows
-- Lets somebody wait whose message certainly did not leave.
UPDATE mailing_recipients SET due_at = sqlc.arg(due_at), attempts = attempts + CAST(sqlc.arg(tried) AS bigint), reason = sqlc.arg(reason)
WHERE mailing_id = sqlc.arg(mailing_id) AND supporter_id = sqlc.arg(supporter_id) AND state = 'queued';

-- name: EndRecipient :execrows
-- Records what became of one message.
UPDATE mailing_recipients SET state = sqlc.arg(state), reason = sqlc.arg(reason)
WHERE mailing_id = sqlc.arg(mailing_id) AND supporter_id = sqlc.arg(supporter_id) AND state = sqlc.arg(from_state);

-- name: Recipient :one
SELECT * FROM mailing_recipients WHERE mailing_id = $1 AND supporter_id = $2;

-- name: ListMailingsOf :many
-- What mailings somebody got, the newest last.
SELECT m.name, m.number, r.* FROM mailings m JOIN mailing_recipients r ON r.mailing_id = m.id
WHERE r.supporter_id = $1 ORDER BY m.number;

-- name: NoteBounce :execrows
UPDATE mailing_recipients SET bounced_at = sqlc.arg(at), reason = sqlc.arg(reason)
WHERE mailing_id = sqlc.arg(mailing_id) AND supporter_id = sqlc.arg(supporter_id) AND bounced_at = 0;

-- name: NoteComplaint :execrows
UPDATE mailing_recipients SET complained_at = sqlc.arg(at)
WHERE mailing_id = sqlc.arg(mailing_id) AND supporter_id = sqlc.arg(supporter_id) AND complained_at = 0;

-- name: NoteUnsubscribe :execrows
UPDATE mailing_recipients SET unsubscribed_at = sqlc.arg(at)
WHERE mailing_id = sqlc.arg(mailing_id) AND supporter_id = sqlc.arg(supporter_id) AND unsubscribed_at = 0;

-- name: NoteAct :execrows
UPDATE mailing_recipients SET acted_at = sqlc.arg(at)
WHERE mailing_id = sqlc.arg(mailing_id) AND supporter_id = sqlc.arg(supporter_id) AND acted_at = 0;

-- name: CountVariants :many
-- How each of the two subjects did.
SELECT variant, CAST(count(*) FILTER (WHERE state = 'sent') AS bigint) AS sent,
    CAST(count(*) FILTER (WHERE acted_at > 0) AS bigint) AS acted,
    CAST(count(*) FILTER (WHERE unsubscribed_at > 0 OR complained_at > 0) AS bigint) AS lost
FROM mailing_recipients WHERE mailing_id = $1 AND variant <> '' GROUP BY variant ORDER BY variant;

-- name: AddMailingCounts :exec
INSERT INTO mailing_counts (mailing_id, shard, queued, sent, failed, unknown, skipped, hard, soft, complained, unsubscribed, acted, joined)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
ON CONFLICT (mailing_id, shard) DO UPDATE SET
    queued = mailing_counts.queued + excluded.queued, sent = mailing_counts.sent + excluded.sent,
    failed = mailing_counts.failed + excluded.failed, unknown = mailing_counts.unknown + excluded.unknown,
    skipped = mailing_counts.skipped + excluded.skipped, hard = mailing_counts.hard + excluded.hard,
    soft = mailing_counts.soft + excluded.soft, complained = mailing_counts.complained + excluded.complained,
    unsubscribed = mailing_counts.unsubscribed + excluded.unsubscribed, acted = mailing_counts.acted + excluded.acted,
    joined = mailing_counts.joined + excluded.joined;

-- name: MailingCounts :one
SELECT CAST(coalesce(sum(queued), 0) AS bigint) AS queued, CAST(coalesce(sum(sent), 0) AS bigint) AS sent,
    CAST(coalesce(sum(failed), 0) AS bigint) AS failed, CAST(coalesce(sum(unknown), 0) AS bigint) AS unknown,
    CAST(coalesce(sum(skipped), 0) AS bigint) AS skipped, CAST(coalesce(sum(hard), 0) AS bigint) AS hard,
    CAST(coalesce(sum(soft), 0) AS bigint) AS soft, CAST(coalesce(sum(complained), 0) AS bigint) AS complained,
    CAST(coalesce(sum(unsubscribed), 0) AS bigint) AS unsubscribed, CAST(coalesce(sum(acted), 0) AS bigint) AS acted,
    CAST(coalesce(sum(joined), 0) AS bigint) AS joined
FROM mailing_counts WHERE mailing_id = $1;

-- name: ListMailingsToForget :many
-- The mailings that ended before a moment and still say who got them.
SELECT m.id FROM mailings m
WHERE m.state = sqlc.arg(state) AND m.ended_at < sqlc.arg(before)
  AND EXISTS (SELECT 1 FROM mailing_recipients r WHERE r.mailing_id = m.id)
ORDER BY m.ended_at;

-- name: ForgetRecipients :execrows
-- Forgets some of who got a mailing.
DELETE FROM mailing_recipients WHERE mailing_recipients.mailing_id = sqlc.arg(mailing_id) AND mailing_recipients.supporter_id IN (
    SELECT r.supporter_id FROM mailing_recipients r WHERE r.mailing_id = sqlc.arg(mailing_id)
    ORDER BY r.supporter_id LIMIT CAST(sqlc.arg(max_rows) AS bigint));

-- name: EraseRecipient :execrows
-- Forgets what mailings a person got.
DELETE FROM mailing_recipients WHERE mailing_id IN (SELECT id FROM mailings) AND supporter_id = $1;

-- name: CountAudience :one
-- How many people are on a list whose mailboxes confirmed it.
SELECT CAST(count(*) AS bigint) AS people FROM subscriptions WHERE confirmed_at > 0 AND list = $1;

-- Recipients change their state faster than PostgreSQL counts how many are in which. It must not
-- read all of them for a handful, whatever it believes: in the next four, LIMIT keeps it from
-- taking the list of keys apart, key || '' = key lets it expect a single key and so look up each
-- in the index of the table, and state || '' keeps it from the index of a state.

-- name: SentRecipients :execrows
-- Records that the messages of a mailing to these people are with the relay.
UPDATE mailing_recipients SET state = 'sent', reason = '', sent_at = sqlc.arg(sent_at)
WHERE (mailing_id, supporter_id) IN (SELECT CAST(sqlc.arg(mailing_id) AS text), key FROM json_each(sqlc.arg(people)) WHERE key || '' = key LIMIT 1000000)
  AND state || '' = sqlc.arg(from_state);

-- name: LoseRecipients :execrows
-- Gives those up who were being sent to when the sender died: nobody knows whether their
-- message left.
UPDATE mailing_recipients SET state = 'unknown'
WHERE (mailing_id, supporter_id) IN (SELECT CAST(sqlc.arg(mailing_id) AS text), key FROM json_each(sqlc.arg(people)) WHERE key || '' = key LIMIT 1000000)
  AND state || '' = 'queued';

-- name: PostponeRecipients :execrows
-- Lets these people's messages of a mailing go later.
UPDATE mailing_recipients SET due_at = sqlc.arg(due_at)
WHERE (mailing_id, supporter_id) IN (SELECT CAST(sqlc.arg(mailing_id) AS text), key FROM json_each(sqlc.arg(people)) WHERE key || '' = key LIMIT 1000000)
  AND state || '' = 'queued';

-- name: ListSubscribedOf :many
-- Those of the people who are on a list by their own confirmation.
SELECT supporter_id FROM subscriptions
WHERE (supporter_id, list) IN (SELECT key, CAST(sqlc.arg(list) AS text) FROM json_each(sqlc.arg(people)) WHERE key || '' = key LIMIT 1000000) AND confirmed_at > 0
ORDER BY supporter_id;
