-- +goose Up

-- Mails that came in. A row that is new was acknowledged and waits for the program; one
-- that is held waits for a person. raw is encrypted under a key of the installation's
-- secret, with the id as its context. The row goes when its work is done.
CREATE TABLE mail_in (
    id         text   NOT NULL PRIMARY KEY,
    state      text   NOT NULL,
    kind       text   NOT NULL DEFAULT '',
    raw        bytea  NOT NULL,
    created_at bigint NOT NULL
);
CREATE INDEX mail_in_state ON mail_in (state, created_at, id);

-- What was acted on already, by a keyed hash, so that a report that comes twice counts once.
CREATE TABLE mail_seen (
    key        text   NOT NULL PRIMARY KEY,
    created_at bigint NOT NULL
);
CREATE INDEX mail_seen_created ON mail_seen (created_at);

-- Mails to a mailbox that were given up for a reason that may pass. mailbox is a keyed hash
-- of the address, key that of the report.
CREATE TABLE soft_bounces (
    mailbox    text   NOT NULL,
    key        text   NOT NULL,
    created_at bigint NOT NULL,
    PRIMARY KEY (mailbox, key)
);
CREATE INDEX soft_bounces_created ON soft_bounces (created_at);

-- How many mails of each kind came in on a day; a day is at / 86400000.
CREATE TABLE mail_in_counts (
    day   bigint NOT NULL,
    kind  text   NOT NULL,
    mails bigint NOT NULL,
    PRIMARY KEY (day, kind)
);

-- Domains whose mail systems do not want mail from us (5.7.x), with the last status.
CREATE TABLE mail_refusals (
    domain     text   NOT NULL PRIMARY KEY,
    status     text   NOT NULL,
    refused    bigint NOT NULL,
    since      bigint NOT NULL,
    updated_at bigint NOT NULL
);
CREATE INDEX mail_refusals_updated ON mail_refusals (updated_at);
