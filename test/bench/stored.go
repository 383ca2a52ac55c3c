package main

import (
	"context"
	"fmt"

	"github.com/franklin-letters/franklin/internal/seal"
)

// storedAtOnce is how many letters one transaction makes.
const storedAtOnce = 50_000

// storeDelivered makes letters that were delivered long ago, each with its supporter,
// submission, consent and history, by statements that make many at once. Keys and delivery
// numbers are random, as real ones are: they cost the most in an index.
func (o *postOffice) storeDelivered(ctx context.Context, letters int) error {
	for from := 0; from < letters; from += storedAtOnce {
		to := min(from+storedAtOnce, letters)
		tx, err := o.db.SQL().BeginTx(ctx, nil)
		if err != nil {
			return err
		}
		for _, statement := range storedRows {
			if _, err := tx.ExecContext(ctx, numbers+statement, append([]any{from, to, o.campaign.ID}, storedTexts...)...); err != nil {
				_ = tx.Rollback()
				return fmt.Errorf("store letters: %w", err)
			}
		}
		if err := tx.Commit(); err != nil {
			return err
		}
	}
	return nil
}

const (
	letterText = subject + "\n\n" + text
	numbers    = "WITH RECURSIVE n(i) AS (SELECT ?1 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?2), " +
		"c(campaign, words, email, first, last, street, city, zip, subject) AS (SELECT ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) "
)

// storedTexts are sealed as they go in, once for all letters.
var storedTexts = []any{
	seal.Text(letterText), seal.Text("ada@mail.example"), seal.Text("Ada"), seal.Text("Sample"),
	seal.Text("10 Church St"), seal.Text("Burlington"), seal.Text("05401"), seal.Text("Subject"),
}

// storedRows are the tables in the order in which they refer to each other. Ids are in the
// order of time, as real ones are.
var storedRows = []string{
	`INSERT INTO supporters (id, email_key, email, first_name, last_name, lang, zip, created_at, updated_at)
	 SELECT printf('0190-s-%012d', i), hex(randomblob(12)), email, first, last, 'en', '05401', 1700000000000 + i, 1700000000000 + i FROM n, c`,
	`INSERT INTO submissions (id, key, campaign_id, campaign_version, supporter_id, person, first_name, last_name, email, address1, city, state, zip, seat, basis, plan, lang, created_at)
	 SELECT printf('0190-u-%012d', i), hex(randomblob(16)), campaign, 1, printf('0190-s-%012d', i), hex(randomblob(16)), first, last, email,
	        street, city, 'VT', zip, 'VT-00', 'zip', 'VT 119th', 'en', 1700000000000 + i FROM n, c`,
	`INSERT INTO consents (id, supporter_id, purpose, words, words_hash, lang, campaign_id, campaign_version, method, given_at)
	 SELECT printf('0190-c-%012d', i), printf('0190-s-%012d', i), 'updates', 'Yes, write to me.', hex(randomblob(32)), 'en', campaign, 1, 'tick', 1700000000000 + i FROM n, c`,
	`INSERT INTO letters (id, submission_id, campaign_id, seat, office, channel, delivery_id, subject, message, edited, state, since, attempts, delivered_at, created_at)
	 SELECT printf('0190-l-%012d', i), printf('0190-u-%012d', i), campaign, 'VT-00', 'HVT00', 'cwc-house', lower(hex(randomblob(16))), subject, words, 1, 'accepted',
	        1700000000000 + i, 1, 1700000000000 + i, 1700000000000 + i FROM n, c`,
	`INSERT INTO letter_history (letter_id, seq, at, from_state, to_state, actor, node)
	 SELECT printf('0190-l-%012d', i), seq, 1700000000000 + i, from_state, to_state, 'delivery', 'bench/1'
	 FROM n, (SELECT 1 AS seq, '' AS from_state, 'ready' AS to_state UNION ALL SELECT 2, 'ready', 'sending' UNION ALL SELECT 3, 'sending', 'accepted')`,
}
