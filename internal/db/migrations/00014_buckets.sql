-- +goose Up

-- Token buckets that all nodes share. full_us is the moment, in microseconds since 1970, at
-- which a bucket will be full again: all that is known of it.
CREATE TABLE buckets (
    name    text   NOT NULL PRIMARY KEY,
    full_us bigint NOT NULL
);
