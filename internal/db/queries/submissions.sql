-- name: SubmissionByKey :one
SELECT * FROM submissions WHERE key = $1;

-- name: SubmissionByPerson :one
SELECT * FROM submissions WHERE campaign_id = $1 AND person = $2;

-- name: SubmissionByID :one
SELECT * FROM submissions WHERE id = $1;

-- name: ListSubmissionsOfSupporter :many
SELECT * FROM submissions WHERE supporter_id = $1 ORDER BY created_at, id;

-- name: ListScrubbableSubmissions :many
-- Submissions that still hold street and text although each of their letters came into
-- its final state before the given moment. Oldest first.
SELECT s.id
FROM submissions s
WHERE s.scrubbed_at = 0 AND s.created_at < sqlc.arg(before)
  AND NOT EXISTS (
    SELECT 1 FROM letters l
    WHERE l.submission_id = s.id
      AND (l.since >= sqlc.arg(before)
           OR l.state NOT IN ('accepted', 'refused', 'handed-over', 'withdrawn', 'expired'))
  )
ORDER BY s.created_at, s.id
LIMIT CAST(sqlc.arg(max_rows) AS bigint);

-- name: ScrubSubmission :execrows
-- Forgets where the person lives and how to call them; seat, basis and plan stay.
UPDATE submissions
SET prefix = '', first_name = '', last_name = '', email = '', phone = '', address1 = '', address2 = '', city = '',
    zip = '', partners = '', scrubbed_at = sqlc.arg(scrubbed_at)
WHERE id = sqlc.arg(id) AND scrubbed_at = 0;

-- name: DisownSubmission :execrows
-- Records once that the owner of the address did not write it.
UPDATE submissions SET disowned_at = sqlc.arg(disowned_at)
WHERE id = sqlc.arg(id) AND disowned_at = 0;
