package db_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
	"github.com/franklin-letters/franklin/internal/db/query"
)

// TestManyAtOnce: the statements about many rows find what they should on both engines, for
// lists of any length, and nothing else.
func TestManyAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		const people = 1203
		ids := make([]string, people)
		err := d.Tx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			steps := []error{
				tx.InsertCampaign(ctx, query.InsertCampaignParams{ID: "c", Slug: "c"}),
				add(ctx, tx, "mailings", row{"id": "m", "number": 1, "name": "m", "state": "sending"}),
				add(ctx, tx, "mailings", row{"id": "paused", "number": 3, "name": "paused", "state": "paused"}),
				add(ctx, tx, "mailings", row{"id": "other", "number": 2, "name": "other", "state": "sending"}),
			}
			for i := range ids {
				ids[i] = fmt.Sprintf("p%04d", i)
				steps = append(steps, add(ctx, tx, "supporters", row{"id": ids[i], "email_key": ids[i], "email": ids[i] + "@example.org", "first_name": "Zoë", "seat": "AZ-02"}))
				state := "queued"
				if i%3 == 0 {
					state = "sent"
				}
				steps = append(steps, add(ctx, tx, "mailing_recipients", row{"mailing_id": "m", "supporter_id": ids[i], "state": state}))
			}
			steps = append(
				steps,
				add(ctx, tx, "mailing_recipients", row{"mailing_id": "paused", "supporter_id": ids[0], "state": "queued"}),
				add(ctx, tx, "supporters", row{"id": "forgotten", "email_key": "forgotten"}),
				add(ctx, tx, "subscriptions", row{"supporter_id": ids[1], "list": "l", "since": early, "confirmed_at": 1}),
				add(ctx, tx, "subscriptions", row{"supporter_id": ids[2], "list": "l", "since": early}),
				add(ctx, tx, "subscriptions", row{"supporter_id": ids[3], "list": "another", "since": early, "confirmed_at": 1}),
				add(ctx, tx, "suppressions", row{"address": "h1", "list": "", "reason": "manual", "created_at": 1}),
				add(ctx, tx, "suppressions", row{"address": "h1", "list": "l", "reason": "manual", "created_at": 1}),
				add(ctx, tx, "suppressions", row{"address": "h2", "list": "l", "reason": "manual", "created_at": 1}),
				add(ctx, tx, "suppressions", row{"address": "h3", "list": "another", "reason": "manual", "created_at": 1}),
				add(ctx, tx, "submissions", row{"id": "s1", "key": "s1", "campaign_id": "c", "supporter_id": ids[5], "person": "s1", "created_at": 1}),
				add(ctx, tx, "submissions", row{"id": "s2", "key": "s2", "campaign_id": "c", "supporter_id": ids[5], "person": "s2", "created_at": 2}),
			)
			for _, err := range steps {
				if err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		among(t, d, ids)
		people1, err := d.Read().ListMailableOf(t.Context(), append([]string{"forgotten", "nobody"}, ids...))
		if err != nil || len(people1) != people {
			t.Fatalf("%d people, %v", len(people1), err)
		}
		at := slices.IndexFunc(people1, func(m query.ListMailableOfRow) bool { return m.ID == ids[5] })
		if m := people1[at]; m.Email != "p0005@example.org" || m.FirstName != "Zoë" || m.Seat != "AZ-02" {
			t.Errorf("%+v", m)
		}
		if none, err := d.Read().ListMailableOf(t.Context(), nil); err != nil || len(none) != 0 {
			t.Errorf("of nobody %v, %v", none, err)
		}
	})
}

// among asks each statement in one transaction.
func among(t *testing.T, d *db.DB, ids []string) {
	t.Helper()
	err := d.Tx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
		check := func(what string, want int, first string, got []string, err error) {
			t.Helper()
			if err != nil || len(got) != want || want > 0 && !slices.Contains(got, first) {
				t.Errorf("%s: %d of %d, %v", what, len(got), want, err)
			}
		}
		count := func(what string, want, got int64, err error) {
			t.Helper()
			if got != want || err != nil {
				t.Errorf("%s: %d of %d, %v", what, got, want, err)
			}
		}
		n, err := tx.SentRecipients(ctx, query.SentRecipientsParams{MailingID: "other", SentAt: late, FromState: "queued", People: ids})
		count("sent of another mailing", 0, n, err)
		n, err = tx.SentRecipients(ctx, query.SentRecipientsParams{MailingID: "m", SentAt: late, FromState: "queued", People: ids[:5]})
		count("sent", 3, n, err)
		n, err = tx.SentRecipients(ctx, query.SentRecipientsParams{MailingID: "m", SentAt: late, FromState: "queued", People: ids[:5]})
		count("sent twice", 0, n, err)
		n, err = tx.LoseRecipients(ctx, query.LoseRecipientsParams{MailingID: "m", People: ids[:9]})
		count("lost", 3, n, err)
		n, err = tx.SentRecipients(ctx, query.SentRecipientsParams{MailingID: "m", SentAt: late, FromState: "unknown", People: ids[4:6]})
		count("sent after all", 1, n, err)
		on, err := tx.ListSubscribedOf(ctx, query.ListSubscribedOfParams{List: "l", People: ids})
		check("subscribed", 1, ids[1], on, err)
		kept, err := tx.ListSuppressionsOf(ctx, []string{"h2", "h3", "h4"})
		var out []string
		for _, k := range kept {
			out = append(out, k.Address)
		}
		check("suppressed", 2, "h2", out, err)
		acted, err := tx.ListActedOf(ctx, query.ListActedOfParams{CampaignID: "c", People: ids})
		check("acted", 1, ids[5], acted, err)
		nobody, err := tx.ListActedOf(ctx, query.ListActedOfParams{CampaignID: "c"})
		check("acted of nobody", 0, "", nobody, err)
		one, err := tx.Recipient(ctx, query.RecipientParams{MailingID: "m", SupporterID: ids[1]})
		if err != nil || one.State != "sent" || one.SentAt != late {
			t.Errorf("%+v, %v", one, err)
		}
		if _, err := tx.PostponeRecipients(ctx, query.PostponeRecipientsParams{MailingID: "m", DueAt: late, People: ids}); err != nil {
			return err
		}
		next, err := tx.NextInMailingLine(ctx, "m")
		if next != int64(late) {
			t.Errorf("the next is due at %d", next)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
