package letter_test

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
	"github.com/franklin-letters/franklin/internal/db/stamp"
	"github.com/franklin-letters/franklin/internal/fault"
	"github.com/franklin-letters/franklin/internal/letter"
)

func TestClosedDesk(t *testing.T) {
	p := newPost(t, dbtest.New(t))
	p.take(person(1))
	p.desk.Close()
	_, err := p.desk.Submit(t.Context(), p.submission(person(2)))
	if !errors.Is(err, letter.ErrClosing) || !fault.Is(err, fault.Unavailable) || fault.Of(err).RetryAfter <= 0 {
		t.Errorf("got %v", err)
	}
	p.open()
	p.take(person(2))
}

// TestClosingAnswersEverybody: those in line when the desk closes get their answer, and a
// receipt is never given for nothing.
func TestClosingAnswersEverybody(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newPost(t, d)
		const people = 100
		var wait sync.WaitGroup
		var mu sync.Mutex
		taken := 0
		half := make(chan struct{}, people)
		for i := range people {
			wait.Go(func() {
				r, err := p.desk.Submit(t.Context(), p.submission(person(i)))
				half <- struct{}{}
				switch {
				case err == nil && r.Standing == letter.Taken:
					mu.Lock()
					taken++
					mu.Unlock()
				case !errors.Is(err, letter.ErrClosing):
					t.Errorf("person %d: %+v, %v", i, r, err)
				}
			})
		}
		<-half
		p.desk.Close()
		wait.Wait()
		if n := p.counts(); n.Submitted != taken {
			t.Errorf("%d receipts for %d submissions", taken, n.Submitted)
		}
		p.open()
	})
}

func TestDossier(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newPost(t, d)
		l := p.take(person(1))
		p.apply(strings.Replace(water, "goal: 100", "goal: 200", 1)) // the letter stays with the version it was written on
		dossier, err := p.desk.Dossier(t.Context(), p.desk.Keys.ReceiptToken(l.SubmissionID))
		if err != nil {
			t.Fatal(err)
		}
		if dossier.Submission.ID != l.SubmissionID || len(dossier.Letters) != 1 || dossier.Letters[0].ID != l.ID || dossier.Campaign.Version != 1 || dossier.Campaign.Goal != 100 {
			t.Errorf("%+v", dossier)
		}
		for name, token := range map[string]string{
			"nothing": "", "no mark": l.SubmissionID, "of nobody": p.desk.Keys.ReceiptToken("nobody"), "of another installation": letter.NewKeys([]byte("x")).ReceiptToken(l.SubmissionID),
		} {
			if _, err := p.desk.Dossier(t.Context(), token); !fault.Is(err, fault.NotFound) {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

func TestHandedOver(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newPost(t, d, noHouse)
		l := p.take(person(1))
		other := p.take(person(2))
		p.expect(l.ID, letter.Waiting, letter.ChannelHandoff, "waiting")
		if l.DueAt != stamp.Of(start.Add(30*day)) || len(p.due()) != 0 {
			t.Errorf("due %v", l.DueAt.Time())
		}
		for name, c := range map[string]struct {
			submission, letter string
			want               fault.Kind
		}{
			"another's letter": {l.SubmissionID, other.ID, fault.NotFound},
			"no letter":        {l.SubmissionID, "nobody", fault.NotFound},
			"no submission":    {"", l.ID, fault.NotFound},
		} {
			if err := p.desk.HandedOver(t.Context(), c.submission, c.letter); !fault.Is(err, c.want) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if n := p.counts(); n.Delivered != 0 {
			t.Errorf("%+v", n)
		}
		p.clock.turn(time.Hour)
		var wait sync.WaitGroup
		for range 8 { // saying it twice is as good as once
			wait.Go(func() {
				if err := p.desk.HandedOver(t.Context(), l.SubmissionID, l.ID); err != nil {
					t.Error(err)
				}
			})
		}
		wait.Wait()
		done := p.expect(l.ID, letter.HandedOver, letter.ChannelHandoff, "waiting handed-over")
		if done.DeliveredAt != stamp.Of(start.Add(time.Hour)) || done.DueAt != 0 {
			t.Errorf("%+v", done)
		}
		p.expect(other.ID, letter.Waiting, letter.ChannelHandoff, "waiting")
		if n := p.counts(); n.Delivered != 1 {
			t.Errorf("%+v", n)
		}
		p.restart(func(p *post) { p.house = &letter.House{Clock: p.clock.now, DB: d} })
		ready := p.take(person(3))
		if err := p.desk.HandedOver(t.Context(), ready.SubmissionID, ready.ID); !fault.Is(err, fault.Conflict) {
			t.Errorf("a letter that is ours to send: %v", err)
		}
	})
}

func TestStandingsOfManyBatches(t *testing.T) {
	p := newPost(t, dbtest.New(t))
	for i := range 200 { // more than one commit holds
		if r := p.submit(p.submission(person(i))); r.Standing != letter.Taken {
			t.Fatalf("person %d: %s", i, r.Standing)
		}
	}
	for i := range 200 {
		if r := p.submit(p.submission(person(i))); r.Standing != letter.Repeated {
			t.Fatalf("person %d: %s", i, r.Standing)
		}
	}
	if got := p.counts().Submitted; got != 200 {
		t.Error(got)
	}
}
