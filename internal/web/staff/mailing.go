package staff

import (
	"net/http"

	"github.com/a-h/templ"

	"github.com/franklin-letters/franklin/internal/account"
	"github.com/franklin-letters/franklin/internal/mailing"
	"github.com/franklin-letters/franklin/internal/web/mw"
	"github.com/franklin-letters/franklin/internal/web/ui"
)

// MailingPage is one mailing: how it stands, what can be done, and what became of it.
type MailingPage struct {
	ui.Staff
	mailingCard

	First, Second mailing.Tried // how two subjects did
	MayWrite      bool
	MaySend       bool
	CanTest       bool    // mail leaves, and the member may send it to their own address
	Address       string  // of the member
	Notice        string  // what was just done; "" for nothing
	Refused       refused // why what was asked for was not done
	Missing       string  // the move for which a reason is missing; "" for none
}

// to is where the form of a move posts to.
func (p MailingPage) to(do string) templ.SafeURL { return templ.SafeURL(p.path("/" + do)) }

// found opens the mailing that the address names.
func (s *Site) found(r *http.Request) (mailing.Mailing, error) {
	return s.Mailings.Find(r.Context(), line(r.PathValue("mailing")))
}

func (s *Site) mailing(w http.ResponseWriter, r *http.Request, m account.Member) error {
	found, err := s.found(r)
	if err != nil {
		return err
	}
	return s.mailingPage(w, r, m, http.StatusOK, found, MailingPage{})
}

// mailingPage fills in how the mailing stands now.
func (s *Site) mailingPage(w http.ResponseWriter, r *http.Request, m account.Member, status int, found mailing.Mailing, p MailingPage) (err error) {
	if found, err = s.Mailings.Find(r.Context(), found.Name); err != nil {
		return err
	}
	numbers, err := s.Mailings.Numbers(r.Context(), found)
	if err != nil {
		return err
	}
	if p.mailingCard, err = s.mailingCard(r, mailing.Standing{Mailing: found.Mailing, Numbers: numbers}); err != nil {
		return err
	}
	if p.File.Test != nil && p.begun() {
		if p.First, p.Second, err = s.Mailings.Subjects(r.Context(), found); err != nil {
			return err
		}
	}
	p.Staff = s.frame(r, m, p.path(""))
	p.Title, p.Failed = found.Name, p.Missing != "" || p.Refused.told()
	p.MayWrite, p.MaySend, p.Address = m.May(account.WriteMailings), m.May(account.SendMailings), m.Email
	p.CanTest = p.MayWrite && s.Send != nil
	return mw.HTML(w, r, status, mailingPage(p))
}

// may reports whether staff can take the mailing to a state.
func (p MailingPage) may(to mailing.State) bool {
	return p.MaySend && mailing.May(p.state(), to, mailing.ByStaff)
}

// What staff do with a mailing, as the addresses of the forms name it.
const (
	doStart      = "start"
	doSchedule   = "schedule"
	doUnschedule = "unschedule"
	doPause      = "pause"
	doResume     = "resume"
	doCancel     = "cancel"
)

// moveMailing makes the handler of a move that needs no look before it.
func (s *Site) moveMailing(do string) handler {
	return func(w http.ResponseWriter, r *http.Request, m account.Member) error {
		found, err := s.found(r)
		if err != nil {
			return err
		}
		p, why := MailingPage{Staff: s.frame(r, m, "")}, line(r.PostFormValue("why"))
		if why == "" && (do == doPause || do == doCancel) {
			p.Missing = do
			return s.mailingPage(w, r, m, http.StatusUnprocessableEntity, found, p)
		}
		switch do {
		case doUnschedule:
			err, p.Notice = s.Mailings.Unschedule(r.Context(), found, m.Who()), p.L.MailingsUnscheduled()
		case doPause:
			err, p.Notice = s.Mailings.Pause(r.Context(), found, m.Who(), why), p.L.MailingsPausedNow()
		case doResume:
			err, p.Notice = s.Mailings.Resume(r.Context(), found, m.Who(), why), p.L.MailingsResumed()
		case doCancel:
			err, p.Notice = s.Mailings.Cancel(r.Context(), found, m.Who(), why), p.L.MailingsCancelledNow()
		}
		return s.moved(w, r, m, found, p, err)
	}
}

// moved shows the mailing after a move, or why it was refused.
func (s *Site) moved(w http.ResponseWriter, r *http.Request, m account.Member, found mailing.Mailing, p MailingPage, err error) error {
	if err == nil {
		return s.mailingPage(w, r, m, http.StatusOK, found, p)
	}
	why := refusalOf(s.frame(r, m, "").L, err)
	if !why.told() {
		return err
	}
	p.Notice, p.Refused = "", why
	return s.mailingPage(w, r, m, mw.StatusOf(err), found, p)
}
