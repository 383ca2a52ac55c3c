-- name: Lease :one
SELECT * FROM leases WHERE name = $1;

-- name: TakeLease :execrows
-- Gives a lease to another holder, only if nobody else was quicker.
UPDATE leases
SET holder = sqlc.arg(holder), fence = fence + 1, expires_at = sqlc.arg(expires_at), note = ''
WHERE name = sqlc.arg(name) AND fence = sqlc.arg(fence);

-- name: RenewLease :execrows
-- Prolongs a lease, only if it is still the holder's.
UPDATE leases SET expires_at = sqlc.arg(expires_at), note = sqlc.arg(note)
WHERE name = sqlc.arg(name) AND fence = sqlc.arg(fence);

-- name: EndLease :execrows
-- Gives a lease back before its time.
UPDATE leases SET holder = '', expires_at = 0, note = ''
WHERE name = sqlc.arg(name) AND fence = sqlc.arg(fence);
