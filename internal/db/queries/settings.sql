-- name: Setting :one
SELECT value FROM settings WHERE name = $1;

-- name: ListSettings :many
SELECT name, value FROM settings ORDER BY name;

-- name: PutSetting :exec
INSERT INTO settings (name, value) VALUES ($1, $2)
ON CONFLICT (name) DO UPDATE SET value = excluded.value;

-- name: KeepSetting :one
-- Stores the value unless there is one, and returns the one that holds: for facts made
-- once per installation, when two nodes start together.
INSERT INTO settings (name, value) VALUES ($1, $2)
ON CONFLICT (name) DO UPDATE SET value = settings.value
RETURNING value;

-- name: DeleteSetting :exec
DELETE FROM settings WHERE name = $1;
