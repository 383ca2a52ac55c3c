package staff_test

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/internal/account"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
	"github.com/franklin-letters/franklin/internal/letter"
)

var hidden = regexp.MustCompile(`<input type="hidden" name="([^"]+)" value="([^"]*)"`)

// goesOn returns what the last form of a page would send, and where.
func goesOn(page string) (path string, form url.Values) {
	last := page[strings.LastIndex(page, "<form "):]
	path = regexp.MustCompile(`action="([^"]+)"`).FindStringSubmatch(last)[1]
	form = url.Values{}
	for _, found := range hidden.FindAllStringSubmatch(last, -1) {
		form.Add(found[1], found[2])
	}
	return path, form
}

// ages moves time on until the sign-in is not fresh any more, with a click each hour, so that the
// session goes on.
func (b *browser) ages() {
	b.Helper()
	for range account.FreshFor / time.Hour {
		b.now = b.now.Add(time.Hour)
		b.get("/staff/")
	}
}

// TestMuchAtOnceNeedsANewSignIn: whoever signed in long ago is asked to do so again, and goes
// on with all that they chose and typed.
func TestMuchAtOnceNeedsANewSignIn(t *testing.T) {
	each(t, func(o *office) {
		var odd []string
		for range 21 {
			odd = append(odd, o.write("", "odd"))
		}
		b := o.member(account.Moderator)
		b.ages()
		b.post("/staff/move", url.Values{"do": {"release"}, "letter": odd[:1]}, "1 letter was released.")

		act := url.Values{"do": {"refuse"}, "letter": append(odd[1:], o.write("", "odd")), "why": {"<i>Nobody</i> wrote these"}}
		page := b.want(b.do("POST", "/staff/move", act), http.StatusForbidden, "Sign in once more", "You signed in on November 30, 2026", `name="email" value="moderator@example.org"`)
		o.stands(letter.Frozen, act["letter"]...)

		b.post("/staff/sign-in", email("moderator@example.org"), "Look at your mailbox")
		b.leads(b.do("POST", o.mailed(), url.Values{}), "/staff/")
		path, form := goesOn(page)
		b.post(path, form, "21 letters were refused.")
		o.stands(letter.Refused, act["letter"]...)
	})
}

func TestResumingAChannelNeedsANewSignIn(t *testing.T) {
	t.Parallel()
	o := newOffice(t, dbtest.New(t))
	b := o.member(account.Owner)
	b.ages()
	b.post("/staff/queue/cwc-house/pause", url.Values{"why": {"at once"}}, "is paused on all nodes") // stopping is never late
	b.want(b.do("POST", "/staff/queue/cwc-house/resume", url.Values{}), http.StatusForbidden, "Sign in once more", `action="/staff/queue/cwc-house/resume"`)
	if _, paused, err := letter.PauseOf(t.Context(), o.db, letter.ChannelHouse); err != nil || !paused {
		t.Errorf("paused is %t, %v", paused, err)
	}
}

// TestASessionThatEndsLosesNoWords: whoever typed until the session was over signs in in
// another tab and goes on.
func TestASessionThatEndsLosesNoWords(t *testing.T) {
	t.Parallel()
	o := newOffice(t, dbtest.New(t))
	odd := o.write("", "odd")
	b := o.member(account.Moderator)
	o.now = noon.Add(account.IdleFor)
	act := url.Values{"do": {"refuse"}, "letter": {odd}, "why": {"typed for long"}, "lang": {"es"}}
	page := b.want(b.do("POST", "/staff/move", act), http.StatusForbidden, "Entre otra vez", `value="typed for long"`)
	if strings.Contains(page, "@example.org") {
		t.Error("the page of a session that ended tells whose it was")
	}
	o.stands(letter.Frozen, odd)
	path, form := goesOn(page)
	o.as(account.Moderator).post(path, form, "Se rechazó 1 carta.")
	o.stands(letter.Refused, odd)
}

// until is a context whose time is over once something is met.
type until struct {
	context.Context

	over atomic.Bool
	met  func() bool
}

func (c *until) Err() error {
	if c.over.Load() || c.met() {
		c.over.Store(true) // what is left of the request may ask when the test has ended
		return context.DeadlineExceeded
	}
	return nil
}

// TestABrokenOffActTellsHowFarItCame: the answer says how many letters were moved, and its button
// moves the others.
func TestABrokenOffActTellsHowFarItCame(t *testing.T) {
	each(t, func(o *office) {
		odd := []string{o.write("", "odd"), o.write("", "odd"), o.write("", "odd")}
		b := o.member(account.Moderator)
		act := url.Values{"do": {"refuse"}, "letter": odd, "why": {"<i>Nobody</i> wrote these"}}
		b.during = &until{Context: o.Context(), met: func() bool {
			row, err := o.db.Read().LetterByID(o.Context(), odd[0])
			return err != nil || letter.State(row.State) == letter.Refused
		}}
		w := b.do("POST", "/staff/move", act)
		b.during = nil
		page := b.want(w, http.StatusServiceUnavailable, "1 letter was refused.", "We will be back soon", "What you chose and typed stays on this page")
		if w.Header().Get("Retry-After") != "10" {
			o.Errorf("Retry-After is %q", w.Header().Get("Retry-After"))
		}
		o.stands(letter.Frozen, odd[1:]...)
		path, form := goesOn(page)
		b.post(path, form, "2 letters were refused.")
		o.stands(letter.Refused, odd...)
	})
}

// TestADatabaseThatIsAwayLosesNoWords: who sends a form meanwhile gets it back, in their language.
func TestADatabaseThatIsAwayLosesNoWords(t *testing.T) {
	t.Parallel()
	o := newOffice(t, dbtest.New(t))
	b := o.member(account.Owner)
	b.during = &until{Context: t.Context(), met: func() bool { return true }}
	form := url.Values{"why": {"typed for long"}, "lang": {"es"}}
	page := b.want(b.do("POST", "/staff/queue/cwc-house/pause", form), http.StatusServiceUnavailable, "Volvemos pronto", "Enviar otra vez")
	b.during = nil
	path, again := goesOn(page)
	b.post(path, again, "está en pausa en todos los nodos", "typed for long")
}
