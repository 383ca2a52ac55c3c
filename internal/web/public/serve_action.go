package public

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"sync"

	"github.com/franklin-letters/franklin/internal/campaign"
	"github.com/franklin-letters/franklin/internal/fault"
	"github.com/franklin-letters/franklin/internal/letter"
	"github.com/franklin-letters/franklin/internal/locale"
	"github.com/franklin-letters/franklin/internal/supporter"
	"github.com/franklin-letters/franklin/internal/web/splice"
)

// live returns the campaign of the request, or sends the reader on to the slug that it
// has now. ok is false when the answer has been given.
func (s *Site) live(w http.ResponseWriter, r *http.Request) (c campaign.Listed, ok bool, err error) {
	slug := r.PathValue("slug")
	c, err = s.Campaigns.Live(r.Context(), slug)
	if err != nil {
		return c, false, err
	}
	if c.Life(s.Clock()) == campaign.Draft {
		return c, false, fault.New(fault.NotFound, "") // the public does not hear of drafts
	}
	if slug != c.Slug {
		target := "/c/" + c.Slug + strings.TrimPrefix(r.URL.Path, "/c/"+slug)
		if r.URL.RawQuery != "" {
			target += "?" + r.URL.RawQuery
		}
		// 308 keeps a post a post, so that a form opened under the old name still works.
		redirect(w, r, target, http.StatusPermanentRedirect)
		return c, false, nil
	}
	return c, true, nil
}

// action serves a campaign's page.
func (s *Site) action(w http.ResponseWriter, r *http.Request) error {
	c, ok, err := s.live(w, r)
	if err != nil || !ok {
		return err
	}
	if c.Life(s.Clock()) == campaign.Closed {
		return s.closed(w, r, c)
	}
	if invited, err := s.invited(w, r, c); err != nil || invited {
		return err
	}
	kept, err := s.pages.get(s, r, c)
	if err != nil {
		return err
	}
	key := ""
	if kept.life != campaign.Scheduled {
		source := querySource(r)
		s.viewed(r, c, source)
		key = keyed(s.Guard.NewKey(c.ID, s.Clock()), source)
	}
	h := w.Header()
	h["Content-Type"] = htmlType
	h["Cache-Control"] = privateCache // each copy has its own key; browsers may bring back what was typed
	kept.page.Serve(w, r, key)
	return nil
}

// viewed counts a look at the form of a campaign.
func (s *Site) viewed(r *http.Request, c campaign.Listed, source string) {
	if s.Viewed != nil && r.Method == http.MethodGet {
		s.Viewed(c.ID, source)
	}
}

// Shared header values; nobody changes them.
var (
	htmlType     = []string{"text/html; charset=utf-8"}
	privateCache = []string{"private, no-cache"}
)

// keyHole stands in a rendered page where each visitor's key goes.
const keyHole = "the-key-of-this-form-stands-here-in-the-end"

// actionPages keeps rendered action pages until the campaign or its count changes.
type actionPages struct {
	kept      sync.Map // pageKey -> *keptPage
	languages languages
}

type pageKey struct {
	campaign string
	lang     locale.Lang
	chosen   bool
}

type keptPage struct {
	page      *splice.Page
	version   int64
	delivered int
	life      campaign.Life
}

func (a *actionPages) get(s *Site, r *http.Request, c campaign.Listed) (*keptPage, error) {
	lang, chosen := a.languages.choose(r.Header.Get("Accept-Language"), queryLang(r))
	key := pageKey{c.ID, lang, chosen}
	life := c.Life(s.Clock())
	if kept, ok := a.kept.Load(key); ok {
		k := kept.(*keptPage) //nolint:forcetypeassert // only kept pages are stored
		if k.version == c.Version && k.delivered == c.Counts.Delivered && k.life == life {
			return k, nil
		}
	}
	p := s.actionPage(r, c)
	p.Form = Form{Subject: c.Letter.Subject, Message: c.Letter.Text, Key: keyHole, Trap: Trap{Name: trapName}}
	var body bytes.Buffer
	if err := actionPage(p).Render(r.Context(), &body); err != nil {
		return nil, fmt.Errorf("render the page of %s: %w", c.Slug, err)
	}
	if life == campaign.Scheduled { // no form yet, so the hole stays empty
		body.WriteString("<!--" + keyHole + "-->")
	}
	page, err := splice.New(body.Bytes(), keyHole)
	if err != nil {
		return nil, err
	}
	fresh := &keptPage{page, c.Version, c.Counts.Delivered, life}
	a.kept.Store(key, fresh)
	return fresh, nil
}

// queryLang reads ?lang= without parsing a query that is not there.
func queryLang(r *http.Request) string {
	if r.URL.RawQuery == "" {
		return ""
	}
	return r.URL.Query().Get("lang")
}

// querySource reads from where the address of the page says that a visitor came.
func querySource(r *http.Request) string {
	if r.URL.RawQuery == "" {
		return ""
	}
	q := r.URL.Query()
	return supporter.SourceOf(q.Get("utm_source"), q.Get("utm_campaign"), q.Get("ref"))
}

// actionPage fills everything of the page but what was typed.
func (s *Site) actionPage(r *http.Request, c campaign.Listed) ActionPage {
	p := ActionPage{Page: s.frame(r, "/c/"+c.Slug)}
	words := c.Words(string(p.L.Lang()))
	p.Campaign = s.campaign(c, p.L)
	p.Description, p.HelpLine = words.Summary, words.HelpLine
	p.Canonical = s.BaseURL + "/c/" + c.Slug
	p.Image, p.ImageAlt = p.Canonical+"/share.png?lang="+string(p.L.Lang()), words.Title
	p.Share, p.Mails = s.share(c, p.L), s.Asks
	if c.Life(s.Clock()) == campaign.Scheduled {
		p.Opens = c.Opens
	}
	return p
}

// campaign returns a campaign as pages show it.
func (s *Site) campaign(c campaign.Listed, l *locale.Locale) Campaign {
	words := c.Words(string(l.Lang()))
	lang := l.Lang()
	if !c.Speaks(string(lang)) {
		lang = locale.Lang(c.Language())
	}
	var partners []Partner
	for _, p := range c.Partners {
		words, in := p.Words(string(l.Lang()))
		partners = append(partners, Partner{p.Key, p.Name, p.Privacy, words, in})
	}
	return Campaign{
		Partners: partners,
		Slug:     c.Slug, Title: words.Title, Bill: c.Bill.String(), BillTitle: c.BillTitle, Stance: Stance(c.Stance),
		Lang: lang, LetterLang: locale.Lang(c.Language()), Summary: words.Summary, Body: raw(words.Body), ContentNote: words.ContentNote, JoinWords: words.OptIn,
		Progress: Progress{Letters: c.Counts.Delivered, Goal: c.GoalAt(c.Counts.Delivered)}, Work: c.Work,
	}
}

// change brings the filled form back, to change something or in another language.
func (s *Site) change(w http.ResponseWriter, r *http.Request) error {
	c, ok, err := s.open(w, r)
	if err != nil || !ok {
		return err
	}
	f, err := decode(r)
	if err != nil {
		return err
	}
	return s.filledForm(w, r, c, f, nil)
}

// filledForm answers with the form as it was typed, and with what is wrong with it.
func (s *Site) filledForm(w http.ResponseWriter, r *http.Request, c campaign.Listed, f Form, errs Errors) error {
	p := s.actionPage(r, c)
	s.renew(c, &f)
	p.Form, p.Errors = f, errs
	p.NoIndex = true
	status := http.StatusOK
	if len(errs) > 0 {
		status = http.StatusUnprocessableEntity
	}
	return s.render(w, r, status, actionPage(p))
}

// formAgain answers with the form as it was typed, and with the reason, when nothing is
// wrong with what was typed.
func (s *Site) formAgain(w http.ResponseWriter, r *http.Request, c campaign.Listed, f Form, why FormNotice, status int) error {
	p := s.actionPage(r, c)
	s.renew(c, &f)
	p.Form, p.Notice, p.NoIndex = f, why, true
	return s.render(w, r, status, actionPage(p))
}

// open returns the campaign of a posted form. When it is not open, the reader is sent to
// its page, which says so.
func (s *Site) open(w http.ResponseWriter, r *http.Request) (campaign.Listed, bool, error) {
	c, ok, err := s.live(w, r)
	if err != nil || !ok {
		return c, false, err
	}
	if c.Life(s.Clock()) != campaign.Open {
		redirect(w, r, "/c/"+c.Slug, http.StatusSeeOther)
		return c, false, nil
	}
	return c, true, nil
}

// backToForm answers somebody who reloads or bookmarks an address that only takes posts.
func (s *Site) backToForm(w http.ResponseWriter, r *http.Request) error {
	redirect(w, r, "/c/"+r.PathValue("slug"), http.StatusSeeOther)
	return nil
}

// preview says who would get the letter, for the form's script.
func (s *Site) preview(w http.ResponseWriter, r *http.Request) error {
	l := s.frame(r, "").L
	q := r.URL.Query()
	f := letter.Form{ZIP: q.Get("zip"), State: q.Get("state")}.Clean()
	c, err := s.Campaigns.Live(r.Context(), r.PathValue("slug"))
	if err != nil {
		return err
	}
	rec, err := s.Guide().Recipient(f, nil, s.Clock())
	if err == nil {
		rec, err = s.Guide().Addressees(rec, f, c.Campaign, s.Clock())
	}
	answer := Preview{}
	switch {
	case err != nil: // the form itself will say what is wrong
	case len(rec.Offices) > 0:
		answer = previewOf(rec.Offices, l)
	case rec.Found.Unique():
		answer = memberOf(rec.Office).preview(l)
	}
	return writeJSON(w, answer)
}

// count is the campaign's counter, for the page's script.
func (s *Site) count(w http.ResponseWriter, r *http.Request) error {
	c, ok, err := s.live(w, r)
	if err != nil || !ok {
		return err
	}
	l := s.frame(r, "").L
	return writeJSON(w, Progress{Letters: c.Counts.Delivered, Goal: c.GoalAt(c.Counts.Delivered)}.count(l))
}
