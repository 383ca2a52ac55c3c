package inbox_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/franklin-letters/franklin/internal/audit"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
	"github.com/franklin-letters/franklin/internal/fault"
	"github.com/franklin-letters/franklin/internal/inbox"
	"github.com/franklin-letters/franklin/internal/letter"
	"github.com/franklin-letters/franklin/internal/mail/inbound"
	"github.com/franklin-letters/franklin/internal/mail/returnpath"
)

var noon = time.Date(2026, time.November, 23, 17, 0, 0, 0, time.UTC)

var secret = []byte("a secret of the tests, long enough")

const day = 24 * time.Hour

// box is an inbox with the world around it, which remembers what it was told.
type box struct {
	*testing.T

	*inbox.Inbox
	db         *db.DB
	now        time.Time
	people     map[uuid.UUID]string // who got mail, by id
	suppressed []string
	left       []string
	acks       []letter.Ack
	events     []string
	refused    []string
	log        bytes.Buffer
	broken     error // what Suppress answers
}

func open(t *testing.T, d *db.DB) *box {
	t.Helper()
	b := &box{T: t, db: d, now: noon, people: map[uuid.UUID]string{}}
	b.Inbox = inbox.New(inbox.Options{
		DB: d, Clock: func() time.Time { return b.now }, Log: slog.New(slog.NewTextHandler(&b.log, nil)), Secret: secret,
		Paths: returnpath.New(secret, "mail.lantern.us"), Mailbox: letter.NewKeys(secret).Mailbox,
		Whose: func(_ context.Context, ref returnpath.Ref) (string, error) {
			if address, known := b.people[ref.ID]; known && ref.Kind == returnpath.Supporter {
				return address, nil
			}
			return "", fault.New(fault.NotFound, "")
		},
		Suppress: func(_ context.Context, address string, why inbox.Why) error {
			b.suppressed = append(b.suppressed, string(why)+" "+address)
			return b.broken
		},
		Leave: func(_ context.Context, token string) (bool, error) {
			b.left = append(b.left, token)
			return strings.HasPrefix(token, "eyJwIjoi"), nil
		},
		Acknowledge: func(_ context.Context, a letter.Ack, _ string, dry bool) (letter.AckResult, error) {
			if !dry {
				b.acks = append(b.acks, a)
			}
			return letter.AckResult{LetterID: "l", From: letter.Unknown, To: letter.Accepted}, nil
		},
		Counted: func(_ context.Context, _ *db.Tx, e inbox.Event) error {
			b.events = append(b.events, string(e.Kind)+" "+b.people[e.Ref.ID]+fmt.Sprintf(" %d", e.Ref.Part))
			return nil
		},
		Refused: func(_ context.Context, domain, status string) { b.refused = append(b.refused, domain+" "+status) },
		Offices: inbox.Offices{Domains: []string{"house.gov"}, Verified: "mx.lantern.us"},
	})
	return b
}

// send sends a mail of a mailing to somebody, and returns its token.
func (b *box) send(address string) string {
	b.Helper()
	id := uuid.New()
	b.people[id] = address
	return b.Paths.Token(returnpath.Ref{Kind: returnpath.Supporter, ID: id, Part: 7}, b.now)
}

// mail is one of the corpus of package inbound about the mail with the token.
func (b *box) mail(name, token string) []byte {
	b.Helper()
	raw, err := os.ReadFile(filepath.Join("..", "mail", "inbound", "testdata", name+".eml"))
	if err != nil {
		b.Fatal(err)
	}
	return bytes.ReplaceAll(raw, []byte("@TOKEN@"), []byte(token))
}

// take takes a mail in.
func (b *box) take(raw []byte) inbox.Result {
	b.Helper()
	r, err := b.Take(b.Context(), raw, false)
	if err != nil {
		b.Fatal(err)
	}
	return r
}

// told fails unless these are all the addresses that get no more mail.
func (b *box) told(want ...string) {
	b.Helper()
	if got := slices.Compact(slices.Clone(b.suppressed)); !slices.Equal(got, want) {
		b.Errorf("%q get no more mail, want %q", got, want)
	}
}

// counted is how many mails of a kind came in.
func (b *box) counted(kind inbox.Kind) int64 {
	b.Helper()
	c, err := inbox.Count(b.Context(), b.db, b.now)
	if err != nil {
		b.Fatal(err)
	}
	for _, k := range c.Kinds {
		if k.Kind == string(kind) {
			return k.Mails
		}
	}
	return 0
}

func (b *box) held() []inbox.Held {
	b.Helper()
	all, err := inbox.List(b.Context(), b.db, b.now, 100)
	if err != nil {
		b.Fatal(err)
	}
	return all
}

// logged returns the acts in the log, the oldest first.
func (b *box) logged() []audit.Entry {
	b.Helper()
	all, err := audit.List(b.Context(), b.db, audit.Page{Limit: 100})
	if err != nil {
		b.Fatal(err)
	}
	slices.Reverse(all)
	return all
}

func TestMAIL_B_1_Hard(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for name, address := range map[string]string{
			"dsn-postfix-user-unknown": "rosa.quintero@receiver.example", "dsn-postfix-domain-unknown": "ann@no-such-domain.example",
			"dsn-exchange": "jonas@firm.example", "dsn-gmail": "kim.lee.nobody@bigmail.example", "text-qmail": "tess@oldhost.example",
			"text-yahoo": "paul.adler@portalmail.example", "dsn-exim": "hanna@college.example", "dsn-disabled": "otto@bigmail.example",
			"dsn-utf8": "zoë@correo.example", "dsn-postfix-multiple": "carla@school.example",
		} {
			b := open(t, d)
			raw := b.mail(name, b.send(address))
			if r, err := b.Take(t.Context(), raw, true); err != nil || r.Kind != inbox.Hard || r.Does == "" || len(b.suppressed) > 0 {
				t.Errorf("%s: dry: %+v, %v, %v", name, r, err, b.suppressed)
			}
			if r := b.take(raw); r.Kind != inbox.Hard || r.Held {
				t.Errorf("%s: %+v", name, r)
			}
			b.told("hard-bounce " + address)
			if len(b.events) != 1 || b.events[0] != "hard "+address+" 7" {
				t.Errorf("%s: the mailing hears of %q", name, b.events)
			}
		}
		b := open(t, d)
		if n := b.counted(inbox.Hard); n != 10 {
			t.Errorf("%d are counted", n)
		}
		acts := b.logged()
		if len(acts) != 10 || acts[0].Action != audit.MailBounced || acts[0].Who != "mail" || len(acts[0].Subject) != 32 || strings.Contains(fmt.Sprint(acts), "example") {
			t.Errorf("logged: %+v", acts)
		}
	})
}

func TestMAIL_B_1_Soft(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := open(t, d)
		soft := []string{"dsn-gmail-full", "dsn-postfix-expired", "dsn-gmail-rate", "dsn-outlook"}
		for i := range 4 { // in any spelling of the mailbox
			b.take(b.mail(soft[i], b.send([]string{"Lena@bigmail.example", "lena+x@bigmail.example"}[i%2])))
			b.now = b.now.Add(day)
		}
		b.take(b.mail("dsn-gmail-full", b.send("other@bigmail.example")))
		b.told()
		b.now = noon.Add(inbox.SoftWithin + time.Minute) // the first counts no more
		b.take(b.mail("dsn-gmail-full", b.send("lena@bigmail.example")))
		b.told()
		r := b.take(b.mail("dsn-gmail-full", b.send("lena@bigmail.example")))
		b.told("hard-bounce lena@bigmail.example")
		if !strings.Contains(r.Does, "5 mails failed in 30 days") {
			t.Errorf("%+v", r)
		}
	})
}

func TestMAIL_B_1_Policy(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := open(t, d)
		for range 10 {
			for _, name := range []string{"dsn-gmail-policy", "dsn-yahoo-policy", "dsn-outlook-policy"} {
				if r := b.take(b.mail(name, b.send("moses@"+name+".example"))); r.Kind != inbox.Policy {
					t.Errorf("%s: %+v", name, r)
				}
			}
		}
		b.told()
		refusals, err := inbox.Refusals(t.Context(), d, b.now)
		if err != nil || len(refusals) != 3 || refusals[0].Refused != 10 {
			t.Errorf("%+v, %v", refusals, err)
		}
		if len(b.refused) != 30 || b.refused[0] != "dsn-gmail-policy.example 5.7.26" || strings.Count(b.log.String(), "level=WARN") != 30 {
			t.Errorf("the alarm: %q\n%s", b.refused, b.log.String())
		}
		if strings.Contains(b.log.String()+fmt.Sprint(b.logged()), "moses") || strings.Contains(b.log.String(), ".example") {
			t.Error("the log names somebody")
		}
		if gone, err := inbox.Refusals(t.Context(), d, b.now.Add(inbox.RefusingFor+time.Minute)); err != nil || len(gone) != 0 {
			t.Errorf("a day later: %+v, %v", gone, err)
		}
	})
}

func TestMAIL_B_1_NothingToDo(t *testing.T) {
	b := open(t, dbtest.New(t))
	for name, kind := range map[string]inbox.Kind{
		"dsn-postfix-delayed": inbox.Delayed, "text-delayed": inbox.Delayed, "dsn-delivered": inbox.Delivered, "auto-out-of-office": inbox.Automatic,
		"auto-vacation-es": inbox.Automatic, "auto-list": inbox.Automatic, "mdn-read": inbox.Automatic, "arf-not-spam": inbox.Automatic,
	} {
		if r := b.take(b.mail(name, b.send("ann@example.org"))); r.Kind != kind || r.Held || r.Does != "" || r.Why == "" {
			t.Errorf("%s: %+v", name, r)
		}
	}
	b.told()
	if len(b.events) > 0 || len(b.logged()) > 0 || len(b.held()) > 0 {
		t.Errorf("%q, %+v, %+v", b.events, b.logged(), b.held())
	}
}

// TestMAIL_B_2_ForgedReports: whoever does not hold a token of ours changes nothing, whatever they write
// and whomever they name.
func TestMAIL_B_2_ForgedReports(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := open(t, d)
		const victim = "rosa.quintero@receiver.example" // whom the mail names
		good := b.send(victim)
		foreign := returnpath.New([]byte("another secret of the tests, long"), "mail.lantern.us")
		unknown := b.Paths.Token(returnpath.Ref{Kind: returnpath.Supporter, ID: uuid.New()}, b.now)
		last := "a"
		if strings.HasSuffix(good, "a") {
			last = "b"
		}
		for name, token := range map[string]string{
			"none": "", "made up": strings.Repeat("a", returnpath.TokenLength), "another's secret": foreign.Token(returnpath.Ref{Kind: returnpath.Supporter}, b.now),
			"changed": good[:len(good)-1] + last, "of nobody": unknown,
		} {
			if r := b.take(b.mail("dsn-postfix-user-unknown", token)); r.Kind != inbox.Unproven || r.Does != "" || r.Why == "" {
				t.Errorf("a token that is %s: %+v", name, r)
			}
			if r := b.take(b.mail("arf-abuse", token)); r.Kind != inbox.Complaint || !r.Held || r.Does != "" {
				t.Errorf("a complaint with a token that is %s: %+v", name, r)
			}
		}
		b.take(b.mail("dsn-forged-no-token", ""))
		b.now = noon.Add(returnpath.Valid + 2*time.Hour)
		if r := b.take(b.mail("dsn-postfix-user-unknown", good)); r.Kind != inbox.Unproven || !strings.Contains(r.Why, "too long ago") {
			t.Errorf("after 14 days: %+v", r)
		}
		b.told()
		if len(b.events) > 0 || len(b.logged()) > 0 {
			t.Errorf("a forgery counts: %q, %+v", b.events, b.logged())
		}
		// Somebody with a token of their own names the victim.
		b.take(b.mail("dsn-postfix-user-unknown", b.send("eve@evil.example")))
		b.told("hard-bounce eve@evil.example")
		// The positive control.
		b.take(b.mail("dsn-postfix-user-unknown", b.send(victim)))
		b.told("hard-bounce eve@evil.example", "hard-bounce "+victim)
	})
}

func TestMAIL_B_3_Complaints(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := open(t, d)
		for _, name := range []string{"arf-abuse", "arf-redacted"} {
			if r := b.take(b.mail(name, b.send("zach@isp.example"))); r.Kind != inbox.Complaint || r.Held || r.Does == "" {
				t.Errorf("%s: %+v", name, r)
			}
		}
		b.told("complaint zach@isp.example")
		if b.counted(inbox.Complaint) != 2 || len(b.events) != 2 || b.events[1] != "complaint zach@isp.example 7" || b.logged()[0].Action != audit.MailComplaint {
			t.Errorf("%d, %q, %+v", b.counted(inbox.Complaint), b.events, b.logged())
		}
		for _, raw := range []string{
			"Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/feedback-report\n\n", "Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/feedback-report\n\nFeedback-Type",
			"Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/feedback-report\n\n\x00\xff: \n",
		} {
			if r := b.take([]byte("From: a@isp.example\n" + raw)); r.Does != "" {
				t.Errorf("%q: %+v", raw, r)
			}
		}
	})
}

func TestMAIL_U_4_LeavingByMail(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := open(t, d)
		raw := b.mail("leave-mailto-subject", "")
		if r, err := b.Take(t.Context(), raw, true); err != nil || r.Held || len(b.left) > 0 {
			t.Errorf("dry: %+v, %v, %v", r, err, b.left)
		}
		if r := b.take(raw); r.Kind != inbox.Leave || r.Held || r.Does != "unsubscribed" || b.logged()[0].Action != audit.MailLeft {
			t.Errorf("a mailto link with its token: %+v", r)
		}
		if len(b.left) != 1 || b.left[0] != "eyJwIjoiMDE5MmYzYTQifQ.q1w2e3r4t5y6" {
			t.Errorf("the token is %q", b.left)
		}
		// A token that is not ours, and words that anybody can write in anybody's name.
		for i, name := range []string{"leave-mailto-address", "leave-stop", "leave-please", "leave-baja", "leave-cancelar"} {
			if r := b.take(b.mail(name, b.send("cid@example.org"))); r.Kind != inbox.Leave || !r.Held || r.Does != "" {
				t.Errorf("%s: %+v", name, r)
			}
			if held := b.held(); len(held) != i+1 || held[i].Kind != inbox.Leave {
				t.Errorf("%s: a person sees %+v", name, held)
			}
		}
		b.told()
	})
}

func TestTwiceCountsOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := open(t, d)
		for _, name := range []string{"dsn-gmail", "dsn-gmail-full", "dsn-gmail-policy", "arf-abuse", "leave-mailto-subject", "leave-stop", "person-question", "auto-list"} {
			raw := b.mail(name, b.send("ann@example.org"))
			first := b.take(raw)
			told, events, acts, held, n := len(b.suppressed), len(b.events), len(b.logged()), len(b.held()), b.counted(first.Kind)
			again := bytes.ReplaceAll(append([]byte("Received: by another way\n"), raw...), []byte("\n"), []byte("\r\n"))
			for _, second := range [][]byte{raw, again} {
				r := b.take(second)
				if r.Why != "it was taken in before" || r.Kind != first.Kind || r.Held {
					t.Errorf("%s, once more: %+v", name, r)
				}
			}
			if len(b.suppressed) != told || len(b.events) != events || len(b.logged()) != acts || len(b.held()) != held || b.counted(first.Kind) != n {
				t.Errorf("%s counts twice", name)
			}
		}
		// One mail that fails is reported by two machines in two ways.
		token := b.send("bob@example.org")
		b.take(b.mail("dsn-gmail-full", token))
		b.take(b.mail("dsn-gmail", token))
		if n := len(b.events); !strings.HasPrefix(b.events[n-1], "soft bob") {
			t.Errorf("%q", b.events)
		}
	})
}

func TestOfficesReports(t *testing.T) {
	b := open(t, dbtest.New(t))
	raw := b.mail("office-accepted", "")
	if r, err := b.Take(t.Context(), raw, true); err != nil || r.Ack.To != letter.Accepted || len(b.acks) > 0 {
		t.Errorf("dry: %+v, %v", r, err)
	}
	forged := bytes.Replace(raw, []byte("dmarc=pass"), []byte("dmarc=fail"), 1)
	if r := b.take(forged); !r.Held || len(b.acks) > 0 {
		t.Errorf("unproven: %+v", r)
	}
	if r := b.take(raw); r.Ack.To != letter.Accepted || len(b.acks) != 1 || !b.acks[0].Accepted {
		t.Errorf("%+v, %+v", r, b.acks)
	}
	unclear := bytes.Replace(raw, []byte("was accepted"), []byte("is there"), 1)
	if r := b.take(unclear); !r.Held || len(b.acks) != 1 {
		t.Errorf("unclear: %+v", r)
	}
	b.Offices.As = "refused" // a person has read it and feeds it again
	if r := b.take(unclear); r.Held || len(b.acks) != 2 || b.acks[1].Accepted {
		t.Errorf("by a person's word: %+v, %+v", r, b.acks)
	}
	if n := b.counted(inbox.Office); n != 2 { // a forged head is no other mail
		t.Errorf("%d are counted", n)
	}
}

func TestWhatFailsIsTakenAgain(t *testing.T) {
	b := open(t, dbtest.New(t))
	raw := b.mail("dsn-gmail", b.send("ann@example.org"))
	b.broken = errors.New("the list is locked")
	if _, err := b.Take(t.Context(), raw, false); err == nil || b.counted(inbox.Hard) != 0 {
		t.Errorf("a failure is counted: %v", err)
	}
	b.broken = nil
	if r := b.take(raw); r.Does == "" || b.counted(inbox.Hard) != 1 {
		t.Errorf("%+v", r)
	}
}

func TestTakes(t *testing.T) {
	b := open(t, dbtest.New(t))
	token := b.send("ann@example.org")
	for address, want := range map[string]bool{
		"bounces+" + token + "@mail.lantern.us": true, "BOUNCES+" + strings.ToUpper(token) + "@MAIL.lantern.us": true,
		"unsubscribe@mail.lantern.us": true, "Unsubscribe+abc@mail.lantern.us": true, "complaints@mail.lantern.us": true, "abuse@mail.lantern.us": true, "postmaster@mail.lantern.us": true,
		"bounces@mail.lantern.us": false, "bounces+abc@mail.lantern.us": false, "bounces+" + token + "@lantern.us": false, "ann@mail.lantern.us": false,
		"postmaster@example.org": false, "postmaster": false, "": false, "@": false, "postmaster@": false,
	} {
		if got := b.Takes(address); got != want {
			t.Errorf("%s: %v", address, got)
		}
	}
	b.now = b.now.Add(returnpath.Valid + 2*time.Hour)
	if b.Takes("bounces+" + token + "@mail.lantern.us") {
		t.Error("an old return address takes mail")
	}
	if inbox.New(inbox.Options{Clock: func() time.Time { return noon }}).Takes("postmaster@") {
		t.Error("without a domain mail is taken")
	}
}

func TestKindsAgree(t *testing.T) {
	for _, kind := range inbound.Kinds() {
		if kind != inbound.Report && !slices.Contains(inbox.Kinds(), inbox.Kind(kind)) {
			t.Errorf("%s is not counted", kind)
		}
	}
}
