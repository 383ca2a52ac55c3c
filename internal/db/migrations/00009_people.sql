-- +goose Up

-- The consent ledger tells more: on which page the box stood, when the owner of the mailbox
-- confirmed the tick, and by which way it was taken back.
ALTER TABLE consents ADD COLUMN page text NOT NULL DEFAULT '';
ALTER TABLE consents ADD COLUMN confirmed_at bigint NOT NULL DEFAULT 0;
ALTER TABLE consents ADD COLUMN withdrawn_way text NOT NULL DEFAULT '';
UPDATE consents SET confirmed_at = given_at WHERE method = 'tick, confirmed by e-mail';

-- Who is on which list now; the ledger says why. confirmed_at is 0 until the owner of the
-- mailbox has answered: who never does gets nothing and is erased after a week.
CREATE TABLE subscriptions (
    supporter_id text   NOT NULL REFERENCES supporters (id),
    list         text   NOT NULL,
    since        bigint NOT NULL,
    confirmed_at bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (supporter_id, list)
);
CREATE INDEX subscriptions_list ON subscriptions (list, supporter_id) WHERE confirmed_at > 0;
CREATE INDEX subscriptions_pending ON subscriptions (since, supporter_id) WHERE confirmed_at = 0;
INSERT INTO subscriptions (supporter_id, list, since, confirmed_at)
SELECT supporter_id, purpose, min(given_at), max(confirmed_at) FROM consents
WHERE withdrawn_at = 0 AND confirmed_at > 0
GROUP BY supporter_id, purpose;

-- Mailboxes to which some or all mail must not go, and why, by a keyed hash of the address:
-- the rows outlive the people, and name nobody. list is '' for all mail.
CREATE TABLE suppressions (
    address    text   NOT NULL,
    list       text   NOT NULL,
    reason     text   NOT NULL,
    created_at bigint NOT NULL,
    PRIMARY KEY (address, list, reason)
);

-- The owners who said "not me" were the first of them. The old table goes at once, because
-- two places that answer one question would disagree; no release ever had it.
INSERT INTO suppressions (address, list, reason, created_at) SELECT address, '', 'not-me', created_at FROM blocks;
DROP TABLE blocks;

-- Mailed links by which somebody has fetched what is held about them: each works once.
CREATE TABLE downloads (
    link text   NOT NULL PRIMARY KEY,
    at   bigint NOT NULL
);
CREATE INDEX downloads_at ON downloads (at);
