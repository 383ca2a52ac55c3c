package letter_test

import (
	"strings"
	"testing"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
	"github.com/franklin-letters/franklin/internal/supporter"
	"github.com/franklin-letters/franklin/internal/supporter/peoplefile"
)

// sponsored gives the campaign a partner.
func (p *post) sponsored() {
	p.t.Helper()
	versions, err := p.store.Versions(p.t.Context(), p.campaign.ID)
	if err != nil {
		p.t.Fatal(err)
	}
	p.campaign = p.apply(strings.Replace(versions[0].Source, "\ngoal:", "\npartners: [{key: lamps, name: Lamps of the Coast}]\ngoal:", 1))
}

func (p *post) handedOn(key string) (n int64) {
	p.t.Helper()
	n, err := p.desk.People.ExportPartner(p.t.Context(), key, "ada", func([]peoplefile.Agreed) error { return nil })
	if err != nil {
		p.t.Fatal(err)
	}
	return n
}

// TestPartnerTickWaitsWithItsLetter: a letter that waits for its mailbox has the tick wait with
// it, in its exact words; the one confirmation counts for both. Unknown keys are nobody.
func TestPartnerTickWaitsWithItsLetter(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p, _ := newConfirming(t, d)
		p.sponsored()
		f := person(1)
		f.Partners = "nobody lamps"
		id := p.unconfirmed(f, "").SubmissionID
		s := p.submissionRow(id)
		if s.Partners != "lamps" || s.Joined || p.handedOn("lamps") != 0 {
			t.Fatalf("%+v", s)
		}
		for range 2 {
			p.confirm(id)
		}
		consents, err := p.desk.People.Consents(t.Context(), p.store, s.SupporterID)
		if err != nil || len(consents) != 1 || consents[0].List != supporter.PartnerOf("lamps") || consents[0].Method != supporter.MethodConfirmed || !consents[0].Proved {
			t.Errorf("%+v, %v", consents, err)
		}
		if p.handedOn("lamps") != 1 || p.handedOn("nobody") != 0 {
			t.Error("the partner does not get its one person")
		}
		m, err := p.desk.People.Membership(t.Context(), s.SupporterID)
		if err != nil || m.On(supporter.Updates) || p.counts().Joined != 0 {
			t.Errorf("the tick of a partner joined our list: %v, %v", m.Lists, err)
		}
	})
}

// TestTheReceiptAsksForPartners: whoever ticked only a partner's box is asked about that, and
// not about our list.
func TestTheReceiptAsksForPartners(t *testing.T) {
	p := newPost(t, dbtest.New(t))
	p.sponsored()
	p.desk.People.BaseURL = notices.BaseURL
	f := person(1)
	f.Partners = "lamps"
	l := p.take(f)
	m, due := p.notice(l.SubmissionID)
	if !due || !strings.Contains(m.Text, "/join/") || !strings.Contains(m.Text, "partner organization") || strings.Contains(m.Text, "list") {
		t.Errorf("%s", m.Text)
	}
	p.clock.turn(supporter.TurnPause)
	m, send, _, err := p.desk.People.AskJoin(t.Context(), p.by(l).ID, "x", notices)
	if err != nil || !send || !strings.Contains(m.Text, "partner organization") {
		t.Errorf("%t, %v: %s", send, err, m.Text)
	}
	if _, send, _, err := p.desk.People.RemindJoin(t.Context(), p.by(l).ID, "x", notices); err != nil || send {
		t.Errorf("a reminder of our list goes to who did not tick it: %v", err)
	}
}
