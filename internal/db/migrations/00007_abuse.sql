-- +goose Up

-- Campaigns whose new letters are put aside, with the reason; held_at is 0 when none are.
-- disowned and submitted are the campaign's counts when a person let it go on: what was
-- reported before then does not stop it again.
CREATE TABLE campaign_holds (
    campaign_id text   NOT NULL PRIMARY KEY REFERENCES campaigns (id),
    reason      text   NOT NULL DEFAULT '',
    held_at     bigint NOT NULL DEFAULT 0,
    disowned    bigint NOT NULL DEFAULT 0,
    submitted   bigint NOT NULL DEFAULT 0
);
CREATE INDEX campaign_holds_held ON campaign_holds (held_at, campaign_id) WHERE held_at > 0;

-- What one node counted that came near a limit of the guard, so that the others can add it
-- to what they counted. key is a keyed hash of a network, a household and so on.
CREATE TABLE guard_counts (
    node    text   NOT NULL,
    rule    text   NOT NULL,
    key     text   NOT NULL,
    counted bigint NOT NULL,
    at      bigint NOT NULL,
    PRIMARY KEY (node, rule, key)
);
CREATE INDEX guard_counts_at ON guard_counts (at);
