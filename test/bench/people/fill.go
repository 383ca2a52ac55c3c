package main

import (
	"context"
	"fmt"

	"github.com/franklin-letters/franklin/internal/db"
)

// page is a campaign.
const page = `---
title: A campaign
slug: campaign-%d
status: published
topics: [Health]
goal: 100
summary: Ask.
letter:
  subject: Please support H.R. 77
  text: |
    Please.
opt_in: Yes, send me news.
---
The page.
`

// share is how many people are made up in one transaction.
const share = 250_000

// numbers are those of a share, as i.
const numbers = `WITH RECURSIVE n(i) AS (SELECT CAST($1 AS bigint) UNION ALL SELECT i + 1 FROM n WHERE i + 1 < CAST($2 AS bigint)) `

// id is the id of a number's person: a UUID that sorts as the numbers do.
const id = `'0199aaaa-0000-7000-8000-' || substr(CAST(100000000000 + i AS text), 1, 12)`

const states = `'ALAKAZARCACOCTDEFLGAHIIDILINIAKSKYLAMEMDMAMIMNMSMOMTNENVNHNJNMNYNCNDOHOKORPARISCSDTNTXUTVTVAWAWVWIWY'`

// state is one of the fifty, district one of up to nine numbers.
const (
	state    = `substr(` + states + `, CAST(1 + 2 * ((i * 31) % 50) AS int), 2)`
	district = state + ` || '-0' || CAST(1 + i % 9 AS text)`
)

// statements make the people of a share up: an eighth reads Spanish, two thirds are on the
// list, a fifth has a tag, a third has written.
func statements(campaigns []string) []string {
	all := []string{
		`INSERT INTO supporters (id, email_key, email, lang, zip, state, seat, source, created_at, updated_at) ` + numbers + `
		SELECT ` + id + `, CAST((i * 7919) % 1000003 AS text) || '-' || CAST(i AS text), 'a text as long as an address that is sealed, which has some eighty characters',
			CASE WHEN i % 8 = 0 THEN 'es' ELSE 'en' END, CAST(10000 + (i * 7919) % 89999 AS text), ` + state + `, ` + district + `,
			CASE WHEN i % 3 = 0 THEN 'facebook/ad-' || CAST(i % 20 AS text) ELSE '' END, 1700000000000 + i, 0 FROM n`,
		`INSERT INTO subscriptions (supporter_id, list, since, confirmed_at) ` + numbers + `
		SELECT ` + id + `, 'updates', 1, 1700000000000 + (i % 1000) * 86400000 FROM n WHERE i % 3 > 0`,
		`INSERT INTO person_tags (supporter_id, tag, since) ` + numbers + `
		SELECT ` + id + `, 'tag-' || CAST(i % 7 AS text), 1 FROM n WHERE i % 5 = 0`,
		`INSERT INTO people_changes (supporter_id, change) ` + numbers + `SELECT ` + id + `, 'new' FROM n`,
	}
	for c, campaign := range campaigns {
		all = append(all, fmt.Sprintf(`INSERT INTO submissions (id, key, campaign_id, campaign_version, supporter_id, person, created_at, scrubbed_at) `+numbers+`
			SELECT CAST(i AS text), CAST(i AS text), '%s', 1, `+id+`, CAST(i AS text), 1, 1 FROM n WHERE i %% 15 = %d`, campaign, c))
	}
	return all
}

// makeUp makes people up in the database itself.
func makeUp(ctx context.Context, d *db.DB, people int, campaigns []string) error {
	for first := 0; first < people; first += share {
		err := d.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
			for _, statement := range statements(campaigns) {
				if _, err := tx.SQL().ExecContext(ctx, statement, first, min(first+share, people)); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	if d.Engine() == db.Postgres { // as its own housekeeping does in time
		_, err := d.SQL().ExecContext(ctx, "VACUUM ANALYZE")
		return err
	}
	return nil
}

// touch notes people as changed who are spread over all.
func touch(ctx context.Context, d *db.DB, people, changed int) error {
	if changed == 0 {
		return nil
	}
	return d.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.SQL().ExecContext(ctx, `INSERT INTO people_changes (supporter_id, change) `+numbers+`SELECT `+
			`'0199aaaa-0000-7000-8000-' || substr(CAST(100000000000 + i * `+fmt.Sprint(max(people/changed, 1))+` AS text), 1, 12), 'touched' FROM n`, 0, min(changed, people))
		return err
	})
}
