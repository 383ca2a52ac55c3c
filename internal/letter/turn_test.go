package letter_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/congress/cwc/cwctest"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/fault"
	"github.com/franklin-letters/franklin/internal/letter"
	"github.com/franklin-letters/franklin/internal/mail"
)

// newTurning is a post office that collects whose letters will not reach their office.
func newTurning(t *testing.T, d *db.DB) (*post, *queue) {
	t.Helper()
	turned := &queue{}
	p := newPost(t, d)
	p.restart(func(p *post) {
		p.options.Asked = func(context.Context, *db.Tx, []letter.Asking) error { return nil }
		p.options.Turned = func(_ context.Context, _ *db.Tx, id string) error { turned.add([]string{id}); return nil }
	})
	return p, turned
}

func (p *post) turnNotice(submissionID string) (mail.Message, bool) {
	p.t.Helper()
	m, due, err := p.desk.TurnNotice(p.t.Context(), submissionID, "first", notices)
	if err != nil {
		p.t.Fatal(err)
	}
	return m, due
}

// TestWhoIsToldOfATurn: a letter that was on its way and will not get there is told once at
// each such move. What its writer did, or a person who runs the site, is no news.
func TestWhoIsToldOfATurn(t *testing.T) {
	t.Parallel()
	refuse := cwctest.Act{Do: cwctest.Refuse, Text: "The letter is not in order"}
	off := cwctest.Act{Do: cwctest.Refuse, Text: "Message delivery is not enabled for HAZ04"}
	operate := func(p *post, op letter.Operation, id string) {
		p.t.Helper()
		if err := p.desk.Operate(p.t.Context(), op, id, "ada", "why"); err != nil {
			p.t.Fatal(err)
		}
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		n := 0
		for name, c := range map[string]struct {
			happens func(*post, query.Letter)
			state   letter.State
			told    int
		}{
			"refused":               {func(p *post, l query.Letter) { p.script(refuse); p.deliver(l.ID) }, letter.Refused, 1},
			"the office takes none": {func(p *post, l query.Letter) { p.script(off); p.deliver(l.ID) }, letter.Waiting, 1},
			"a week in line":        {func(p *post, _ query.Letter) { p.clock.turn(7 * day); p.reconcile(false) }, letter.Waiting, 1},
			"given up for good": {func(p *post, _ query.Letter) {
				p.clock.turn(7 * day)
				p.reconcile(false)
				p.clock.turn(30 * day)
				p.reconcile(false)
			}, letter.Expired, 2},
			"never found out": {func(p *post, l query.Letter) {
				p.script(cwctest.Act{Do: cwctest.ErrorAfter})
				p.deliver(l.ID)
				p.clock.turn(30 * day)
				p.reconcile(false)
			}, letter.Expired, 1},
			"sent back late": {func(p *post, l query.Letter) {
				p.deliver(l.ID)
				p.report(letter.Ack{Numbers: []string{l.DeliveryID}, Reason: "invalid address"}, false)
			}, letter.Refused, 1},
			"found out by a person": {func(p *post, l query.Letter) {
				p.script(cwctest.Act{Do: cwctest.ErrorAfter})
				p.deliver(l.ID)
				operate(p, letter.ResolveRefused, l.ID)
			}, letter.Refused, 0},
			"all is well": {func(p *post, l query.Letter) { p.deliver(l.ID) }, letter.Accepted, 0},
			"busy for a while": {func(p *post, l query.Letter) {
				p.script(cwctest.Act{Do: cwctest.TooMany, RetryAfter: 60})
				p.deliver(l.ID)
			}, letter.Waiting, 0},
			"taken back":          {func(p *post, l query.Letter) { p.takeBack(l, 0) }, letter.Withdrawn, 0},
			"not theirs":          {func(p *post, l query.Letter) { p.disown(l.ID) }, letter.Withdrawn, 0},
			"refused by a person": {func(p *post, l query.Letter) { operate(p, letter.Hold, l.ID); operate(p, letter.Refuse, l.ID) }, letter.Refused, 0},
			"put aside and forgotten": {func(p *post, l query.Letter) {
				operate(p, letter.Hold, l.ID)
				p.clock.turn(30 * day)
				p.reconcile(false)
			}, letter.Expired, 1},
		} {
			p, turned := newTurning(t, d)
			n++
			l := p.take(person(n))
			c.happens(p, l)
			if got := p.letter(l.ID); got.State != string(c.state) {
				t.Errorf("%s: the letter is %s: %s", name, got.State, got.Reason)
			}
			want := slices.Repeat([]string{l.SubmissionID}, c.told)
			if got := slices.DeleteFunc(turned.drain(), func(id string) bool { return id != l.SubmissionID }); !slices.Equal(got, want) {
				t.Errorf("%s: told %d times, want %d", name, len(got), c.told)
			}
		}
		p, turned := newTurning(t, d)
		r := p.unconfirmed(person(n+1), "")
		p.clock.turn(7 * day)
		p.reconcile(false)
		if l := p.lettersOf(r.SubmissionID)[0]; l.State != string(letter.Expired) || slices.Contains(turned.drain(), r.SubmissionID) {
			t.Errorf("of a letter that nobody confirmed, %s, an unasked mailbox is told", l.State)
		}
	})
}

// TestTurnNotice: the mail goes to an address that perhaps nobody has confirmed, so it holds
// nothing that the form's writer chose.
func TestTurnNotice(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p, _ := newTurning(t, d)
		n := 0
		for lang, want := range map[string]struct{ subject, text string }{
			"en": {"Your letter to Congress needs you", "how you can send it yourself if you like:"},
			"es": {"Su carta al Congreso le necesita", "cómo puede enviarla"},
		} {
			n++
			f := canary("finch"+lang, n)
			f.Lang, f.Phone = lang, "480-555-0199"
			l := p.take(f)
			p.script(cwctest.Act{Do: cwctest.Refuse, Text: "The value 'finchfirst' is too long"})
			p.deliver(l.ID)
			m, due := p.turnNotice(l.SubmissionID)
			again, _, err := p.desk.TurnNotice(t.Context(), l.SubmissionID, "second", notices)
			if same, _ := p.turnNotice(l.SubmissionID); err != nil || same.ID != m.ID || again.ID == m.ID {
				t.Errorf("%s: a mail that is tried again is %q, another one %q, the first was %q; %v", lang, same.ID, again.ID, m.ID, err)
			}
			if !due || m.To != f.Email || m.ID != "turn-"+l.SubmissionID+"-first" || m.Headers["Auto-Submitted"] != "auto-generated" {
				t.Errorf("%s: %v, %+v", lang, due, m)
			}
			if m.Subject != want.subject || !strings.Contains(m.Text, want.text) {
				t.Errorf("%s: %q\n%s", lang, m.Subject, m.Text)
			}
			link := "https://act.example.org/receipt/" + p.desk.Keys.MailedToken(l.SubmissionID) + "?lang=" + lang + "\n"
			if !strings.Contains(m.Text, link) || strings.Count(m.Text, "://") != 1 || !strings.Contains(m.Text, notices.Contact) || !strings.HasSuffix(m.Text, notices.Postal+"\n") {
				t.Errorf("%s:\n%s", lang, m.Text)
			}
			ours := strings.NewReplacer(link, "", notices.Postal, "").Replace(m.Text)
			for _, typed := range []string{"finch", f.Phone, f.ZIP, f.State, "Ms.", "too long"} {
				if strings.Contains(m.Subject, typed) || strings.Contains(ours, typed) || typed != f.State && strings.Contains(m.HTML, typed) {
					t.Errorf("%s: the writer's %q stands in the mail:\n%s", lang, typed, m.Text)
				}
			}
		}
	})
}

// TestNoTurnNotice: the mail is made some minutes after the turn. Who has done something
// about it by then, or wants no mail, gets none.
func TestNoTurnNotice(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		n := 0
		for name, c := range map[string]struct {
			then func(*post, query.Letter)
			due  bool
		}{
			"nothing": {func(*post, query.Letter) {}, true}, // the control
			"handed over": {func(p *post, l query.Letter) {
				if err := p.desk.HandedOver(p.t.Context(), l.SubmissionID, l.ID); err != nil {
					p.t.Error(err)
				}
			}, false},
			"taken back": {func(p *post, l query.Letter) { p.takeBack(l, 0) }, false},
			"disowned":   {func(p *post, l query.Letter) { p.disown(l.ID) }, false},
			"reported as somebody else's": {func(p *post, l query.Letter) {
				if err := p.desk.Disown(p.t.Context(), l.SubmissionID, false); err != nil {
					p.t.Error(err)
				}
			}, false},
			"blocked by another letter": {func(p *post, l query.Letter) {
				f := person(500 + n)
				f.Email = string(p.submissionRow(l.SubmissionID).Email)
				other := p.take(f)
				p.disown(other.ID)
			}, false},
			"forgotten": {func(p *post, _ query.Letter) {
				p.clock.turn(30 * day)
				p.reconcile(false)
				p.clock.turn(letter.ScrubAfter + time.Second)
				p.scrub()
			}, false},
		} {
			p, _ := newTurning(t, d)
			n++
			l := p.take(person(n))
			p.script(cwctest.Act{Do: cwctest.Refuse, Text: "Message delivery is not enabled for HAZ04"})
			p.deliver(l.ID)
			p.expect(l.ID, letter.Waiting, letter.ChannelHandoff, "ready sending waiting")
			c.then(p, l)
			if m, due := p.turnNotice(l.SubmissionID); due != c.due || due == (m.To == "") {
				t.Errorf("%s: due is %t, to %q", name, due, m.To)
			}
		}
		p, _ := newTurning(t, d)
		fails := func(email string, confirm bool) query.Letter { // one more of the person's letters
			n++
			f := person(n)
			f.Email = email
			if confirm {
				p.confirm(p.unconfirmed(f, "").SubmissionID)
			}
			l := p.lettersOf(p.submit(p.submission(f)).SubmissionID)[0] // the same one again, if it was confirmed
			p.script(cwctest.Act{Do: cwctest.Refuse, Text: "no"})
			p.deliver(l.ID)
			return l
		}
		for step, c := range []struct {
			confirm bool
			pause   time.Duration
			due     bool
		}{{false, 0, true}, {false, 0, false}, {false, day - time.Minute, false}, {true, 0, true}, {false, 2 * day, true}} {
			p.clock.turn(c.pause)
			l := fails("often@example.org", c.confirm)
			if _, due := p.turnNotice(l.SubmissionID); due != c.due {
				t.Errorf("letter %d from one mailbox: due is %t", step, due)
			}
		}
		well := p.take(person(100))
		p.deliver(well.ID)
		if m, due := p.turnNotice(well.SubmissionID); due || m.To != "" {
			t.Errorf("of a letter that arrived: %+v", m)
		}
		if _, _, err := p.desk.TurnNotice(t.Context(), "nobody", "first", notices); !fault.Is(err, fault.NotFound) {
			t.Errorf("got %v", err)
		}
	})
}
