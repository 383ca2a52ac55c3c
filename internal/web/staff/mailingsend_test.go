package staff_test

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/franklin-letters/franklin/internal/account"
	"github.com/franklin-letters/franklin/internal/audit"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
	"github.com/franklin-letters/franklin/internal/mailing"
	"github.com/franklin-letters/franklin/internal/supporter/segment"
)

// mark is that of a mailing as it is now.
func (o *office) mark(name string) string {
	o.Helper()
	m, err := o.mailings.Find(o.Context(), name)
	if err != nil {
		o.Fatal(err)
	}
	mark, err := o.mailings.Mark(o.Context(), m)
	if err != nil {
		o.Fatal(err)
	}
	return mark
}

// means saves a segment under a name.
func (o *office) means(name, filter string) {
	o.Helper()
	s, err := segment.Parse(filter)
	if err == nil {
		err = o.segments.Save(o.Context(), name, s, "ada")
	}
	if err != nil {
		o.Fatal(err)
	}
}

// rests fails unless the mailing is in the state.
func (o *office) rests(name string, want mailing.State) {
	o.Helper()
	m, err := o.mailings.Find(o.Context(), name)
	if err != nil || mailing.State(m.State) != want {
		o.Errorf("the mailing is %q, want %q, %v", m.State, want, err)
	}
}

func TestSendingAMailing(t *testing.T) {
	each(t, func(o *office) {
		o.listed(3)
		b := o.member(account.Owner)
		path := b.drafted(typed("filter", "language = en"))
		b.get(path+"/send", "2 people would get this now.", "Send to 2 people now", "language = en")
		form := url.Values{"shown": {b.carried(path+"/send", "shown")}}

		o.unfit = errors.New("there is no DKIM key")
		b.want(b.do("GET", path+"/send", nil), http.StatusOK, "there is no DKIM key")
		b.want(b.do("POST", path+"/start", form), http.StatusConflict, "This was not done", "there is no DKIM key")
		o.unfit = nil
		b.want(b.do("POST", path+"/start", url.Values{}), http.StatusConflict, "It was changed: nothing was sent", "News for Ana")

		moment := func(day, hour string) url.Values {
			return url.Values{"shown": form["shown"], "day": {day}, "hour": {hour}}
		}
		b.want(b.do("POST", path+"/schedule", moment("", "9")), http.StatusUnprocessableEntity, "Choose a day and a time.", `href="#f-day"`)
		b.want(b.do("POST", path+"/schedule", moment("2026-11-30", "11:59")), http.StatusUnprocessableEntity, "This moment has passed.")
		b.post(path+"/schedule", moment("2026-12-01", "09:00"), "It leaves on December 1, 2026 at 9:00\u00a0a.m.", "scheduled")
		b.get("/staff/", "1 mailing is under way", "scheduled")
		b.post(path+"/unschedule", url.Values{}, "It is a draft again.")
		b.post(path+"/start", form, "It leaves now.", "leaving now")
		b.want(b.do("POST", path+"/start", form), http.StatusConflict)
		b.want(b.do("GET", path+"/send", nil), http.StatusConflict, "This cannot be done as the mailing stands now.")

		b.want(b.do("POST", path+"/pause", url.Values{"why": {" "}}), http.StatusUnprocessableEntity, "Say the reason in a sentence.", `href="#f-why-pause"`)
		b.post(path+"/pause", url.Values{"why": {"A wrong link"}}, "It is paused.", "Paused by owner (staff):", "A wrong link")
		b.get("/staff/", "Paused by owner (staff):", "A wrong link")
		b.post(path+"/resume", url.Values{}, "It goes on.")
		b.post(path+"/cancel", url.Values{"why": {"Not any more"}}, "It is given up.", "cancelled", "Not any more")
		b.want(b.do("POST", path+"/resume", url.Values{}), http.StatusConflict, "This was not done")
		b.want(b.do("POST", path+"/forget", url.Values{}), http.StatusNotFound)
		m, err := o.mailings.Find(o.Context(), "december-news")
		if err != nil {
			t.Fatal(err)
		}
		if got := o.acts(audit.MailingMove); len(got) != 6 || got[0] != "owner (staff) "+m.ID {
			t.Errorf("the log says %q", got)
		}
	})
}

// TestNobodyWouldGetIt: a mailing without people is not offered to be sent, and does not begin.
func TestNobodyWouldGetIt(t *testing.T) {
	t.Parallel()
	o := newOffice(t, dbtest.New(t))
	b := o.member(account.Campaigner)
	path := b.drafted(typed())
	if page := b.get(path+"/send", "0 people would get this now.", "Nobody would get it now"); strings.Contains(page, path+"/start") {
		t.Error("it is offered to be sent")
	}
	form := url.Values{"shown": {o.mark("december-news")}}
	b.want(b.do("POST", path+"/start", form), http.StatusConflict, "Nobody would get it now")
}

// TestAlertsOfACampaignThatOpensLater get their date, one at which it is open, and do not begin before.
func TestAlertsOfACampaignThatOpensLater(t *testing.T) {
	each(t, func(o *office) {
		o.listed(3)
		later := strings.NewReplacer("slug: loophole", "slug: tunnel", "status: published", "status: published\nopens: 2026-12-05\ncloses: 2026-12-20").Replace(campaignFile)
		if _, _, err := o.store.Apply(o.Context(), []byte(later), "test"); err != nil {
			o.Fatal(err)
		}
		b := o.member(account.Campaigner)
		path := b.drafted(typed("kind", "alert", "campaign", "tunnel"))
		page := b.get(path+"/send", "not open yet", "Send it later")
		if strings.Contains(page, path+"/start") {
			o.Error("it is offered to be sent now")
		}
		at := func(day string) url.Values {
			return url.Values{"shown": {hiddenOf(page, "shown")}, "day": {day}, "hour": {"09:00"}}
		}
		b.want(b.do("POST", path+"/start", at("")), http.StatusConflict, "not open yet")
		b.want(b.do("POST", path+"/schedule", at("2026-12-04")), http.StatusConflict, "not open yet")
		b.want(b.do("POST", path+"/schedule", at("2026-12-21")), http.StatusConflict, "Its campaign is not open")
		b.post(path+"/schedule", at("2026-12-06"), "It leaves on December 6, 2026")
	})
}

// TestChangedMailingsAreConfirmedAgain: neither the text nor the meaning of a saved segment can
// change between the look and the button.
func TestChangedMailingsAreConfirmedAgain(t *testing.T) {
	each(t, func(o *office) {
		o.listed(3)
		o.means("readers", "language = en")
		b := o.member(account.Owner)
		path := b.drafted(typed("audience", "readers"))
		shown := func() url.Values { return url.Values{"shown": {b.carried(path+"/send", "shown")}} }

		before := shown()
		b.leads(b.do("POST", path+"/change", typed("text", "Other words.", "audience", "readers", "seen", b.carried(path+"/change", "seen"))), path)
		page := b.want(b.do("POST", path+"/start", before), http.StatusConflict, "It was changed: nothing was sent", "owner (staff) wrote it last", "Other words.", "Send to 2 people now")
		b.want(b.do("POST", path+"/schedule?lang=es", before), http.StatusConflict, "Cambió: no se envió nada", "Other words.")

		o.means("readers", "language = es")
		b.want(b.do("POST", path+"/start", url.Values{"shown": {hiddenOf(page, "shown")}}), http.StatusConflict, "It was changed: nothing was sent", "Send to 1 person now")
		o.rests("december-news", mailing.Draft)
		b.post(path+"/start", shown(), "It leaves now.")
	})
}

// TestSendingNeedsANewSignIn: what makes mail leave does, what stops it never.
func TestSendingNeedsANewSignIn(t *testing.T) {
	each(t, func(o *office) {
		o.listed(1)
		b := o.member(account.Campaigner)
		path, other := b.drafted(typed()), b.drafted(typed("name", "other"))
		b.post(other+"/schedule", url.Values{"shown": {o.mark("other")}, "day": {"2026-12-24"}, "hour": {"09:00"}}, "scheduled")
		b.ages()
		asks := func(to string, form url.Values) string {
			o.Helper()
			return b.want(b.do("POST", to, form), http.StatusForbidden, "Sign in once more", `action="`+to+`"`)
		}
		form := url.Values{"shown": {b.carried(path+"/send", "shown")}}
		page := asks(path+"/start", form)
		asks(path+"/schedule", url.Values{"shown": form["shown"], "day": {"2026-12-01"}, "hour": {"09:00"}})
		change := typed("name", "other", "text", "Typed for long.", "seen", b.carried(other+"/change", "seen"))
		if kept := asks(other+"/change", change); !strings.Contains(kept, `value="Typed for long."`) {
			t.Error("what was typed is lost")
		}
		o.rests("december-news", mailing.Draft)
		b.leads(b.do("POST", path+"/change", typed("seen", b.carried(path+"/change", "seen"))), path) // a draft leaves for nobody
		b.post(other+"/unschedule", url.Values{}, "It is a draft again.")

		b.post("/staff/sign-in", email("campaigner@example.org"))
		b.leads(b.do("POST", o.mailed(), url.Values{}), "/staff/")
		to, kept := goesOn(page)
		b.post(to, kept, "It leaves now.")
		b.ages()
		b.post(path+"/pause", url.Values{"why": {"A wrong link"}}, "It is paused.")
		if page := asks(path+"/resume", url.Values{"why": {"Mended"}}); !strings.Contains(page, `value="Mended"`) {
			t.Error("the reason is lost")
		}
		o.rests("december-news", mailing.Paused)
		b.post(path+"/cancel", url.Values{"why": {"Not any more"}}, "It is given up.")
	})
}

// TestRefusalsAreInTheReadersLanguage: only what the server's check finds is quoted as it is.
func TestRefusalsAreInTheReadersLanguage(t *testing.T) {
	t.Parallel()
	o := newOffice(t, dbtest.New(t))
	o.listed(2)
	o.means("readers", "language = en")
	b := o.member(account.Owner)
	path := b.drafted(typed("audience", "readers"))
	form := url.Values{"shown": {o.mark("december-news")}}
	o.unfit = errors.New("there is no DKIM key")
	b.want(b.do("POST", path+"/start?lang=es", form), http.StatusConflict, "Quien mantiene el servidor", `lang="en">there is no DKIM key`)
	o.unfit = nil
	b.want(b.do("POST", path+"/pause?lang=es", url.Values{"why": {"No"}}), http.StatusConflict, "en su estado actual")
	if err := o.segments.Remove(t.Context(), "readers"); err != nil {
		t.Fatal(err)
	}
	b.get(path+"/send?lang=es", "ya no existe", `lang="en">there is no segment "readers"`)
	for filter, want := range map[string]string{
		"state = Nowhere": "a partir de «Nowhere»", "state =": "falta algo al final", "acted(gone)": "no existe",
	} {
		b.want(b.do("POST", "/staff/mailings/new?lang=es", typed("name", "new", "filter", filter)), http.StatusUnprocessableEntity, want)
	}
}
