package public

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/guard"
	"github.com/franklin-letters/franklin/internal/letter"
	"github.com/franklin-letters/franklin/internal/supporter"
)

// guarded is a site with a guard, a clock that can be turned, and a list of whom a mail
// was to ask.
type guarded struct {
	*site

	inner *Site
	now   time.Time
	asked []letter.Asking
}

func newGuarded(t *testing.T, limits guard.Limits) *guarded {
	t.Helper()
	g := &guarded{now: today}
	clock := func() time.Time { return g.now }
	g.site = newSiteWith(t, func(s *Site, o *letter.Options) {
		log := slog.New(slog.DiscardHandler)
		s.Guard = guard.New(guard.Config{Limits: limits, Secret: []byte("a secret of the tests, long enough"), Mail: true, Log: log})
		var err error
		if s.Proxies, err = guard.ParseProxies([]string{"192.0.2.0/24"}); err != nil { // httptest's own address
			t.Fatal(err)
		}
		s.Clock, o.Clock, g.inner = clock, clock, s
		o.PerMailbox = 2
		o.Asked = func(_ context.Context, _ *db.Tx, all []letter.Asking) error {
			g.asked = append(g.asked, all...)
			return nil
		}
	})
	g.apply("checked", "confirm: email\n")
	return g
}

var keyField = regexp.MustCompile(`name="key" value="([A-Za-z0-9_-]*)"`)

// form opens the page of a campaign and returns what somebody types into its form.
func (g *guarded) form(slug string, change ...string) url.Values {
	g.Helper()
	m := keyField.FindStringSubmatch(g.do("GET", "/c/"+slug, nil).Body.String())
	if m == nil {
		g.Fatal("the page has no key")
	}
	return typed(append([]string{"key", m[1]}, change...)...)
}

const sendPath = "/c/loophole/send"

func all() guard.Limits {
	return guard.Limits{
		FastestForm: 3 * time.Second, OldestForm: 24 * time.Hour, Posts: 1000, NetworkPeople: 30, MailboxLetters: 20, HouseholdPeople: 8,
		OfficeLetters: 1000, SameWords: 25, Recombined: 12, Confirmations: 1000, Disposable: []string{"thrown.example"},
	}
}

// TestSEC_FRAUD_1_SignedForm: a form goes out only with a key that the site made, that is
// neither too fresh nor too old; nothing that was typed is lost otherwise.
func TestSEC_FRAUD_1_SignedForm(t *testing.T) {
	for name, c := range map[string]struct {
		change func(g *guarded, form url.Values)
		after  time.Duration
		status int
		words  string
	}{
		"as it should be":  {func(*guarded, url.Values) {}, time.Minute, http.StatusSeeOther, ""},
		"too fast":         {func(*guarded, url.Values) {}, time.Second, http.StatusConflict, "That was very quick"},
		"too old":          {func(*guarded, url.Values) {}, 25 * time.Hour, http.StatusConflict, "more than a day"},
		"no key":           {func(_ *guarded, f url.Values) { f.Del("key") }, time.Minute, http.StatusUnprocessableEntity, "Nothing was sent yet"},
		"made up":          {func(_ *guarded, f url.Values) { f.Set("key", letter.NewKey()) }, time.Minute, http.StatusUnprocessableEntity, "Nothing was sent yet"},
		"another campaign": {func(g *guarded, f url.Values) { f.Set("key", g.form("checked").Get("key")) }, time.Minute, http.StatusUnprocessableEntity, "Nothing was sent yet"},
	} {
		t.Run(name, func(t *testing.T) {
			g := newGuarded(t, all())
			form := g.form("loophole", "message", "I have lived here for thirty years.")
			c.change(g, form)
			g.now = g.now.Add(c.after)
			w := g.do("POST", sendPath, form)
			if c.status == http.StatusSeeOther {
				g.want(w, c.status)
				return
			}
			body := g.want(w, c.status, c.words, "I have lived here for thirty years.", "Muñoz", "ana@example.org")
			if g.letters() != 0 {
				t.Error("a letter was taken in")
			}
			// The answer is the extra step: its own key sends the letter.
			again := keyField.FindStringSubmatch(body)
			if again == nil {
				t.Fatal("the page that came back has no key")
			}
			form.Set("key", again[1])
			if c.words != "more than a day" { // who had the page for so long need not wait
				g.now = g.now.Add(4 * time.Second)
			}
			g.want(g.do("POST", sendPath, form), http.StatusSeeOther)
		})
	}
}

// TestSEC_FRAUD_1_SignedFormOff is the control: without the layer the same posts pass.
func TestSEC_FRAUD_1_SignedFormOff(t *testing.T) {
	limits := all()
	limits.Unsigned = true
	g := newGuarded(t, limits)
	g.want(g.do("POST", sendPath, typed("key", letter.NewKey())), http.StatusSeeOther)
}

// TestSEC_FRAUD_1_OneNodeTakesTheOthersForm: keys need no memory.
func TestSEC_FRAUD_1_OneNodeTakesTheOthersForm(t *testing.T) {
	g := newGuarded(t, all())
	form := g.form("loophole")
	g.inner.Guard = guard.New(guard.Config{Limits: all(), Secret: []byte("a secret of the tests, long enough"), Mail: true, Log: slog.New(slog.DiscardHandler)})
	g.now = g.now.Add(time.Minute)
	g.want(g.do("POST", sendPath, form), http.StatusSeeOther)
}

// TestSEC_FRAUD_1_WorkOfBrowsers: a campaign may let browsers work instead of asking by mail.
// Without JavaScript the mail asks; nobody is refused.
func TestSEC_FRAUD_1_WorkOfBrowsers(t *testing.T) {
	limits := all()
	limits.WorkBits = 8
	g := newGuarded(t, limits)
	g.apply("worked", "confirm: work\n")
	form := g.form("worked")
	g.now = g.now.Add(time.Minute)
	page := g.want(g.do("POST", "/c/worked/review", form), 200, `data-work="8"`, "/assets/work.", "small sum")
	if strings.Contains(g.want(g.do("POST", "/c/loophole/review", g.form("loophole")), 200), "work.") {
		t.Error("browsers work on a campaign that does not ask for it")
	}
	g.want(g.do("POST", "/c/worked/send", form), 200, "One more step")
	other := g.form("worked", "email", "eve@example.org", "first_name", "Eve")
	g.now = g.now.Add(time.Minute)
	for n := 0; !g.inner.Guard.Worked(other.Get("key"), "eve@example.org", other.Get("work")); n++ {
		other.Set("work", strconv.Itoa(n))
	}
	form.Set("work", other.Get("work")) // somebody else's
	g.want(g.do("POST", "/c/worked/send", form), 200, "One more step")
	g.want(g.do("POST", "/c/worked/send", other), http.StatusSeeOther)
	if keyField.FindStringSubmatch(page) == nil {
		t.Error("the page has no key to work on")
	}
}

func TestSEC_FRAUD_1_Honeypot(t *testing.T) {
	g := newGuarded(t, all())
	form, control := g.form("loophole", trapName, "x"), g.form("loophole", "first_name", "Eve", "email", "eve@example.org")
	g.now = g.now.Add(time.Minute)
	g.want(g.do("GET", g.do("POST", sendPath, form).Header().Get("Location"), nil), 200, "A person is checking this letter")
	if body := g.want(g.do("GET", g.do("POST", sendPath, control).Header().Get("Location"), nil), 200); strings.Contains(body, "A person is checking") {
		t.Error("a letter without the trap is put aside")
	}
}

// TestSEC_FRAUD_1_Floods: a network that posts without end has to wait and keeps its text;
// others, and the same one later, go on.
func TestSEC_FRAUD_1_Floods(t *testing.T) {
	limits := all()
	limits.Posts = 5
	g := newGuarded(t, limits)
	form := g.form("loophole")
	g.now = g.now.Add(time.Minute)
	for range 5 {
		g.want(g.do("POST", "/c/loophole/review", form, "X-Forwarded-For", "198.51.100.1"), 200)
	}
	w := g.do("POST", sendPath, form, "X-Forwarded-For", "203.0.113.9, 198.51.100.1")
	g.want(w, http.StatusTooManyRequests, "Many forms came from your network", "Muñoz", form.Get("key"))
	if after := w.Header().Get("Retry-After"); after != "12" {
		t.Errorf("Retry-After is %q", after)
	}
	g.want(g.do("POST", "/c/loophole/review", form, "X-Forwarded-For", "198.51.100.2"), 200)
	g.now = g.now.Add(12 * time.Second)
	g.want(g.do("POST", sendPath, form, "X-Forwarded-For", "198.51.100.1"), http.StatusSeeOther)
}

// TestSEC_FRAUD_4_AnotherState: an address whose ZIP code is not in its state is asked for again,
// and nothing is taken in; a letter that a proxy says to come from abroad is taken in and put aside.
func TestSEC_FRAUD_4_AnotherState(t *testing.T) {
	g := newGuarded(t, all())
	var err error
	if g.inner.Proxies, err = g.inner.Proxies.TellingCountry("Client-Country"); err != nil {
		t.Fatal(err)
	}
	form := g.form("loophole", "state", "CA")
	g.now = g.now.Add(time.Minute)
	g.want(g.do("POST", sendPath, form), http.StatusUnprocessableEntity, "O'Neil", "This ZIP code is not in the state you chose")
	if n := g.letters(); n != 0 {
		t.Errorf("%d letters were taken in", n)
	}
	form.Set("state", "WY") // the control
	g.want(g.do("POST", sendPath, form, "Client-Country", "US"), http.StatusSeeOther)
	other := g.form("loophole", "first_name", "Bea", "email", "bea@example.org")
	g.now = g.now.Add(time.Minute)
	g.want(g.do("POST", sendPath, other, "Client-Country", "BR"), http.StatusSeeOther)
	states := map[string]string{}
	rows, err := g.desk.List(t.Context(), letter.Filter{})
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range rows {
		states[l.State] = string(l.Reason)
	}
	if len(rows) != 2 || !strings.HasPrefix(states["frozen"], "abroad: ") {
		t.Errorf("the letters stand at %v", states)
	}
}

// TestSEC_FRAUD_5_Replay sends one captured post a hundred times.
func TestSEC_FRAUD_5_Replay(t *testing.T) {
	g := newGuarded(t, all())
	form := g.form("loophole")
	g.now = g.now.Add(time.Minute)
	receipts := map[string]bool{}
	for n := range 100 {
		w := g.do("POST", sendPath, form, "Cookie", fmt.Sprint("session=", n), "X-Forwarded-For", fmt.Sprintf("198.51.100.%d", n))
		g.want(w, http.StatusSeeOther)
		receipts[w.Header().Get("Location")] = true
	}
	if len(receipts) != 1 || g.letters() != 1 {
		t.Errorf("%d receipts and %d letters for one form", len(receipts), g.letters())
	}
	control := g.form("loophole", "first_name", "Eve", "email", "eve@example.org")
	g.now = g.now.Add(time.Minute)
	if g.want(g.do("POST", sendPath, control), http.StatusSeeOther); g.letters() != 2 {
		t.Error("another form makes no second letter")
	}
}

// TestSEC_ENUM_1_TheAnswerIsTheSame: on a campaign that asks to confirm, nobody who enters
// an address learns anything about it.
func TestSEC_ENUM_1_TheAnswerIsTheSame(t *testing.T) {
	g := newGuarded(t, all())
	block := func(email string) {
		form := g.form("checked", "email", email, "first_name", "Una")
		g.now = g.now.Add(time.Minute)
		g.want(g.do("POST", "/c/checked/send", form), 200)
		if err := g.desk.Disown(t.Context(), g.asked[len(g.asked)-1].Submission, true); err != nil {
			t.Fatal(err)
		}
	}
	block("blocked@example.org")
	g.apply("another", "confirm: email\n")
	answer := func(slug, email, first string) string {
		form := g.form(slug, "email", email, "first_name", first)
		g.now = g.now.Add(time.Minute)
		w := g.do("POST", "/c/"+slug+"/send", form)
		head := fmt.Sprint(w.Code, w.Header())
		return head + strings.NewReplacer(email, "EMAIL").Replace(g.want(w, 200, "One more step", email))
	}
	first := answer("checked", "new@example.org", "Ana")
	for email, reason := range map[string]supporter.Reason{"bounced@example.org": supporter.HardBounce, "left@example.org": supporter.Unsubscribed} {
		if err := g.desk.People.Suppress(t.Context(), email, supporter.Everything, reason, "test"); err != nil {
			t.Fatal(err)
		}
	}
	for name, again := range map[string]string{
		"the same person again":      answer("checked", "new@example.org", "Ana"),
		"in another spelling":        answer("checked", "NEW+tag@example.org", "ana"),
		"a second person":            answer("checked", "new@example.org", "Bo"),
		"a third person":             answer("checked", "new@example.org", "Cy"),
		"somebody who wants none":    answer("checked", "blocked@example.org", "Una"),
		"the same, another spelling": answer("checked", "Blocked+x@example.org", "Zoe"),
		"an address that bounced":    answer("checked", "bounced@example.org", "Dee"),
		"somebody who left the list": answer("checked", "left@example.org", "Eli"),
	} {
		// The address is shown as it was typed, with its domain in lower case.
		if again != first {
			t.Errorf("%s: the answer differs:\n%s\n%s", name, first, again)
		}
	}
	// The control: a campaign of the same words has another address, and so another answer.
	if other := answer("another", "new@example.org", "Ana"); other == first || strings.ReplaceAll(other, "/c/another", "/c/checked") != first {
		t.Errorf("the comparison does not see that the campaign is another one:\n%s\n%s", first, other)
	}
}

// TestSEC_ENUM_1_TheTimeIsTheSame: the answer that only the mailbox explains comes a fixed
// time after the form, whatever had to be done, and that time is longer than the work.
func TestSEC_ENUM_1_TheTimeIsTheSame(t *testing.T) {
	g := newGuarded(t, all())
	took := func(quiet time.Duration, first, email string) time.Duration {
		g.inner.Quiet = quiet
		form := g.form("checked", "email", email, "first_name", first)
		g.now = g.now.Add(time.Minute)
		begin := time.Now()
		g.want(g.do("POST", "/c/checked/send", form), 200, "One more step")
		return time.Since(begin)
	}
	took(0, "Una", "blocked@example.org")
	if err := g.desk.Disown(t.Context(), g.asked[0].Submission, true); err != nil {
		t.Fatal(err)
	}
	if err := g.desk.People.Suppress(t.Context(), "bounced@example.org", supporter.Everything, supporter.HardBounce, "test"); err != nil {
		t.Fatal(err)
	}
	const quiet = 200 * time.Millisecond
	work := map[string][]time.Duration{}
	for n := range 5 {
		for kind, emails := range map[string][2]string{
			"unknown": {fmt.Sprintf("new%d@example.org", n), fmt.Sprintf("newer%d@example.org", n)}, "known": {"known@example.org", "known@example.org"},
			"blocked": {"blocked@example.org", "blocked@example.org"}, "bounced": {"bounced@example.org", "bounced@example.org"},
		} {
			work[kind] = append(work[kind], took(0, "Ana", emails[0]))
			if d := took(quiet, "Ana", emails[1]); d < quiet {
				t.Errorf("%s: the answer came after %s", kind, d)
			}
		}
	}
	for kind, all := range work { // the control, too: without the wait the answers come sooner
		slices.Sort(all)
		if median := all[len(all)/2]; median > quiet/2 {
			t.Errorf("%s: the work takes %s, which shows behind %s", kind, median, quiet)
		}
	}
}

// TestSEC_ENUM_1_WithoutConfirming: where mailboxes are not asked, who wrote before and who
// wants no mail get one and the same answer, which says neither. The mail tells the first.
func TestSEC_ENUM_1_WithoutConfirming(t *testing.T) {
	g := newGuarded(t, all())
	g.inner.Asks = true
	send := func(first, email string) *httptest.ResponseRecorder {
		form := g.form("loophole", "email", email, "first_name", first)
		g.now = g.now.Add(time.Minute)
		return g.do("POST", sendPath, form)
	}
	g.want(send("Una", "una@example.org"), http.StatusSeeOther)
	receipt := g.do("GET", send("Ana", "ana@example.org").Header().Get("Location"), nil)
	g.want(receipt, 200)
	form := g.form("checked", "email", "una@example.org")
	g.now = g.now.Add(time.Minute)
	g.want(g.do("POST", "/c/checked/send", form), 200)
	if err := g.desk.Disown(t.Context(), g.asked[0].Submission, true); err != nil {
		t.Fatal(err)
	}
	g.asked = nil
	answer := func(first, email string) string {
		w := send(first, email)
		body := g.want(w, 200, "The answer is in your mailbox", email)
		return fmt.Sprint(w.Code, w.Header()) + strings.ReplaceAll(body, email, "EMAIL")
	}
	again := answer("Ana", "ana@example.org")
	if len(g.asked) != 1 {
		t.Errorf("who wrote before is told by %d mails", len(g.asked))
	}
	for _, first := range []string{"Una", "Zoe"} { // wrote before it was blocked, and never did
		if answer(first, "una@example.org") != again {
			t.Errorf("%s: the answers differ", first)
		}
	}
	if len(g.asked) != 1 {
		t.Error("who wants no mail gets one")
	}
	g.want(send("Bo", "ana@example.org"), http.StatusSeeOther) // a second person of the household
	g.inner.Asks = false                                       // the control: without mail it has to be said
	g.want(send("Ana", "ana@example.org"), 200, "You have already written")
}

func TestStopIsForGood(t *testing.T) {
	g := newGuarded(t, all())
	form := g.form("checked")
	g.now = g.now.Add(time.Minute)
	g.want(g.do("POST", "/c/checked/send", form), 200)
	id := g.asked[0].Submission
	stop := "/stop/" + g.desk.Keys.StopToken(id, "ana@example.org")
	g.want(g.do("GET", stop, nil), 200, "never mail me again")
	// As a mail program posts it by itself (RFC 8058).
	g.want(g.do("POST", stop, url.Values{"List-Unsubscribe": {"One-Click"}}), 200, "You will not hear from us again")
	if blocked, err := g.desk.Blocked(t.Context(), "Ana+x@example.org"); err != nil || !blocked {
		t.Errorf("the address is not blocked, %v", err)
	}
	confirm := "/confirm/" + g.desk.Keys.ConfirmToken(id)
	g.want(g.do("GET", confirm, nil), 200, "This letter is gone")
	g.want(g.do("POST", confirm, url.Values{}), http.StatusSeeOther)
	if p, err := g.desk.Pending(t.Context(), id); err != nil || p.Waiting || !p.Gone {
		t.Errorf("the letter stands at %+v, %v", p, err)
	}
}

// TestSEC_FRAUD_2_OneMailbox: one letter a person, two people a mailbox, the third waits
// for a person to look at it.
func TestSEC_FRAUD_2_OneMailbox(t *testing.T) {
	g := newGuarded(t, all())
	send := func(change ...string) string {
		form := g.form("loophole", change...)
		g.now = g.now.Add(time.Minute)
		w := g.do("POST", sendPath, form)
		if w.Code == http.StatusSeeOther {
			w = g.do("GET", w.Header().Get("Location"), nil)
		}
		return g.want(w, 200)
	}
	const held, again, good = "A person is checking this letter", "You have already written", "Your turn: deliver this letter"
	for _, step := range []struct {
		first, email, zip, want string
	}{
		{"Ana", "family.home@gmail.com", "82001", good},
		{"ana", "familyhome+x@GMAIL.com", "82001", again},
		{"Ben", "family.home@googlemail.com", "82001", good},
		{"Cleo", "familyhome@gmail.com", "82001", held},
		{"Ana", "other@example.org", "82001", good},
		{"Ben", "other@example.org", "82009", held}, // lives elsewhere
	} {
		if body := send("first_name", step.first, "email", step.email, "zip", step.zip); !strings.Contains(body, step.want) {
			t.Errorf("%+v: the answer is\n%s", step, body)
		}
	}
}
