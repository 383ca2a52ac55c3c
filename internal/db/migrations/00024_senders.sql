-- +goose Up

-- As whom each process wrote to an office system, from when on: the parts of a message that come
-- from the settings, as JSON. A message that is made again must be the same although the settings
-- may have changed since.
CREATE TABLE senders (
    channel text   NOT NULL,
    node    text   NOT NULL,
    since   bigint NOT NULL,
    sender  text   NOT NULL,
    PRIMARY KEY (channel, node, since)
);
