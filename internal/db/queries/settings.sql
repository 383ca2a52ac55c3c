-- name: Setting :one
SELECT value FROM settings WHERE name = $1;

-- name: PutSetting :exec
INSERT INTO settings (name, value) VALUES ($1, $2)
ON CONFLICT (name) DO UPDATE SET value = excluded.value;

-- name: HoldSetting :exec
-- Keeps others from a setting until the transaction ends, and leaves it as it is.
INSERT INTO settings (name, value) VALUES ($1, '')
ON CONFLICT (name) DO UPDATE SET value = settings.value;

-- name: DeleteSetting :exec
DELETE FROM settings WHERE name = $1;

-- name: ClaimSetting :execrows
-- Sets what is not set yet; no row means that somebody else was first.
INSERT INTO settings (name, value) VALUES ($1, $2)
ON CONFLICT (name) DO NOTHING;

-- name: ChangeSetting :execrows
-- Changes a setting, only if it still is what the writer saw.
UPDATE settings SET value = sqlc.arg(value)
WHERE name = sqlc.arg(name) AND value = sqlc.arg(from_value);
