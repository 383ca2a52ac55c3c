-- +goose Up

-- Letters that go on paper, one batch for each office. A batch is on record before its file
-- is written, so that no letter is printed in two batches; the file can be written again.
CREATE TABLE print_batches (
    id             text   NOT NULL PRIMARY KEY,
    campaign_id    text   NOT NULL REFERENCES campaigns (id),
    seat           text   NOT NULL,
    office         text   NOT NULL,
    made_at        bigint NOT NULL,
    made_by        text   NOT NULL,
    handed_over_at bigint NOT NULL DEFAULT 0,
    handed_over_by text   NOT NULL DEFAULT ''
);

CREATE INDEX print_batches_campaign ON print_batches (campaign_id);

CREATE TABLE print_letters (
    letter_id text   NOT NULL PRIMARY KEY REFERENCES letters (id),
    batch_id  text   NOT NULL REFERENCES print_batches (id),
    place     bigint NOT NULL
);
CREATE INDEX print_letters_batch ON print_letters (batch_id, place);

CREATE INDEX letters_print ON letters (campaign_id, office, id) WHERE channel = 'print' AND state = 'waiting';
