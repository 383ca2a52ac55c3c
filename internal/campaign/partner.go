package campaign

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/franklin-letters/franklin/internal/locale"
	"github.com/franklin-letters/franklin/internal/text"
)

// Partner is an organisation that sponsors the campaign too, and gets those people who tick
// a box of its own.
type Partner struct {
	Key     string // the same in all campaigns
	Name    string
	Privacy string // address of its privacy policy; "" when the file names none

	words map[string]string // beside the box, by language; only the author's own
	lang  string            // the file's language
}

// maxPartners keeps the form short: who is asked too often ticks without reading.
const maxPartners = 6

// Partner returns the partner with the key.
func (c *Campaign) Partner(key string) (Partner, bool) {
	i := slices.IndexFunc(c.Partners, func(p Partner) bool { return p.Key == key })
	if i < 0 {
		return Partner{}, false
	}
	return c.Partners[i], true
}

// Words returns the exact words beside the partner's box on a page in the language, and the
// language that they are in. Where the author wrote none they are the program's own: once
// these have been shown, they must stay in the catalogues as they are.
func (p Partner) Words(lang string) (words, in string) {
	if words := p.words[lang]; words != "" {
		return words, lang
	}
	if words := p.words[p.lang]; words != "" {
		return words, p.lang
	}
	l := locale.In(locale.Lang(lang))
	return l.FormPartnerWords(p.Name), string(l.Lang())
}

// partners reads who shares the campaign.
func (r *reading) partners() {
	if len(r.head.Partners) > maxPartners {
		r.fault("partners", "names %d partners, at most %d are possible", len(r.head.Partners), maxPartners)
	}
	for i, h := range r.head.Partners {
		field := fmt.Sprintf("partners[%d]", i)
		p := Partner{
			Key: strings.TrimSpace(h.Key), Name: r.oneLine(field+".name", h.Name, 2, 100), Privacy: text.Line(h.Privacy),
			words: map[string]string{}, lang: r.c.lang,
		}
		switch _, twice := r.c.Partner(p.Key); {
		case p.Key == "":
			r.fault(field+".key", "is missing")
		case len(p.Key) > 40 || !slugForm.MatchString(p.Key):
			r.fault(field+".key", "must be 1 to 40 small letters and digits, with single dashes between words, like harbor-fund")
		case twice:
			r.fault(field+".key", "is that of another partner, too")
		}
		if u, err := url.Parse(p.Privacy); p.Privacy != "" && (err != nil || u.Scheme != "https" || u.Host == "") {
			r.fault(field+".privacy", "must be the whole address of a page, like https://harbor.example/privacy")
		}
		r.partnerWords(field, p, h)
		r.c.Partners = append(r.c.Partners, p)
	}
}

// partnerWords reads what stands beside a partner's box. It must say to whom people agree.
func (r *reading) partnerWords(field string, p Partner, h headPartner) {
	other := map[string]*headPartnerWords{"es": h.Spanish, "en": h.English}
	for _, lang := range []string{"en", "es"} {
		own := lang == r.c.lang
		given, at := cmp.Or(other[lang], &headPartnerWords{}).OptIn, field+"."+lang+".opt_in"
		if own {
			if other[lang] != nil {
				r.fault(field+"."+lang, "repeats the file's own language: write opt_in beside the key")
			}
			given, at = h.OptIn, field+".opt_in"
		}
		words := r.text(at, given, 0, maxOptIn)
		switch {
		case words == "":
		case !strings.Contains(words, p.Name):
			r.fault(at, "must name the partner, %s: nobody can agree without knowing to whom", p.Name)
		case !own && strings.TrimSpace(h.OptIn) == "":
			r.fault(at, "needs opt_in in the file's own language, too")
		}
		p.words[lang] = words
	}
}
