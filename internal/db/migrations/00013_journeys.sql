-- +goose Up

-- Mails that follow by themselves, at most once each, from something that happened: one row
-- for each person. about is the id of the campaign, or the name of the list; submission_id
-- is '' where no letter is meant. A row is marked sending before its mail goes to the relay.
-- One whose sender died there is of unknown fate, and is not sent again.
CREATE TABLE journey_steps (
    id            text   NOT NULL PRIMARY KEY,
    journey       text   NOT NULL,
    supporter_id  text   NOT NULL REFERENCES supporters (id),
    about         text   NOT NULL,
    submission_id text   NOT NULL DEFAULT '',
    state         text   NOT NULL DEFAULT 'waiting',
    reason        text   NOT NULL DEFAULT '',
    attempts      bigint NOT NULL DEFAULT 0,
    since         bigint NOT NULL,
    due_at        bigint NOT NULL DEFAULT 0,
    UNIQUE (supporter_id, journey, about)
);
CREATE INDEX journey_steps_due ON journey_steps (due_at, id) WHERE state = 'waiting';
CREATE INDEX journey_steps_sending ON journey_steps (since, id) WHERE state = 'sending';
CREATE INDEX journey_steps_since ON journey_steps (since, id);

-- What happened to a campaign once for all its people: its end, its goal. last_at and last_id
-- are the last submission whose writer was looked at, queued is how many mails that made,
-- done_at is when all had been looked at.
CREATE TABLE journey_runs (
    campaign_id text   NOT NULL REFERENCES campaigns (id),
    journey     text   NOT NULL,
    since       bigint NOT NULL,
    last_at     bigint NOT NULL DEFAULT 0,
    last_id     text   NOT NULL DEFAULT '',
    queued      bigint NOT NULL DEFAULT 0,
    done_at     bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (campaign_id, journey)
);

-- What the writer of a letter asked for: a copy of it by mail; to be forgotten once it has
-- reached its end.
ALTER TABLE submissions ADD COLUMN copied boolean NOT NULL DEFAULT false;
ALTER TABLE submissions ADD COLUMN forget boolean NOT NULL DEFAULT false;
CREATE INDEX submissions_forget ON submissions (created_at, id) WHERE forget AND scrubbed_at = 0;
