package db

import (
	"context"
	"database/sql"
	"fmt"
	"math/bits"
	"strconv"
	"strings"

	"github.com/franklin-letters/franklin/internal/db/stamp"
)

// Statements about many rows at once, named by their keys. The generator of queries knows
// no list that both engines understand, so these few stand here. In their text ? is a
// value, in the order of the values, and ?* the list.

// maxList is how many keys one statement takes; more are cut into several.
const maxList = 500

// spread writes the statement for a list of so many keys.
func spread(statement string, keys int, engine Engine) string {
	var b strings.Builder
	n := 0
	param := func() {
		n++
		if engine == SQLite {
			b.WriteByte('?')
			return
		}
		b.WriteByte('$')
		b.WriteString(strconv.Itoa(n))
	}
	for i := 0; i < len(statement); i++ {
		if statement[i] != '?' {
			b.WriteByte(statement[i])
			continue
		}
		param()
		if strings.HasPrefix(statement[i:], "?*") {
			for range keys - 1 {
				b.WriteByte(',')
				param()
			}
			i++
		}
	}
	return b.String()
}

// padded returns the keys in a list whose length is a power of two, so that there are few
// different statements: the last key stands again and again.
func padded(keys []string) []string {
	size := 1 << bits.Len(uint(len(keys)-1))
	all := make([]string, size)
	for i := range all {
		all[i] = keys[min(i, len(keys)-1)]
	}
	return all
}

// inLists calls run with the statement for each part of the keys. before are the values in
// front of the list, behind those after it.
func (d *DB) inLists(statement string, before, behind []any, keys []string, run func(string, []any) error) error {
	for len(keys) > 0 {
		part := padded(keys[:min(maxList, len(keys))])
		keys = keys[min(maxList, len(keys)):]
		args := append([]any{}, before...)
		for _, key := range part {
			args = append(args, key)
		}
		if err := run(spread(statement, len(part), d.engine), append(args, behind...)); err != nil {
			return err
		}
	}
	return nil
}

// listed returns the one text column of a statement about many rows.
func (t *Tx) listed(ctx context.Context, what, statement string, before, behind []any, keys []string) ([]string, error) {
	found := make([]string, 0, len(keys))
	err := t.db.inLists(statement, before, behind, keys, func(text string, args []any) error {
		rows, err := t.raw.QueryContext(ctx, text, args...)
		if err != nil {
			return err
		}
		found, err = collect(rows, found)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", what, err)
	}
	return found, nil
}

// ClaimRecipients marks those who are in line for a mailing as being sent to, and returns
// who was.
func (t *Tx) ClaimRecipients(ctx context.Context, mailingID string, supporters []string) ([]string, error) {
	return t.listed(ctx, "claim recipients", `UPDATE mailing_recipients SET state = 'sending', attempts = attempts + 1
		WHERE mailing_id = ? AND state = 'queued' AND supporter_id IN (?*) RETURNING supporter_id`, []any{mailingID}, nil, supporters)
}

// SentRecipients records that the messages of a mailing to these people are with the relay,
// and returns of whom it was not known.
func (t *Tx) SentRecipients(ctx context.Context, mailingID string, at stamp.Time, supporters []string) ([]string, error) {
	return t.listed(ctx, "record what was sent", `UPDATE mailing_recipients SET state = 'sent', reason = '', sent_at = ?
		WHERE mailing_id = ? AND (state = 'sending' OR state = 'unknown') AND supporter_id IN (?*) RETURNING supporter_id`,
		[]any{int64(at), mailingID}, nil, supporters)
}

// PostponeRecipients lets these people's messages of a mailing go later.
func (t *Tx) PostponeRecipients(ctx context.Context, mailingID string, due stamp.Time, supporters []string) error {
	_, err := t.listed(ctx, "put recipients off", `UPDATE mailing_recipients SET due_at = ?
		WHERE mailing_id = ? AND state = 'queued' AND supporter_id IN (?*) RETURNING supporter_id`, []any{int64(due), mailingID}, nil, supporters)
	return err
}

// SubscribedAmong returns those of the people who are on a list by their own confirmation.
func (t *Tx) SubscribedAmong(ctx context.Context, list string, supporters []string) ([]string, error) {
	return t.listed(ctx, "look who is on the list", `SELECT supporter_id FROM subscriptions
		WHERE confirmed_at > 0 AND list = ? AND supporter_id IN (?*)`, []any{list}, nil, supporters)
}

// SuppressedAmong returns those of the mailboxes, by their keyed hashes, to which mail of a
// list must not go.
func (t *Tx) SuppressedAmong(ctx context.Context, list string, mailboxes []string) ([]string, error) {
	return t.listed(ctx, "look to whom mail must not go", `SELECT DISTINCT address FROM suppressions
		WHERE address IN (?*) AND (list = '' OR list = ?)`, nil, []any{list}, mailboxes)
}

// ActedAmong returns those of the people who have written on a campaign.
func (t *Tx) ActedAmong(ctx context.Context, campaignID string, supporters []string) ([]string, error) {
	return t.listed(ctx, "look who has acted", `SELECT DISTINCT supporter_id FROM submissions
		WHERE supporter_id IN (?*) AND campaign_id = ?`, nil, []any{campaignID}, supporters)
}

// Mailable is a person as far as a mail to them needs it. Seat is the one that
// they were last known to live under, such as "AZ-04"; "" when none is known.
type Mailable struct {
	ID, Email, FirstName, LastName, Lang, ZIP, Seat string
}

// MailableAmong returns the people behind the ids, in no order. Who was forgotten is not
// among them.
func (d *DB) MailableAmong(ctx context.Context, supporters []string) ([]Mailable, error) {
	all := make([]Mailable, 0, len(supporters))
	err := d.inLists(`SELECT id, email, first_name, last_name, lang, zip, seat
		FROM supporters WHERE email <> '' AND id IN (?*)`, nil, nil, supporters, func(text string, args []any) (err error) {
		rows, err := reading{d.reader, d}.QueryContext(ctx, text, args...)
		if err != nil {
			return err
		}
		all, err = mailables(rows, all)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read people: %w", Fault(err))
	}
	return all, nil
}

func mailables(rows *sql.Rows, into []Mailable) ([]Mailable, error) {
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var m Mailable
		if err := rows.Scan(&m.ID, &m.Email, &m.FirstName, &m.LastName, &m.Lang, &m.ZIP, &m.Seat); err != nil {
			return into, err
		}
		into = append(into, m)
	}
	return into, rows.Err()
}
