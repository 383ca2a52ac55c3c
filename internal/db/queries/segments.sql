-- name: PutSegment :exec
INSERT INTO segments (name, text, made_by, created_at, updated_at)
VALUES (sqlc.arg(name), sqlc.arg(text), sqlc.arg(made_by), sqlc.arg(at), sqlc.arg(at))
ON CONFLICT (name) DO UPDATE SET text = excluded.text, made_by = excluded.made_by, updated_at = excluded.updated_at;

-- name: Segment :one
SELECT * FROM segments WHERE name = $1;

-- name: ListSegments :many
SELECT * FROM segments ORDER BY created_at, name;

-- name: DeleteSegment :execrows
DELETE FROM segments WHERE name = $1;

-- name: ListBlocks :many
-- Blocks with an id range that begins at or behind a place, in order.
SELECT start, people FROM people_blocks
WHERE facet = 'place' AND start >= sqlc.arg(after)
ORDER BY start LIMIT CAST(sqlc.arg(max_rows) AS bigint);

-- name: BlockBefore :many
-- The block in whose range an id lies; none when there are no blocks.
SELECT start, people FROM people_blocks
WHERE facet = 'place' AND start <= sqlc.arg(id)
ORDER BY start DESC LIMIT 1;

-- name: ListFacet :many
-- One facet of the blocks in a range.
SELECT start, people, data FROM people_blocks
WHERE facet = sqlc.arg(facet) AND start >= sqlc.arg(from_start) AND start < sqlc.arg(until)
ORDER BY start;

-- name: ListPieces :many
-- The pieces of ids in which those of some people are, when they are in any.
SELECT p.start, p.people, p.data
FROM (
    SELECT DISTINCT (SELECT b.start FROM people_blocks b WHERE b.facet = '' AND b.start <= key ORDER BY b.start DESC LIMIT 1) AS start
    FROM json_each(sqlc.arg(people))
) AS at
JOIN people_blocks p ON p.facet = '' AND p.start = at.start
ORDER BY p.start;

-- name: DropBlocks :execrows
DELETE FROM people_blocks WHERE start >= sqlc.arg(from_start) AND start < sqlc.arg(until);

-- name: NextChange :many
-- The first person at or behind an id who changed since their block was made.
SELECT supporter_id FROM people_changes WHERE supporter_id >= sqlc.arg(after) ORDER BY supporter_id LIMIT 1;

-- name: CountChanges :one
-- How many changes wait, counted up to a bound.
SELECT CAST(count(*) AS bigint) FROM (SELECT supporter_id FROM people_changes LIMIT CAST(sqlc.arg(bound) AS bigint)) AS c;

-- name: DropChanges :execrows
DELETE FROM people_changes WHERE supporter_id >= sqlc.arg(from_id) AND supporter_id < sqlc.arg(until);

-- name: ListChanged :many
SELECT DISTINCT supporter_id FROM people_changes
WHERE supporter_id >= sqlc.arg(from_id) AND supporter_id < sqlc.arg(until)
ORDER BY supporter_id;

-- name: ListFaces :many
-- What campaigners choose the first people of a range of ids by.
SELECT id, state, seat, zip, lang, source FROM supporters
WHERE id >= sqlc.arg(from_id) AND id < sqlc.arg(until) AND email <> ''
ORDER BY id LIMIT CAST(sqlc.arg(max_rows) AS bigint);

-- name: FaceAt :many
-- The id that stands at a place, counted from 0, in a range; none when there are not so many.
SELECT id FROM supporters
WHERE id >= sqlc.arg(from_id) AND id < sqlc.arg(until)
ORDER BY id LIMIT 1 OFFSET CAST(sqlc.arg(place) AS bigint);

-- name: ListFaceTags :many
SELECT supporter_id, tag FROM person_tags
WHERE supporter_id >= sqlc.arg(from_id) AND supporter_id < sqlc.arg(until)
ORDER BY supporter_id;

-- name: ListFaceLists :many
SELECT supporter_id, list, confirmed_at FROM subscriptions
WHERE supporter_id >= sqlc.arg(from_id) AND supporter_id < sqlc.arg(until) AND confirmed_at > 0
ORDER BY supporter_id;

-- name: ListFaceActs :many
SELECT supporter_id, campaign_id FROM submissions
WHERE supporter_id >= sqlc.arg(from_id) AND supporter_id < sqlc.arg(until) AND disowned_at = 0
ORDER BY supporter_id;

-- name: ListFacesOf :many
-- The same as ListFaces of people by their ids.
SELECT p.id, p.state, p.seat, p.zip, p.lang, p.source FROM supporters p
WHERE p.id IN (SELECT key FROM json_each(sqlc.arg(people))) AND p.email <> '' ORDER BY p.id;

-- name: ListFaceTagsOf :many
SELECT t.supporter_id, t.tag FROM person_tags t
WHERE t.supporter_id IN (SELECT key FROM json_each(sqlc.arg(people)))
ORDER BY t.supporter_id, t.tag;

-- name: ListFaceListsOf :many
SELECT s.supporter_id, s.list, s.confirmed_at FROM subscriptions s
WHERE s.supporter_id IN (SELECT key FROM json_each(sqlc.arg(people))) AND s.confirmed_at > 0
ORDER BY s.supporter_id, s.list;

-- name: ListFaceActsOf :many
SELECT s.supporter_id, s.campaign_id FROM submissions s
WHERE s.supporter_id IN (SELECT key FROM json_each(sqlc.arg(people))) AND s.disowned_at = 0
ORDER BY s.supporter_id, s.campaign_id;
