-- +goose Up

-- The conditions of these indexes as they were, without IN: for each row that is written
-- SQLite makes a table of its own of each list of more than two, and throws it away.
-- The queries must have the same words. The state stands in the line too, so that a line is
-- read without a look at each of its letters.
DROP INDEX letters_line;
DROP INDEX letters_since;
DROP INDEX letters_held;
CREATE INDEX letters_line ON letters (channel, campaign_id, office, due_at, id, state)
WHERE (state = 'ready' OR state = 'waiting' OR state = 'unknown');
CREATE INDEX letters_since ON letters (state, since, id)
WHERE (state = 'unconfirmed' OR state = 'frozen' OR state = 'ready' OR state = 'sending' OR state = 'unknown' OR state = 'waiting');
CREATE INDEX letters_held ON letters (since, id)
WHERE (state = 'unknown' OR state = 'frozen' OR state = 'refused');
