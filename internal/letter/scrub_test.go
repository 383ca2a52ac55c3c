package letter_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/franklin-letters/franklin/congress/cwc/cwctest"
	"github.com/franklin-letters/franklin/internal/campaign"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/db/stamp"
	"github.com/franklin-letters/franklin/internal/letter"
)

// canary is a form of which every text is found again wherever it is stored. The name is
// in each of them.
func canary(name string, n int) letter.Form {
	f := person(n)
	f.FirstName, f.LastName, f.Email = name+"first", name+"last", name+"@mailbox.example.org"
	f.Address1, f.Address2, f.City = "1 "+name+"street", name+"flat", name+"city"
	f.Subject, f.Message = name+" subject", name+" message"
	return f
}

// where returns the columns of the database in which the name of a canary stands.
func (p *post) where(name string) []string {
	p.t.Helper()
	var found []string
	for _, table := range []string{
		"campaigns", "campaign_versions", "campaign_slugs", "campaign_counts", "supporters", "consents", "submissions", "letters", "letter_history", "settings",
		"audit", "suppressions", "subscriptions", "mailboxes",
	} {
		rows, err := p.db.SQL().QueryContext(p.t.Context(), "SELECT * FROM "+table)
		if err != nil {
			p.t.Fatal(err)
		}
		columns, err := rows.Columns()
		if err != nil {
			p.t.Fatal(err)
		}
		values, into := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			into[i] = &values[i]
		}
		for rows.Next() {
			if err := rows.Scan(into...); err != nil {
				p.t.Fatal(err)
			}
			for i, v := range values {
				if text, ok := v.([]byte); ok {
					v = string(text)
				}
				if strings.Contains(strings.ToLower(fmt.Sprint(v)), name) {
					found = append(found, table+"."+columns[i])
				}
			}
		}
		if err := rows.Err(); err != nil {
			p.t.Fatal(err)
		}
		if err := rows.Close(); err != nil {
			p.t.Fatal(err)
		}
	}
	return found
}

// supporter returns the one row of the people in whose column the value stands.
func (p *post) supporter(column, value string) (s query.Supporter, err error) {
	p.t.Helper()
	row := p.db.SQL().QueryRowContext(p.t.Context(), `SELECT id, email_key, email, first_name, last_name, lang, zip, created_at, updated_at
		FROM supporters WHERE `+column+` = $1`, value)
	err = row.Scan(&s.ID, &s.EmailKey, &s.Email, &s.FirstName, &s.LastName, &s.Lang, &s.Zip, &s.CreatedAt, &s.UpdatedAt)
	return s, err
}

func (p *post) scrub() {
	p.t.Helper()
	if err := p.desk.Scrub(p.t.Context()); err != nil {
		p.t.Fatal(err)
	}
}

// TestScrub: 28 days after a letter's end nobody can find in the database who wrote it,
// where they live or what they said. Seat, state, moves and counts stay.
func TestScrub(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newPost(t, d)
		accepted := p.take(canary("finch", 1))
		p.deliver(accepted.ID)
		p.script(cwctest.Act{Do: cwctest.Refuse, Text: "The value 'wren message' of Message is not valid"}) // offices quote
		refused := p.take(canary("wren", 2))
		p.deliver(refused.ID)
		joined := canary("robin", 3)
		joined.Join = true
		member := p.take(joined)
		p.deliver(member.ID)
		waiting := p.take(canary("heron", 4)) // has no end yet
		before := p.counts()
		was, path := p.submissionRow(accepted.SubmissionID), p.path(refused.ID)

		p.clock.turn(letter.ScrubAfter)
		p.scrub()
		for _, name := range []string{"finch", "wren", "robin", "heron"} {
			if len(p.where(name)) < 10 {
				t.Errorf("%s is only in %v, a moment too early", name, p.where(name))
			}
		}
		p.clock.turn(time.Millisecond)
		p.scrub()
		p.scrub() // does nothing more
		for _, name := range []string{"finch", "wren"} {
			if found := p.where(name); len(found) > 0 {
				t.Errorf("%s is still in %v", name, found)
			}
		}
		// Who joined is remembered by the list, which is another promise, and by it alone.
		want := []string{"supporters.email", "supporters.first_name", "supporters.last_name"}
		if diff := cmp.Diff(want, p.where("robin")); diff != "" {
			t.Errorf("robin (-want +got):\n%s", diff)
		}
		if len(p.where("heron")) < 10 {
			t.Error("a letter under way was forgotten")
		}

		now := p.submissionRow(accepted.SubmissionID)
		scrubbed := query.Submission{
			ID: was.ID, Key: was.Key, CampaignID: was.CampaignID, CampaignVersion: 1, SupporterID: was.SupporterID, Person: was.Person,
			State: "AZ", Seat: "AZ-04", Basis: "zip", Plan: "AZ 119th", Lang: "en", CreatedAt: was.CreatedAt, ScrubbedAt: stamp.Of(p.clock.now()),
		}
		if diff := cmp.Diff(scrubbed, now); diff != "" {
			t.Errorf("submission (-want +got):\n%s", diff)
		}
		for _, l := range []query.Letter{accepted, refused} {
			after := p.letter(l.ID)
			if after.Seat != "AZ-04" || after.Office != "HAZ04" || after.DeliveryID != l.DeliveryID || !letter.State(after.State).Final() || !after.Edited || after.Subject != "" {
				t.Errorf("%+v", after)
			}
		}
		if got := p.path(refused.ID); got != path {
			t.Errorf("the history was %s and is %s", path, got)
		}
		if after := p.counts(); after != before {
			t.Errorf("the counts were %+v and are %+v", before, after)
		}
		p.expect(waiting.ID, letter.Ready, letter.ChannelHouse, "ready")

		// The person is still recognised, and the receipt still opens.
		if r := p.submit(p.submission(canary("finch", 1))); r.Standing != letter.Repeated {
			t.Errorf("the same form is %s", r.Standing)
		}
		if dossier, err := p.desk.Dossier(t.Context(), p.desk.Keys.ReceiptToken(accepted.SubmissionID)); err != nil || dossier.Letters[0].State != "accepted" {
			t.Errorf("%+v, %v", dossier, err)
		}
	})
}

// TestScrubWaitsForTheLastLetter: a person who writes on two campaigns is forgotten with
// the later one.
func TestScrubWaitsForTheLastLetter(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newPost(t, d)
		first := p.take(canary("finch", 1))
		p.deliver(first.ID)
		p.clock.turn(20 * day)
		p.campaign = p.apply(strings.Replace(water, "slug: water", "slug: air", 1))
		second := canary("finch", 2)
		p.deliver(p.take(second).ID)
		p.clock.turn(9 * day)
		p.scrub()
		if s := p.submissionRow(first.SubmissionID); s.ScrubbedAt == 0 || s.FirstName != "" {
			t.Errorf("%+v", s)
		}
		if s, err := p.supporter("email_key", p.db.Blind("finch@mailbox.example.org")); err != nil || s.FirstName != "finchfirst" {
			t.Errorf("%+v, %v", s, err)
		}
		p.clock.turn(20 * day)
		p.scrub()
		if found := p.where("finch"); len(found) > 0 {
			t.Errorf("still in %v", found)
		}
		// Whoever comes back is new, and may join.
		third := canary("finch", 3)
		third.Key, third.FirstName, third.Join = letter.NewKey(), "Another", true
		s := p.submissionRow(p.submit(p.submission(third)).SubmissionID)
		if s.SupporterID == p.submissionRow(first.SubmissionID).SupporterID {
			t.Error("the forgotten person was found again")
		}
	})
}

// TestScrubWhileTheyComeBack: forgetting a person and taking a new letter of the same
// mailbox at the same moment never leaves a consent without an address.
func TestScrubWhileTheyComeBack(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newPost(t, d)
		const people = 20
		for i := range people {
			p.deliver(p.take(canary(fmt.Sprintf("finch%d", i), i)).ID)
		}
		p.clock.turn(letter.ScrubAfter + time.Second)
		var wait sync.WaitGroup
		wait.Go(p.scrub)
		for i := range people {
			wait.Go(func() {
				f := canary(fmt.Sprintf("finch%d", i), people+i)
				f.FirstName, f.Join = "Another", true
				p.submit(p.submission(f))
			})
		}
		wait.Wait()
		var orphans int
		const ask = "SELECT count(*) FROM consents c JOIN supporters s ON s.id = c.supporter_id WHERE s.email = ''"
		if err := d.SQL().QueryRowContext(t.Context(), ask).Scan(&orphans); err != nil || orphans > 0 {
			t.Errorf("%d consents of nobody, %v", orphans, err)
		}
		if n := p.counts(); n != (campaign.Counts{Submitted: 2 * people, Delivered: people, Joined: people}) {
			t.Errorf("%+v", n)
		}
	})
}

// TestScrubManyAtOnce: more than one read's worth.
func TestScrubManyAtOnce(t *testing.T) {
	p := newPost(t, dbtest.New(t), noHouse)
	const people = 1010
	var wait sync.WaitGroup
	for i := range people {
		wait.Go(func() { p.submit(p.submission(canary("finch", i))) })
	}
	wait.Wait()
	p.clock.turn(30 * day)
	p.reconcile(false)
	p.clock.turn(letter.ScrubAfter + time.Millisecond)
	p.scrub()
	if found := p.where("finch"); len(found) > 0 {
		t.Errorf("still in %d places, such as %s", len(found), found[0])
	}
}

// TestFinalStatesAreThoseOfTheQuery: the query that finds what may be forgotten names the
// final states itself; the table must agree.
func TestFinalStatesAreThoseOfTheQuery(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newPost(t, d)
		for i, rule := range letter.Rules() {
			l := p.take(person(i))
			err := d.Tx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
				_, err := tx.SQL().ExecContext(ctx, "UPDATE letters SET state = $1 WHERE id = $2", string(rule.State), l.ID)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			rows, err := d.Read().ListScrubbableSubmissions(t.Context(), query.ListScrubbableSubmissionsParams{Before: stamp.Of(start.Add(day)), MaxRows: 100})
			if err != nil {
				t.Fatal(err)
			}
			listed := false
			for _, id := range rows {
				listed = listed || id == l.SubmissionID
			}
			if listed != rule.State.Final() {
				t.Errorf("%s: forgotten is %v, final is %v", rule.State, listed, rule.State.Final())
			}
		}
	})
}
