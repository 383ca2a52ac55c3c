package journey_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
	"github.com/franklin-letters/franklin/internal/inbox"
	"github.com/franklin-letters/franklin/internal/journey"
	"github.com/franklin-letters/franklin/internal/mail"
	"github.com/franklin-letters/franklin/internal/mailing"
	"github.com/franklin-letters/franklin/internal/supporter"
)

// town has some people of two mail domains join the list.
func town(t *testing.T, d *db.DB) *office {
	t.Helper()
	o := open(t, d, 0)
	for n := range 3 {
		o.join(o.campaign(), fmt.Sprintf("p%d@far.example", n))
		o.join(o.campaign(), fmt.Sprintf("p%d@example.org", n))
	}
	return o
}

// sentTo is how many mails went to a domain.
func (o *office) sentTo(domain string) (n int) {
	for address, mails := range o.sent {
		if strings.HasSuffix(address, "@"+domain) {
			n += mails
		}
	}
	return n
}

// TestMAIL_7_ADomainThatSaysLater: one mail that a domain puts off has the others to it wait,
// and those to other domains leave.
func TestMAIL_7_ADomainThatSaysLater(t *testing.T) {
	t.Parallel()
	o := town(t, dbtest.New(t))
	tries, busy := 0, true
	desk := o.desk(func(m mail.Message) error {
		if busy && strings.HasSuffix(m.To, "@far.example") {
			tries++
			return &mail.SendError{Outcome: mail.Temporary, Step: "recipient", Code: 451}
		}
		return nil
	})
	if err := o.work(desk); err != nil {
		t.Fatal(err)
	}
	if tries != 1 || o.sentTo("example.org") != 3 {
		t.Errorf("the domain heard of %d mails, want 1; the others got %d, want 3", tries, o.sentTo("example.org"))
	}
	busy = false
	for range 3 {
		o.forward(time.Minute)
		if err := o.work(desk); err != nil {
			t.Fatal(err)
		}
	}
	if o.sentTo("far.example") != 3 || o.sentTo("example.org") != 3 {
		t.Errorf("sent %v", o.sent)
	}
}

// TestMAIL_7_ADomainThatWantsNoMail: where a domain does not want our mail nothing more goes there for
// a day, also by another node, nobody is suppressed, and the operator's page names it.
func TestMAIL_7_ADomainThatWantsNoMail(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := town(t, d)
		tries := 0
		node := func() *journey.Desk {
			return o.desk(func(m mail.Message) error {
				if !strings.HasSuffix(m.To, "@far.example") {
					return nil
				}
				tries++
				return &mail.SendError{Outcome: mail.Permanent, Step: "recipient", Code: 550, Status: "5.7.1"}
			})
		}
		for range 3 {
			if err := o.work(node()); err != nil {
				t.Fatal(err)
			}
			o.forward(7 * time.Hour)
		}
		refusals, err := inbox.Refusals(t.Context(), d, o.clock())
		if tries != 1 || o.sentTo("example.org") != 3 || len(refusals) != 1 || refusals[0].Domain != "far.example" || err != nil {
			t.Errorf("%d tries, sent %v, refusals %v, %v", tries, o.sent, refusals, err)
		}
		if out, err := o.people.Suppressed(t.Context(), "p0@far.example", supporter.Updates); out || err != nil {
			t.Errorf("somebody is suppressed for what the domain does not want; %v", err)
		}
		o.forward(4 * time.Hour)
		if err := o.work(node()); err != nil || tries != 2 {
			t.Errorf("a day later the domain heard of %d mails, want 2; %v", tries, err)
		}
	})
}

// TestMAIL_7_DomainLimit: mails that follow by themselves keep to the limit of a domain.
func TestMAIL_7_DomainLimit(t *testing.T) {
	t.Parallel()
	o := open(t, dbtest.New(t), 4)
	o.rates = mailing.NewRates(2)
	begin := o.clock()
	var at []time.Duration
	desk := o.desk(func(mail.Message) error {
		at = append(at, o.clock().Sub(begin))
		return nil
	})
	if soon, err := desk.Work(t.Context()); err != nil || !soon {
		t.Errorf("it does not say that the next turn comes soon; %v", err)
	}
	for range 30 {
		o.forward(5 * time.Second)
		if err := o.work(desk); err != nil {
			t.Fatal(err)
		}
	}
	for i, moment := range at {
		if i > 0 && moment-at[i-1] < 30*time.Second {
			t.Errorf("mails leave after %v, want two a minute at most", at)
			break
		}
	}
	if len(at) != 4 {
		t.Errorf("%d mails have left, want 4", len(at))
	}
}

// TestMAIL_B_1_NoSuchMailbox: a mailbox that does not exist gets no more mail.
func TestMAIL_B_1_NoSuchMailbox(t *testing.T) {
	t.Parallel()
	o := open(t, dbtest.New(t), 2)
	err := o.work(o.desk(func(m mail.Message) error {
		if m.To == "s000@example.org" {
			return &mail.SendError{Outcome: mail.Permanent, Step: "recipient", Code: 550, Status: "5.1.1"}
		}
		return nil
	}))
	if err != nil {
		t.Fatal(err)
	}
	for address, want := range map[string]bool{"s000@example.org": true, "s001@example.org": false} {
		if out, err := o.people.Suppressed(t.Context(), address, supporter.OwnActs); out != want || err != nil {
			t.Errorf("%s is suppressed: %t, %v", address, out, err)
		}
	}
}

// TestMAIL_S_1_AtTheRelay: who wants no more mail while the relay takes long to answer gets none.
func TestMAIL_S_1_AtTheRelay(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d, 3)
		err := o.work(o.desk(func(m mail.Message) error { // the connection is being made
			who := strings.TrimSuffix(m.To, "@example.org")
			link := supporter.Link{Supporter: who, Mailbox: o.people.Keys.Mailbox(m.To)}
			switch who {
			case "s000":
				return o.people.Leave(t.Context(), link, supporter.Updates, supporter.ByOneClick)
			case "s001":
				return d.Tx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
					return o.people.EraseIn(ctx, tx, supporter.Person{ID: who, Email: m.To})
				})
			}
			return nil
		}))
		if err != nil {
			t.Fatal(err)
		}
		if got := o.states("s000"); len(o.sent) != 1 || o.sent["s002@example.org"] != 1 || len(got) != 1 || got[0] != "skipped" {
			t.Errorf("sent %v, the one who left is %v", o.sent, got)
		}
	})
}

// TestMAIL_1_ManyMailsWait: what goes to all of a campaign waits while mail in bulk must not leave; what
// goes to single people does not.
func TestMAIL_1_ManyMailsWait(t *testing.T) {
	t.Parallel()
	o := open(t, dbtest.New(t), 1)
	ended := strings.Replace(file, "opt_in:", "outcome: {date: 2026-11-20, summary: The House passed the bill.}\nopt_in:", 1)
	c, _, err := o.campaigns.Apply(t.Context(), []byte(ended), "test")
	if err != nil {
		t.Fatal(err)
	}
	done := func() bool {
		runs, err := o.db.Read().ListJourneyRuns(t.Context(), c.ID)
		if err != nil {
			t.Fatal(err)
		}
		return len(runs) == 1 && runs[0].DoneAt > 0
	}
	desk, unfit := o.desk(nil), errors.New("DKIM: nothing signs")
	if err := o.work(desk); err != nil {
		t.Fatal(err)
	}
	o.forward(2 * time.Hour)
	o.join(c, "late")
	o.fit = func(context.Context) error { return unfit }
	if err := o.work(desk); !errors.Is(err, unfit) || done() || o.sent["late@example.org"] != 1 {
		t.Errorf("%v; the mails are in line: %t; sent %v", err, done(), o.sent)
	}
	o.fit = func(context.Context) error { return nil }
	if err := o.work(desk); err != nil || !done() {
		t.Errorf("when it may leave: %v; the mails are in line: %t", err, done())
	}
}
