-- +goose Up

-- A campaign is one demand. Its page, letter and goal are the campaign file, kept whole
-- per version; version is the number of the current one.
CREATE TABLE campaigns (
    id         text   NOT NULL PRIMARY KEY,
    slug       text   NOT NULL UNIQUE,
    version    bigint NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL
);

CREATE TABLE campaign_versions (
    campaign_id text   NOT NULL REFERENCES campaigns (id),
    version     bigint NOT NULL,
    source      text   NOT NULL,
    hash        text   NOT NULL,
    author      text   NOT NULL DEFAULT '',
    created_at  bigint NOT NULL,
    PRIMARY KEY (campaign_id, version)
);

-- Every slug that a campaign ever had, so that old links redirect.
CREATE TABLE campaign_slugs (
    slug        text NOT NULL PRIMARY KEY,
    campaign_id text NOT NULL REFERENCES campaigns (id)
);
CREATE INDEX campaign_slugs_campaign ON campaign_slugs (campaign_id);

-- Counters written with the event. The truth is the sum over the shards: one shard on
-- SQLite, several on PostgreSQL, where a single row would make all commits queue up.
-- delivered counts letters accepted by an office or handed over by the supporter.
CREATE TABLE campaign_counts (
    campaign_id text   NOT NULL REFERENCES campaigns (id),
    shard       bigint NOT NULL DEFAULT 0,
    submitted   bigint NOT NULL DEFAULT 0,
    delivered   bigint NOT NULL DEFAULT 0,
    joined      bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (campaign_id, shard)
);

-- A person known by e-mail address. email_key is the address in the form in which two
-- spellings of one mailbox are equal.
CREATE TABLE supporters (
    id         text   NOT NULL PRIMARY KEY,
    email_key  text   NOT NULL UNIQUE,
    email      text   NOT NULL,
    first_name text   NOT NULL DEFAULT '',
    last_name  text   NOT NULL DEFAULT '',
    lang       text   NOT NULL DEFAULT '',
    zip        text   NOT NULL DEFAULT '',
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL
);

-- The consent ledger. Rows are only added; withdrawing sets withdrawn_at once.
CREATE TABLE consents (
    id               text   NOT NULL PRIMARY KEY,
    supporter_id     text   NOT NULL REFERENCES supporters (id),
    purpose          text   NOT NULL,
    words            text   NOT NULL,
    words_hash       text   NOT NULL,
    lang             text   NOT NULL DEFAULT '',
    campaign_id      text   NOT NULL REFERENCES campaigns (id),
    campaign_version bigint NOT NULL,
    method           text   NOT NULL,
    given_at         bigint NOT NULL,
    withdrawn_at     bigint NOT NULL DEFAULT 0
);
CREATE INDEX consents_supporter ON consents (supporter_id, given_at);
CREATE INDEX consents_campaign ON consents (campaign_id);

-- One supporter's act on one campaign. key was made before the form was first posted, so
-- that a repeated post is recognised; person is a keyed hash of mailbox and name, so that
-- one person has one submission per campaign even after the text is scrubbed.
CREATE TABLE submissions (
    id               text    NOT NULL PRIMARY KEY,
    key              text    NOT NULL UNIQUE,
    campaign_id      text    NOT NULL REFERENCES campaigns (id),
    campaign_version bigint  NOT NULL,
    supporter_id     text    NOT NULL REFERENCES supporters (id),
    person           text    NOT NULL,
    prefix           text    NOT NULL DEFAULT '',
    first_name       text    NOT NULL DEFAULT '',
    last_name        text    NOT NULL DEFAULT '',
    email            text    NOT NULL DEFAULT '',
    phone            text    NOT NULL DEFAULT '',
    address1         text    NOT NULL DEFAULT '',
    address2         text    NOT NULL DEFAULT '',
    city             text    NOT NULL DEFAULT '',
    state            text    NOT NULL DEFAULT '',
    zip              text    NOT NULL DEFAULT '',
    seat             text    NOT NULL DEFAULT '',
    basis            text    NOT NULL DEFAULT '',
    plan             text    NOT NULL DEFAULT '',
    lang             text    NOT NULL DEFAULT '',
    joined           boolean NOT NULL DEFAULT false,
    created_at       bigint  NOT NULL,
    scrubbed_at      bigint  NOT NULL DEFAULT 0,
    UNIQUE (campaign_id, person)
);
CREATE INDEX submissions_supporter ON submissions (supporter_id);
CREATE INDEX submissions_campaign ON submissions (campaign_id, created_at, id);
CREATE INDEX submissions_unscrubbed ON submissions (created_at, id) WHERE scrubbed_at = 0;

-- One text from one submission to one office. message is '' when the campaign's text went
-- unedited. since is when the state began; due_at is when the state must be looked at
-- again (next attempt or time-out), 0 when nothing is awaited.
CREATE TABLE letters (
    id            text    NOT NULL PRIMARY KEY,
    submission_id text    NOT NULL REFERENCES submissions (id),
    campaign_id   text    NOT NULL REFERENCES campaigns (id),
    seat          text    NOT NULL,
    office        text    NOT NULL,
    channel       text    NOT NULL,
    delivery_id   text    NOT NULL UNIQUE,
    subject       text    NOT NULL DEFAULT '',
    message       text    NOT NULL DEFAULT '',
    edited        boolean NOT NULL DEFAULT false,
    state         text    NOT NULL,
    reason        text    NOT NULL DEFAULT '',
    since         bigint  NOT NULL,
    due_at        bigint  NOT NULL DEFAULT 0,
    attempts      bigint  NOT NULL DEFAULT 0,
    delivered_at  bigint  NOT NULL DEFAULT 0,
    created_at    bigint  NOT NULL
);
CREATE INDEX letters_submission ON letters (submission_id);
CREATE INDEX letters_campaign ON letters (campaign_id, state, channel);
CREATE INDEX letters_due ON letters (due_at, id) WHERE due_at > 0;
CREATE INDEX letters_sending ON letters (since, id) WHERE state = 'sending';
CREATE INDEX letters_held ON letters (since, id) WHERE state IN ('unknown', 'frozen', 'refused');

-- Every move of a letter, in order. actor is who moved it (supporter, delivery, a member
-- of staff), node the process that did.
CREATE TABLE letter_history (
    letter_id  text   NOT NULL REFERENCES letters (id),
    seq        bigint NOT NULL,
    at         bigint NOT NULL,
    from_state text   NOT NULL DEFAULT '',
    to_state   text   NOT NULL,
    actor      text   NOT NULL DEFAULT '',
    node       text   NOT NULL DEFAULT '',
    note       text   NOT NULL DEFAULT '',
    PRIMARY KEY (letter_id, seq)
);

-- Small facts about this installation.
CREATE TABLE settings (
    name  text NOT NULL PRIMARY KEY,
    value text NOT NULL
);
