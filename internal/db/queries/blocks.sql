-- name: BlockAddress :exec
INSERT INTO blocks (address, created_at) VALUES ($1, $2)
ON CONFLICT (address) DO NOTHING;

-- name: UnblockAddress :execrows
DELETE FROM blocks WHERE address = $1;

-- name: CountBlocksOfAddress :one
-- 1 when the address is blocked, else 0.
SELECT CAST(count(*) AS bigint) FROM blocks WHERE address = $1;
