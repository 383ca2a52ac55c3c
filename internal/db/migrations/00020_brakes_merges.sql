-- +goose Up

-- What became of the mails that go to all writers of a campaign, and who stopped them, when and
-- why; paused_at is 0 while they go. heard_delivered and heard_complained are what of them a person
-- had seen who let them go on: the brake counts from there.
ALTER TABLE journey_runs ADD COLUMN sent bigint NOT NULL DEFAULT 0;
ALTER TABLE journey_runs ADD COLUMN returned bigint NOT NULL DEFAULT 0;
ALTER TABLE journey_runs ADD COLUMN complained bigint NOT NULL DEFAULT 0;
ALTER TABLE journey_runs ADD COLUMN heard_delivered bigint NOT NULL DEFAULT 0;
ALTER TABLE journey_runs ADD COLUMN heard_complained bigint NOT NULL DEFAULT 0;
ALTER TABLE journey_runs ADD COLUMN paused_at bigint NOT NULL DEFAULT 0;
ALTER TABLE journey_runs ADD COLUMN paused_by text NOT NULL DEFAULT '';
ALTER TABLE journey_runs ADD COLUMN paused_why text NOT NULL DEFAULT '';

-- Mails that were put off, and by what: reason says so. Few are at a time.
CREATE INDEX journey_steps_put_off ON journey_steps (due_at, id) WHERE state = 'waiting' AND reason <> '';

-- The same of mailings.
ALTER TABLE mailings ADD COLUMN heard_delivered bigint NOT NULL DEFAULT 0;
ALTER TABLE mailings ADD COLUMN heard_complained bigint NOT NULL DEFAULT 0;

-- Whose id a person has now who turned out to be another one; '' for nobody. Links in old mails
-- name the old id.
ALTER TABLE supporters ADD COLUMN merged_into text NOT NULL DEFAULT '';
