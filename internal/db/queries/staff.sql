-- name: InsertStaff :execrows
-- Adds a member. No row means that there is one with this address or name.
INSERT INTO staff (id, email_key, email, name, role, created_at) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT DO NOTHING;

-- name: StaffByMailbox :one
SELECT * FROM staff WHERE email_key = $1;

-- name: StaffByID :one
SELECT * FROM staff WHERE id = $1;

-- name: ListStaff :many
-- All members. There are few of them.
SELECT * FROM staff ORDER BY created_at, id;

-- name: SetStaffRole :execrows
UPDATE staff SET role = sqlc.arg(role) WHERE id = sqlc.arg(id);

-- name: DisableStaff :execrows
-- Ends a membership; 0 begins it again.
UPDATE staff SET disabled_at = sqlc.arg(disabled_at) WHERE id = sqlc.arg(id);

-- name: StaffSignedIn :execrows
UPDATE staff SET signed_in_at = sqlc.arg(signed_in_at) WHERE id = sqlc.arg(id);

-- name: InsertStaffLink :exec
INSERT INTO staff_links (token, staff_id, browser, expires_at) VALUES ($1, $2, $3, $4);

-- name: StaffLink :one
SELECT * FROM staff_links WHERE token = $1;

-- name: UseStaffLink :execrows
-- Takes the one use of a link.
DELETE FROM staff_links WHERE token = $1;

-- name: DropStaffLinks :execrows
DELETE FROM staff_links WHERE staff_id = $1;

-- name: ForgetStaffLinks :execrows
DELETE FROM staff_links WHERE expires_at <= sqlc.arg(before);

-- name: InsertStaffSession :exec
INSERT INTO staff_sessions (token, staff_id, created_at, seen_at) VALUES ($1, $2, $3, $4);

-- name: StaffSession :one
-- A session with its member.
SELECT sqlc.embed(n), sqlc.embed(s)
FROM staff_sessions n
JOIN staff s ON s.id = n.staff_id
WHERE n.token = $1;

-- name: SeeStaffSession :execrows
UPDATE staff_sessions SET seen_at = sqlc.arg(seen_at) WHERE token = sqlc.arg(token);

-- name: EndStaffSession :execrows
DELETE FROM staff_sessions WHERE token = $1;

-- name: DropStaffSessions :execrows
DELETE FROM staff_sessions WHERE staff_id = $1;

-- name: ForgetStaffSessions :execrows
-- Forgets sessions that nobody used lately or that began long ago. Reads the whole table,
-- which is small.
DELETE FROM staff_sessions WHERE seen_at <= sqlc.arg(unseen) OR created_at <= sqlc.arg(before);
