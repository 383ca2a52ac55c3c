package letter_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/roster"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/fault"
	"github.com/franklin-letters/franklin/internal/letter"
)

const onPaper = "targets: [representative, senators]\nchannels: [print]\n"

func holder(seat congress.Seat, _ time.Time) (roster.Answer, error) {
	return roster.Answer{Seat: seat, Role: roster.RoleOf(seat), Status: roster.Seated, Member: roster.Member{
		Name: "Greg Stanton", Phone: "202-225-9888", Address: "207 Cannon House Office Building Washington DC 20515-0304",
	}}, nil
}

func (p *post) make() []string {
	p.t.Helper()
	ids, err := p.desk.MakePrintBatches(p.t.Context(), "", "", "ada")
	if err != nil {
		p.t.Fatal(err)
	}
	return ids
}

func TestPrinting(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		t.Helper()
		p := newPost(t, d, ways(onPaper))
		first, second := p.takeAll(person(1)), p.takeAll(person(2))
		batches := p.make()
		if len(batches) != 3 || len(p.make()) != 0 {
			t.Fatalf("%d batches, then more", len(batches))
		}
		b, err := p.desk.PrintedBatch(t.Context(), batches[0], "ada", "Water League", holder)
		if err != nil {
			t.Fatal(err)
		}
		if b.Code != "HAZ04" || b.Office != "Rep. Greg Stanton" || b.Campaign != "Clean water" || len(b.Letters) != 2 ||
			strings.Join(b.To, "|") != "The Honorable Greg Stanton|207 Cannon House Office Building|Washington, DC 20515-0304" {
			t.Errorf("the batch is %+v", b)
		}
		l := b.Letters[0]
		if l.Number != first["HAZ04"].DeliveryID || !strings.Contains(strings.Join(l.From, "|"), "|Tempe, AZ 85281") || !strings.Contains(l.Text, "Our water is brown.") {
			t.Errorf("the letter is %+v", l)
		}
		// Printed is not delivered.
		p.expect(first["HAZ04"].ID, letter.Waiting, letter.ChannelPrint, "waiting")
		if p.counts().Delivered != 0 {
			t.Error("a printed letter counts")
		}
		if _, err := p.desk.TakeBack(t.Context(), second["HAZ04"].SubmissionID); err != nil {
			t.Fatal(err)
		}
		if b, err := p.desk.PrintedBatch(t.Context(), batches[0], "ada", "", holder); err != nil || len(b.Letters) != 1 {
			t.Errorf("after one was taken back: %d letters, %v", len(b.Letters), err)
		}
		moved, gone, err := p.desk.HandOver(t.Context(), batches[0], "ada", "to Jo, at the door")
		if err != nil || moved != 1 || gone != 1 {
			t.Errorf("%d handed over, %d gone, %v", moved, gone, err)
		}
		p.expect(first["HAZ04"].ID, letter.HandedOver, letter.ChannelPrint, "waiting handed-over")
		p.expect(second["HAZ04"].ID, letter.Withdrawn, letter.ChannelPrint, "waiting withdrawn")
		p.expect(first["SAZ01"].ID, letter.Waiting, letter.ChannelPrint, "waiting")
		if moved, _, err := p.desk.HandOver(t.Context(), batches[0], "ada", ""); err != nil || moved != 0 {
			t.Errorf("a second time: %d, %v", moved, err)
		}
		if n := p.counts(); n.Delivered != 1 {
			t.Errorf("the counters say %+v", n)
		}
		list, err := p.desk.PrintBatches(t.Context())
		if err != nil || len(list) != 3 {
			t.Fatalf("%d batches, %v", len(list), err)
		}
		if one := list[2]; one.ID != batches[0] || one.Letters != 2 || one.Waiting != 0 || one.HandedOver != 1 || one.HandedOverAt.IsZero() || one.HandedOverBy != "ada" {
			t.Errorf("the list says %+v", one)
		}
		p.logged(batches[0], "print.make", "print.write", "print.hand-over")
		if _, _, err := p.desk.HandOver(t.Context(), "nothing", "ada", ""); !fault.Is(err, fault.NotFound) {
			t.Errorf("an unknown batch gives %v", err)
		}
	})
}

// logged checks that each act on a subject is in the log.
func (p *post) logged(subject string, actions ...string) {
	p.t.Helper()
	rows, err := p.db.Read().ListAudit(p.t.Context(), query.ListAuditParams{Subject: subject, BeforeID: "~", MaxRows: 100})
	if err != nil {
		p.t.Fatal(err)
	}
	all := make([]string, len(rows))
	for i, r := range rows {
		all[i] = r.Action
	}
	for _, a := range actions {
		if !slices.Contains(all, a) {
			p.t.Errorf("%s is not in the log of acts: %s", a, all)
		}
	}
}

// TestSupporterCannotHandOverPaper: who carries a letter says so.
func TestSupporterCannotHandOverPaper(t *testing.T) {
	p := newPost(t, dbtest.New(t), ways(onPaper))
	l := p.takeAll(person(1))["HAZ04"]
	if err := p.desk.HandedOver(t.Context(), l.SubmissionID, l.ID); !fault.Is(err, fault.Conflict) {
		t.Errorf("the supporter's word gives %v", err)
	}
	p.expect(l.ID, letter.Waiting, letter.ChannelPrint, "waiting")
}

// TestManyLettersMakeSeveralBatches bounds a file.
func TestManyLettersMakeSeveralBatches(t *testing.T) {
	p := newPost(t, dbtest.New(t), ways("channels: [print]\n"))
	for n := range 501 {
		p.take(person(n))
	}
	batches := p.make()
	if len(batches) != 2 {
		t.Fatalf("%d batches", len(batches))
	}
	last, err := p.desk.PrintedBatch(t.Context(), batches[1], "ada", "", holder)
	if err != nil || len(last.Letters) != 1 {
		t.Errorf("the second batch holds %d letters, %v", len(last.Letters), err)
	}
}
