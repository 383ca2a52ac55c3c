-- name: InsertLetter :execrows
-- No row when the DeliveryId is known.
INSERT INTO letters (id, submission_id, campaign_id, seat, office, channel, delivery_id, subject, message, edited,
    state, reason, since, due_at, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
ON CONFLICT (delivery_id) DO NOTHING;

-- name: LetterByID :one
SELECT * FROM letters WHERE id = $1;

-- name: LetterByDeliveryID :one
SELECT * FROM letters WHERE delivery_id = $1;

-- name: LetterWithSubmission :one
-- All that is needed to build the message.
SELECT sqlc.embed(l), sqlc.embed(s)
FROM letters l
JOIN submissions s ON s.id = l.submission_id
WHERE l.id = $1;

-- name: ListLettersOfSubmission :many
SELECT * FROM letters WHERE submission_id = $1 ORDER BY created_at, id;

-- name: MoveLetter :execrows
-- Moves a letter, only if it still stands where the mover saw it: two movers, one winner.
-- The number of attempts is part of where it stands: a sender that was thought dead and
-- wakes up cannot end the attempt of the one that came after it.
UPDATE letters
SET state = sqlc.arg(to_state), reason = sqlc.arg(reason), since = sqlc.arg(since), due_at = sqlc.arg(due_at),
    attempts = sqlc.arg(attempts), delivered_at = sqlc.arg(delivered_at)
WHERE id = sqlc.arg(id) AND state = sqlc.arg(from_state) AND attempts = sqlc.arg(from_attempts);

-- name: SetLetterChannel :execrows
-- Sends a letter another way, only while it stands in the given state.
UPDATE letters
SET channel = sqlc.arg(channel), office = sqlc.arg(office)
WHERE id = sqlc.arg(id) AND state = sqlc.arg(state);

-- name: InsertLetterHistory :exec
-- The next entry. The letter's row must be locked by the move it records.
INSERT INTO letter_history (letter_id, seq, at, from_state, to_state, actor, node, note)
VALUES (sqlc.arg(letter_id),
        (SELECT coalesce(max(h.seq), 0) + 1 FROM letter_history h WHERE h.letter_id = sqlc.arg(letter_id)),
        sqlc.arg(at), sqlc.arg(from_state), sqlc.arg(to_state), sqlc.arg(actor), sqlc.arg(node), sqlc.arg(note));

-- name: ListLetterHistory :many
SELECT * FROM letter_history WHERE letter_id = $1 ORDER BY seq;

-- name: ListDueLetters :many
-- Letters whose state must be looked at again, whatever the state, most overdue first.
SELECT id, campaign_id, channel, state, since, due_at, attempts, created_at
FROM letters
WHERE due_at > 0 AND due_at <= sqlc.arg(now)
ORDER BY due_at, id
LIMIT CAST(sqlc.arg(max_rows) AS bigint);

-- name: ListDueLettersInState :many
SELECT id, campaign_id, channel, state, since, due_at, attempts, created_at
FROM letters
WHERE due_at > 0 AND due_at <= sqlc.arg(now) AND state = sqlc.arg(state)
ORDER BY due_at, id
LIMIT CAST(sqlc.arg(max_rows) AS bigint);

-- name: ListStaleSendingLetters :many
-- Letters that have been in sending since before a moment: their sender died or hangs.
SELECT id, campaign_id, channel, state, since, due_at, attempts, created_at
FROM letters
WHERE state = 'sending' AND since < sqlc.arg(before)
ORDER BY since, id
LIMIT CAST(sqlc.arg(max_rows) AS bigint);

-- name: ListHeldLetters :many
-- A page of the letters that need a human, oldest first. The first page is after (0, '');
-- the next begins after the last row's since and id.
SELECT id, submission_id, campaign_id, seat, office, channel, state, reason, since, attempts, created_at
FROM letters
WHERE state IN ('unknown', 'frozen', 'refused')
  AND since >= sqlc.arg(after_since) AND (since > sqlc.arg(after_since) OR id > sqlc.arg(after_id))
ORDER BY since, id
LIMIT CAST(sqlc.arg(max_rows) AS bigint);

-- name: CountLettersByState :many
-- Reads an index of all letters: for metrics and checks, not for pages.
SELECT campaign_id, channel, state, CAST(count(*) AS bigint) AS letters
FROM letters
GROUP BY campaign_id, state, channel
ORDER BY campaign_id, state, channel;

-- name: CountCampaignLetters :many
SELECT state, channel, CAST(count(*) AS bigint) AS letters
FROM letters
WHERE campaign_id = $1
GROUP BY state, channel
ORDER BY state, channel;

-- name: ScrubLetters :execrows
-- Forgets the words of a submission's letters, and the office's reasons, which may quote
-- them; state and counts stay.
UPDATE letters SET subject = '', message = '', reason = '' WHERE submission_id = $1;

-- name: ScrubLetterHistory :execrows
-- Forgets the notes in the history of a submission's letters; the moves stay.
UPDATE letter_history SET note = ''
WHERE letter_id IN (SELECT l.id FROM letters l WHERE l.submission_id = $1);
