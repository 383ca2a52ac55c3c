package letter_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/franklin-letters/franklin/congress/cwc/cwctest"
	"github.com/franklin-letters/franklin/internal/audit"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/db/stamp"
	"github.com/franklin-letters/franklin/internal/fault"
	"github.com/franklin-letters/franklin/internal/letter"
)

// acts returns the log of acts, the oldest first, without ids and times.
func (p *post) acts() []audit.Entry {
	p.t.Helper()
	all, err := audit.List(p.t.Context(), p.db, audit.Page{Limit: 1000})
	if err != nil {
		p.t.Fatal(err)
	}
	acts := make([]audit.Entry, len(all))
	for i, e := range all {
		acts[len(all)-1-i] = audit.Entry{Who: e.Who, Action: e.Action, Subject: e.Subject, Detail: e.Detail}
	}
	return acts
}

func (p *post) operate(op letter.Operation, id, why string) {
	p.t.Helper()
	if err := p.desk.Operate(p.t.Context(), op, id, "ada", why); err != nil {
		p.t.Fatalf("%s: %v", op, err)
	}
}

// suspicious takes a letter that is put aside.
func (p *post) suspicious(n int) query.Letter {
	p.t.Helper()
	s := p.submission(person(n))
	s.Suspicion = "looks odd"
	letters, err := p.db.Read().ListLettersOfSubmission(p.t.Context(), p.submit(s).SubmissionID)
	if err != nil || len(letters) != 1 {
		p.t.Fatalf("%d letters, %v", len(letters), err)
	}
	return letters[0]
}

// lost takes a letter whose attempt gets no clear answer.
func (p *post) lost(n int) query.Letter {
	p.t.Helper()
	l := p.take(person(n))
	p.script(cwctest.Act{Do: cwctest.ServerError})
	p.deliver(l.ID)
	return l
}

func TestOperatorsMoveLetters(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newPost(t, d)
		held := p.take(person(1))
		p.operate(letter.Hold, held.ID, "wait for the author")
		p.expect(held.ID, letter.Frozen, letter.ChannelHouse, "ready frozen")
		p.deliver(held.ID) // not while it is put aside
		p.operate(letter.Release, held.ID, "")
		p.expect(held.ID, letter.Ready, letter.ChannelHouse, "ready frozen ready")
		if ids := p.due(); len(ids) != 1 || ids[0] != held.ID {
			t.Errorf("in line: %v", ids)
		}
		p.deliver(held.ID)
		p.expect(held.ID, letter.Accepted, letter.ChannelHouse, "ready frozen ready sending accepted")

		odd := p.suspicious(2)
		p.operate(letter.Refuse, odd.ID, "written by a program")
		if l := p.expect(odd.ID, letter.Refused, letter.ChannelHouse, "frozen refused"); l.Reason != "written by a program" || l.DueAt != 0 {
			t.Errorf("%+v", l)
		}

		arrived, thrown := p.lost(3), p.lost(4)
		p.operate(letter.ResolveAccepted, arrived.ID, "the office has it")
		p.operate(letter.ResolveRefused, thrown.ID, "the office has nothing")
		if l := p.expect(arrived.ID, letter.Accepted, letter.ChannelHouse, "ready sending unknown accepted"); l.DeliveredAt != stamp.Of(start) {
			t.Errorf("delivered %v", l.DeliveredAt)
		}
		p.expect(thrown.ID, letter.Refused, letter.ChannelHouse, "ready sending unknown refused")
		if n := p.counts(); n.Submitted != 4 || n.Delivered != 2 {
			t.Errorf("%+v", n)
		}
		want := []audit.Entry{
			{Who: "ada", Action: audit.LetterHold, Subject: held.ID, Detail: "ready to frozen: wait for the author"},
			{Who: "ada", Action: audit.LetterRelease, Subject: held.ID, Detail: "frozen to ready: "},
			{Who: "ada", Action: audit.LetterRefuse, Subject: odd.ID, Detail: "frozen to refused: written by a program"},
			{Who: "ada", Action: audit.LetterResolve, Subject: arrived.ID, Detail: "unknown to accepted: the office has it"},
			{Who: "ada", Action: audit.LetterResolve, Subject: thrown.ID, Detail: "unknown to refused: the office has nothing"},
		}
		if diff := cmp.Diff(want, p.acts()); diff != "" {
			t.Errorf("the log (-want +got):\n%s", diff)
		}
	})
}

func TestReleasedLetterOfAnInstallationWithoutAKey(t *testing.T) {
	p := newPost(t, dbtest.New(t), noHouse)
	odd := p.suspicious(1)
	p.operate(letter.Release, odd.ID, "")
	p.expect(odd.ID, letter.Waiting, letter.ChannelHandoff, "frozen waiting")
	if ids := p.due(); len(ids) != 0 {
		t.Errorf("the supporter's own letter is in line: %v", ids)
	}
}

func TestRetryNow(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newPost(t, d)
		l := p.take(person(1))
		p.script(cwctest.Act{Do: cwctest.Unavailable, RetryAfter: 3600})
		p.deliver(l.ID)
		p.expect(l.ID, letter.Waiting, letter.ChannelHouse, "ready sending waiting")
		p.deliver(l.ID) // its time has not come
		p.operate(letter.Retry, l.ID, "the House is back")
		if ids := p.due(); len(ids) != 1 || ids[0] != l.ID {
			t.Errorf("in line: %v", ids)
		}
		p.deliver(l.ID)
		p.expect(l.ID, letter.Accepted, letter.ChannelHouse, "ready sending waiting sending accepted")
		if diff := cmp.Diff([]audit.Entry{{Who: "ada", Action: audit.LetterRetry, Subject: l.ID, Detail: "the House is back"}}, p.acts()); diff != "" {
			t.Error(diff)
		}
	})
}

func TestOperationsThatAreRefused(t *testing.T) {
	p := newPost(t, dbtest.New(t))
	ready := p.take(person(1))
	for name, c := range map[string]struct {
		op      letter.Operation
		id, why string
		want    fault.Kind
	}{
		"unknown letter":    {letter.Hold, "nobody", "x", fault.NotFound},
		"no such operation": {"burn", ready.ID, "x", fault.Invalid},
		"without a reason":  {letter.Hold, ready.ID, "", fault.Invalid},
		"stands elsewhere":  {letter.Release, ready.ID, "", fault.Conflict},
		"was never sent":    {letter.ResolveAccepted, ready.ID, "x", fault.Conflict},
		"does not wait":     {letter.Retry, ready.ID, "", fault.Conflict},
	} {
		if err := p.desk.Operate(t.Context(), c.op, c.id, "ada", c.why); !fault.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	p.expect(ready.ID, letter.Ready, letter.ChannelHouse, "ready")
	own := newPost(t, dbtest.New(t), noHouse)
	theirs := own.take(person(1))
	if err := own.desk.Operate(t.Context(), letter.Retry, theirs.ID, "ada", ""); !fault.Is(err, fault.Conflict) {
		t.Errorf("a letter that waits for its writer: %v", err)
	}
	if acts := append(p.acts(), own.acts()...); len(acts) > 0 {
		t.Errorf("what did not happen was logged: %+v", acts)
	}
}

func TestList(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newPost(t, d)
		ready := p.take(person(1))
		odd := p.suspicious(2)
		p.clock.turn(time.Hour)
		late := p.take(person(3))
		list := func(f letter.Filter) []string {
			t.Helper()
			rows, err := p.desk.List(t.Context(), f)
			if err != nil {
				t.Fatal(err)
			}
			ids := make([]string, len(rows))
			for i, r := range rows {
				if ids[i] = r.ID; r.Slug != p.campaign.Slug {
					t.Errorf("%+v", r)
				}
			}
			return ids
		}
		for name, c := range map[string]struct {
			filter letter.Filter
			want   []string
		}{
			"all, newest first": {letter.Filter{}, []string{late.ID, odd.ID, ready.ID}},
			"one":               {letter.Filter{Limit: 1}, []string{late.ID}},
			"the next":          {letter.Filter{Limit: 1, Before: late.ID}, []string{odd.ID}},
			"of a state":        {letter.Filter{State: letter.Ready}, []string{late.ID, ready.ID}},
			"of an office":      {letter.Filter{Office: "HAZ04", Limit: 2}, []string{late.ID, odd.ID}},
			"of no office":      {letter.Filter{Office: "HAZ05"}, nil},
			"of the campaign":   {letter.Filter{CampaignID: p.campaign.ID, Before: odd.ID}, []string{ready.ID}},
			"of no campaign":    {letter.Filter{CampaignID: "none"}, nil},
			"since":             {letter.Filter{Since: start.Add(time.Minute)}, []string{late.ID}},
			"by reason":         {letter.Filter{Reason: "ODD"}, []string{odd.ID}},
		} {
			if diff := cmp.Diff(c.want, list(c.filter), cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("%s (-want +got):\n%s", name, diff)
			}
		}
	})
}
