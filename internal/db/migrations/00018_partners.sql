-- +goose Up

-- Which partners of the campaign were ticked beside a letter: their keys, with blanks between.
-- The ledger knows them too, but not before the mailbox of a letter that waits has answered.
ALTER TABLE submissions ADD COLUMN partners text NOT NULL DEFAULT '';
