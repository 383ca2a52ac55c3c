-- +goose Up

-- Who may sign in to the staff pages. The name is what the log of acts says.
CREATE TABLE staff (
    id           text   NOT NULL PRIMARY KEY,
    email_key    text   NOT NULL UNIQUE,
    email        text   NOT NULL,
    name         text   NOT NULL UNIQUE,
    role         text   NOT NULL,
    created_at   bigint NOT NULL,
    signed_in_at bigint NOT NULL DEFAULT 0,
    disabled_at  bigint NOT NULL DEFAULT 0
);

-- Links by which members sign in, each once. Only hashes are kept: of the link, and of what the
-- browser was given that asked for it; '' for a link that every browser may use.
CREATE TABLE staff_links (
    token      text   NOT NULL PRIMARY KEY,
    staff_id   text   NOT NULL,
    browser    text   NOT NULL DEFAULT '',
    expires_at bigint NOT NULL
);
CREATE INDEX staff_links_staff ON staff_links (staff_id);
CREATE INDEX staff_links_expires ON staff_links (expires_at);

-- Browsers in which a member is signed in, by the hash of what the cookie holds.
CREATE TABLE staff_sessions (
    token      text   NOT NULL PRIMARY KEY,
    staff_id   text   NOT NULL,
    created_at bigint NOT NULL,
    seen_at    bigint NOT NULL
);
CREATE INDEX staff_sessions_staff ON staff_sessions (staff_id);
