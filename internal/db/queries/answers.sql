-- name: InsertQuestion :execrows
-- A second click changes nothing.
INSERT INTO questions (submission_id, words, words_hash, lang, agreed_at, due_at)
VALUES (sqlc.arg(submission_id), sqlc.arg(words), sqlc.arg(words_hash), sqlc.arg(lang), sqlc.arg(agreed_at), sqlc.arg(due_at))
ON CONFLICT (submission_id) DO NOTHING;

-- name: Question :one
SELECT * FROM questions WHERE submission_id = $1;

-- name: DeleteUnaskedQuestion :execrows
DELETE FROM questions WHERE submission_id = $1 AND asked_at = 0;

-- name: ForgetQuestion :execrows
DELETE FROM questions WHERE submission_id = $1;

-- name: ListDueQuestions :many
SELECT submission_id, due_at FROM questions
WHERE due_at > 0 AND due_at <= sqlc.arg(now)
ORDER BY due_at, submission_id
LIMIT CAST(sqlc.arg(max_rows) AS bigint);

-- name: SettleQuestion :execrows
-- Says when to look again, only if nobody else has looked in the meantime.
UPDATE questions SET due_at = sqlc.arg(due_at), asked_at = sqlc.arg(asked_at)
WHERE submission_id = sqlc.arg(submission_id) AND due_at = sqlc.arg(was_due);

-- name: UpsertAnswer :exec
-- The last word counts.
INSERT INTO answers (letter_id, campaign_id, seat, answer, answered_at)
VALUES (sqlc.arg(letter_id), sqlc.arg(campaign_id), sqlc.arg(seat), sqlc.arg(answer), sqlc.arg(answered_at))
ON CONFLICT (letter_id) DO UPDATE SET answer = excluded.answer, answered_at = excluded.answered_at;

-- name: ListAnswersOfSubmission :many
SELECT a.* FROM answers a
JOIN letters l ON l.id = a.letter_id
WHERE l.submission_id = $1
ORDER BY a.letter_id;

-- name: CountAnswers :many
-- What people said about each office on a campaign.
SELECT seat, answer, CAST(count(*) AS bigint) AS people
FROM answers
WHERE campaign_id = $1
GROUP BY seat, answer
ORDER BY seat, answer;
