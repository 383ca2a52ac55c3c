-- name: InsertCampaign :exec
INSERT INTO campaigns (id, slug, version, created_at, updated_at)
VALUES ($1, $2, $3, $4, $5);

-- name: SetCampaignVersion :execrows
-- Makes a version current, only if the campaign still stands at the version that the
-- writer started from.
UPDATE campaigns
SET slug = sqlc.arg(slug), version = sqlc.arg(version), updated_at = sqlc.arg(updated_at)
WHERE id = sqlc.arg(id) AND version = sqlc.arg(from_version);

-- name: InsertCampaignVersion :exec
INSERT INTO campaign_versions (campaign_id, version, source, hash, author, created_at)
VALUES ($1, $2, $3, $4, $5, $6);

-- name: ClaimCampaignSlug :execrows
-- Takes a slug for a campaign. No row means that another campaign has it; a slug that the
-- campaign already had is taken again.
INSERT INTO campaign_slugs (slug, campaign_id)
VALUES ($1, $2)
ON CONFLICT (slug) DO UPDATE SET campaign_id = excluded.campaign_id
WHERE campaign_slugs.campaign_id = excluded.campaign_id;

-- name: CampaignBySlug :one
-- Any slug that the campaign ever had finds it; the answer holds the current slug.
SELECT c.id, c.slug, c.version, c.created_at, c.updated_at, v.source, v.hash, v.author
FROM campaign_slugs s
JOIN campaigns c ON c.id = s.campaign_id
JOIN campaign_versions v ON v.campaign_id = c.id AND v.version = c.version
WHERE s.slug = $1;

-- name: ListCampaigns :many
SELECT c.id, c.slug, c.version, c.created_at, c.updated_at, v.source, v.hash, v.author,
       CAST(coalesce(n.submitted, 0) AS bigint) AS submitted,
       CAST(coalesce(n.delivered, 0) AS bigint) AS delivered,
       CAST(coalesce(n.joined, 0) AS bigint) AS joined,
       CAST(coalesce(n.disowned, 0) AS bigint) AS disowned
FROM campaigns c
JOIN campaign_versions v ON v.campaign_id = c.id AND v.version = c.version
LEFT JOIN (
    SELECT campaign_id, sum(submitted) AS submitted, sum(delivered) AS delivered, sum(joined) AS joined, sum(disowned) AS disowned
    FROM campaign_counts
    GROUP BY campaign_id
) n ON n.campaign_id = c.id
ORDER BY c.created_at DESC, c.id DESC;

-- name: CampaignVersion :one
SELECT campaign_id, version, source, hash, author, created_at
FROM campaign_versions
WHERE campaign_id = $1 AND version = $2;

-- name: ListCampaignVersions :many
-- Newest first.
SELECT version, source, hash, author, created_at
FROM campaign_versions
WHERE campaign_id = $1
ORDER BY version DESC;

-- name: CampaignCounts :one
-- Zeros for a campaign without submissions.
SELECT CAST(coalesce(sum(submitted), 0) AS bigint) AS submitted,
       CAST(coalesce(sum(delivered), 0) AS bigint) AS delivered,
       CAST(coalesce(sum(joined), 0) AS bigint) AS joined,
       CAST(coalesce(sum(disowned), 0) AS bigint) AS disowned
FROM campaign_counts
WHERE campaign_id = $1;

-- name: AddCampaignCounts :exec
-- Adds to the counters (amounts may be negative). shard is Tx.Shard().
INSERT INTO campaign_counts (campaign_id, shard, submitted, delivered, joined, disowned)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (campaign_id, shard) DO UPDATE
SET submitted = campaign_counts.submitted + excluded.submitted,
    delivered = campaign_counts.delivered + excluded.delivered,
    joined = campaign_counts.joined + excluded.joined,
    disowned = campaign_counts.disowned + excluded.disowned;
