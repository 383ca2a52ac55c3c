package letter_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/franklin-letters/franklin/congress/cwc/cwctest"
	"github.com/franklin-letters/franklin/internal/audit"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/fault"
	"github.com/franklin-letters/franklin/internal/guard"
	"github.com/franklin-letters/franklin/internal/letter"
	"github.com/franklin-letters/franklin/internal/text"
)

func (p *post) evidence(id string) letter.Evidence {
	p.t.Helper()
	e, err := p.desk.Evidence(p.t.Context(), id, "ada")
	if err != nil {
		p.t.Fatal(err)
	}
	return e
}

// TestAUTHN_2_Evidence proves a letter that was tried twice: what was shown, what became of it, and
// the very bytes that the Capitol has.
func TestAUTHN_2_Evidence(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newPost(t, d)
		f := person(1)
		f.Join, f.Message = true, "Our water is green.\n\nPlease vote yes."
		l := p.take(f)
		p.script(cwctest.Act{Do: cwctest.Unavailable})
		p.deliver(l.ID)
		p.clock.turn(time.Hour)
		p.deliver(l.ID)
		p.restart() // another process, which has only the database

		e := p.evidence(l.ID)
		if diff := cmp.Diff(letter.Shown{
			Statement: "Our water is brown.\n\nPlease vote yes.", Own: f.Message, Intact: true,
			Hash: letter.TextHash(f.Subject, f.Message),
			Diff: []text.Change{{Kind: text.Same, Text: "Our water is "}, {Kind: text.Removed, Text: "brown.\n\n"}, {Kind: text.Added, Text: "green.\n\n"}, {Kind: text.Same, Text: "Please vote yes."}},
		}, e.Shown); diff != "" {
			t.Errorf("shown (-want +got):\n%s", diff)
		}
		if e.Campaign.Version != 1 || e.KeyClass != letter.KeyPlain || e.Confirmation.State != "not-asked" || e.Submission.Basis != "zip" || e.Submission.Plan != "AZ 119th" {
			t.Errorf("%+v", e)
		}
		if len(e.Consents) != 1 || e.Consents[0].Words != "Yes, send me news." || len(e.History) != 5 {
			t.Errorf("%+v, %+v", e.Consents, e.History)
		}
		received, ok, err := p.capitol.XML(l.DeliveryID)
		if err != nil || !ok || e.Message.Why != "" || e.Message.XML != string(received) {
			t.Errorf("the message %q differs from what the Capitol has: %s", e.Message.Why, cmp.Diff(string(received), e.Message.XML))
		}
		if sum := sha256.Sum256(received); e.Message.SHA256 != hex.EncodeToString(sum[:]) {
			t.Errorf("%s", e.Message.SHA256)
		}
		if again := p.evidence(l.DeliveryID); again.Letter.ID != l.ID {
			t.Errorf("the delivery number opens %+v", again.Letter)
		}
		// The control: a text that somebody changed in the database is no proof.
		if _, err := d.SQL().ExecContext(t.Context(), "UPDATE letters SET subject = '' WHERE id = $1", l.ID); err != nil {
			t.Fatal(err)
		}
		if e := p.evidence(l.ID); e.Shown.Intact || e.Message.XML == string(received) {
			t.Error("a changed letter passes for the one that was shown")
		}
		view := audit.Entry{Who: "ada", Action: audit.LetterView, Subject: l.ID}
		if diff := cmp.Diff([]audit.Entry{view, view, view}, p.acts()); diff != "" {
			t.Errorf("the log (-want +got):\n%s", diff)
		}
	})
}

func TestEvidenceAfterTheScrub(t *testing.T) {
	p := newPost(t, dbtest.New(t))
	f := canary("finch", 1)
	l := p.take(f)
	p.deliver(l.ID)
	p.clock.turn(letter.ScrubAfter + time.Second)
	p.scrub()
	e := p.evidence(l.ID)
	if e.Shown.Intact || e.Shown.Own != "" || e.Message.XML != "" || !strings.Contains(e.Message.Why, "erased") {
		t.Errorf("%+v, %+v", e.Shown, e.Message)
	}
	// A copy that somebody shows can still be compared.
	if e.Shown.Hash != letter.TextHash(f.Subject, f.Message) || len(e.History) != 3 {
		t.Errorf("%+v, %+v", e.Shown, e.History)
	}
}

func TestEvidenceThatIsNotThere(t *testing.T) {
	p := newPost(t, dbtest.New(t))
	if _, err := p.desk.Evidence(t.Context(), "nobody", "ada"); !fault.Is(err, fault.NotFound) {
		t.Error(err)
	}
	own := newPost(t, dbtest.New(t), noHouse)
	if e := own.evidence(own.take(person(1)).ID); !strings.Contains(e.Message.Why, "supporter's own") {
		t.Errorf("%+v", e.Message)
	}
	l := p.take(person(1))
	p.restart(func(p *post) { p.house.Sender.Contact.Name = "" })
	if e := p.evidence(l.ID); e.Message.XML != "" || !strings.Contains(e.Message.Why, "settings") {
		t.Errorf("%+v", e.Message)
	}
	p.restart(noHouse)
	if e := p.evidence(l.ID); !strings.Contains(e.Message.Why, "no channel") {
		t.Errorf("%+v", e.Message)
	}
}

// TestKeyClass tells the forms that this installation gave out from what programs make up.
func TestKeyClass(t *testing.T) {
	p := newPost(t, dbtest.New(t))
	forms := func(secret string) guard.Forms { return guard.NewForms([]byte(strings.Repeat(secret, 32)), 0, 0) }
	signed := forms("k").New(p.campaign.ID, start)
	n := 0
	for key, want := range map[string]letter.KeyClass{
		signed:                                   letter.KeySigned,
		forms("k").New("another", start):         letter.KeyForeign,
		forms("o").New(p.campaign.ID, start):     letter.KeyForeign,
		"0123456789abcdef0123456789abcdef":       letter.KeyPlain,
		"made-by-a-program-0001":                 letter.KeyForeign,
		strings.Repeat("A", guard.FormKeyLength): letter.KeyForeign,
	} {
		n++
		f := person(n)
		f.Key = key
		if e := p.evidence(p.take(f).ID); e.KeyClass != want {
			t.Errorf("%s is %s, want %s", key, e.KeyClass, want)
		}
	}
	p.restart(func(p *post) { p.options.Keys = letter.NewKeys(nil) })
	s, err := p.db.Read().SubmissionByKey(t.Context(), signed)
	if err != nil {
		t.Fatal(err)
	}
	letters, err := p.db.Read().ListLettersOfSubmission(t.Context(), s.ID)
	if err != nil {
		t.Fatal(err)
	}
	if e := p.evidence(letters[0].ID); e.KeyClass != letter.KeyUnchecked {
		t.Errorf("without the secret it is %s", e.KeyClass)
	}
}

// TestConfirmationInTheEvidence reads off the moves whether the mailbox was asked.
func TestConfirmationInTheEvidence(t *testing.T) {
	p := newPost(t, dbtest.New(t))
	p.restart(func(p *post) {
		p.options.Asked = func(context.Context, *db.Tx, []letter.Asking) error { return nil }
	})
	submit := func(n int) query.Letter {
		t.Helper()
		s := p.submission(person(n))
		s.Confirm = true
		letters, err := p.db.Read().ListLettersOfSubmission(t.Context(), p.submit(s).SubmissionID)
		if err != nil || len(letters) != 1 {
			t.Fatalf("%d letters, %v", len(letters), err)
		}
		return letters[0]
	}
	awaited, confirmed, gone := submit(1), submit(2), submit(3)
	p.clock.turn(time.Hour)
	if err := p.desk.Confirm(t.Context(), confirmed.SubmissionID); err != nil {
		t.Fatal(err)
	}
	p.takeBack(gone, 0)
	for id, want := range map[string]letter.Confirmation{
		awaited.ID: {State: "awaited"}, confirmed.ID: {State: "confirmed", At: start.Add(time.Hour)}, gone.ID: {State: "never"},
	} {
		if got := p.evidence(id).Confirmation; got.State != want.State || !got.At.Equal(want.At) {
			t.Errorf("got %+v, want %+v", got, want)
		}
	}
}
