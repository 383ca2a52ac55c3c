-- +goose Up

-- Whose messages of a mailing are under way: their ids, with blanks between. They stand here,
-- durably, before their messages go to the relay, so that a crash leaves no doubt but about those.
-- fence is that of the sender's lease: who has lost it changes nothing here, and so begins nothing.
CREATE TABLE mailing_flights (
    mailing_id text   NOT NULL PRIMARY KEY,
    fence      bigint NOT NULL,
    people     text   NOT NULL DEFAULT ''
);

-- A recipient stays in line until it is known what became of the message: marking each twice was
-- half of PostgreSQL's work for a mailing. Of whom an older release left in the middle nobody knows
-- whether they got it. attempts is from now on how often a message was put off.
INSERT INTO mailing_counts (mailing_id, shard, unknown)
SELECT mailing_id, 0, count(*) FROM mailing_recipients WHERE state = 'sending' GROUP BY mailing_id
ON CONFLICT (mailing_id, shard) DO UPDATE SET unknown = mailing_counts.unknown + excluded.unknown;
UPDATE mailing_recipients SET state = 'unknown' WHERE state = 'sending';
DROP INDEX mailing_recipients_sending;

-- What mailings a person got is looked up mailing by mailing, which is rare; an entry in an index
-- for each recipient is not.
DROP INDEX mailing_recipients_supporter;
