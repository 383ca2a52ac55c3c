package campaign_test

import (
	"strings"
	"testing"
)

// sponsored is a small file with partners.
func sponsored(partners string) string {
	return strings.Replace(small, "goal:", "partners:\n"+partners+"goal:", 1)
}

const harbor = `  - key: harbor-fund
    name: Harbor Fund
    privacy: https://harbor.example/privacy
    opt_in: Harbor Fund may write to me.
    es:
      opt_in: Harbor Fund puede escribirme.
`

func TestPartners(t *testing.T) {
	c := parse(t, sponsored(harbor+"  - key: lamps\n    name: Lamps of the Coast\n"))
	if len(c.Partners) != 2 || c.Partners[0].Key != "harbor-fund" || c.Partners[0].Name != "Harbor Fund" || c.Partners[0].Privacy != "https://harbor.example/privacy" {
		t.Fatalf("%+v", c.Partners)
	}
	for _, want := range []struct{ key, lang, words, in string }{
		{"harbor-fund", "en", "Harbor Fund may write to me.", "en"},
		{"harbor-fund", "es", "Harbor Fund puede escribirme.", "es"},
		{"lamps", "en", "Yes, Lamps of the Coast may contact me too. Please pass my name, e-mail address and ZIP code on to Lamps of the Coast. I can take this back at any time.", "en"},
		{"lamps", "es", "Sí, Lamps of the Coast también puede comunicarse conmigo. Entreguen por favor mi nombre, mi correo electrónico y mi código postal a Lamps of the Coast. Puedo retirar este permiso cuando quiera.", "es"},
	} {
		p, ok := c.Partner(want.key)
		if words, in := p.Words(want.lang); !ok || words != want.words || in != want.in {
			t.Errorf("%s in %s: %q in %s", want.key, want.lang, words, in)
		}
	}
	one := parse(t, sponsored("  - {key: lamps, name: Lamps, opt_in: Lamps may write to me.}\n"))
	if words, in := one.Partners[0].Words("es"); words != "Lamps may write to me." || in != "en" {
		t.Errorf("words that nobody translated: %q in %s", words, in)
	}
	if p, ok := one.Partner("nobody"); ok || p.Key != "" {
		t.Errorf("a partner that is none: %+v", p)
	}
}

func TestPartnerProblems(t *testing.T) {
	for name, c := range map[string]struct{ partners, want string }{
		"good":            {harbor, "none"},
		"no key":          {"  - name: Lamps\n", "key: is missing"},
		"no name":         {"  - key: lamps\n", "name: is missing"},
		"odd key":         {"  - {key: Harbor Fund, name: Harbor Fund}\n", "key: must be 1 to 40 small letters and digits"},
		"twice":           {harbor + "  - {key: harbor-fund, name: Another}\n", "key: is that of another partner, too"},
		"odd address":     {"  - {key: lamps, name: Lamps, privacy: 'javascript:alert(1)'}\n", "privacy: must be the whole address of a page"},
		"nameless words":  {"  - {key: lamps, name: Lamps, opt_in: Yes please.}\n", "opt_in: must name the partner, Lamps"},
		"nameless abroad": {"  - {key: lamps, name: Lamps, opt_in: Yes to Lamps., es: {opt_in: Sí.}}\n", "es.opt_in: must name the partner, Lamps"},
		"own language":    {"  - {key: lamps, name: Lamps, opt_in: Yes to Lamps., en: {opt_in: Yes to Lamps.}}\n", "en: repeats the file's own language"},
		"only abroad":     {"  - {key: lamps, name: Lamps, es: {opt_in: Sí a Lamps.}}\n", "es.opt_in: needs opt_in in the file's own language, too"},
		"unknown field":   {"  - {key: lamps, name: Lamps, ticked: true}\n", "ticked"},
		"too many":        {strings.Repeat("  - {key: lamps, name: Lamps}\n", 7), "partners: names 7 partners, at most 6 are possible"},
	} {
		if got := problemsOf(t, sponsored(c.partners)); !strings.Contains(got, c.want) || name == "good" && got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}
