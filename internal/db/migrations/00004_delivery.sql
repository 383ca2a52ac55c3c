-- +goose Up

-- Who does a thing that one node at a time may do. fence counts the holders; expires_at is
-- by the database's clock; note is what the holder tells the other nodes, as JSON.
CREATE TABLE leases (
    name       text   NOT NULL PRIMARY KEY,
    holder     text   NOT NULL DEFAULT '',
    fence      bigint NOT NULL DEFAULT 0,
    expires_at bigint NOT NULL DEFAULT 0,
    note       text   NOT NULL DEFAULT ''
);
INSERT INTO leases (name) VALUES ('delivery');

-- Letters in line, by the lines in which they stand: one a campaign and office.
CREATE INDEX letters_line ON letters (channel, campaign_id, office, due_at, id) WHERE state IN ('ready', 'waiting', 'unknown');

-- Letters by the age of their state, for what lasts too long.
CREATE INDEX letters_since ON letters (state, since, id) WHERE state IN ('unconfirmed', 'frozen', 'ready', 'sending', 'unknown', 'waiting');
DROP INDEX letters_due;
DROP INDEX letters_sending;
