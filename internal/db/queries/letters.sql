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

-- name: ListLettersWithSubmissions :many
-- LetterWithSubmission for many letters.
SELECT sqlc.embed(l), sqlc.embed(s)
FROM letters l
JOIN submissions s ON s.id = l.submission_id
WHERE l.id IN (SELECT key FROM json_each(sqlc.arg(letters)))
ORDER BY l.id;

-- name: ListLettersOfSubmission :many
SELECT * FROM letters WHERE submission_id = $1 ORDER BY created_at, id;

-- name: MoveLetters :many
-- Moves letters that are to be moved alike, each only if it still stands where the mover saw it,
-- and returns those that were: two movers, one winner. The number of attempts is part of where a
-- letter stands: a sender that was thought dead and wakes up cannot end the attempt of the one that
-- came after it. (With state alone, SQLite would read all letters in that state instead of these.)
UPDATE letters
SET state = sqlc.arg(to_state), reason = sqlc.arg(reason), since = sqlc.arg(since), due_at = sqlc.arg(due_at),
    attempts = sqlc.arg(attempts), delivered_at = sqlc.arg(delivered_at)
WHERE id IN (SELECT key FROM json_each(sqlc.arg(letters))) AND state || '' = sqlc.arg(from_state) AND attempts = sqlc.arg(from_attempts)
RETURNING id;

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

-- name: ListHistoryEnds :many
-- The numbers of the last entries of letters that were moved: their rows are locked by that, so
-- that nobody else adds one.
SELECT letter_id, CAST(max(seq) AS bigint) AS seq FROM letter_history
WHERE letter_id IN (SELECT key FROM json_each(sqlc.arg(letters)))
GROUP BY letter_id;

-- name: ListLetterHistory :many
SELECT * FROM letter_history WHERE letter_id = $1 ORDER BY seq;

-- name: ListLines :many
-- All lines of a channel with the moment when their first letter is due. It steps from line
-- to line over the index, however many letters stand in each: first to the next office of
-- the campaign, then to the next campaign, whose row without an office is left out. (SQLite
-- uses an index for the first column only of a comparison of rows.)
WITH RECURSIVE lines(campaign_id, office) AS (
    SELECT CAST('' AS text), CAST('' AS text)
    UNION ALL
    SELECT coalesce((SELECT l.campaign_id FROM letters l
            WHERE l.channel = sqlc.arg(channel) AND (l.state = 'ready' OR l.state = 'waiting' OR l.state = 'unknown')
              AND l.campaign_id = lines.campaign_id AND l.office > lines.office
            LIMIT 1),
           (SELECT l.campaign_id FROM letters l
            WHERE l.channel = sqlc.arg(channel) AND (l.state = 'ready' OR l.state = 'waiting' OR l.state = 'unknown')
              AND l.campaign_id > lines.campaign_id
            ORDER BY l.campaign_id LIMIT 1)),
           coalesce((SELECT l.office FROM letters l
            WHERE l.channel = sqlc.arg(channel) AND (l.state = 'ready' OR l.state = 'waiting' OR l.state = 'unknown')
              AND l.campaign_id = lines.campaign_id AND l.office > lines.office
            ORDER BY l.office LIMIT 1), '')
    FROM lines WHERE lines.campaign_id IS NOT NULL
)
SELECT CAST(lines.campaign_id AS text) AS campaign_id, CAST(lines.office AS text) AS office, CAST(coalesce((
    SELECT l.due_at FROM letters l
    WHERE l.channel = sqlc.arg(channel) AND l.campaign_id = lines.campaign_id AND l.office = lines.office
      AND (l.state = 'ready' OR l.state = 'waiting' OR l.state = 'unknown')
    ORDER BY l.due_at LIMIT 1), 0) AS bigint) AS due_at
FROM lines WHERE lines.office <> '';

-- name: ListLine :many
-- The first letters of a line that are due. Letters of unknown fate stand there only where
-- they may be repeated.
SELECT id FROM letters
WHERE channel = sqlc.arg(channel) AND campaign_id = sqlc.arg(campaign_id) AND office = sqlc.arg(office) AND due_at <= sqlc.arg(now)
  AND (state = 'ready' OR state = 'waiting' OR state = 'unknown') AND (state <> 'unknown' OR CAST(sqlc.arg(repeats) AS boolean))
ORDER BY due_at, id
LIMIT CAST(sqlc.arg(max_rows) AS bigint);

-- name: CountLine :one
-- How many letters of a channel are due, and since when the first. It reads all of them off
-- an index, so not for pages.
SELECT CAST(count(*) AS bigint) AS letters, CAST(coalesce(min(due_at), 0) AS bigint) AS oldest FROM letters
WHERE channel = sqlc.arg(channel) AND due_at <= sqlc.arg(now)
  AND (state = 'ready' OR state = 'waiting' OR state = 'unknown') AND (state <> 'unknown' OR CAST(sqlc.arg(repeats) AS boolean));

-- name: ListLetters :many
-- A page of letters, newest first: those before an id. An empty state, office or campaign
-- means all of them.
SELECT l.id, l.submission_id, l.campaign_id, c.slug, l.seat, l.office, l.channel, l.delivery_id, l.edited,
       l.state, l.reason, l.since, l.due_at, l.attempts, l.created_at
FROM letters l
JOIN campaigns c ON c.id = l.campaign_id
WHERE l.id < sqlc.arg(before_id) AND l.created_at >= sqlc.arg(since)
  AND (CAST(sqlc.arg(state) AS text) = '' OR l.state = sqlc.arg(state))
  AND (CAST(sqlc.arg(office) AS text) = '' OR l.office = sqlc.arg(office))
  AND (CAST(sqlc.arg(campaign_id) AS text) = '' OR l.campaign_id = sqlc.arg(campaign_id))
ORDER BY l.id DESC
LIMIT CAST(sqlc.arg(max_rows) AS bigint);

-- name: HastenLetter :execrows
-- Makes a letter due now, only while it stands where the caller saw it.
UPDATE letters SET due_at = sqlc.arg(due_at)
WHERE id = sqlc.arg(id) AND state = sqlc.arg(state) AND attempts = sqlc.arg(attempts);

-- name: ListStaleLetters :many
-- Letters that have been in a state since before a moment, the oldest first.
SELECT * FROM letters
WHERE state = sqlc.arg(state) AND (state = 'unconfirmed' OR state = 'frozen' OR state = 'ready' OR state = 'sending' OR state = 'unknown' OR state = 'waiting') AND since <= sqlc.arg(before)
ORDER BY since, id
LIMIT CAST(sqlc.arg(max_rows) AS bigint);

-- name: ListLettersGivenUp :many
-- Letters that wait on a channel for another attempt although they came into line before a
-- moment. It reads the letters that are in line on the channel off an index.
SELECT l.* FROM letters l
WHERE l.channel = sqlc.arg(channel) AND (l.state = 'ready' OR l.state = 'waiting' OR l.state = 'unknown') AND l.state = 'waiting'
  AND l.created_at <= sqlc.arg(before)
  AND NOT EXISTS (
    SELECT 1 FROM letter_history h
    WHERE h.letter_id = l.id AND h.to_state = 'ready' AND h.at > sqlc.arg(before)
  )
ORDER BY l.since, l.id
LIMIT CAST(sqlc.arg(max_rows) AS bigint);

-- name: ListHeldLetters :many
-- A page of the letters that need a human, oldest first. The first page is after (0, '');
-- the next begins after the last row's since and id.
SELECT id, submission_id, campaign_id, seat, office, channel, state, reason, since, attempts, created_at
FROM letters
WHERE (state = 'unknown' OR state = 'frozen' OR state = 'refused')
  AND since >= sqlc.arg(after_since) AND (since > sqlc.arg(after_since) OR id > sqlc.arg(after_id))
ORDER BY since, id
LIMIT CAST(sqlc.arg(max_rows) AS bigint);

-- name: CountLettersByState :many
-- Reads indexes of all letters: for operators and checks, not for pages.
SELECT channel, state, CAST(count(*) AS bigint) AS letters
FROM letters
WHERE (state = 'unconfirmed' OR state = 'frozen' OR state = 'ready' OR state = 'sending' OR state = 'unknown' OR state = 'waiting')
GROUP BY state, channel
UNION ALL
SELECT channel, state, CAST(count(*) AS bigint) AS letters
FROM letters
WHERE (state = 'accepted' OR state = 'refused' OR state = 'handed-over' OR state = 'withdrawn' OR state = 'expired')
GROUP BY channel, state;

-- name: ScrubLetters :execrows
-- Forgets the words of a submission's letters, and the office's reasons, which may quote
-- them; state and counts stay.
UPDATE letters SET subject = '', message = '', reason = '' WHERE submission_id = $1;

-- name: ScrubLetterHistory :execrows
-- Forgets the notes in the history of a submission's letters; the moves stay.
UPDATE letter_history SET note = ''
WHERE letter_id IN (SELECT l.id FROM letters l WHERE l.submission_id = $1);

-- name: PutSender :exec
INSERT INTO senders (channel, node, since, sender)
VALUES (sqlc.arg(channel), sqlc.arg(node), sqlc.arg(since), sqlc.arg(sender))
ON CONFLICT (channel, node, since) DO UPDATE SET sender = excluded.sender;

-- name: SenderAt :one
-- As whom a process wrote to an office system at a moment.
SELECT sender FROM senders
WHERE channel = sqlc.arg(channel) AND node = sqlc.arg(node) AND since <= sqlc.arg(at)
ORDER BY since DESC
LIMIT 1;
