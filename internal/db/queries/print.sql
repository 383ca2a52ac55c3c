-- name: ListLettersToPrint :many
-- Letters that wait for paper and are in no batch, office by office. An empty campaign or
-- office means all of them.
SELECT l.id, l.campaign_id, l.seat, l.office
FROM letters l
LEFT JOIN print_letters p ON p.letter_id = l.id
WHERE l.channel = 'print' AND l.state = 'waiting' AND p.letter_id IS NULL
  AND (CAST(sqlc.arg(campaign_id) AS text) = '' OR l.campaign_id = sqlc.arg(campaign_id))
  AND (CAST(sqlc.arg(office) AS text) = '' OR l.office = sqlc.arg(office))
ORDER BY l.campaign_id, l.office, l.id
LIMIT CAST(sqlc.arg(max_rows) AS bigint);

-- name: InsertPrintBatch :exec
INSERT INTO print_batches (id, campaign_id, seat, office, made_at, made_by)
VALUES ($1, $2, $3, $4, $5, $6);

-- name: ListPrintBatches :many
-- The newest batches with how many letters each holds, and how many of them still wait or
-- were handed over.
SELECT b.id, b.campaign_id, c.slug, b.seat, b.office, b.made_at, b.made_by, b.handed_over_at, b.handed_over_by,
       CAST(count(p.letter_id) AS bigint) AS letters,
       CAST(count(CASE WHEN l.state = 'waiting' THEN 1 END) AS bigint) AS waiting,
       CAST(count(CASE WHEN l.state = 'handed-over' THEN 1 END) AS bigint) AS handed_over
FROM print_batches b
JOIN campaigns c ON c.id = b.campaign_id
LEFT JOIN print_letters p ON p.batch_id = b.id
LEFT JOIN letters l ON l.id = p.letter_id
GROUP BY b.id, b.campaign_id, c.slug, b.seat, b.office, b.made_at, b.made_by, b.handed_over_at, b.handed_over_by
ORDER BY b.id DESC
LIMIT CAST(sqlc.arg(max_rows) AS bigint);

-- name: PrintBatch :one
SELECT * FROM print_batches WHERE id = $1;

-- name: ListPrinted :many
-- The letters of a batch in the order of its pages.
SELECT p.place, sqlc.embed(l), sqlc.embed(s)
FROM print_letters p
JOIN letters l ON l.id = p.letter_id
JOIN submissions s ON s.id = l.submission_id
WHERE p.batch_id = $1
ORDER BY p.place;

-- name: HandOverPrintBatch :execrows
-- Notes that a batch was handed over; a second time changes nothing.
UPDATE print_batches SET handed_over_at = $1, handed_over_by = $2
WHERE id = $3 AND handed_over_at = 0;
