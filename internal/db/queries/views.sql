-- name: CountViews :many
-- How often a campaign's form, or ('') those of all, were looked at from each source. Reads
-- the table, which is small.
SELECT source, CAST(sum(views) AS bigint) AS views FROM view_counts
WHERE (CAST(sqlc.arg(campaign_id) AS text) = '' OR campaign_id = sqlc.arg(campaign_id))
GROUP BY source ORDER BY source;

-- name: ListViewSources :many
-- The sources whose views are counted.
SELECT source FROM view_counts WHERE campaign_id = $1 ORDER BY source;

-- name: SourceThatWrote :many
-- The source, if a letter came from it.
SELECT source FROM submissions WHERE source = sqlc.arg(source) AND campaign_id = sqlc.arg(campaign_id) LIMIT 1;
