package staff_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/franklin-letters/franklin/congress/roster"
	"github.com/franklin-letters/franklin/internal/account"
	"github.com/franklin-letters/franklin/internal/audit"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
	"github.com/franklin-letters/franklin/internal/db/stamp"
	"github.com/franklin-letters/franklin/internal/fault"
	"github.com/franklin-letters/franklin/internal/mail"
	"github.com/franklin-letters/franklin/internal/mail/returnpath"
	"github.com/franklin-letters/franklin/internal/mailing"
	"github.com/franklin-letters/franklin/internal/notice"
	"github.com/franklin-letters/franklin/internal/supporter"
	"github.com/franklin-letters/franklin/internal/supporter/segment"
)

// chosenPeople are the people of a segment, as the program makes them an audience.
type chosenPeople struct {
	people  *segment.People
	segment segment.Segment
}

func (c chosenPeople) Page(ctx context.Context, after string, limit int) ([]string, error) {
	return c.people.Page(ctx, c.segment, after, limit)
}

func (c chosenPeople) Count(ctx context.Context) (int64, error) {
	return c.people.Count(ctx, c.segment)
}

func (c chosenPeople) String() string { return c.segment.String() }

func (o *office) newMailings(clock func() time.Time) {
	o.segments = &segment.People{DB: o.db, Campaigns: o.store, Clock: clock, Roster: roster.Embedded}
	o.mailings = &mailing.Store{
		DB: o.db, Clock: clock, Campaigns: o.store, Paths: returnpath.New([]byte(secret), "bounce.example.org"),
		People: &supporter.People{DB: o.db, Keys: supporter.NewKeys([]byte(secret)), Clock: clock, BaseURL: home},
		House:  notice.House{Org: "Lantern Alliance", Postal: "100 Example Street, Springfield, IL 62701", BaseURL: home},
		Fit:    func(context.Context) error { return o.unfit },
		Filter: func(ctx context.Context, words string) (mailing.Audience, error) {
			s, err := o.segments.Find(ctx, words)
			return chosenPeople{o.segments, s}, err
		},
	}
}

// listed puts so many people on the list, the first of them in Spanish.
func (o *office) listed(n int) {
	o.Helper()
	var people, lists [][]any
	for i := range n {
		id, email, lang, at := uuid.Must(uuid.NewV7()).String(), fmt.Sprintf("p%d@example.org", i), "en", stamp.Of(o.now)
		if i == 0 {
			lang = "es"
		}
		people = append(people, []any{id, o.db.Blind(mail.Mailbox(email)), email, "Ann", lang, at, at})
		lists = append(lists, []any{id, "updates", at, at})
	}
	err := o.db.Tx(o.Context(), func(ctx context.Context, tx *db.Tx) error {
		if _, err := tx.InsertRows(ctx, db.Insert{Table: "supporters", Columns: []string{"id", "email_key", "email", "first_name", "lang", "created_at", "updated_at"}}, people); err != nil {
			return err
		}
		_, err := tx.InsertRows(ctx, db.Insert{Table: "subscriptions", Columns: []string{"supporter_id", "list", "since", "confirmed_at"}}, lists)
		return err
	})
	if err = errors.Join(err, o.segments.Rebuild(o.Context())); err != nil {
		o.Fatal(err)
	}
}

// typed is a newsletter as somebody types it; the changes are pairs of a field and its value.
func typed(changes ...string) url.Values {
	form := url.Values{
		"name": {"december-news"}, "kind": {"newsletter"}, "campaign": {"loophole"}, "language": {"en"}, "subject": {"News for {{first_name|you}}"},
		"text": {"Hello **{{first_name|friend}}**.\r\n\r\n[Write now]({{link}})"}, "do": {"save"},
	}
	for i := 0; i < len(changes); i += 2 {
		form.Set(changes[i], changes[i+1])
	}
	return form
}

// drafted saves a draft by the page and returns its path.
func (b *browser) drafted(form url.Values) string {
	b.Helper()
	w := b.do("POST", "/staff/mailings/new", form)
	if w.Code != http.StatusSeeOther {
		b.want(w, http.StatusSeeOther)
	}
	return w.Header().Get("Location")
}

// carried is what a form of a page carries hidden under a name.
func (b *browser) carried(path, name string) string {
	b.Helper()
	value := hiddenOf(b.get(path), name)
	if value == "" {
		b.Fatalf("%s carries no %s", path, name)
	}
	return value
}

// hiddenOf is what a page carries under a name; "" for nothing.
func hiddenOf(page, name string) string {
	for _, found := range hidden.FindAllStringSubmatch(page, -1) {
		if found[1] == name {
			return found[2]
		}
	}
	return ""
}

func TestWritingAMailing(t *testing.T) {
	each(t, func(o *office) {
		o.listed(3)
		b := o.member(account.Campaigner)
		b.get("/staff/mailings/", "There is no mailing yet.", "Write a mailing")
		b.get("/staff/mailings/new", "Close the loophole", "{{first_name|…}}", "{{link}}",
			`type="submit" name="do" value="save" tabindex="-1" aria-hidden="true">Save`) // what Enter presses
		form := typed("name", "December News", "other-subject", "Noticias", "other-text", "Hola.", "second", "Another", "after", "90m", "do", "count")
		b.post("/staff/mailings/new", form, "3 people would get this now.", "Nothing is saved yet.", `value="december-news"`)
		if _, err := o.mailings.Find(o.Context(), "december-news"); !fault.Is(err, fault.NotFound) {
			t.Fatalf("counting saved it: %v", err)
		}
		form.Set("do", "save")
		path := b.drafted(form)
		b.get(path, "december-news", "draft", "3 people in its audience", "Noticias", "campaigner (staff)", "Another")
		m, err := o.mailings.Find(o.Context(), "december-news")
		if err != nil || m.File.Test == nil || m.File.Test.Share != 20 || m.File.Words["es"].Body != "Hola." || !strings.Contains(m.File.Words["en"].Body, "\n\n[Write now]") {
			t.Fatalf("%+v, %v", m.File, err)
		}
		b.get(path+"/change", "Hola.", `value="1h30m"`, `value="Another"`)

		// The same file again, by a command of somebody else: the page does not overwrite it.
		form.Set("seen", b.carried(path+"/change", "seen"))
		o.now = o.now.Add(time.Minute)
		commented := strings.Replace(m.Source, "---\n", "---\n# ask Ann first\n", 1)
		if _, _, err := o.mailings.Apply(o.Context(), []byte(commented), "ada"); err != nil {
			t.Fatal(err)
		}
		b.get(path+"/change", "Saving here takes the comments out.")
		form.Set("text", "My own words.")
		b.want(b.do("POST", path+"/change", form), http.StatusConflict, "This was not done", "My own words.", "Somebody else changed it")
		form.Set("seen", b.carried(path+"/change", "seen"))
		b.leads(b.do("POST", path+"/change", form), path)
		if page := b.get(path + "/change"); strings.Contains(page, "takes the comments out") {
			t.Error("the page warns of comments that are gone")
		}
		b.want(b.do("POST", "/staff/mailings/new", typed()), http.StatusConflict, "Another mailing has this name.", "Hello **{{first_name|friend}}**")
		if got := o.acts(audit.MailingWrite); !slices.Equal(got, []string{"campaigner (staff) " + m.ID, "ada " + m.ID, "campaigner (staff) " + m.ID}) {
			t.Errorf("the log says %q", got)
		}
		b.get("/staff/mailings/", "december-news", "3 people in its audience")
	})
}

// TestLongTextsAreKept: what the fields may hold arrives, in letters that take most room, and what
// is longer is refused instead of coming back as an empty page.
func TestLongTextsAreKept(t *testing.T) {
	t.Parallel()
	o := newOffice(t, dbtest.New(t))
	b := o.member(account.Campaigner)
	full := strings.Repeat("’", mailing.MaxBody)
	b.want(b.do("POST", "/staff/mailings/new", typed("text", full, "other-subject", "Noticias", "other-text", full, "do", "show")), http.StatusOK, full)
	path := b.drafted(typed("text", full))
	b.get(path+"/change", full)
	for _, to := range []string{"/staff/mailings/new", path + "/change"} {
		b.want(b.do("POST", to, typed("text", strings.Repeat(full, 3))), http.StatusRequestEntityTooLarge)
	}
}

// TestMistakesStandBesideTheirFields: in both languages, with all that was typed.
func TestMistakesStandBesideTheirFields(t *testing.T) {
	t.Parallel()
	o := newOffice(t, dbtest.New(t))
	b := o.member(account.Owner)
	for name, c := range map[string]struct {
		change []string
		field  string
		want   string
	}{
		"name":           {[]string{"name", "¡Sí!"}, "name", "Use small letters"},
		"no name":        {[]string{"name", ""}, "name", "Give it a name."},
		"kind":           {[]string{"kind", ""}, "kind", "Choose one of the two."},
		"no campaign":    {[]string{"kind", "alert", "campaign", ""}, "campaign", "Choose the campaign"},
		"gone campaign":  {[]string{"campaign", "gone"}, "campaign", "not there any more"},
		"no subject":     {[]string{"subject", " "}, "subject", "Write a subject."},
		"long subject":   {[]string{"subject", strings.Repeat("x", 151)}, "subject", "at most 150 characters"},
		"link above":     {[]string{"subject", "{{link}}"}, "subject", "belongs into the text"},
		"no text":        {[]string{"text", ""}, "text", "Write the text."},
		"unknown field":  {[]string{"text", "{{nickname|x}}"}, "text", "There is no field {{nickname}}"},
		"no fallback":    {[]string{"text", "{{state}}"}, "text", "{{state}} is not known of everybody"},
		"broken field":   {[]string{"text", "Hi {{State"}, "text", "cannot be read: {{State"},
		"deep quotes":    {[]string{"text", strings.Repeat(">", 60)}, "text", "inside of each other"},
		"half a text":    {[]string{"other-subject", "Hola"}, "other-text", "Write the text."},
		"filter":         {[]string{"filter", "state = Nowhere"}, "filter", "The filter does not work:"},
		"filter's act":   {[]string{"filter", "acted(gone)"}, "filter", `there is no campaign "gone"`},
		"two audiences":  {[]string{"filter", "state = TX", "audience", "texans"}, "filter", "Take one of them away."},
		"half a second":  {[]string{"other-subject", "Hola", "other-text", "Hola", "other-second", "Otra"}, "other-second", "needs one in the language"},
		"share":          {[]string{"second", "B", "share", "many"}, "share", "from 2 to 100"},
		"no share":       {[]string{"second", "B", "share", "0"}, "share", "from 2 to 100"},
		"after":          {[]string{"second", "B", "after", "soon"}, "after", "Write a time like 4h"},
		"rate":           {[]string{"rate", "-5"}, "rate", "whole number of messages"},
		"test and clock": {[]string{"second", "B", "local", "yes"}, "local", "different times of day"},
	} {
		form := typed(append([]string{"other-text", "", "after", ""}, c.change...)...)
		page := b.want(b.do("POST", "/staff/mailings/new", form), http.StatusUnprocessableEntity, "Error: Write a mailing", c.want, `href="#f-`+c.field+`"`, `id="f-`+c.field+`"`)
		if typed := form.Get("text"); typed != "" && !strings.Contains(page, strings.ReplaceAll(typed, "\r\n", "\n")) {
			t.Errorf("%s: the text is lost", name)
		}
		spanish := b.want(b.do("POST", "/staff/mailings/new?lang=es", form), http.StatusUnprocessableEntity)
		if strings.Contains(spanish, c.want) && !strings.Contains(c.want, `"gone"`) {
			t.Errorf("%s: the Spanish page speaks English", name)
		}
	}
	if all, err := o.mailings.List(t.Context()); err != nil || len(all) > 0 {
		t.Errorf("%d were saved, %v", len(all), err)
	}
}

func TestLookingAtAMailing(t *testing.T) {
	each(t, func(o *office) {
		o.listed(2)
		b := o.member(account.Campaigner)
		path := b.drafted(typed("other-subject", "Noticias", "other-text", "Hola {{first_name|amiga}}."))
		w := b.do("GET", path+"/preview", nil)
		b.want(w, http.StatusOK, "News for Ana", `sandbox=""`, `srcdoc="<!DOCTYPE html>`, `<base target="_blank">`, "Hello Ana.", "Links do not work here.")
		if policy := w.Header().Get("Content-Security-Policy"); strings.Contains(policy, "script-src 'unsafe") || !strings.Contains(policy, "default-src 'none'") {
			t.Errorf("the policy is %q", policy)
		}
		b.get(path+"/preview?known=no&in=en", "News for you", "Hello friend.")
		b.get(path+"/preview?in=es", "Noticias", "Hola Ana.")
		b.get(path+"/preview?in=fr", "News for Ana")
		b.post(path+"/preview", url.Values{"address": {"p1@example.org"}}, "News for Ann", "As p1@example.org would get it.")
		b.want(b.do("POST", path+"/preview", url.Values{"address": {"p1"}}), http.StatusUnprocessableEntity, "Type a whole e-mail address", `href="#f-address"`)
		b.want(b.do("POST", path+"/preview", url.Values{"address": {"nobody@example.org"}}), http.StatusNotFound, "Nobody with this address is known.")
		if got := o.acts(audit.MailingPreview); len(got) != 1 || !strings.HasPrefix(got[0], "campaigner (staff) ") {
			t.Errorf("the log says %q", got)
		}
		if page := o.member(account.Moderator).get(path + "/preview"); strings.Contains(page, `name="address"`) {
			t.Error("who may not look as somebody is asked for the address")
		}
	})
}

// TestTestsGoToTheMemberOnly: whatever is posted, and no more of them than commands may send.
func TestTestsGoToTheMemberOnly(t *testing.T) {
	t.Parallel()
	o := newOffice(t, dbtest.New(t))
	b := o.member(account.Campaigner)
	path := b.drafted(typed())
	b.post(path+"/test", url.Values{"to": {"victim@example.org"}, "address": {"victim@example.org"}}, "It was sent to campaigner@example.org.")
	if len(o.sent) != 1 || o.sent[0].To != "campaigner@example.org" || o.sent[0].Subject != "News for you" {
		t.Fatalf("sent: %+v", o.sent)
	}
	o.refuses = errors.New("the relay is away")
	b.want(b.do("POST", path+"/test", url.Values{}), http.StatusBadGateway, "The mail system did not take the message.")
	o.refuses = nil
	for range 18 {
		b.post(path+"/test", url.Values{})
	}
	b.want(b.do("POST", path+"/test", url.Values{}), http.StatusTooManyRequests, "within an hour")
	if got := o.acts(audit.MailingTest); len(got) != 20 {
		t.Errorf("%d in the log", len(got))
	}
}

// TestMailingsForReadersAndViewers: who may only read finds no button, and a viewer's desk
// leads nowhere.
func TestMailingsForReadersAndViewers(t *testing.T) {
	t.Parallel()
	o := newOffice(t, dbtest.New(t))
	o.listed(1)
	b := o.member(account.Owner)
	path := b.drafted(typed())
	b.post(path+"/start", url.Values{"shown": {o.mark("december-news")}})
	moderator := o.member(account.Moderator)
	for _, page := range []string{moderator.get("/staff/mailings/", "december-news"), moderator.get(path, "leaving now", "Look at it")} {
		if strings.Contains(page, "/pause") || strings.Contains(page, "/new") || strings.Contains(page, "/test") {
			t.Error("who may only read is offered to do something")
		}
	}
	if page := o.member(account.Viewer).get("/staff/", "1 mailing is under way", "december-news"); strings.Contains(page, "/staff/mailings/") {
		t.Error("a viewer is led to mailings")
	}
}

// TestPagesOfThirtyMailings: each is listed once.
func TestPagesOfThirtyMailings(t *testing.T) {
	t.Parallel()
	o := newOffice(t, dbtest.New(t))
	b := o.member(account.Owner)
	for i := range 35 {
		b.drafted(typed("name", fmt.Sprintf("news-%d", i)))
	}
	first := b.get("/staff/mailings/", "news-34", "Older mailings")
	second := b.get("/staff/mailings/?before=6", "news-0", "news-4", "The newest mailings")
	if strings.Contains(first, "news-4<") || strings.Contains(second, "Older mailings") || strings.Contains(second, "news-5<") {
		t.Error("a mailing is listed twice")
	}
}
