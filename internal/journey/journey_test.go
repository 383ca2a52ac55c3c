package journey_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/internal/campaign"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
	"github.com/franklin-letters/franklin/internal/db/stamp"
	"github.com/franklin-letters/franklin/internal/guard"
	"github.com/franklin-letters/franklin/internal/journey"
	"github.com/franklin-letters/franklin/internal/mail"
	"github.com/franklin-letters/franklin/internal/mailing"
	"github.com/franklin-letters/franklin/internal/notice"
	"github.com/franklin-letters/franklin/internal/supporter"
)

const file = `---
title: Close the loophole
slug: loophole
status: published
topics: [Crime and Law Enforcement]
goal: 3000
summary: Ask your Representative to support the bill.
letter:
  subject: Please support it
  text: Please support this bill.
opt_in: Yes, write to me with updates.
---
The page.
`

// office is a desk of journeys over a real database, with people who have just joined the list.
type office struct {
	*testing.T

	db        *db.DB
	people    *supporter.People
	campaigns *campaign.Store
	guard     *guard.Guard

	rates *mailing.Rates              // messages to one domain
	fit   func(context.Context) error // nil for mail in bulk that may leave

	mu   sync.Mutex
	now  time.Time
	sent map[string]int // mails by address

	log bytes.Buffer
}

func (o *office) clock() time.Time {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.now
}

func (o *office) forward(d time.Duration) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.now = o.now.Add(d)
}

func open(t *testing.T, d *db.DB, people int) *office {
	t.Helper()
	o := &office{
		T: t, db: d, now: time.Date(2026, time.November, 23, 17, 0, 0, 0, time.UTC), sent: map[string]int{},
		fit:   func(context.Context) error { return nil },
		guard: guard.New(guard.Config{Limits: guard.Limits{Confirmations: 2}, Log: slog.New(slog.DiscardHandler)}),
	}
	o.people = &supporter.People{DB: d, Keys: supporter.NewKeys([]byte(strings.Repeat("k", 32))), Clock: o.clock, BaseURL: "https://act.lantern.example"}
	o.campaigns = campaign.NewStore(d, o.clock)
	o.people.OnList = o.desk(nil).OnList
	for n := range people {
		o.join(o.campaign(), fmt.Sprintf("s%03d", n))
	}
	return o
}

func (o *office) campaign() *campaign.Campaign {
	o.Helper()
	c, _, err := o.campaigns.Apply(o.Context(), []byte(file), "test")
	if err != nil {
		o.Fatal(err)
	}
	return c
}

// join has a new person tick the box and confirm it.
func (o *office) join(c *campaign.Campaign, id string) {
	o.Helper()
	o.tick(c, id)
	if ok, err := o.people.Confirm(o.Context(), supporter.Link{Supporter: id, List: supporter.Updates}); err != nil || !ok {
		o.Fatalf("%t, %v", ok, err)
	}
}

// addressOf is the address of a person, who may be known by it.
func addressOf(id string) string {
	if strings.Contains(id, "@") {
		return id
	}
	return id + "@example.org"
}

// tick has a new person tick the box.
func (o *office) tick(c *campaign.Campaign, id string) {
	o.Helper()
	address := addressOf(id)
	err := o.db.Tx(o.Context(), func(ctx context.Context, tx *db.Tx) error {
		now := stamp.Of(o.clock())
		_, err := tx.InsertRows(ctx, db.Insert{Table: "supporters", Columns: []string{"id", "email_key", "email", "created_at", "updated_at"}},
			[][]any{{id, o.db.Blind(address), address, now, now}})
		if err != nil {
			return err
		}
		return o.people.Join(ctx, tx, []supporter.Tick{{Supporter: id, List: supporter.Updates, Campaign: c, Lang: "en", At: o.clock()}})
	})
	if err != nil {
		o.Fatal(err)
	}
}

// desk returns a desk whose mails go through fate, if given, and are then counted.
func (o *office) desk(fate func(mail.Message) error) *journey.Desk {
	return journey.New(journey.Options{
		DB: o.db, People: o.people, Campaigns: o.campaigns, Clock: o.clock, House: func() notice.House { return notice.House{Org: "Lantern Alliance"} }, Guard: o.guard,
		Runs:      o.runs(),
		Restraint: &mailing.Restraint{People: o.people, Log: slog.New(slog.DiscardHandler), Rates: o.rates},
		Send: func(ctx context.Context, m mail.Message, _ string, may func(context.Context) error) error {
			if fate != nil {
				if err := fate(m); err != nil {
					return err
				}
			}
			if err := may(ctx); err != nil {
				return err
			}
			o.mu.Lock()
			defer o.mu.Unlock()
			o.sent[m.To]++
			return nil
		},
	})
}

// runs are those of the mails to all people of a campaign.
func (o *office) runs() journey.Runs {
	return journey.Runs{
		DB: o.db, Campaigns: o.campaigns, Clock: o.clock, Log: slog.New(slog.NewTextHandler(&o.log, nil)),
		Fit: func(ctx context.Context) error { return o.fit(ctx) },
	}
}

func (o *office) work(d *journey.Desk) error {
	_, err := d.Work(o.Context())
	return err
}

// steps are where the steps of a person stand.
func (o *office) states(id string) (all []string) {
	o.Helper()
	rows, err := o.db.Read().ListJourneySteps(o.Context(), id)
	if err != nil {
		o.Fatal(err)
	}
	for _, r := range rows {
		all = append(all, r.State)
	}
	return all
}

// TestMAIL_8_NobodyGetsItTwice: two nodes at work at once share the mails, and looking again
// sends nothing more.
func TestMAIL_8_NobodyGetsItTwice(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d, 60)
		var nodes sync.WaitGroup
		for range 2 {
			nodes.Go(func() {
				if err := o.work(o.desk(nil)); err != nil {
					t.Error(err)
				}
			})
		}
		nodes.Wait()
		if err := o.work(o.desk(nil)); err != nil {
			t.Error(err)
		}
		if len(o.sent) != 60 {
			t.Errorf("%d of 60 people got the mail", len(o.sent))
		}
		for who, n := range o.sent {
			if n != 1 {
				t.Errorf("%s got %d mails", who, n)
			}
		}
	})
}

// TestMAIL_8_OfUnknownFate: a node that dies with a mail in hand leaves that one of unknown fate;
// nobody sends it again, and the others leave.
func TestMAIL_8_OfUnknownFate(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d, 3)
		dying, died := make(chan struct{}), make(chan struct{})
		go func() { // it takes a mail in hand, and never says what became of it
			defer close(died)
			_ = o.work(o.desk(func(mail.Message) error {
				close(dying)
				<-t.Context().Done()
				return errors.New("it is dead")
			}))
		}()
		<-dying
		t.Cleanup(func() { <-died })
		if err := o.work(o.desk(nil)); err != nil {
			t.Fatal(err)
		}
		o.forward(6 * time.Minute)
		for range 2 {
			if err := o.work(o.desk(nil)); err != nil {
				t.Fatal(err)
			}
			o.forward(24 * time.Hour)
		}
		if got := o.states("s000"); len(o.sent) != 2 || o.sent["s000@example.org"] != 0 || len(got) != 1 || got[0] != "unknown" {
			t.Errorf("sent %v; the one in hand is %v", o.sent, got)
		}
	})
}

// TestMAIL_7_ARelayThatIsAway: a relay that is away for a day loses no mail and doubles none; what it
// refuses for good is not tried again, and what may have left neither.
func TestMAIL_7_ARelayThatIsAway(t *testing.T) {
	t.Parallel()
	o := open(t, dbtest.New(t), 4)
	away := o.desk(func(mail.Message) error { return &mail.SendError{Outcome: mail.Temporary, Step: "connect"} })
	for range 30 {
		_ = o.work(away) // it says so, each time
		o.forward(time.Hour)
	}
	if len(o.sent) != 0 {
		t.Errorf("sent %v", o.sent)
	}
	tries := map[string]int{}
	picky := o.desk(func(m mail.Message) error {
		tries[m.To]++
		switch m.To {
		case "s001@example.org":
			return &mail.SendError{Outcome: mail.Permanent, Step: "recipient", Code: 550, Status: "5.1.1"}
		case "s002@example.org":
			return &mail.SendError{Outcome: mail.Unknown, Step: "message"}
		}
		return nil
	})
	for range 10 {
		if err := o.work(picky); err != nil {
			t.Fatal(err)
		}
		o.forward(6 * time.Hour)
	}
	for id, want := range map[string]string{"s000": "sent", "s001": "failed", "s002": "unknown", "s003": "sent"} {
		if got := o.states(id); len(got) != 1 || got[0] != want || tries[id+"@example.org"] != 1 {
			t.Errorf("%s is %v after %d tries, want %s", id, got, tries[id+"@example.org"], want)
		}
	}
}

// TestMAIL_S_1_AskedAgainAtTheLast: who is suppressed, has left or is erased between the moment in which
// the mail was put in line and that in which it would leave gets none.
func TestMAIL_S_1_AskedAgainAtTheLast(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d, 4)
		who := func(id string) supporter.Link {
			return supporter.Link{Supporter: id, Mailbox: o.people.Keys.Mailbox(id + "@example.org")}
		}
		for _, err := range []error{
			o.people.Leave(t.Context(), who("s000"), supporter.Updates, supporter.ByPage),
			d.Tx(t.Context(), func(ctx context.Context, tx *db.Tx) error { // by the hash alone, so that she stays on the list
				bounced := supporter.Link{Mailbox: o.people.Keys.Mailbox("S001+x@example.org")}
				return o.people.SuppressIn(ctx, tx, bounced, supporter.HardBounce, supporter.ByMail)
			}),
			d.Tx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
				return o.people.EraseIn(ctx, tx, supporter.Person{ID: "s002", Email: "s002@example.org"})
			}),
		} {
			if err != nil {
				t.Fatal(err)
			}
		}
		if err := o.work(o.desk(nil)); err != nil {
			t.Fatal(err)
		}
		if len(o.sent) != 1 || o.sent["s003@example.org"] != 1 { // the control
			t.Errorf("sent %v", o.sent)
		}
		if got := o.states("s002"); len(got) != 0 {
			t.Errorf("of who was erased it is known that they are to be written to: %v", got)
		}
	})
}

// TestSEC_BOMB_3_RemindersComeLast: a reminder goes to a mailbox that has not answered. It waits
// while the hour is used up for such mails, and counts as one of them.
func TestSEC_BOMB_3_RemindersComeLast(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d, 0)
		desk := o.desk(nil)
		o.tick(o.campaign(), "ana")
		others := func(n int) (last time.Duration) {
			err := d.Tx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
				waits, err := o.guard.Mails(ctx, tx, n, o.clock())
				last = waits[n-1]
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return last
		}
		if err := d.Tx(t.Context(), func(ctx context.Context, tx *db.Tx) error { return desk.Ticked(ctx, tx, "ana") }); err != nil {
			t.Fatal(err)
		}
		o.forward(49 * time.Hour)
		others(3)
		for range 2 {
			if err := o.work(desk); err != nil {
				t.Fatal(err)
			}
			if len(o.sent) != 0 {
				t.Errorf("she is reminded before others have had their mails: %v", o.sent)
			}
			o.forward(20 * time.Minute)
		}
		o.forward(time.Hour)
		if err := o.work(desk); err != nil {
			t.Fatal(err)
		}
		if o.sent["ana@example.org"] != 1 {
			t.Errorf("when the hour has room again she is not reminded: %v", o.sent)
		}
		if wait := others(2); wait == 0 {
			t.Error("the reminder did not count")
		}
	})
}

// TestWaitingIsNoFailure: a mail that has waited for its turn very often is still tried again
// when the relay puts it off once.
func TestWaitingIsNoFailure(t *testing.T) {
	t.Parallel()
	o := open(t, dbtest.New(t), 0)
	o.tick(o.campaign(), "ana")
	busy := true
	desk := o.desk(func(mail.Message) error {
		if busy {
			return &mail.SendError{Outcome: mail.Temporary, Step: "recipient", Code: 450}
		}
		return nil
	})
	err := o.db.Tx(t.Context(), func(ctx context.Context, tx *db.Tx) error { return desk.Ticked(ctx, tx, "ana") })
	if err != nil {
		t.Fatal(err)
	}
	o.forward(49 * time.Hour)
	for range 25 {
		err := o.db.Tx(t.Context(), func(ctx context.Context, tx *db.Tx) error { _, err := o.guard.Mails(ctx, tx, 4, o.clock()); return err })
		if err = errors.Join(err, o.work(desk)); err != nil {
			t.Fatal(err)
		}
		o.forward(time.Hour)
	}
	o.forward(100 * time.Hour)
	for range 2 {
		if err := o.work(desk); err != nil {
			t.Fatal(err)
		}
		busy = false
		o.forward(2 * time.Minute)
	}
	if got := o.states("ana"); o.sent["ana@example.org"] != 1 || len(got) != 1 || got[0] != "sent" {
		t.Errorf("it is %v, sent %v", got, o.sent)
	}
}

// TestWhatIsOverIsForgotten: after its time nothing is kept of a mail; what waits stays.
func TestWhatIsOverIsForgotten(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d, 1)
		if err := o.work(o.desk(nil)); err != nil {
			t.Fatal(err)
		}
		o.forward(journey.KeptFor + time.Hour)
		err := d.Tx(t.Context(), func(ctx context.Context, tx *db.Tx) error { return o.desk(nil).Ticked(ctx, tx, "s000") })
		if err = errors.Join(err, o.work(o.desk(nil))); err != nil {
			t.Fatal(err)
		}
		rows, err := d.Read().ListJourneySteps(t.Context(), "s000")
		if err != nil || len(rows) != 1 || rows[0].Journey != string(journey.Reminder) {
			t.Errorf("%v, %v", rows, err)
		}
	})
}
