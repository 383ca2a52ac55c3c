package staff

import (
	"net/http"
	"strings"

	"github.com/franklin-letters/franklin/internal/account"
	"github.com/franklin-letters/franklin/internal/fault"
	"github.com/franklin-letters/franklin/internal/mail"
	"github.com/franklin-letters/franklin/internal/web/mw"
	"github.com/franklin-letters/franklin/internal/web/ui"
)

// SignInPage asks for an address, and tells that a link may be on its way.
type SignInPage struct {
	ui.Staff

	CanAsk bool // mail leaves from here
	Typed  string
	Wrong  bool
	Sent   bool
}

func (s *Site) signInFrame(r *http.Request) SignInPage {
	p := SignInPage{Staff: s.frame(r, account.Member{}, "/staff/sign-in"), CanAsk: s.Ask != nil}
	p.Title = p.L.StaffSignInTitle()
	return p
}

// askSignIn shows the form; who is signed in already goes on.
func (s *Site) askSignIn(w http.ResponseWriter, r *http.Request, m account.Member) error {
	p := s.signInFrame(r)
	if m.ID != "" {
		s.goBack(w, r, p.Staff)
		return nil
	}
	return mw.HTML(w, r, http.StatusOK, signInPage(p))
}

// signIn answers every address alike, and after the same work: whether somebody may sign in
// with it is found out behind the answer, and only the mailbox is told.
func (s *Site) signIn(w http.ResponseWriter, r *http.Request, _ account.Member) error {
	p := s.signInFrame(r)
	p.Typed = strings.TrimSpace(r.PostFormValue("email"))
	address, err := mail.ValidAddress(p.Typed)
	if err != nil || !p.CanAsk {
		p.Wrong, p.Failed = p.CanAsk, p.CanAsk
		return mw.HTML(w, r, http.StatusUnprocessableEntity, signInPage(p))
	}
	mailbox := s.Members.Mailbox(address)
	wait, mails := s.Guard.SignIn(s.network(r), mailbox, s.Clock())
	if wait > 0 {
		return fault.Limited(wait, "")
	}
	browser := s.cookieOf(r, browserCookie)
	if browser == "" {
		browser = account.NewBrowser()
	}
	if mails {
		if err := s.Ask(r.Context(), mailbox, account.Browser(browser), p.L.Lang()); err != nil {
			return err
		}
	}
	s.give(w, browserCookie, browser, account.AskedFor)
	p.Sent, p.Title = true, p.L.StaffSentTitle()
	return mw.HTML(w, r, http.StatusOK, signInPage(p))
}

// EnterPage is where a link leads. Programs look at each link in a mail, so only its button
// signs in.
type EnterPage struct {
	ui.Staff

	Token  string
	Member account.Member // zero when the link does not work
	Other  bool           // another browser asked for it
}

// entering is the page of a link. A network that tried many that do not exist must wait.
func (s *Site) entering(r *http.Request) (EnterPage, error) {
	token := r.PathValue("token")
	p := EnterPage{Staff: s.frame(r, account.Member{}, "/staff/enter/"+token), Token: token}
	p.Title = p.L.StaffSignInTitle()
	if wait := s.Guard.Guessing(s.network(r), s.Clock()); wait > 0 {
		return p, fault.Limited(wait, "")
	}
	return p, nil
}

// noEntry tells why a link does not work.
func (s *Site) noEntry(w http.ResponseWriter, r *http.Request, p EnterPage, err error) error {
	switch {
	case fault.Is(err, fault.NotFound):
		s.Guard.Guessed(s.network(r), s.Clock())
		p.Title = p.L.StaffEnterEndedTitle()
	case fault.Is(err, fault.Forbidden):
		p.Title, p.Other = p.L.StaffEnterOtherTitle(), true
	default:
		return err
	}
	return mw.HTML(w, r, mw.StatusOf(err), enterPage(p))
}

// askEnter shows the button.
func (s *Site) askEnter(w http.ResponseWriter, r *http.Request, _ account.Member) error {
	p, err := s.entering(r)
	if err != nil {
		return err
	}
	if p.Member, err = s.Members.Linked(r.Context(), p.Token, s.cookieOf(r, browserCookie)); err != nil {
		return s.noEntry(w, r, p, err)
	}
	return mw.HTML(w, r, http.StatusOK, enterPage(p))
}

// enter signs the member in. A session that the browser had before ends.
func (s *Site) enter(w http.ResponseWriter, r *http.Request, _ account.Member) error {
	p, err := s.entering(r)
	if err != nil {
		return err
	}
	session, _, err := s.Members.SignIn(r.Context(), p.Token, s.cookieOf(r, browserCookie))
	if err != nil {
		return s.noEntry(w, r, p, err)
	}
	if err := s.endSession(r); err != nil {
		return err
	}
	s.give(w, sessionCookie, session, account.SessionFor)
	s.give(w, browserCookie, "", 0)
	s.goBack(w, r, p.Staff)
	return nil
}

// endSession ends the session that the browser has.
func (s *Site) endSession(r *http.Request) error {
	token := s.cookieOf(r, sessionCookie)
	if token == "" {
		return nil
	}
	return s.Members.SignOut(r.Context(), token)
}

// signOut ends the session of the browser.
func (s *Site) signOut(w http.ResponseWriter, r *http.Request, m account.Member) error {
	if err := s.endSession(r); err != nil {
		return err
	}
	s.give(w, sessionCookie, "", 0)
	http.Redirect(w, r, s.frame(r, m, "").Href("/staff/sign-in"), http.StatusSeeOther)
	return nil
}

// field is that of the address.
func (p SignInPage) field() ui.Field {
	f := ui.Field{Name: "email", Label: p.L.StaffSignInEmail(), Value: p.Typed, Type: "email", Autocomplete: "email", Plain: true, Max: 254}
	if p.Wrong {
		f.Error = p.L.StaffSignInWrong()
	}
	return f
}
