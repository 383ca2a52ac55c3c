-- +goose Up

-- Where a person lives as far as campaigners choose by it: the latest state and House seat,
-- and from where the person came first. custom are the organisation's own fields, as JSON.
ALTER TABLE supporters ADD COLUMN state text NOT NULL DEFAULT '';
ALTER TABLE supporters ADD COLUMN seat text NOT NULL DEFAULT '';
ALTER TABLE supporters ADD COLUMN source text NOT NULL DEFAULT '';
ALTER TABLE supporters ADD COLUMN custom text NOT NULL DEFAULT '';
UPDATE supporters SET
    state = coalesce((SELECT s.state FROM submissions s WHERE s.supporter_id = supporters.id AND s.seat <> '' ORDER BY s.created_at DESC, s.id DESC LIMIT 1), ''),
    seat = coalesce((SELECT s.seat FROM submissions s WHERE s.supporter_id = supporters.id AND s.seat <> '' ORDER BY s.created_at DESC, s.id DESC LIMIT 1), '')
WHERE email <> '';

-- From where a visitor came to the form (the page's utm_source, utm_campaign, ref).
ALTER TABLE submissions ADD COLUMN source text NOT NULL DEFAULT '';
DROP INDEX submissions_supporter;
CREATE INDEX submissions_supporter ON submissions (supporter_id, campaign_id, disowned_at);
CREATE INDEX submissions_source ON submissions (source, campaign_id, joined);

CREATE TABLE person_tags (
    supporter_id text   NOT NULL REFERENCES supporters (id),
    tag          text   NOT NULL,
    since        bigint NOT NULL,
    PRIMARY KEY (supporter_id, tag)
);

-- Segments that were saved: a name and the text of the filter.
CREATE TABLE segments (
    name       text   NOT NULL PRIMARY KEY,
    text       text   NOT NULL,
    made_by    text   NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL
);

-- What campaigners choose people by, packed by columns: a block holds the people whose ids
-- begin with its start and end before the next one's. It is a copy of what stands in the
-- other tables, made anew when people in it change.
CREATE TABLE people_blocks (
    facet  text   NOT NULL,
    start  text   NOT NULL,
    people bigint NOT NULL,
    data   bytea  NOT NULL,
    PRIMARY KEY (facet, start)
);
CREATE INDEX people_blocks_start ON people_blocks (start);

-- People who changed since their block was made. Each change has a row of its own, so that
-- one which is not committed yet is not lost when the block is made meanwhile.
CREATE TABLE people_changes (
    supporter_id text NOT NULL,
    change       text NOT NULL,
    PRIMARY KEY (supporter_id, change)
);
INSERT INTO people_changes (supporter_id, change) SELECT id, 'upgrade' FROM supporters;

-- Where people came from who did not come by a form, and on what basis they may be written to.
CREATE TABLE imports (
    id         text   NOT NULL PRIMARY KEY,
    at         bigint NOT NULL,
    who        text   NOT NULL,
    file       text   NOT NULL,
    list       text   NOT NULL DEFAULT '',
    basis      text   NOT NULL,
    basis_hash text   NOT NULL,
    taken      bigint NOT NULL DEFAULT 0,
    refused    bigint NOT NULL DEFAULT 0
);

-- Lines of the ledger that no campaign's form gave have no campaign, so the table is made
-- anew without that rule. network is the network from which the tick came, cut to its first
-- 24 bits (48 of IPv6), and goes after 30 days; agent is the kind of program it came from.
CREATE TABLE consents_new (
    id               text   NOT NULL PRIMARY KEY,
    supporter_id     text   NOT NULL REFERENCES supporters (id),
    purpose          text   NOT NULL,
    words            text   NOT NULL,
    words_hash       text   NOT NULL,
    lang             text   NOT NULL DEFAULT '',
    campaign_id      text   NOT NULL DEFAULT '',
    campaign_version bigint NOT NULL DEFAULT 0,
    method           text   NOT NULL,
    given_at         bigint NOT NULL,
    withdrawn_at     bigint NOT NULL DEFAULT 0,
    page             text   NOT NULL DEFAULT '',
    confirmed_at     bigint NOT NULL DEFAULT 0,
    withdrawn_way    text   NOT NULL DEFAULT '',
    import_id        text   NOT NULL DEFAULT '',
    source           text   NOT NULL DEFAULT '',
    network          text   NOT NULL DEFAULT '',
    agent            text   NOT NULL DEFAULT ''
);
INSERT INTO consents_new (id, supporter_id, purpose, words, words_hash, lang, campaign_id, campaign_version, method, given_at,
    withdrawn_at, page, confirmed_at, withdrawn_way)
SELECT id, supporter_id, purpose, words, words_hash, lang, campaign_id, campaign_version, method, given_at,
    withdrawn_at, page, confirmed_at, withdrawn_way
FROM consents;
DROP TABLE consents;
ALTER TABLE consents_new RENAME TO consents;
CREATE INDEX consents_supporter ON consents (supporter_id, given_at);
CREATE INDEX consents_campaign ON consents (campaign_id);
CREATE INDEX consents_network ON consents (given_at) WHERE network <> '';
CREATE INDEX consents_withdrawn ON consents (withdrawn_at) WHERE withdrawn_at > 0;
