package letter_test

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/franklin-letters/franklin/congress/cwc/cwctest"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/letter"
	"github.com/franklin-letters/franklin/internal/supporter"
)

// by returns the person who wrote a letter.
func (p *post) by(l query.Letter) supporter.Person {
	p.t.Helper()
	who, ok, err := p.desk.People.ByID(p.t.Context(), p.submissionRow(l.SubmissionID).SupporterID)
	if err != nil || !ok {
		p.t.Fatalf("nobody wrote it: %v", err)
	}
	return who
}

func (p *post) erase(who supporter.Person, wantLeft int) {
	p.t.Helper()
	if left, err := p.desk.Erase(p.t.Context(), who); err != nil || left != wantLeft {
		p.t.Errorf("%d letters are left, want %d; %v", left, wantLeft, err)
	}
}

// TestPRIV_ERA_1_NothingOfThePersonStays: whatever state their letters are in. What counts
// stays, other people stay, and the person may write again.
func TestPRIV_ERA_1_NothingOfThePersonStays(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newPost(t, d)
		list, err := supporter.OpenErasures(filepath.Join(t.TempDir(), "erasures"))
		if err != nil {
			t.Fatal(err)
		}
		p.desk.People.Erasures = list
		f := canary("heron", 1)
		f.Join = true
		ready := p.take(f)
		sent := p.take(canary("egret", 2))
		p.deliver(sent.ID)
		p.script(cwctest.Act{Do: cwctest.ResetAfter})
		doubtful := p.take(canary("crane", 3))
		p.deliver(doubtful.ID)
		bystander := p.take(canary("finch", 4))
		who := p.by(ready)
		for _, l := range []query.Letter{ready, sent, doubtful} {
			p.erase(p.by(l), 0)
		}
		p.expect(ready.ID, letter.Withdrawn, letter.ChannelHouse, "ready withdrawn")
		p.expect(sent.ID, letter.Accepted, letter.ChannelHouse, "ready sending accepted")
		p.expect(doubtful.ID, letter.Expired, letter.ChannelHouse, "ready sending unknown expired")
		for _, name := range []string{"heron", "egret", "crane"} {
			if where := p.where(name); len(where) != 0 {
				t.Errorf("%s stands in %v", name, where)
			}
		}
		if where := p.where("finch"); len(where) == 0 {
			t.Error("somebody else was erased too")
		}
		p.expect(bystander.ID, letter.Ready, letter.ChannelHouse, "ready")
		if n := p.counts(); n.Submitted != 4 || n.Delivered != 1 {
			t.Errorf("%+v", n)
		}
		if s := p.submissionRow(ready.SubmissionID); s.Person != s.ID || s.Key != s.ID || p.letter(ready.ID).TextHash != "" {
			t.Errorf("she can be recognised: %+v", s)
		}
		f.Key = person(99).Key
		if r := p.submit(p.submission(f)); r.Standing != letter.Taken || p.submissionRow(r.SubmissionID).SupporterID == who.ID {
			t.Errorf("she cannot write again: %+v", r)
		}
		if n, err := p.desk.ReapplyErasures(t.Context()); err != nil || n != 0 {
			t.Errorf("%d people are erased again, %v", n, err)
		}
	})
}

// TestErasingWhatIsOnItsWay: a letter that is being sent goes on, and its words go when it
// has arrived.
func TestErasingWhatIsOnItsWay(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		var told []string
		p := newPost(t, d)
		p.desk.Erasing = func(_ context.Context, _ *db.Tx, id string) error {
			told = append(told, id)
			return nil
		}
		l := p.take(canary("heron", 1))
		who := p.by(l)
		if _, err := d.SQL().ExecContext(t.Context(), "UPDATE letters SET state = 'sending' WHERE id = '"+l.ID+"'"); err != nil {
			t.Fatal(err)
		}
		p.erase(who, 1)
		if !slices.Equal(told, []string{who.ID}) || len(p.where("heron")) == 0 {
			t.Errorf("told of %v", told)
		}
		if _, known, err := p.desk.People.ByID(t.Context(), who.ID); err != nil || known {
			t.Errorf("who she is is kept for the letter, %v", err)
		}
		if _, err := d.SQL().ExecContext(t.Context(), "UPDATE letters SET state = 'accepted' WHERE id = '"+l.ID+"'"); err != nil {
			t.Fatal(err)
		}
		if left, err := p.desk.EraseLetters(t.Context(), who.ID); err != nil || left != 0 || len(p.where("heron")) != 0 {
			t.Errorf("%d are left, %v; she stands in %v", left, err, p.where("heron"))
		}
	})
}

// TestMAIL_C_1_ALaterTickIsRecorded: the tick of somebody who has written before counts like
// the first one's, and a letter without a tick joins nobody.
func TestMAIL_C_1_ALaterTickIsRecorded(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		var joined []string
		p := newPost(t, d)
		p.desk.Joined = func(_ context.Context, _ *db.Tx, t letter.Ticked) error {
			joined = append(joined, t.Supporter)
			return nil
		}
		f := person(1)
		first := p.submit(p.submission(f))
		who := p.by(p.lettersOf(first.SubmissionID)[0])
		ledger := func() int {
			all, err := p.desk.People.Consents(t.Context(), p.store, who.ID)
			if err != nil {
				t.Fatal(err)
			}
			return len(all)
		}
		if ledger() != 0 || len(joined) != 0 {
			t.Error("a letter without a tick joins a list")
		}
		f.Key, f.Join = person(2).Key, true
		for range 2 {
			if r := p.submit(p.submission(f)); r.Standing != letter.Already || r.SubmissionID != first.SubmissionID {
				t.Errorf("%+v", r)
			}
		}
		if n := ledger(); n == 0 || len(joined) == 0 || joined[0] != who.ID {
			t.Errorf("%d lines in the ledger, told of %v", n, joined)
		}
		f = person(3)
		f.Join = true
		s := p.submission(f)
		for range 2 {
			p.submit(s)
		}
		who = p.by(p.lettersOf(p.submit(s).SubmissionID)[0])
		if n := ledger(); n != 1 {
			t.Errorf("the same form posted three times is %d lines in the ledger", n)
		}
	})
}

// TestTheReceiptAsksToo: who ticked the box gets one mail with both links; another one that
// only asks again comes on the next day at the earliest.
func TestTheReceiptAsksToo(t *testing.T) {
	p := newPost(t, dbtest.New(t))
	p.desk.People.BaseURL = notices.BaseURL
	for n, want := range []int{2, 1} {
		f := person(n)
		f.Join = n == 0
		l := p.take(f)
		m, due := p.notice(l.SubmissionID)
		if !due || strings.Count(m.Text, "https://") != want || strings.Contains(m.Text, "/join/") != f.Join {
			t.Errorf("ticked %t: %s", f.Join, m.Text)
		}
		if _, send, wait, err := p.desk.People.AskJoin(t.Context(), p.by(l).ID, "x", notices); err != nil || send || (wait == supporter.TurnPause) != f.Join {
			t.Errorf("a second mail asks the same: %t, %v, %v", send, wait, err)
		}
	}
}
