package ui

import (
	"strings"
	"testing"

	"github.com/a-h/templ"
	"github.com/google/go-cmp/cmp"

	"github.com/franklin-letters/franklin/internal/locale"
)

func draw(t *testing.T, c templ.Component) string {
	t.Helper()
	var b strings.Builder
	if err := c.Render(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestLinked(t *testing.T) {
	for text, want := range map[string][]textPart{
		"":             nil,
		"No help here": {{text: "No help here"}},
		"Call 1-888-373-7888, or 202-555-0100.": {
			{text: "Call "}, {"1-888-373-7888", "tel:+18883737888"}, {text: ", or "}, {"202-555-0100", "tel:+12025550100"}, {text: "."},
		},
		"See https://help.example.org/now?a=1.": {
			{text: "See "}, {"https://help.example.org/now?a=1", "https://help.example.org/now?a=1"}, {text: "."},
		},
		"javascript:alert(1) http://plain.example": {{text: "javascript:alert(1) http://plain.example"}},
	} {
		if diff := cmp.Diff(want, linked(text), cmp.AllowUnexported(textPart{})); diff != "" {
			t.Errorf("%q: %s", text, diff)
		}
	}
}

func TestFieldTellsItsHintAndItsError(t *testing.T) {
	f := Field{Name: "zip", Label: "ZIP code", Hint: "Five digits", Error: "Enter a ZIP code", Value: `"><b>`, Autocomplete: "postal-code", InputMode: "numeric", Plain: true, Max: 10, Width: "third"}
	got := draw(t, Input(f))
	for _, want := range []string{
		`class="field third wrong"`, `<label for="f-zip">`, `id="f-zip-hint"`, `id="f-zip-error"`, `type="text"`,
		`aria-describedby="f-zip-hint f-zip-error"`, `aria-invalid="true"`, `autocomplete="postal-code"`, `inputmode="numeric"`,
		`maxlength="10"`, `spellcheck="false"`, `value="&#34;&gt;&lt;b&gt;"`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s in %s", want, got)
		}
	}
	bare := draw(t, Input(Field{Name: "city", Label: "City"}))
	for _, no := range []string{"aria-", "hint", "error", "wrong", "maxlength", "optional"} {
		if strings.Contains(bare, no) {
			t.Errorf("%s in %s", no, bare)
		}
	}
}

func TestSelectMarksTheChoice(t *testing.T) {
	groups := []OptionGroup{{Options: []Option{{"Dr.", "Dr."}}}, {Label: "States", Options: []Option{{"AZ", "Arizona"}, {"NM", "New Mexico"}}}}
	got := draw(t, Select(Field{Name: "state", Label: "State", Value: "NM"}, "Choose", groups))
	if !strings.Contains(got, `<option value="NM" selected>New Mexico</option>`) || strings.Count(got, "selected") != 1 {
		t.Errorf("%s", got)
	}
	if !strings.Contains(got, `<optgroup label="States">`) || strings.Count(got, "<optgroup") != 1 || !strings.Contains(got, `<option value="">Choose</option>`) {
		t.Errorf("%s", got)
	}
}

func page(lang locale.Lang) Page {
	return Page{Site: &Site{OrgName: "Lantern Alliance", PrivacyURL: "/privacy"}, L: locale.In(lang), Title: "A page", Path: "/c/x"}
}

func TestTitle(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(p *Page)
		want   string
	}{
		{"plain", func(*Page) {}, "A page – Lantern Alliance"},
		{"with errors", func(p *Page) { p.Failed = true }, "Error: A page – Lantern Alliance"},
		{"neutral", func(p *Page) { p.Neutral = true }, "Your receipt"},
		{"a long one", func(p *Page) { p.Title = strings.Repeat("long ", 12) + "title" }, strings.Repeat("long ", 12) + "title"},
		{"the organisation's own", func(p *Page) { p.Title = "Lantern Alliance" }, "Lantern Alliance"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := page(locale.English)
			c.change(&p)
			if got := p.fullTitle(); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

func TestLayoutHead(t *testing.T) {
	p := page(locale.Spanish)
	p.Canonical, p.Image, p.Description, p.LangChosen, p.Refresh = "https://a.example/c/x", "https://a.example/i.png", "What & why", true, 30
	got := draw(t, Layout(p))
	for _, want := range []string{
		`<!DOCTYPE html><html lang="es">`, `<link rel="canonical" href="https://a.example/c/x">`, `hreflang="en" href="https://a.example/c/x?lang=en"`,
		`<meta property="og:image" content="https://a.example/i.png">`, `content="What &amp; why"`,
		`<noscript><meta http-equiv="refresh" content="30"></noscript>`, `href="/privacy?lang=es"`, `href="/c/x?lang=en" lang="en"`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s in %s", want, got)
		}
	}
	p.Canonical, p.Refresh, p.LangChosen = "", 0, false
	got = draw(t, Layout(p))
	for _, no := range []string{"og:", "canonical", "refresh", "/privacy?lang", "data-exit"} {
		if strings.Contains(got, no) {
			t.Errorf("%s in a page that has none", no)
		}
	}
}
