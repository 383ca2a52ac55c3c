-- +goose Up

-- Mailboxes that were asked to confirm a letter, by a keyed hash of the address, so that
-- the list names nobody. asked counts the mails since the last confirmation, asked_for is
-- what the last one was for: a mail that has to be tried again counts once.
CREATE TABLE mailboxes (
    address      text   NOT NULL PRIMARY KEY,
    asked        bigint NOT NULL DEFAULT 0,
    asked_at     bigint NOT NULL DEFAULT 0,
    asked_for    text   NOT NULL DEFAULT '',
    confirmed_at bigint NOT NULL DEFAULT 0
);
