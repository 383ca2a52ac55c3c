package letter_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/letter"
	"github.com/franklin-letters/franklin/internal/mail"
)

// confirming collects whom a mail is to ask.
func confirming(all *[]letter.Asking) func(*post) {
	return func(p *post) {
		p.options.Asked = func(_ context.Context, _ *db.Tx, askings []letter.Asking) error {
			*all = append(*all, askings...)
			return nil
		}
	}
}

func newConfirming(t *testing.T, d *db.DB) (*post, *[]letter.Asking) {
	t.Helper()
	all := new([]letter.Asking)
	p := newPost(t, d)
	p.desk.Close()
	confirming(all)(p)
	p.open()
	return p, all
}

// unconfirmed submits a form whose mailbox has to be asked.
func (p *post) unconfirmed(f letter.Form, suspicion string) letter.Receipt {
	p.t.Helper()
	s := p.submission(f)
	s.Confirm, s.Suspicion = true, suspicion
	return p.submit(s)
}

func (p *post) ask(a letter.Asking) (mail.Message, bool, time.Duration) {
	p.t.Helper()
	m, send, wait, err := p.desk.Ask(p.t.Context(), a, notices)
	if err != nil {
		p.t.Fatal(err)
	}
	return m, send, wait
}

func (p *post) confirm(id string) {
	p.t.Helper()
	if err := p.desk.Confirm(p.t.Context(), id); err != nil {
		p.t.Fatal(err)
	}
}

// TestConfirm: nothing leaves, nobody is told and nobody joins before the mailbox answers.
func TestConfirm(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p, asked := newConfirming(t, d)
		f := person(1)
		f.Join = true
		id := p.unconfirmed(f, "").SubmissionID
		l := p.lettersOf(id)[0]
		p.expect(l.ID, letter.Unconfirmed, letter.ChannelHouse, "unconfirmed")
		supporter := p.submissionRow(id).SupporterID
		consents := func() int {
			all, err := d.Read().ListConsents(t.Context(), supporter)
			if err != nil {
				t.Fatal(err)
			}
			return len(all)
		}
		if len(p.due())+len(p.taken.drain())+consents() != 0 || len(*asked) != 1 || (*asked)[0].Submission != id || !(*asked)[0].At.Equal(start) {
			t.Fatalf("before the confirmation something has happened, or nobody is asked: %v", *asked)
		}
		for range 2 {
			p.confirm(id)
		}
		p.expect(l.ID, letter.Ready, letter.ChannelHouse, "unconfirmed ready")
		if n := len(p.due()); n != 1 {
			t.Errorf("%d letters in line", n)
		}
		if got := p.taken.drain(); len(got) != 1 || consents() != 1 {
			t.Errorf("told of %v, %d consents", got, consents())
		}
		odd := p.lettersOf(p.unconfirmed(person(2), "office: very many").SubmissionID)[0]
		p.confirm(odd.SubmissionID)
		if l := p.expect(odd.ID, letter.Frozen, letter.ChannelHouse, "unconfirmed frozen"); l.Reason != "office: very many" {
			t.Errorf("the reason is lost: %q", l.Reason)
		}
		p.restart(noHouse)
		own := p.lettersOf(p.unconfirmed(person(3), "").SubmissionID)[0]
		p.confirm(own.SubmissionID)
		p.expect(own.ID, letter.Waiting, letter.ChannelHandoff, "unconfirmed waiting")
	})
}

// TestUnconfirmedIsForgotten: after seven days nothing of the person is left, and they may
// write again.
func TestUnconfirmedIsForgotten(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p, asked := newConfirming(t, d)
		f := canary("heron", 1)
		f.Join = true
		id := p.unconfirmed(f, "").SubmissionID
		p.clock.turn(7*24*time.Hour - time.Second)
		p.reconcile(false)
		if where := p.where("heron"); len(where) == 0 {
			t.Fatal("it is forgotten too soon")
		}
		p.clock.turn(time.Second)
		p.reconcile(false)
		p.expect(p.lettersOf(id)[0].ID, letter.Expired, letter.ChannelHouse, "unconfirmed expired")
		if where := p.where("heron"); len(where) != 0 {
			t.Errorf("after a week without an answer the name stands in %v", where)
		}
		if _, send, wait := p.ask((*asked)[0]); send || wait != 0 {
			t.Error("a mail still asks for it")
		}
		p.confirm(id) // the link in an old mail
		p.expect(p.lettersOf(id)[0].ID, letter.Expired, letter.ChannelHouse, "unconfirmed expired")
		f.Key = person(2).Key
		if r := p.unconfirmed(f, ""); r.Standing != letter.Taken {
			t.Errorf("the same person again is %s", r.Standing)
		}
	})
}

// TestSEC_BOMB_1_OneMailbox enters one mailbox 500 times in all spellings, on 20 campaigns
// and two nodes, and asks whenever a mail might be due, for a month.
func TestSEC_BOMB_1_OneMailbox(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p, asked := newConfirming(t, d)
		other := letter.NewDesk(p.options)
		t.Cleanup(other.Close)
		spellings := []string{"v.ictim@gmail.com", "Victim@GMAIL.com", "victim+1@gmail.com", "vic.tim+x@googlemail.com", "victim@gmail.com"}
		for c := range 20 {
			campaign := p.apply(strings.Replace(water, "slug: water", fmt.Sprint("slug: water-", c), 1))
			for n := range 25 {
				f := person(1000*c + n)
				f.Email = spellings[n%len(spellings)]
				s := p.submission(f)
				s.Campaign, s.Confirm = campaign, true
				desk := []*letter.Desk{p.desk, other}[n%2]
				if r, err := desk.Submit(t.Context(), s); err != nil || r.Standing != letter.Taken {
					t.Fatalf("%+v, %v", r, err)
				}
			}
		}
		control := person(1)
		control.Key = person(99_999).Key
		p.unconfirmed(control, "")
		if len(*asked) != 501 {
			t.Fatalf("%d askings", len(*asked))
		}
		var victim, bystander []string
		pending := *asked
		for _, step := range []time.Duration{0, 23 * time.Hour, time.Hour, 24 * time.Hour, 24 * time.Hour} {
			p.clock.turn(step)
			var later []letter.Asking
			for i, a := range pending {
				m, send, wait, err := []*letter.Desk{p.desk, other}[i%2].Ask(t.Context(), a, notices)
				switch {
				case err != nil:
					t.Fatal(err)
				case send && m.To == control.Email:
					bystander = append(bystander, p.clock.now().Sub(start).String())
				case send:
					victim = append(victim, p.clock.now().Sub(start).String())
				case wait > 0:
					later = append(later, a)
				}
			}
			pending = later
		}
		if got := strings.Join(victim, " "); got != "0s 24h0m0s 48h0m0s" {
			t.Errorf("the mailbox got mails after %s", got)
		}
		if got := strings.Join(bystander, " "); got != "0s" {
			t.Errorf("another mailbox got mails after %s", got)
		}
		if len(pending) > 0 {
			t.Errorf("%d mails still wait for a turn that never comes", len(pending))
		}
	})
}

// TestSEC_BOMB_1_AnAnswerOpensTheMailbox: who confirms is asked again on another day, and a
// mail that has to be tried again is no second one.
func TestSEC_BOMB_1_AnAnswerOpensTheMailbox(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p, _ := newConfirming(t, d)
		for n := range 6 {
			f := person(n)
			f.Email = "ann@example.org"
			id := p.unconfirmed(f, "").SubmissionID
			for range 3 {
				if _, send, _ := p.ask(letter.Asking{Submission: id, Claim: id}); !send {
					t.Fatalf("on day %d no mail is sent, or not again after a failure", n)
				}
			}
			p.confirm(id)
			f.Key = person(100 + n).Key
			if _, send, wait := p.ask(letter.Asking{Submission: id, Claim: "again"}); send || wait != 0 {
				t.Errorf("on day %d a second mail is sent", n)
			}
			p.clock.turn(24 * time.Hour)
		}
	})
}

// TestSEC_BOMB_2_TheMailHoldsNothingChosen: no word of the form, no link but ours, the
// reason, and the way to stop it.
func TestSEC_BOMB_2_TheMailHoldsNothingChosen(t *testing.T) {
	p, asked := newConfirming(t, dbtest.New(t))
	for n, lang := range []string{"en", "es"} {
		f := canary("finch"+lang, n)
		f.Lang = lang
		id := p.unconfirmed(f, "").SubmissionID
		m, send, _ := p.ask((*asked)[n])
		if !send || m.To != f.Email {
			t.Fatalf("%t, to %s", send, m.To)
		}
		for _, part := range []string{m.Subject, m.Text, m.HTML, fmt.Sprint(m.Headers)} {
			if strings.Contains(part, "finch") {
				t.Errorf("%s: the mail repeats the form: %q", lang, part)
			}
		}
		stop := "https://act.example.org/stop/" + keys().StopToken(id, f.Email)
		for _, want := range []string{"https://act.example.org/confirm/" + keys().ConfirmToken(id), stop, "Water League", "1 Well Road"} {
			if !strings.Contains(m.Text, want) {
				t.Errorf("%s: the mail lacks %s", lang, want)
			}
		}
		if strings.Count(m.Text, "://") != 2 || m.Unsubscribe != stop+"?lang="+lang {
			t.Errorf("%s: the mail has other links, or no button to stop it: %s", lang, m.Text)
		}
		if err := p.desk.Disown(t.Context(), id, true); err != nil {
			t.Fatal(err)
		}
		if _, send, wait := p.ask((*asked)[n]); send || wait != 0 {
			t.Errorf("%s: after that another mail is sent", lang)
		}
	}
}

func (p *post) lettersOf(submissionID string) []query.Letter {
	p.t.Helper()
	letters, err := p.db.Read().ListLettersOfSubmission(p.t.Context(), submissionID)
	if err != nil || len(letters) != 1 {
		p.t.Fatalf("%d letters, %v", len(letters), err)
	}
	return letters
}
