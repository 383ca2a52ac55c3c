-- name: HoldCampaign :execrows
-- Puts the new letters of a campaign aside from now on. No row means that they are already.
INSERT INTO campaign_holds (campaign_id, reason, held_at) VALUES (sqlc.arg(campaign_id), sqlc.arg(reason), sqlc.arg(held_at))
ON CONFLICT (campaign_id) DO UPDATE SET reason = excluded.reason, held_at = excluded.held_at
WHERE campaign_holds.held_at = 0;

-- name: ResumeCampaign :execrows
-- Lets a campaign go on and remembers its counts of this moment.
UPDATE campaign_holds
SET reason = '', held_at = 0, disowned = sqlc.arg(disowned), submitted = sqlc.arg(submitted)
WHERE campaign_id = sqlc.arg(campaign_id) AND held_at > 0;

-- name: ListHeldCampaigns :many
-- The campaigns whose new letters are put aside, with the slugs they have now.
SELECT h.campaign_id, c.slug, h.reason, h.held_at
FROM campaign_holds h
JOIN campaigns c ON c.id = h.campaign_id
WHERE h.held_at > 0
ORDER BY h.held_at, h.campaign_id;

-- name: CampaignDoubts :one
-- How many letters of a campaign were sent, and how many reported as not theirs by the
-- owners of their addresses, since a person last let it go on.
SELECT CAST(coalesce(sum(n.submitted), 0) - coalesce((SELECT h.submitted FROM campaign_holds h WHERE h.campaign_id = sqlc.arg(campaign_id)), 0) AS bigint) AS submitted,
       CAST(coalesce(sum(n.disowned), 0) - coalesce((SELECT h.disowned FROM campaign_holds h WHERE h.campaign_id = sqlc.arg(campaign_id)), 0) AS bigint) AS disowned
FROM campaign_counts n
WHERE n.campaign_id = sqlc.arg(campaign_id);

-- name: PutGuardCount :exec
-- Tells the other nodes what this one counted.
INSERT INTO guard_counts (node, rule, key, counted, at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (node, rule, key) DO UPDATE SET counted = excluded.counted, at = excluded.at;

-- name: ListGuardCounts :many
-- What the other nodes counted since a moment, added up.
SELECT rule, key, CAST(sum(counted) AS bigint) AS counted
FROM guard_counts
WHERE node <> sqlc.arg(node) AND at > sqlc.arg(since)
GROUP BY rule, key;

-- name: ForgetGuardCounts :execrows
DELETE FROM guard_counts WHERE at <= sqlc.arg(before);

-- name: FillBucket :one
-- Takes from a bucket what takes a time to come back, and returns when it will be full again.
INSERT INTO buckets (name, full_us) VALUES (sqlc.arg(name), CAST(sqlc.arg(now) AS bigint) + CAST(sqlc.arg(added) AS bigint))
ON CONFLICT (name) DO UPDATE SET full_us = CASE WHEN buckets.full_us < sqlc.arg(now) THEN CAST(sqlc.arg(now) AS bigint) ELSE buckets.full_us END + CAST(sqlc.arg(added) AS bigint)
RETURNING full_us;

-- name: BucketFull :one
-- When a bucket will be full again.
SELECT full_us FROM buckets WHERE name = $1;
