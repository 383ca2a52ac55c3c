// Package ui is the frame around every public page and the parts pages are made of:
// fields with their errors, progress bars, member cards, letters on paper.
//
// Components take typed values and know no request and no database; Faults alone answers
// requests, so that both sites do it the same way. Components write no inline
// style or script, so a page works under the strictest content security policy, and
// nothing in them needs JavaScript.
package ui

import (
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/franklin-letters/franklin/internal/locale"
	"github.com/franklin-letters/franklin/internal/web/asset"
)

// Site is what all pages of one installation share. It comes from the configuration.
type Site struct {
	OrgName    string // "Lantern Alliance"
	OrgURL     string // the organisation's own site; "" for none
	Postal     string // its postal address; "" for none
	Contact    string // e-mail address for questions about privacy
	PrivacyURL string // where the privacy links lead: "/privacy", or the organisation's own page
	SourceURL  string // source code of this program; "" for no link
	QuickExit  string // neutral site that the "leave" link opens; "" for no link
}

// Page is what the frame needs to know about one page.
type Page struct {
	Site        *Site
	L           *locale.Locale
	Title       string // without the organisation's name
	Failed      bool   // the form has errors: the title starts with "Error:"
	Neutral     bool   // the title says nothing about the campaign, for eyes on a shared device
	Description string // one sentence for search engines and link previews
	Canonical   string // absolute address without a query; "" leaves out canonical and Open Graph tags
	Image       string // absolute address of the 1200 x 630 preview picture; "" for none
	ImageAlt    string
	NoIndex     bool // keep out of search engines
	Refresh     int  // seconds after which a browser without JavaScript loads the page again; 0 never

	Path       string // path of this page, for the language link
	LangChosen bool   // the person chose the language, so links and forms carry it on

	Sheet string // name of a style sheet that the page needs besides that of all pages; "" for none

	HelpLine string // plain text at the foot: whom to call; phone numbers and addresses become links

	// FormID and FormAction turn the language link into a button of that form, which posts what
	// was typed to FormAction with lang set. Empty where there is nothing to lose. FormNext is the
	// label of the form's main button, which the Enter key must go on meaning, and FormDo its value
	// under the name "do", if it has one.
	FormID, FormAction, FormNext, FormDo string
}

// Href returns the path, with the language when the person chose one.
func (p Page) Href(path string) string {
	if !p.LangChosen {
		return path
	}
	sign := "?"
	if strings.Contains(path, "?") {
		sign = "&"
	}
	return path + sign + "lang=" + url.QueryEscape(string(p.L.Lang()))
}

// fullTitle is the text of the title element.
func (p Page) fullTitle() string {
	title := p.Title
	if p.Neutral {
		title = p.L.LayoutNeutralTitle()
	}
	if p.Failed {
		title = p.L.LayoutErrorTitle(title)
	}
	full := title + " – " + p.Site.OrgName
	if p.Neutral || p.Site.OrgName == "" || title == p.Site.OrgName || utf8.RuneCountInString(full) > longestTitle {
		return title
	}
	return full
}

// longestTitle is what search engines and tabs show of a title, in characters.
const longestTitle = 70

// others returns the languages that the page is not in.
func (p Page) others() []*locale.Locale {
	var others []*locale.Locale
	for _, lang := range locale.Languages() {
		if lang != p.L.Lang() {
			others = append(others, locale.In(lang))
		}
	}
	return others
}

// in returns the path of the page in another language.
func (p Page) in(other *locale.Locale) string {
	return Page{L: other, LangChosen: true}.Href(p.Path)
}

// sheets, icon and script are the addresses of the files a page loads.
func (p Page) sheets() []string {
	all := []string{asset.Path("franklin.css")}
	if p.Sheet != "" {
		all = append(all, asset.Path(p.Sheet))
	}
	return all
}

func (Page) icon() string { return asset.Path("favicon.svg") }

func (Page) script() string { return asset.Path("franklin.js") }
