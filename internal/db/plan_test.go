package db_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
	"github.com/franklin-letters/franklin/internal/db/keys"
	"github.com/franklin-letters/franklin/internal/db/query"
)

// TestRecipientsAreLookedUp: whatever PostgreSQL believes of who is in line for a mailing, it
// looks the named people up one by one. Reading all of them for each handful that goes out
// takes a mailing to a hundred thousand people an hour.
func TestRecipientsAreLookedUp(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("ten thousand people take some seconds")
	}
	d := dbtest.Postgres(t)
	do := func(statement string) {
		t.Helper()
		if _, err := d.SQL().ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	err := d.Tx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
		return add(ctx, tx, "mailings", row{"id": "m", "number": 1, "name": "m", "state": "sending"})
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, with := range []string{
		"INSERT INTO supporters (id, email_key, email, created_at, updated_at) SELECT 'p' || i, 'p' || i, 'sealed', 0, 0 FROM generate_series(1, 10000) i",
		"INSERT INTO subscriptions (supporter_id, list, since, confirmed_at) SELECT id, 'updates', 1, 1 FROM supporters",
		"INSERT INTO mailing_recipients (mailing_id, supporter_id, state) SELECT 'm', id, 'queued' FROM supporters",
	} {
		do(with)
	}
	var some keys.List
	for i := range 32 {
		some = append(some, fmt.Sprintf("p%d", 7*i))
	}
	e := &explainer{DB: d.SQL(), t: t, how: "EXPLAIN"}
	q := query.New(e)
	looks := func(when string) {
		t.Helper()
		for name, ask := range map[string]func(){
			"LoseRecipients": func() {
				_, _ = q.LoseRecipients(t.Context(), query.LoseRecipientsParams{MailingID: "m", People: some})
			},
			"SentRecipients": func() {
				_, _ = q.SentRecipients(t.Context(), query.SentRecipientsParams{MailingID: "m", SentAt: early, FromState: "queued", People: some})
			},
			"PostponeRecipients": func() {
				_, _ = q.PostponeRecipients(t.Context(), query.PostponeRecipientsParams{MailingID: "m", DueAt: early, People: some})
			},
			"ListMailableOf": func() { _, _ = q.ListMailableOf(t.Context(), some) },
			"ListSubscribedOf": func() {
				_, _ = q.ListSubscribedOf(t.Context(), query.ListSubscribedOfParams{List: "updates", People: some})
			},
		} {
			e.now, e.plans = name, map[string][]string{}
			ask()
			plan := strings.Join(e.plans[name], "\n")
			if !strings.Contains(plan, ".key)") || strings.Contains(plan, "Seq Scan on s") || strings.Contains(plan, "Seq Scan on mailing_") || strings.Contains(plan, "Join Filter") {
				t.Errorf("%s, %s, reads everybody:\n%s", name, when, plan)
			}
		}
	}
	looks("never analyzed")
	do("ANALYZE")
	looks("analyzed")
	do("UPDATE mailing_recipients SET state = 'sent'")
	do("ANALYZE")
	do("UPDATE mailing_recipients SET state = 'queued'")
	looks("analyzed when all had got it")
}
