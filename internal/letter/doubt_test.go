package letter_test

import (
	"strings"
	"testing"

	"github.com/franklin-letters/franklin/internal/audit"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
	"github.com/franklin-letters/franklin/internal/fault"
	"github.com/franklin-letters/franklin/internal/letter"
)

func doubting(share float64) option {
	return func(p *post) { p.options.DisownedShare = share }
}

func (p *post) disown(l string) {
	p.t.Helper()
	if err := p.desk.Disown(p.t.Context(), p.letter(l).SubmissionID, true); err != nil {
		p.t.Fatal(err)
	}
}

// audited returns how often an act stands in the log about a subject.
func (p *post) audited(action audit.Action, subject string) int {
	p.t.Helper()
	n := 0
	row := p.db.SQL().QueryRowContext(p.t.Context(), "SELECT count(*) FROM audit WHERE action = $1 AND subject = $2", string(action), subject)
	if err := row.Scan(&n); err != nil {
		p.t.Fatal(err)
	}
	return n
}

// TestAUTHN_3_TooManyDisownedStopTheCampaign: a campaign of whose letters more than 0.2 %
// were not written by the owners of the addresses has its new letters put aside, on all
// nodes, until a person lets it go on. One report stops no small campaign, three in a large
// one stop none either.
func TestAUTHN_3_TooManyDisownedStopTheCampaign(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p, _ := newConfirming(t, d)
		p.restart(doubting(0.002))
		other := letter.NewDesk(p.options)
		t.Cleanup(other.Close)
		for n := range 2 { // two of two
			p.disown(p.take(person(n)).ID)
		}
		p.expect(p.take(person(2)).ID, letter.Ready, letter.ChannelHouse, "ready")
		early := p.unconfirmed(person(3), "").SubmissionID
		p.disown(p.take(person(4)).ID) // the third of five
		if p.audited(audit.CampaignHeld, p.campaign.ID) != 1 {
			t.Fatal("the log does not tell that the campaign is stopped, or twice")
		}
		held := p.take(person(5))
		if l := p.expect(held.ID, letter.Frozen, letter.ChannelHouse, "frozen"); !strings.HasPrefix(string(l.Reason), "disowned: ") {
			t.Errorf("the reason is %q", l.Reason)
		}
		there, err := other.Submit(t.Context(), p.submission(person(6)))
		if err != nil || p.lettersOf(there.SubmissionID)[0].State != string(letter.Frozen) {
			t.Errorf("another node goes on: %+v, %v", there, err)
		}
		p.confirm(early)
		p.expect(p.lettersOf(early)[0].ID, letter.Frozen, letter.ChannelHouse, "unconfirmed frozen")
		elsewhere := p.submission(person(7))
		elsewhere.Campaign = p.apply(strings.Replace(water, "slug: water", "slug: elsewhere", 1))
		if l := p.lettersOf(p.submit(elsewhere).SubmissionID)[0]; l.State != string(letter.Ready) {
			t.Errorf("on another campaign a letter is %s", l.State)
		}

		resume := func() error {
			return letter.ResumeCampaign(t.Context(), d, p.campaign.ID, "ada", "asked them", p.clock.now())
		}
		if err := resume(); err != nil {
			t.Fatal(err)
		}
		if err := resume(); !fault.Is(err, fault.Conflict) {
			t.Errorf("a second time: %v", err)
		}
		p.expect(p.take(person(8)).ID, letter.Ready, letter.ChannelHouse, "ready")
		p.expect(held.ID, letter.Frozen, letter.ChannelHouse, "frozen")
		if err := p.desk.Operate(t.Context(), letter.Release, held.ID, "ada", ""); err != nil {
			t.Fatal(err)
		}
		p.expect(held.ID, letter.Ready, letter.ChannelHouse, "frozen ready")
		for n := range 3 { // what was reported before does not count again
			if l := p.take(person(20 + n)); l.State != string(letter.Ready) {
				t.Errorf("after %d new reports a letter is %s", n, l.State)
			} else {
				p.disown(l.ID)
			}
		}
		p.expect(p.take(person(30)).ID, letter.Frozen, letter.ChannelHouse, "frozen")
		if n := p.audited(audit.CampaignHeld, p.campaign.ID); n != 2 {
			t.Errorf("stopped %d times", n)
		}
	})
}

// TestAUTHN_3_AFewOfManyStopNothing is the control: at the limit, and with the rule off.
func TestAUTHN_3_AFewOfManyStopNothing(t *testing.T) {
	for name, c := range map[string]struct {
		share     float64
		submitted int64
		want      letter.State
	}{
		"3 of 1,500":      {0.002, 1497, letter.Ready},
		"3 of 1,499":      {0.002, 1496, letter.Frozen},
		"the rule is off": {0, 0, letter.Ready},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPost(t, dbtest.New(t))
			p.restart(doubting(c.share))
			p.count(c.submitted)
			for n := range 3 {
				p.disown(p.take(person(n)).ID)
			}
			if l := p.take(person(3)); l.State != string(c.want) {
				t.Errorf("the next letter is %s", l.State)
			}
		})
	}
}

// TestStopOutlivesTheAddress: whoever finds the mail after the submission was forgotten can
// still say that they want none, and nobody else can.
func TestStopOutlivesTheAddress(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p, _ := newConfirming(t, d)
		f := person(1)
		id := p.unconfirmed(f, "").SubmissionID
		token := keys().StopToken(id, f.Email)
		p.clock.turn(8 * day)
		p.reconcile(false)
		if s := p.submissionRow(id); s.Email != "" {
			t.Fatal("the address is still there")
		}
		stopped, address, ok := keys().ToStop(token)
		if !ok || stopped != id {
			t.Fatalf("%s, %t", stopped, ok)
		}
		if err := p.desk.Stop(t.Context(), stopped, address); err != nil {
			t.Fatal(err)
		}
		for email, want := range map[string]bool{f.Email: true, "DOE1+x@example.org": true, "doe2@example.org": false} {
			if blocked, err := p.desk.Blocked(t.Context(), email); err != nil || blocked != want {
				t.Errorf("%s: blocked is %t, %v", email, blocked, err)
			}
		}
		for _, bad := range []string{id, id + "." + address, "." + token, token + ".", keys().ConfirmToken(id), keys().StopToken(id, "x@example.org")[:60]} {
			if _, _, ok := keys().ToStop(bad); ok {
				t.Errorf("%q stops something", bad)
			}
		}
	})
}

// TestNobodyIsKeptForARefusedForm: a used key with another mailbox leaves no trace of it,
// and takes nothing from who is known.
func TestNobodyIsKeptForARefusedForm(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newPost(t, d)
		p.take(person(1))
		f := canary("heron", 2)
		f.Key = person(1).Key
		if r := p.submit(p.submission(f)); r.Standing != letter.KeyUsed {
			t.Fatalf("the form is %s", r.Standing)
		}
		known := person(1)
		known.FirstName, known.Key = "Ann", person(1).Key
		p.submit(p.submission(known))
		rows := 0
		if err := d.SQL().QueryRowContext(t.Context(), "SELECT count(*) FROM supporters").Scan(&rows); err != nil || rows != 1 {
			t.Errorf("%d people are known, %v", rows, err)
		}
		if where := p.where("heron"); len(where) != 0 {
			t.Errorf("the name stands in %v", where)
		}
	})
}

// count adds letters that were sent before.
func (p *post) count(submitted int64) {
	p.t.Helper()
	_, err := p.db.SQL().ExecContext(p.t.Context(), "INSERT INTO campaign_counts (campaign_id, shard, submitted) VALUES ($1, 99, $2)", p.campaign.ID, submitted)
	if err != nil {
		p.t.Fatal(err)
	}
}
