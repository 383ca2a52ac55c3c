-- +goose Up

-- People who agreed to be asked once whether the offices answered, in the words they
-- agreed to. due_at is when to look whether it is time to ask, 0 when nothing is to be
-- done; asked_at is when the mail was asked for. The row goes with the words of the letter.
CREATE TABLE questions (
    submission_id text   NOT NULL PRIMARY KEY REFERENCES submissions (id),
    words         text   NOT NULL,
    words_hash    text   NOT NULL,
    lang          text   NOT NULL DEFAULT '',
    agreed_at     bigint NOT NULL,
    due_at        bigint NOT NULL DEFAULT 0,
    asked_at      bigint NOT NULL DEFAULT 0
);
CREATE INDEX questions_due ON questions (due_at, submission_id) WHERE due_at > 0;

-- What people said about the offices' answers. Campaign and seat stand here too, so that
-- rates are counted without the letters.
CREATE TABLE answers (
    letter_id   text   NOT NULL PRIMARY KEY REFERENCES letters (id),
    campaign_id text   NOT NULL REFERENCES campaigns (id),
    seat        text   NOT NULL,
    answer      text   NOT NULL,
    answered_at bigint NOT NULL
);
CREATE INDEX answers_campaign ON answers (campaign_id, seat, answer);
