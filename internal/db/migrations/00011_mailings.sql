-- +goose Up

-- A mailing is one message to many people. What it says and to whom it goes is its file,
-- kept whole; number is what return addresses and the command line call it by. starts_at is
-- when it may begin; filled_to is how far its people are written down (their ids in order),
-- filled that all are. winner is the subject that was better, where two were tried. reason
-- and moved_by say why and by whom it last changed its state.
CREATE TABLE mailings (
    id         text    NOT NULL PRIMARY KEY,
    number     bigint  NOT NULL UNIQUE,
    name       text    NOT NULL UNIQUE,
    source     text    NOT NULL,
    author     text    NOT NULL DEFAULT '',
    state      text    NOT NULL,
    reason     text    NOT NULL DEFAULT '',
    moved_by   text    NOT NULL DEFAULT '',
    starts_at  bigint  NOT NULL DEFAULT 0,
    began_at   bigint  NOT NULL DEFAULT 0,
    ended_at   bigint  NOT NULL DEFAULT 0,
    filled_to  text    NOT NULL DEFAULT '',
    filled     boolean NOT NULL DEFAULT false,
    winner     text    NOT NULL DEFAULT '',
    created_at bigint  NOT NULL,
    updated_at bigint  NOT NULL
);
CREATE INDEX mailings_state ON mailings (state, ended_at);

-- Who gets a mailing. A row is sending, durably, before its message goes to the relay, so
-- that a crash leaves no doubt but about those; due_at is when it may go. The last columns
-- are when the person did each thing first, 0 for never.
CREATE TABLE mailing_recipients (
    mailing_id      text   NOT NULL REFERENCES mailings (id),
    supporter_id    text   NOT NULL REFERENCES supporters (id),
    variant         text   NOT NULL DEFAULT '',
    state           text   NOT NULL,
    reason          text   NOT NULL DEFAULT '',
    attempts        bigint NOT NULL DEFAULT 0,
    due_at          bigint NOT NULL DEFAULT 0,
    sent_at         bigint NOT NULL DEFAULT 0,
    bounced_at      bigint NOT NULL DEFAULT 0,
    complained_at   bigint NOT NULL DEFAULT 0,
    unsubscribed_at bigint NOT NULL DEFAULT 0,
    acted_at        bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (mailing_id, supporter_id)
);
CREATE INDEX mailing_recipients_supporter ON mailing_recipients (supporter_id);
CREATE INDEX mailing_recipients_line ON mailing_recipients (mailing_id, due_at, supporter_id) WHERE state = 'queued';
CREATE INDEX mailing_recipients_sending ON mailing_recipients (mailing_id) WHERE state = 'sending';

-- What became of each mailing. The truth is the sum over the shards. They stay when the
-- recipients are forgotten.
CREATE TABLE mailing_counts (
    mailing_id   text   NOT NULL REFERENCES mailings (id),
    shard        bigint NOT NULL DEFAULT 0,
    queued       bigint NOT NULL DEFAULT 0,
    sent         bigint NOT NULL DEFAULT 0,
    failed       bigint NOT NULL DEFAULT 0,
    unknown      bigint NOT NULL DEFAULT 0,
    skipped      bigint NOT NULL DEFAULT 0,
    hard         bigint NOT NULL DEFAULT 0,
    soft         bigint NOT NULL DEFAULT 0,
    complained   bigint NOT NULL DEFAULT 0,
    unsubscribed bigint NOT NULL DEFAULT 0,
    acted        bigint NOT NULL DEFAULT 0,
    joined       bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (mailing_id, shard)
);

-- From which mailing a submission came, '' for none.
ALTER TABLE submissions ADD COLUMN mailing_id text NOT NULL DEFAULT '';

INSERT INTO leases (name) VALUES ('mailing');
