package staff

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/franklin-letters/franklin/internal/account"
	"github.com/franklin-letters/franklin/internal/fault"
	"github.com/franklin-letters/franklin/internal/locale"
	"github.com/franklin-letters/franklin/internal/mail"
	"github.com/franklin-letters/franklin/internal/mailing"
	"github.com/franklin-letters/franklin/internal/web/mw"
	"github.com/franklin-letters/franklin/internal/web/ui"
)

// LookPage shows a mailing as somebody would get it.
type LookPage struct {
	ui.Staff
	mailingCard

	Look    mailing.Look
	Message mail.Message
	MayAs   bool   // the member may look as somebody on record
	Wrong   string // what is wrong with the address; "" for nothing
}

// lookPolicy lets the mail in its frame have the styles that mails carry with them, and nothing
// else: the frame is a sandbox, and no link of it leads anywhere.
const lookPolicy = "default-src 'none'; style-src 'self' 'unsafe-inline'; script-src 'self'; img-src 'self'; connect-src 'self'; " +
	"form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'"

// framed is a mail for the frame. Its links ask for a window of their own, which the sandbox
// refuses: who tries one still sees the mail, and not the browser's words about what it blocked.
func framed(html string) string {
	return strings.Replace(html, "<head>", `<head><base target="_blank">`, 1)
}

// lookAtMailing shows it as a made-up reader would get it.
func (s *Site) lookAtMailing(w http.ResponseWriter, r *http.Request, m account.Member) error {
	found, err := s.found(r)
	if err != nil {
		return err
	}
	q := r.URL.Query()
	look := mailing.Look{Known: q.Get("known") != "no", Lang: locale.Lang(q.Get("in")), Second: q.Get("second") == "yes"}
	if _, written := found.File.Words[look.Lang]; !written {
		look.Lang = found.File.Lang
	}
	return s.lookPage(w, r, m, http.StatusOK, found, LookPage{Look: look})
}

// lookAtMailingAs shows it as somebody on record would get it, which is logged.
func (s *Site) lookAtMailingAs(w http.ResponseWriter, r *http.Request, m account.Member) error {
	found, err := s.found(r)
	if err != nil {
		return err
	}
	p := LookPage{Look: mailing.Look{As: line(r.PostFormValue("address")), Second: r.PostFormValue("second") == "yes"}}
	if _, err := mail.ValidAddress(p.Look.As); err != nil {
		p.Wrong = s.frame(r, m, "").L.StaffSignInWrong()
		return s.lookPage(w, r, m, http.StatusUnprocessableEntity, found, p)
	}
	return s.lookPage(w, r, m, http.StatusOK, found, p)
}

func (s *Site) lookPage(w http.ResponseWriter, r *http.Request, m account.Member, status int, found mailing.Mailing, p LookPage) (err error) {
	p.mailingCard = mailingCard{Standing: mailing.Standing{Mailing: found.Mailing}, File: found.File}
	p.Staff = s.frame(r, m, p.path("/preview"))
	p.Title, p.MayAs = p.L.MailingsLookTitle(found.Name), m.May(account.WriteMailings)
	look := p.Look
	if p.Wrong != "" {
		look = mailing.Look{Known: true}
	}
	p.Message, err = s.Mailings.Preview(r.Context(), found, look, m.Who())
	if fault.Is(err, fault.NotFound) && look.As != "" {
		p.Wrong, status = p.L.MailingsLookUnknown(), http.StatusNotFound
		p.Message, err = s.Mailings.Preview(r.Context(), found, mailing.Look{Known: true}, m.Who())
	}
	if err != nil {
		return err
	}
	p.Failed = p.Wrong != ""
	w.Header().Set("Content-Security-Policy", lookPolicy)
	return mw.HTML(w, r, status, lookPage(p))
}

// as reports whether the page shows the mailing as somebody on record gets it.
func (p LookPage) as() bool { return p.Look.As != "" && p.Wrong == "" }

// sights are the made-up readers as whom it can be looked at.
func (p LookPage) sights() []ui.Door {
	var all []ui.Door
	add := func(label string, look mailing.Look) {
		q := url.Values{"in": {string(look.Lang)}}
		if !look.Known {
			q.Set("known", "no")
		}
		if look.Second {
			q.Set("second", "yes")
		}
		all = append(all, ui.Door{Path: p.path("/preview?" + q.Encode()), Label: label, Here: p.Look == look})
	}
	langs := locale.Languages()
	slices.SortStableFunc(langs, func(a, b locale.Lang) int { return rank(a, p.File.Lang) - rank(b, p.File.Lang) })
	for _, lang := range langs {
		if _, written := p.File.Words[lang]; !written {
			continue
		}
		name := locale.In(lang).LangName()
		add(p.L.MailingsLookKnown(name), mailing.Look{Known: true, Lang: lang})
		add(p.L.MailingsLookStranger(name), mailing.Look{Lang: lang})
		if p.File.Test != nil {
			add(p.L.MailingsLookSecond(name), mailing.Look{Known: true, Lang: lang, Second: true})
		}
	}
	return all
}

// rank puts the file's own language first.
func rank(lang, first locale.Lang) int {
	if lang == first {
		return 0
	}
	return 1
}

// field is that of the address as whom to look.
func (p LookPage) field() ui.Field {
	return ui.Field{
		Name: "address", Label: p.L.MailingsLookAs(), Hint: p.L.MailingsLookAsHint(), Value: p.Look.As, Error: p.Wrong,
		Type: "email", InputMode: "email", Autocomplete: "off", Plain: true, Max: 254,
	}
}

// testMailing sends the mailing to the member, and to nobody else.
func (s *Site) testMailing(w http.ResponseWriter, r *http.Request, m account.Member) error {
	if s.Send == nil {
		return fault.New(fault.NotFound, "")
	}
	found, err := s.found(r)
	if err != nil {
		return err
	}
	p := MailingPage{Staff: s.frame(r, m, "")}
	message, err := s.Mailings.Trial(r.Context(), found, m.Email, r.PostFormValue("second") == "yes", m.Who())
	if err != nil {
		return s.moved(w, r, m, found, p, err)
	}
	if err := s.Send(r.Context(), message); err != nil {
		s.Log.Warn("a mailing could not be tried", "mailing", found.Name, "error", err.Error())
		p.Refused = refused{Text: p.L.MailingsTestNotTaken()}
		return s.mailingPage(w, r, m, http.StatusBadGateway, found, p)
	}
	p.Notice = p.L.MailingsTested(m.Email)
	return s.mailingPage(w, r, m, http.StatusOK, found, p)
}
