-- +goose Up

-- Nobody looks the ledger up by campaign, and keeping the index cost as much as one that is used.
DROP INDEX consents_campaign;

-- Lists, tags and recipients are made anew without their foreign keys, which took PostgreSQL a
-- quarter of the time of bringing many people in. The ledger's own keeps the person: whoever is on
-- a list, came in by a file with tags or gets a mailing has a line there, and who has one is never
-- deleted. Mailings are never deleted. No release ever had the old tables.
CREATE TABLE subscriptions_new (
    supporter_id text   NOT NULL,
    list         text   NOT NULL,
    since        bigint NOT NULL,
    confirmed_at bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (supporter_id, list)
);
INSERT INTO subscriptions_new (supporter_id, list, since, confirmed_at) SELECT supporter_id, list, since, confirmed_at FROM subscriptions;
DROP TABLE subscriptions;
ALTER TABLE subscriptions_new RENAME TO subscriptions;
CREATE INDEX subscriptions_list ON subscriptions (list, supporter_id) WHERE confirmed_at > 0;
CREATE INDEX subscriptions_pending ON subscriptions (since, supporter_id) WHERE confirmed_at = 0;

CREATE TABLE person_tags_new (
    supporter_id text   NOT NULL,
    tag          text   NOT NULL,
    since        bigint NOT NULL,
    PRIMARY KEY (supporter_id, tag)
);
INSERT INTO person_tags_new (supporter_id, tag, since) SELECT supporter_id, tag, since FROM person_tags;
DROP TABLE person_tags;
ALTER TABLE person_tags_new RENAME TO person_tags;

CREATE TABLE mailing_recipients_new (
    mailing_id      text   NOT NULL,
    supporter_id    text   NOT NULL,
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
INSERT INTO mailing_recipients_new (mailing_id, supporter_id, variant, state, reason, attempts, due_at, sent_at, bounced_at,
    complained_at, unsubscribed_at, acted_at)
SELECT mailing_id, supporter_id, variant, state, reason, attempts, due_at, sent_at, bounced_at,
    complained_at, unsubscribed_at, acted_at
FROM mailing_recipients;
DROP TABLE mailing_recipients;
ALTER TABLE mailing_recipients_new RENAME TO mailing_recipients;
CREATE INDEX mailing_recipients_supporter ON mailing_recipients (supporter_id);
CREATE INDEX mailing_recipients_line ON mailing_recipients (mailing_id, due_at, supporter_id) WHERE state = 'queued';
CREATE INDEX mailing_recipients_sending ON mailing_recipients (mailing_id) WHERE state = 'sending';
