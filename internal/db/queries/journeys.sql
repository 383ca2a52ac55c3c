-- name: ListDueJourneySteps :many
-- Mails whose time has come and that nobody has stopped, the first due first.
SELECT s.* FROM journey_steps s
WHERE s.state = 'waiting' AND s.due_at <= sqlc.arg(now)
  AND NOT EXISTS (SELECT 1 FROM journey_runs r WHERE r.campaign_id = s.about AND r.journey = s.journey AND r.paused_at > 0)
ORDER BY s.due_at, s.id
LIMIT CAST(sqlc.arg(max_rows) AS bigint);

-- name: ClaimJourneyStep :execrows
-- Takes a mail in hand. No row means that another node was quicker, or that it was stopped.
UPDATE journey_steps SET state = 'sending', since = sqlc.arg(now), attempts = attempts + 1
WHERE id = sqlc.arg(id) AND state = 'waiting' AND attempts = sqlc.arg(attempts) AND due_at <= sqlc.arg(now)
  AND NOT EXISTS (SELECT 1 FROM journey_runs r WHERE r.campaign_id = journey_steps.about AND r.journey = journey_steps.journey AND r.paused_at > 0);

-- name: EndJourneyStep :execrows
-- Says what became of a mail that was in hand, if nobody took its sender for dead. tried is
-- how often it has failed: what only waits is not counted.
UPDATE journey_steps SET state = sqlc.arg(state), reason = sqlc.arg(reason), since = sqlc.arg(now), due_at = sqlc.arg(due_at), attempts = sqlc.arg(tried)
WHERE id = sqlc.arg(id) AND state = 'sending' AND attempts = sqlc.arg(attempts);

-- name: LoseJourneySteps :execrows
-- Marks the mails whose sender died with them in hand: their fate is unknown.
UPDATE journey_steps SET state = 'unknown', reason = sqlc.arg(reason)
WHERE state = 'sending' AND since < sqlc.arg(before);

-- name: ForgetJourneySteps :execrows
DELETE FROM journey_steps
WHERE since < sqlc.arg(before) AND state <> 'waiting' AND state <> 'sending';

-- name: EraseJourneySteps :execrows
DELETE FROM journey_steps WHERE supporter_id = $1;

-- name: ListJourneySteps :many
SELECT * FROM journey_steps WHERE supporter_id = $1 ORDER BY since, id;

-- name: BeginJourneyRun :execrows
-- Records once that something happened to a campaign.
INSERT INTO journey_runs (campaign_id, journey, since, done_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (campaign_id, journey) DO NOTHING;

-- name: ListJourneyRuns :many
SELECT * FROM journey_runs WHERE campaign_id = $1 ORDER BY journey;

-- name: AdvanceJourneyRun :execrows
-- Moves on, only if it still stands where the writer saw it.
UPDATE journey_runs SET last_at = sqlc.arg(last_at), last_id = sqlc.arg(last_id), queued = queued + sqlc.arg(more), done_at = sqlc.arg(done_at)
WHERE campaign_id = sqlc.arg(campaign_id) AND journey = sqlc.arg(journey) AND last_id = sqlc.arg(from_id) AND done_at = 0;

-- name: JourneyStep :one
SELECT * FROM journey_steps WHERE id = $1;

-- name: ListJourneyLines :many
-- The mails whose time has come and that have not left, and those that were put off, by what
-- they are about and why they wait; due_at is that of the first of them.
SELECT d.journey, d.about, d.reason, CAST(count(*) AS bigint) AS steps, CAST(min(d.due_at) AS bigint) AS due
FROM journey_steps d WHERE d.state = 'waiting' AND d.due_at <= sqlc.arg(now)
GROUP BY d.journey, d.about, d.reason
UNION ALL
SELECT p.journey, p.about, p.reason, CAST(count(*) AS bigint), CAST(min(p.due_at) AS bigint)
FROM journey_steps p WHERE p.state = 'waiting' AND p.reason <> '' AND p.due_at > sqlc.arg(now)
GROUP BY p.journey, p.about, p.reason;

-- name: ListAllJourneyRuns :many
-- What goes to all people of each campaign: a few rows a campaign.
SELECT * FROM journey_runs ORDER BY campaign_id, journey;

-- name: CountJourneyRun :one
-- Counts what became of mails.
UPDATE journey_runs
SET sent = sent + sqlc.arg(sent), returned = returned + sqlc.arg(returned), complained = complained + sqlc.arg(complained)
WHERE campaign_id = sqlc.arg(campaign_id) AND journey = sqlc.arg(journey)
RETURNING *;

-- name: PauseJourneyRun :execrows
UPDATE journey_runs SET paused_at = sqlc.arg(paused_at), paused_by = sqlc.arg(paused_by), paused_why = sqlc.arg(paused_why)
WHERE campaign_id = sqlc.arg(campaign_id) AND journey = sqlc.arg(journey) AND paused_at = 0;

-- name: ResumeJourneyRun :execrows
-- Lets mails go on, with what of them has been seen.
UPDATE journey_runs SET paused_at = 0, paused_by = '', paused_why = '', heard_delivered = sent - returned, heard_complained = complained
WHERE campaign_id = sqlc.arg(campaign_id) AND journey = sqlc.arg(journey) AND paused_at = sqlc.arg(since) AND paused_at > 0;

-- name: ShiftJourneySteps :execrows
-- Lets the mails that wait go so much later, as far from each other as before.
UPDATE journey_steps SET due_at = due_at + sqlc.arg(later)
WHERE state = 'waiting' AND due_at > 0 AND journey = sqlc.arg(journey) AND about = sqlc.arg(about);

-- name: ListWritersOnLists :many
-- A page of what was sent on a campaign by people who are on one of two lists, behind a
-- submission, the oldest first.
SELECT s.id, s.supporter_id, s.created_at
FROM submissions s
WHERE s.campaign_id = sqlc.arg(campaign_id) AND s.disowned_at = 0
  AND s.created_at >= sqlc.arg(last_at) AND (s.created_at > sqlc.arg(last_at) OR s.id > sqlc.arg(last_id))
  AND EXISTS (
    SELECT 1 FROM subscriptions u
    WHERE u.supporter_id = s.supporter_id AND u.confirmed_at > 0 AND (u.list = sqlc.arg(list) OR u.list = sqlc.arg(other_list))
  )
ORDER BY s.created_at, s.id
LIMIT CAST(sqlc.arg(max_rows) AS bigint);

-- name: ListForgettableSubmissions :many
-- Submissions of writers who asked to be forgotten, whose letters have all reached their end.
SELECT s.id
FROM submissions s
WHERE s.forget AND s.scrubbed_at = 0 AND s.created_at <= sqlc.arg(now)
  AND NOT EXISTS (
    SELECT 1 FROM letters l
    WHERE l.submission_id = s.id AND l.state NOT IN ('accepted', 'refused', 'handed-over', 'withdrawn', 'expired')
  )
ORDER BY s.created_at, s.id
LIMIT CAST(sqlc.arg(max_rows) AS bigint);
