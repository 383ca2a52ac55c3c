package letter_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/internal/campaign"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
	"github.com/franklin-letters/franklin/internal/fault"
	"github.com/franklin-letters/franklin/internal/letter"
	"github.com/franklin-letters/franklin/internal/mail"
)

var notices = letter.Notices{Org: "Water League", Postal: "1 Well Road, Tempe AZ", Contact: "help@example.org", BaseURL: "https://act.example.org"}

func (p *post) notice(submissionID string) (mail.Message, bool) {
	p.t.Helper()
	m, due, err := p.desk.ReceiptNotice(p.t.Context(), submissionID, notices)
	if err != nil {
		p.t.Fatal(err)
	}
	return m, due
}

// TestReceiptNotice: the mail goes to an address that nobody has confirmed, so whoever
// fills the form must not be able to write in it.
func TestReceiptNotice(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newPost(t, d)
		n := 0
		for lang, want := range map[string]struct{ subject, text string }{
			"en": {"Your receipt from Water League", "You can see what happens to the letter here:"},
			"es": {"Su comprobante de Water League", "Aquí puede ver qué pasa con la carta:"},
		} {
			n++
			f := canary("finch"+lang, n)
			f.Lang, f.Phone = lang, "480-555-0199"
			id := p.submit(p.submission(f)).SubmissionID
			m, due := p.notice(id)
			if !due || m.To != f.Email || m.ID != "receipt-"+id || m.Headers["Auto-Submitted"] != "auto-generated" {
				t.Errorf("%s: %v, %+v", lang, due, m)
			}
			if m.Subject != want.subject || !strings.Contains(m.Text, want.text) {
				t.Errorf("%s: %q\n%s", lang, m.Subject, m.Text)
			}
			link := "https://act.example.org/receipt/" + p.desk.Keys.MailedToken(id) + "?lang=" + lang + "\n"
			if !strings.Contains(m.Text, link) || !strings.Contains(m.Text, notices.Contact) || !strings.HasSuffix(m.Text, notices.Postal+"\n") {
				t.Errorf("%s:\n%s", lang, m.Text)
			}
			ours := strings.NewReplacer(link, "", notices.Postal, "").Replace(m.Text)
			for _, typed := range []string{"finch", f.Phone, f.ZIP, f.State, "Ms."} {
				if strings.Contains(m.Subject, typed) || strings.Contains(ours, typed) || typed != f.State && strings.Contains(m.HTML, typed) {
					t.Errorf("%s: the writer's %q stands in the mail:\n%s", lang, typed, m.Text)
				}
			}
		}
	})
}

// TestReceiptNoticeOnceADay: an address gets one mail a day, however many use it.
func TestReceiptNoticeOnceADay(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newPost(t, d)
		post := func(n int, email string) string {
			t.Helper()
			f := person(n)
			f.Email = email
			return p.submit(p.submission(f)).SubmissionID
		}
		first := post(1, "jane@example.org")
		second := post(2, "JANE@example.org")
		other := post(3, "john@example.org")
		for _, one := range []struct {
			id  string
			due bool
		}{{first, true}, {second, false}, {other, true}} {
			if _, due := p.notice(one.id); due != one.due {
				t.Errorf("due is %v, want %v", due, one.due)
			}
		}
		if _, due := p.notice(first); !due {
			t.Error("a mail that must be tried again is no second one")
		}
		p.clock.turn(day - time.Millisecond)
		if _, due := p.notice(post(4, "jane@example.org")); due {
			t.Error("two within a day")
		}
		p.clock.turn(2 * day)
		if _, due := p.notice(post(5, "jane@example.org")); !due {
			t.Error("none after a day of silence")
		}
	})
}

// TestSEC_BOMB_1_ReceiptsOfOneMailbox enters one mailbox 500 times in all spellings, on 20
// campaigns that ask nobody to confirm and two nodes, and goes on every 23 hours: its owner
// gets one mail a day, the first day's not lost in the crowd, and three ever, until they answer.
func TestSEC_BOMB_1_ReceiptsOfOneMailbox(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newPost(t, d)
		other := letter.NewDesk(p.options)
		t.Cleanup(other.Close)
		spellings := []string{"v.ictim@gmail.com", "Victim@GMAIL.com", "victim+1@gmail.com", "vic.tim+x@googlemail.com", "victim@gmail.com"}
		var campaigns []*campaign.Campaign
		for c := range 20 {
			campaigns = append(campaigns, p.apply(strings.Replace(water, "slug: water", fmt.Sprint("slug: receipts-", c), 1)))
		}
		var mails []string
		last := ""
		write := func(n int) {
			t.Helper()
			f := person(n)
			f.Email = spellings[n%len(spellings)]
			s := p.submission(f)
			s.Campaign = campaigns[n%len(campaigns)]
			desk := []*letter.Desk{p.desk, other}[n%2]
			r, err := desk.Submit(t.Context(), s)
			if err != nil || r.Standing != letter.Taken {
				t.Fatalf("%+v, %v", r, err)
			}
			if _, due, err := desk.ReceiptNotice(t.Context(), r.SubmissionID, notices); err != nil {
				t.Fatal(err)
			} else if due {
				mails, last = append(mails, p.clock.now().Sub(start).String()), r.SubmissionID
			}
		}
		for n := range 500 {
			write(n)
		}
		for n := range 10 {
			p.clock.turn(23 * time.Hour)
			write(500 + n)
		}
		if got := strings.Join(mails, " "); got != "0s 46h0m0s 92h0m0s" {
			t.Errorf("the mailbox got mails after %s", got)
		}
		if err := p.desk.Reached(t.Context(), last); err != nil { // they press a button behind the mail's link
			t.Fatal(err)
		}
		mails = nil
		for n := range 20 {
			write(600 + n)
		}
		if len(mails) != 1 {
			t.Errorf("after an answer the mailbox got %d mails", len(mails))
		}
		if _, due := p.notice(p.take(person(9_000)).SubmissionID); !due {
			t.Error("another mailbox gets none")
		}
	})
}

func TestNoReceiptNotice(t *testing.T) {
	p := newPost(t, dbtest.New(t))
	l := p.take(person(1))
	p.deliver(l.ID)
	p.clock.turn(letter.ScrubAfter + time.Second)
	p.scrub()
	if m, due := p.notice(l.SubmissionID); due || m.To != "" {
		t.Errorf("to a forgotten person: %+v", m)
	}
	if _, _, err := p.desk.ReceiptNotice(t.Context(), "nobody", notices); !fault.Is(err, fault.NotFound) {
		t.Errorf("got %v", err)
	}
}
