-- name: CountLiveLetters :many
-- How many letters are in each state that is not final, and since when the first. It reads
-- all of them off an index, so not for the supporters' pages.
SELECT state, CAST(count(*) AS bigint) AS letters, CAST(min(since) AS bigint) AS oldest
FROM letters
WHERE (state = 'unconfirmed' OR state = 'frozen' OR state = 'ready' OR state = 'sending' OR state = 'unknown' OR state = 'waiting')
GROUP BY state
ORDER BY state;

-- name: CountSendingLetters :one
-- How many letters of a channel are on their way right now.
SELECT CAST(count(*) AS bigint) AS letters FROM letters
WHERE (state = 'unconfirmed' OR state = 'frozen' OR state = 'ready' OR state = 'sending' OR state = 'unknown' OR state = 'waiting') AND state = 'sending' AND channel = sqlc.arg(channel);

-- name: CountOverdueLetters :many
-- How many letters of each channel to each office have been due since before a moment, and
-- since when the first. It reads all letters in line off an index.
SELECT channel, office, CAST(count(*) AS bigint) AS letters, CAST(min(due_at) AS bigint) AS oldest
FROM letters
WHERE (state = 'ready' OR state = 'waiting' OR state = 'unknown') AND state <> 'unknown' AND due_at <= sqlc.arg(before)
GROUP BY channel, office
ORDER BY channel, office;

-- name: ListLatestHeld :many
-- The letters of one of the states unknown, frozen and refused that came into it since a
-- moment, the newest first.
SELECT id, office, channel, reason, since
FROM letters
WHERE (state = 'unknown' OR state = 'frozen' OR state = 'refused') AND state = sqlc.arg(state) AND since >= sqlc.arg(after)
ORDER BY since DESC, id DESC
LIMIT CAST(sqlc.arg(max_rows) AS bigint);

-- name: CountHeldLetters :many
-- How many letters need a person, by state and reason, the most first.
SELECT state, channel, reason, CAST(count(*) AS bigint) AS letters, CAST(min(since) AS bigint) AS oldest
FROM letters
WHERE (state = 'unknown' OR state = 'frozen' OR state = 'refused') AND (state = 'frozen' OR state = 'unknown')
GROUP BY state, channel, reason
ORDER BY letters DESC, state, channel, reason
LIMIT CAST(sqlc.arg(max_rows) AS bigint);

-- name: ListBriefly :many
-- What a preview tells of letters, by their ids.
SELECT l.id, c.slug, l.office, l.state, l.reason
FROM letters l
JOIN campaigns c ON c.id = l.campaign_id
WHERE l.id IN (SELECT key FROM json_each(sqlc.arg(letters)))
ORDER BY l.id;

-- name: ListAside :many
-- A page of the letters that were put aside, the newest first: those that were so before a
-- moment, and of that moment those before an id.
SELECT l.id, c.slug, l.office, l.channel, l.reason, l.since
FROM letters l
JOIN campaigns c ON c.id = l.campaign_id
WHERE (l.state = 'unconfirmed' OR l.state = 'frozen' OR l.state = 'ready' OR l.state = 'sending' OR l.state = 'unknown' OR l.state = 'waiting') AND l.state = 'frozen'
  AND l.since <= sqlc.arg(before) AND (l.since < sqlc.arg(before) OR l.id < sqlc.arg(before_id))
ORDER BY l.since DESC, l.id DESC
LIMIT CAST(sqlc.arg(max_rows) AS bigint);

-- name: ListUnknown :many
-- A page of the letters whose fate is not known, the oldest first: those that became so after
-- a moment, and of that moment those after an id. begun is when the last attempt began. An
-- empty campaign or office means all of them.
SELECT l.id, l.delivery_id, c.slug, l.office, l.reason, l.since, l.attempts,
       CAST(COALESCE((SELECT max(h.at) FROM letter_history h WHERE h.letter_id = l.id AND h.to_state = 'sending'), l.since) AS bigint) AS begun
FROM letters l
JOIN campaigns c ON c.id = l.campaign_id
WHERE (l.state = 'unconfirmed' OR l.state = 'frozen' OR l.state = 'ready' OR l.state = 'sending' OR l.state = 'unknown' OR l.state = 'waiting') AND l.state = 'unknown'
  AND l.since >= sqlc.arg(after) AND (l.since > sqlc.arg(after) OR l.id > sqlc.arg(after_id))
  AND (CAST(sqlc.arg(slug) AS text) = '' OR c.slug = sqlc.arg(slug))
  AND (CAST(sqlc.arg(office) AS text) = '' OR l.office = sqlc.arg(office))
ORDER BY l.since, l.id
LIMIT CAST(sqlc.arg(max_rows) AS bigint);

-- name: CountUnknown :many
-- How many letters of unknown fate there are, by campaign and office.
SELECT c.slug, l.office, CAST(count(*) AS bigint) AS letters
FROM letters l
JOIN campaigns c ON c.id = l.campaign_id
WHERE (l.state = 'unconfirmed' OR l.state = 'frozen' OR l.state = 'ready' OR l.state = 'sending' OR l.state = 'unknown' OR l.state = 'waiting') AND l.state = 'unknown'
GROUP BY c.slug, l.office
ORDER BY c.slug, l.office;
