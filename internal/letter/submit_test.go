package letter_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/franklin-letters/franklin/congress/cwc"
	"github.com/franklin-letters/franklin/internal/campaign"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/db/stamp"
	"github.com/franklin-letters/franklin/internal/fault"
	"github.com/franklin-letters/franklin/internal/letter"
)

// TestSubmitWritesTheseRows reads every row that one submission makes.
func TestSubmitWritesTheseRows(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newPost(t, d)
		f := person(1)
		f.Address2, f.ZIP, f.Lang, f.Message = "Apt 5", "85281-1234", "es", "My own words."
		r := p.submit(p.submission(f))
		if r.Standing != letter.Taken || r.SubmissionID == "" {
			t.Fatalf("%+v", r)
		}
		now := stamp.Of(start)
		s := p.submissionRow(r.SubmissionID)
		if diff := cmp.Diff(query.Submission{
			ID: r.SubmissionID, Key: f.Key, CampaignID: p.campaign.ID, CampaignVersion: 1, SupporterID: s.SupporterID, Person: keys().Person(f),
			Prefix: "Ms.", FirstName: "Jane", LastName: "Doe1", Email: "doe1@example.org", Phone: "480-224-3121", Address1: "1 Main Street", Address2: "Apt 5",
			City: "Tempe", State: "AZ", Zip: "85281-1234", Seat: "AZ-04", Basis: "zip", Plan: "AZ 119th", Lang: "es", CreatedAt: now,
		}, s); diff != "" {
			t.Errorf("submission (-want +got):\n%s", diff)
		}
		letters, err := d.Read().ListLettersOfSubmission(t.Context(), s.ID)
		if err != nil || len(letters) != 1 {
			t.Fatalf("%d letters, %v", len(letters), err)
		}
		l := letters[0]
		if diff := cmp.Diff(query.Letter{
			ID: l.ID, SubmissionID: s.ID, CampaignID: p.campaign.ID, Seat: "AZ-04", Office: "HAZ04", Channel: letter.ChannelHouse,
			DeliveryID: cwc.DeliveryID(f.Key, "HAZ04"), Subject: "Please support H.R. 77", Message: "My own words.", Edited: true, TextHash: letter.TextHash("Please support H.R. 77", "My own words."),
			State: "ready", Since: now, DueAt: now, CreatedAt: now,
		}, l); diff != "" {
			t.Errorf("letter (-want +got):\n%s", diff)
		}
		history, err := p.desk.History(t.Context(), l.ID)
		if diff := cmp.Diff([]query.LetterHistory{{LetterID: l.ID, Seq: 1, At: now, ToState: "ready", Actor: "supporter", Node: "test/1"}}, history); diff != "" || err != nil {
			t.Errorf("history, %v (-want +got):\n%s", err, diff)
		}
		supporter, err := p.supporter("id", s.SupporterID)
		if diff := cmp.Diff(query.Supporter{
			ID: s.SupporterID, EmailKey: d.Blind("doe1@example.org"), Email: "doe1@example.org", FirstName: "Jane", LastName: "Doe1", Lang: "es", Zip: "85281",
			CreatedAt: now, UpdatedAt: now,
		}, supporter); diff != "" || err != nil {
			t.Errorf("supporter, %v (-want +got):\n%s", err, diff)
		}
		if consents, err := d.Read().ListConsents(t.Context(), s.SupporterID); err != nil || len(consents) != 0 {
			t.Errorf("sending a letter is not joining a list: %v, %v", consents, err)
		}
		if n := p.counts(); n != (campaign.Counts{Submitted: 1}) {
			t.Errorf("%+v", n)
		}
		if got := p.due(); !slices.Equal(got, []string{l.ID}) {
			t.Errorf("in line: %v", got)
		}
		if got := p.taken.drain(); !slices.Equal(got, []string{s.ID}) {
			t.Errorf("told of %v", got)
		}
	})
}

// TestJoiningIsRecordedInItsExactWords: who, what words in which language and version,
// when, and how.
func TestJoiningIsRecordedInItsExactWords(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newPost(t, d)
		for lang, words := range map[string]string{"en": "Yes, send me news.", "es": "Sí, quiero noticias."} {
			f := person(len(lang + words))
			f.Lang, f.Join = lang, true
			s := p.submissionRow(p.submit(p.submission(f)).SubmissionID)
			if !s.Joined {
				t.Error("the submission does not know that it joined")
			}
			sum := sha256.Sum256([]byte(words))
			consents, err := d.Read().ListConsents(t.Context(), s.SupporterID)
			want := []query.Consent{{
				SupporterID: s.SupporterID, Purpose: "updates", Words: words, WordsHash: hex.EncodeToString(sum[:]), Lang: lang,
				CampaignID: p.campaign.ID, CampaignVersion: 1, Page: "/c/water", Method: "tick", GivenAt: stamp.Of(start),
			}}
			if diff := cmp.Diff(want, consents, cmpopts.IgnoreFields(query.Consent{}, "ID")); diff != "" || err != nil {
				t.Errorf("%s, %v (-want +got):\n%s", lang, err, diff)
			}
		}
		if n := p.counts(); n != (campaign.Counts{Submitted: 2, Joined: 2}) {
			t.Errorf("%+v", n)
		}
	})
}

// again is what the second of two posts may be, and how it then stands.
var again = map[string]struct {
	change func(*letter.Form)
	want   letter.Standing
}{
	"the same form":             {func(*letter.Form) {}, letter.Repeated},
	"the same form, edited":     {func(f *letter.Form) { f.Message, f.Join = "Other words.", true }, letter.Repeated},
	"the same name, in capital": {func(f *letter.Form) { f.FirstName = "JANE" }, letter.Repeated},
	"another form":              {func(f *letter.Form) { f.Key = letter.NewKey() }, letter.Already},
	"another person, same form": {func(f *letter.Form) { f.FirstName, f.LastName = "John", "Roe" }, letter.KeyUsed},
	"another mailbox":           {func(f *letter.Form) { f.Email = "other@example.org" }, letter.KeyUsed},
	"another person":            {func(f *letter.Form) { f.FirstName, f.Key = "John", letter.NewKey() }, letter.Taken},
}

func TestSubmitAgain(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newPost(t, d)
		n := 0
		for name, c := range again {
			n++
			f := person(n)
			first := p.submit(p.submission(f))
			before := len(p.due())
			p.clock.turn(time.Hour)
			c.change(&f)
			second := p.submit(p.submission(f))
			p.standsAgain(name, first, second, c.want)
			if more := len(p.due()) - before; (more > 0) != (c.want == letter.Taken) {
				t.Errorf("%s: %d more letters in line", name, more)
			}
		}
		if n := p.counts(); n.Submitted != len(again)+1 || n.Joined != 0 {
			t.Errorf("%+v", n)
		}
		_, err := p.supporter("email_key", d.Blind("other@example.org"))
		if !fault.Is(db.Fault(err), fault.NotFound) {
			t.Errorf("a mailbox from which no letter was taken is kept: %v", err)
		}
		if _, err := p.supporter("email_key", d.Blind(person(1).Email)); err != nil {
			t.Errorf("a supporter was forgotten with the repeat: %v", err)
		}
	})
}

func (p *post) standsAgain(name string, first, second letter.Receipt, want letter.Standing) {
	p.t.Helper()
	if first.Standing != letter.Taken || second.Standing != want {
		p.t.Errorf("%s: %s and then %s, want %s", name, first.Standing, second.Standing, want)
	}
	same := second.SubmissionID == first.SubmissionID
	switch want {
	case letter.Repeated, letter.Already:
		if !same {
			p.t.Errorf("%s: the second receipt is another", name)
		}
	case letter.Taken:
		if same || second.SubmissionID == "" {
			p.t.Errorf("%s: no receipt of its own", name)
		}
	case letter.KeyUsed, letter.Barred:
		if second.SubmissionID != "" {
			p.t.Errorf("%s: somebody else's receipt is given out", name)
		}
	}
}

// TestSubmitAgainInOneCommit posts the pairs while the database is held up, so that they
// wait together and share a commit.
func TestSubmitAgainInOneCommit(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newPost(t, d)
		together := &gate{open: make(chan struct{}), reached: make(chan struct{}, 1)}
		taken := p.options.Taken
		p.options.Taken = func(ctx context.Context, tx *db.Tx, ids []string) error {
			together.pass()
			return taken(ctx, tx, ids)
		}
		p.restart()
		var names []string
		for name := range again {
			names = append(names, name)
		}
		slices.Sort(names)
		receipts := make([][2]letter.Receipt, len(names))
		var wait sync.WaitGroup
		wait.Go(func() { p.submit(p.submission(person(1000))) }) // the one in front, which holds the others up
		<-together.reached
		reads := p.clock.reads.Load()
		for i, name := range names {
			first, second := person(i), person(i)
			again[name].change(&second)
			wait.Go(func() { receipts[i][0] = p.submit(p.submission(first)) })
			wait.Go(func() { receipts[i][1] = p.submit(p.submission(second)) })
		}
		for p.clock.reads.Load()-reads < int64(2*len(names)) { // each reads the clock on its way into the line
			runtime.Gosched()
		}
		close(together.open)
		wait.Wait()
		for i, name := range names {
			first, second := receipts[i][0], receipts[i][1]
			if first.Standing != letter.Taken { // either of the two may be first in line
				first, second = second, first
			}
			p.standsAgain(name, first, second, again[name].want)
		}
		if n := p.counts(); n.Submitted != len(names)+2 {
			t.Errorf("%+v", n)
		}
	})
}

// gate stops the first who passes until it is opened.
type gate struct {
	once          sync.Once
	open, reached chan struct{}
}

func (g *gate) pass() {
	g.once.Do(func() {
		g.reached <- struct{}{}
		<-g.open
	})
}

// TestManyAtOnce: each person posts three times at the same moment. Every receipt is in
// the database, for everybody to see, when it is given; there is one letter each.
func TestManyAtOnce(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		d, other := dbtest.Open(t, url), dbtest.Open(t, url, db.Alongside())
		p := newPost(t, d)
		const people, times = 120, 3
		ids := make([][times]string, people)
		var wait sync.WaitGroup
		for i := range people {
			for k := range times {
				wait.Go(func() {
					f := person(i)
					if k == times-1 {
						f.Key = letter.NewKey()
					}
					f.Join = i%2 == 0
					r, err := p.desk.Submit(t.Context(), p.submission(f))
					if err != nil {
						t.Error(err)
						return
					}
					ids[i][k] = r.SubmissionID
					if s, err := other.Read().SubmissionByID(t.Context(), r.SubmissionID); err != nil || string(s.LastName) != f.LastName {
						t.Errorf("a receipt was given for %+v, %v", s, err)
					}
					if letters, err := other.Read().ListLettersOfSubmission(t.Context(), r.SubmissionID); err != nil || len(letters) != 1 {
						t.Errorf("a receipt was given for %d letters, %v", len(letters), err)
					}
				})
			}
		}
		wait.Wait()
		for i, of := range ids {
			if of[0] == "" || of[0] != of[1] || of[0] != of[2] {
				t.Errorf("person %d has the receipts %v", i, of)
			}
		}
		if n := p.counts(); n != (campaign.Counts{Submitted: people, Joined: people / 2}) {
			t.Errorf("%+v", n)
		}
		if due := p.due(); len(due) != people {
			t.Errorf("%d letters in line", len(due))
		}
	})
}

// TestSharedMailbox: two people may use one mailbox; it is one supporter, under the name
// that was used last.
func TestSharedMailbox(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newPost(t, d)
		jane, john := person(1), person(2)
		john.FirstName, john.Email, john.Lang, john.ZIP = "John", "DOE1@example.org", "es", "85004-0001"
		first := p.submissionRow(p.submit(p.submission(jane)).SubmissionID)
		p.clock.turn(time.Minute)
		second := p.submissionRow(p.submit(p.submission(john)).SubmissionID)
		if first.ID == second.ID || first.SupporterID != second.SupporterID {
			t.Errorf("submissions %s and %s of %s and %s", first.ID, second.ID, first.SupporterID, second.SupporterID)
		}
		supporter, err := p.supporter("email_key", d.Blind("doe1@example.org"))
		want := query.Supporter{
			ID: first.SupporterID, EmailKey: d.Blind("doe1@example.org"), Email: "DOE1@example.org", FirstName: "John", LastName: "Doe2", Lang: "es", Zip: "85004",
			CreatedAt: stamp.Of(start), UpdatedAt: stamp.Of(start.Add(time.Minute)),
		}
		if diff := cmp.Diff(want, supporter); diff != "" || err != nil {
			t.Errorf("%v (-want +got):\n%s", err, diff)
		}
	})
}

func TestUneditedTextIsNotStored(t *testing.T) {
	p := newPost(t, dbtest.New(t))
	unedited := p.campaign.Letter.Text
	for i, c := range []struct {
		message string
		edited  bool
	}{
		{unedited, false},
		{strings.ReplaceAll(unedited, "\n", "\r\n") + "\r\n", false},
		{strings.ReplaceAll(unedited, " ", "  "), false},
		{strings.Replace(unedited, "brown", "brown\u200b", 1), false}, // an invisible character is no edit
		{unedited + " Thank you.", true},
		{strings.Replace(unedited, "yes", "YES", 1), true},
	} {
		f := person(i)
		f.Message = c.message
		l := p.take(f.Clean())
		if l.Edited != c.edited || (l.Message != "") != c.edited {
			t.Errorf("%+q: edited %v, message %q", c.message, l.Edited, l.Message)
		}
	}
}

// TestUneditedTextOfAnAuthorWhoDecomposes: the author's file has its accents apart, as some
// systems write them; a supporter who keeps the text still changes nothing.
func TestUneditedTextOfAnAuthorWhoDecomposes(t *testing.T) {
	p := newPost(t, dbtest.New(t))
	p.campaign = p.apply(strings.NewReplacer("slug: water", "slug: agua", "Our water is brown.", "El agua es marro\u0301n.\u00a0\u200b").Replace(water))
	f := person(1)
	f.Message = p.campaign.Letter.Text
	if l := p.take(f.Clean()); l.Edited {
		t.Errorf("stored as edited: %+q", l.Message)
	}
}

func TestSuspiciousLetterIsFrozen(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for name, options := range map[string][]option{"with a channel": nil, "without": {noHouse}} {
			p := newPost(t, d, options...)
			s := p.submission(person(len(options)))
			s.Suspicion = "too many from one address"
			r := p.submit(s)
			letters, err := d.Read().ListLettersOfSubmission(t.Context(), r.SubmissionID)
			if err != nil || len(letters) != 1 {
				t.Fatal(err)
			}
			l := letters[0]
			if l.State != "frozen" || string(l.Reason) != s.Suspicion || l.DueAt != stamp.Of(start.Add(30*day)) {
				t.Errorf("%s: %+v", name, l)
			}
			if history, err := p.desk.History(t.Context(), l.ID); err != nil || len(history) != 1 || string(history[0].Note) != s.Suspicion {
				t.Errorf("%s: %+v, %v", name, history, err)
			}
			p.deliver(l.ID)
			if now := p.letter(l.ID); now.State != "frozen" || len(p.due()) != 0 {
				t.Errorf("%s: a frozen letter moved", name)
			}
		}
	})
}

// TestBadRowHurtsNobodyElse: one submission that the database refuses does not take those
// with it that share its commit.
func TestBadRowHurtsNobodyElse(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newPost(t, d)
		gone := *p.campaign
		gone.ID = "nobody"
		var wait sync.WaitGroup
		for i := range 30 {
			wait.Go(func() {
				s := p.submission(person(i))
				bad := i%10 == 0
				if bad {
					s.Campaign = &gone
				}
				r, err := p.desk.Submit(t.Context(), s)
				if bad != (err != nil) || !bad && r.Standing != letter.Taken {
					t.Errorf("submission %d: %+v, %v", i, r, err)
				}
			})
		}
		wait.Wait()
		if n := p.counts(); n.Submitted != 27 {
			t.Errorf("%+v", n)
		}
	})
}

// TestNothingIsHalfDone: when the mail for a letter cannot be asked for, the submission is
// not there either.
func TestNothingIsHalfDone(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newPost(t, d)
		broken := errors.New("the queue is broken")
		for name, breakIt := range map[string]func(*letter.Options){
			"taken": func(o *letter.Options) { o.Taken = func(context.Context, *db.Tx, []string) error { return broken } },
		} {
			good := p.options
			breakIt(&p.options)
			p.restart()
			if _, err := p.desk.Submit(t.Context(), p.submission(person(1))); !errors.Is(err, broken) {
				t.Errorf("%s: %v", name, err)
			}
			if n := p.counts(); n != (campaign.Counts{}) {
				t.Errorf("%s: %+v", name, n)
			}
			if _, err := p.supporter("email_key", d.Blind("doe1@example.org")); !fault.Is(db.Fault(err), fault.NotFound) {
				t.Errorf("%s: the supporter is there: %v", name, err)
			}
			p.options = good
			p.restart()
		}
		p.take(person(1)) // the same form goes through once all is well
	})
}
