-- +goose Up

-- Who looked at what or did what, when. Rows are only added, and forgotten after two
-- years. subject is the id of what it was about; detail is a word of the program or of
-- the operator, never of a supporter.
CREATE TABLE audit (
    id      text   NOT NULL PRIMARY KEY,
    at      bigint NOT NULL,
    who     text   NOT NULL,
    action  text   NOT NULL,
    subject text   NOT NULL DEFAULT '',
    detail  text   NOT NULL DEFAULT ''
);
CREATE INDEX audit_subject ON audit (subject, id);

-- Addresses whose owners want no letter in their name and no mail. address is a keyed
-- hash, so that the list names nobody.
CREATE TABLE blocks (
    address    text   NOT NULL PRIMARY KEY,
    created_at bigint NOT NULL
);

-- SHA-256 of subject and text as the writer saw them. It outlives the text, so that a copy
-- which somebody shows can be compared.
ALTER TABLE letters ADD COLUMN text_hash text NOT NULL DEFAULT '';

-- When the owner of the address said that they did not write this; 0 for never.
ALTER TABLE submissions ADD COLUMN disowned_at bigint NOT NULL DEFAULT 0;

ALTER TABLE campaign_counts ADD COLUMN disowned bigint NOT NULL DEFAULT 0;
