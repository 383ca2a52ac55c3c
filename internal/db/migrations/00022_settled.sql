-- +goose Up

-- Letters were counted by state and channel off an index of all letters, which each of a letter's
-- moves had to change twice. Now those under way are counted off letters_since, which they stand
-- in anyway, and the others off an index which a letter enters once.
DROP INDEX letters_campaign;
DROP INDEX letters_since;
CREATE INDEX letters_since ON letters (state, since, id, channel)
WHERE (state = 'unconfirmed' OR state = 'frozen' OR state = 'ready' OR state = 'sending' OR state = 'unknown' OR state = 'waiting');
CREATE INDEX letters_settled ON letters (channel, state)
WHERE (state = 'accepted' OR state = 'refused' OR state = 'handed-over' OR state = 'withdrawn' OR state = 'expired');
