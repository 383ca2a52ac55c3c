package public

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/internal/locale"
	"github.com/franklin-letters/franklin/internal/web/ui"
)

func english(t *testing.T, name string) dom {
	t.Helper()
	f, ok := fixtures()[name]
	if !ok {
		t.Fatalf("no fixture %q", name)
	}
	return draw(t, f(locale.In(locale.English)))
}

// posts returns what a form would send: all its fields but the buttons, in order.
func (d dom) posts(formID string) map[string]string {
	sent := map[string]string{}
	for n := range d.byID(formID).Descendants() {
		name := attr(n, "name")
		if n.Type != html.ElementNode || name == "" || has(n, "disabled") || n.Data == "button" {
			continue
		}
		kind := attr(n, "type")
		if (kind == "checkbox" || kind == "radio") && !has(n, "checked") {
			continue
		}
		sent[name] = fieldValue(n)
	}
	return sent
}

func fieldValue(n *html.Node) string {
	switch n.Data {
	case "textarea":
		return textOf(n)
	case "select":
		for o := range n.Descendants() {
			if o.Data == "option" && has(o, "selected") {
				return attr(o, "value")
			}
		}
		return ""
	default:
		return attr(n, "value")
	}
}

func typedIn(f Form) map[string]string {
	return map[string]string{
		"prefix": f.Prefix, "first_name": f.FirstName, "last_name": f.LastName, "email": f.Email, "address1": f.Address1,
		"address2": f.Address2, "city": f.City, "state": f.State, "zip": f.ZIP, "phone": f.Phone, "subject": f.Subject,
		"message": f.Message, "key": f.Key, "lang": "en",
	}
}

func TestFormKeepsWhatWasTyped(t *testing.T) {
	want := typedIn(answered())
	want["join"], want["reference_code"] = "yes", ""
	if diff := cmp.Diff(want, english(t, "action-filled").posts("letter-form")); diff != "" {
		t.Error(diff)
	}
}

func TestFormKeepsWishes(t *testing.T) {
	want := typedIn(answered())
	want["copy"], want["forget"], want["reference_code"] = "yes", "yes", ""
	page := english(t, "action-kept")
	if diff := cmp.Diff(want, page.posts("letter-form")); diff != "" {
		t.Error(diff)
	}
	if untouched := english(t, "action").posts("letter-form"); untouched["copy"] != "" || untouched["forget"] != "" || untouched["join"] != "" {
		t.Errorf("a box is ticked that nobody ticked: %v", untouched)
	}
}

func TestFormKeepsALetterThatBeginsWithABlankLine(t *testing.T) {
	p := ActionPage{Page: framed(locale.In(locale.English), "/c/x"), Campaign: loophole(), Form: Form{Message: "\n\nFirst </textarea><b>line"}}
	if got := draw(t, actionPage(p)).posts("letter-form")["message"]; got != p.Form.Message {
		t.Errorf("the letter came back as %q", got)
	}
}

func TestPagesWithoutFieldsCarryWhatWasTyped(t *testing.T) {
	for name, form := range map[string]string{"choice": "choice-form", "cannot-vacant": "cannot-form", "review": "review-form"} {
		got := english(t, name).posts(form)
		if district, ok := got["district"]; ok != (name == "choice") || district != "" {
			t.Errorf("%s: district %q, posted: %t; only the choice tells that none was made", name, district, ok)
		}
		delete(got, "district")
		if diff := cmp.Diff(typedIn(answered()), got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	got := english(t, "review-edited").posts("review-form")
	for field, want := range map[string]string{"district": "AZ-04", "lat": "33.4", "lon": "-112.0", "accuracy": "20", "join": "yes"} {
		if got[field] != want {
			t.Errorf("the review carries %s=%q, want %q", field, got[field], want)
		}
	}
}

func TestErrorsStandOnTopAndBesideTheirFields(t *testing.T) {
	d := english(t, "action-errors")
	if title := words(d.all("title")[0]); !strings.HasPrefix(title, "Error: ") {
		t.Errorf("title %q", title)
	}
	var fields []string
	for n := range d.byID("errors").Descendants() {
		target, ok := strings.CutPrefix(attr(n, "href"), "#")
		if !ok {
			continue
		}
		field := d.byID(target)
		fields = append(fields, attr(field, "name"))
		if attr(field, "aria-invalid") != "true" {
			t.Errorf("%s does not say that it is invalid", target)
		}
		beside := d.byID(target + "-error")
		if beside == nil || words(beside) != words(n) || !strings.Contains(attr(field, "aria-describedby"), target+"-error") {
			t.Errorf("%s: the words beside it differ from %q", target, words(n))
		}
	}
	// On the page the telephone stands right after the e-mail address.
	if want := []string{"prefix", "email", "phone", "zip", "subject", "message"}; !slices.Equal(fields, want) {
		t.Errorf("the summary names %v, want %v", fields, want)
	}
	if !has(d.byID("errors"), "autofocus") {
		t.Error("the summary does not take the focus")
	}
}

func TestEveryProblemOfEveryFieldHasWords(t *testing.T) {
	for _, lang := range locale.Languages() {
		l := locale.In(lang)
		for _, field := range append(slices.Sorted(maps.Keys(fieldLabels)), "district", "lat") {
			for _, p := range []Problem{Missing, Invalid, TooShort, TooLong, Elsewhere} {
				if text := (FieldError{field, p}).text(l); text == "" || strings.Contains(text, "_") {
					t.Errorf("%s %s %s: %q", lang, field, p, text)
				}
			}
		}
	}
}

func TestDraftsAndScheduledCampaignsHaveNoForm(t *testing.T) {
	for _, name := range []string{"action-draft", "action-scheduled"} {
		d := english(t, name)
		if len(d.all("form")) != 0 || strings.Contains(d.source, `data-count="`) {
			t.Errorf("%s has a form or a live counter", name)
		}
	}
}

func TestLanguageSwitchKeepsTheForm(t *testing.T) {
	for name, action := range map[string]string{
		"action": "/c/close-the-loophole", "choice": "/c/close-the-loophole/review",
		"cannot-po-box": "/c/close-the-loophole/review", "review": "/c/close-the-loophole/review",
	} {
		d := english(t, name)
		var of []*html.Node // the buttons of the form that stand outside of it
		for _, n := range d.all("button") {
			if has(n, "form") {
				of = append(of, n)
			}
		}
		if len(of) != 2 || attr(of[1], "formaction") != action || attr(of[1], "value") != "es" || attr(of[1], "name") != "lang" {
			t.Fatalf("%s: the switch is not what it should be: %v", name, of)
		}
		// Enter presses a form's first button, which must not be the language switch.
		if has(of[0], "formaction") || attr(of[0], "tabindex") != "-1" {
			t.Errorf("%s: Enter would switch the language", name)
		}
	}
	if d := english(t, "list"); strings.Contains(d.source, "formaction") || !strings.Contains(d.source, `href="/?lang=es"`) {
		t.Error("a page without a form has no language link")
	}
}

func TestReviewSaysWhatWillHappen(t *testing.T) {
	for name, want := range map[string]string{
		"review":          "Send my letter to Rep. Greg Stanton",
		"review-senators": "Send my 3 letters",
		"review-changed":  "Get my letter to Rep. Greg Stanton ready",
	} {
		if d := english(t, name); !slices.ContainsFunc(d.all("button"), func(n *html.Node) bool {
			return words(n) == want && strings.Contains(attr(n, "class"), "send")
		}) {
			t.Errorf("%s has no button %q", name, want)
		}
	}
}

func TestReviewTellsOfNewLines(t *testing.T) {
	text := words(english(t, "review-senators").root)
	if want := "New district lines take effect on January 3, 2027. Your address will then be in Arizona’s 1st District."; !strings.Contains(text, want) {
		t.Errorf("the page does not say %q", want)
	}
	if strings.Contains(words(english(t, "review").root), "New district lines") {
		t.Error("lines that stay are called new")
	}
	unsure := ReviewPage{Page: framed(locale.In(locale.English), "/"), Next: &NextDistrict{From: congress.Number(120).Start()}}
	if got := unsure.nextDistrict(); !strings.Contains(got, "may then be in another district") {
		t.Errorf("an unsure change reads %q", got)
	}
}

// TestStreetsInDoubt: where the street did not settle the district the page says why, and
// where it was found under another name, under which.
func TestStreetsInDoubt(t *testing.T) {
	l := locale.In(locale.English)
	for doubt, want := range map[StreetDoubt]string{
		"": "lies in 2 districts", StreetUnknown: "could not find your street",
		StreetSplit: "Your street lies in several districts", StreetAmbiguous: "Several streets match",
	} {
		p := ChoicePage{Page: framed(l, "/"), Form: answered(), Candidates: []Member{ansari(), stanton()}, Street: doubt}
		if text := words(draw(t, choicePage(p)).root); !strings.Contains(text, want) {
			t.Errorf("%q: the page does not say %q", doubt, want)
		}
	}
	for name, said := range map[string]bool{"review-senators": true, "review": false} {
		if text := words(english(t, name).root); strings.Contains(text, "We matched your address to N MAIN ST.") != said {
			t.Errorf("%s: the street found is named: %t", name, !said)
		}
	}
}

// TestMapInWords: the map's text says where the other districts lie from the circle.
func TestMapInWords(t *testing.T) {
	if got, want := words(english(t, "choice").all("figcaption")[0]), "The circle marks the middle of your ZIP code, not your home. "+
		"The middle of your ZIP code is in AZ-04. AZ-01 lies to the northeast. AZ-03 lies to the southwest."; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	l := locale.In(locale.Spanish)
	for _, tt := range []struct {
		right, down int
		want        string
	}{
		{0, -9, "al norte"},
		{8, -9, "al noreste"},
		{9, 1, "al este"},
		{9, 9, "al sureste"},
		{-1, 9, "al sur"},
		{-9, 8, "al suroeste"},
		{-9, 0, "al oeste"},
		{-9, -9, "al noroeste"},
		{-1, -9, "al norte"},
	} {
		if got := direction(l, tt.right, tt.down); got != tt.want {
			t.Errorf("%d right and %d down lies %q, want %q", tt.right, tt.down, got, tt.want)
		}
	}
}

func TestReceiptTellsEachStateApart(t *testing.T) {
	seen := map[string]string{}
	for state := range stateWords {
		d := english(t, "receipt-"+string(state))
		var headline string
		for _, n := range d.all("p") {
			if has(n, "data-headline") {
				headline = words(n)
			}
		}
		if headline == "" || seen[headline] != "" {
			t.Errorf("%s says %q, as does %q", state, headline, seen[headline])
		}
		seen[headline] = string(state)
		moving := slices.Contains([]LetterState{StateUnconfirmed, StateFrozen, StateReady, StateSending, StateUnknown, StateWaiting}, state)
		if got := strings.Contains(d.source, `http-equiv="refresh"`); got != moving {
			t.Errorf("%s: loads again %t, want %t", state, got, moving)
		}
		if claims := strings.Contains(d.source, "Accepted by the House"); claims != (state == StateAccepted) {
			t.Errorf("%s: says accepted %t", state, claims)
		}
	}
	if n := len(seen); n != 13 {
		t.Errorf("%d states", n)
	}
}

func TestReceiptForDelivery(t *testing.T) {
	d := english(t, "receipt-handoff")
	letter := d.byID("text-0")
	if letter == nil || !strings.Contains(textOf(letter), "Please cosponsor") || !strings.Contains(textOf(letter), "Phoenix, AZ 85006") {
		t.Error("the letter cannot be copied")
	}
	for _, want := range []string{`href="tel:+12022259888"`, `href="https://stanton.house.gov/"`, `action="/receipt/t0k3n/sent"`, "I have sent it"} {
		if !strings.Contains(d.source, want) {
			t.Errorf("no %s", want)
		}
	}
}

func TestPersonalPagesStayOutOfSearchEngines(t *testing.T) {
	for name := range fixtures() {
		d := english(t, name)
		hidden := strings.Contains(d.source, `<meta name="robots" content="noindex">`)
		open := slices.Contains([]string{"list", "closed", "privacy", "action", "offices"}, strings.Split(name, "-")[0]) && name != "action-draft"
		if hidden == open {
			t.Errorf("%s: noindex %t", name, hidden)
		}
	}
	title := words(english(t, "receipt-neutral").all("title")[0])
	if title != "Your receipt" {
		t.Errorf("the neutral title is %q", title)
	}
}

func TestProgress(t *testing.T) {
	l := locale.In(locale.English)
	for _, c := range []struct {
		p    Progress
		want Count
		bar  int
	}{
		{Progress{1204, 3000}, Count{1204, 3000, "1,204 of 3,000 letters", "Help us reach 3,000 letters."}, 1204},
		{Progress{0, 500}, Count{0, 500, "0 of 500 letters", "Be the first to write."}, 0},
		{Progress{3214, 3000}, Count{3214, 3000, "3,214 letters", "We have passed our goal of 3,000. Every new letter still counts."}, 3000},
		{Progress{3000, 3000}, Count{3000, 3000, "3,000 of 3,000 letters", "We have reached our goal of 3,000. Every new letter still counts."}, 3000},
		{Progress{1, 0}, Count{1, 0, "1 letter", ""}, 0},
	} {
		if diff := cmp.Diff(c.want, c.p.count(l)); diff != "" {
			t.Errorf("%+v: %s", c.p, diff)
		}
		if c.p.shown() != c.bar {
			t.Errorf("%+v: the bar shows %d", c.p, c.p.shown())
		}
	}
}

func TestPreviewAnswer(t *testing.T) {
	got, err := json.Marshal(stanton().preview(locale.In(locale.Spanish)))
	if err != nil {
		t.Fatal(err)
	}
	if want := `{"heading":"Rep. Greg Stanton","detail":"Partido Demócrata, Distrito 4 de Arizona"}`; string(got) != want {
		t.Errorf("%s", got)
	}
	vacant := Member{Seat: congress.Seat{State: "AZ", District: 7}}.preview(locale.In(locale.English))
	if vacant.Heading != "This seat is empty" || vacant.Detail != "Arizona’s 7th District" {
		t.Errorf("%+v", vacant)
	}
}

func TestBareSiteLeavesOutWhatItDoesNotHave(t *testing.T) {
	d := english(t, "action-bare")
	for _, no := range []string{`class="exit"`, `class="help"`, `name="join"`, "og:", "<progress", `class="share"`, `class="unseen" aria-hidden="true"><label`} {
		if strings.Contains(d.source, no) {
			t.Errorf("the page has %s", no)
		}
	}
	if d.byID(ui.FieldID("message")) == nil {
		t.Error("the page has no letter")
	}
}
