-- +goose Up

-- How often the forms of campaigns were looked at, by the source in the address of the page
-- (as submissions.source). Nothing of a single view is kept: no time, no network, no person.
-- A campaign has a bounded number of sources; the views from all others are those of '(other)'.
CREATE TABLE view_counts (
    campaign_id text   NOT NULL REFERENCES campaigns (id),
    source      text   NOT NULL,
    views       bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (campaign_id, source)
);
