package staff

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/a-h/templ"

	"github.com/franklin-letters/franklin/internal/account"
	"github.com/franklin-letters/franklin/internal/fault"
	"github.com/franklin-letters/franklin/internal/mailing"
	"github.com/franklin-letters/franklin/internal/washington"
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
	CanTest       bool   // mail leaves, and the member may send it to their own address
	Address       string // of the member
	Notice        string // what was just done; "" for nothing
	Refused       string // why what was asked for was not done; "" for nothing
	Missing       string // the move for which a reason is missing; "" for none
}

// to is where the form of a move posts to.
func (p MailingPage) to(do string) templ.SafeURL { return templ.SafeURL(p.path("/" + do)) }

// startWords name the button by the number of people, where it is known.
func (p SendPage) startWords() string {
	if p.Count.Part {
		return p.L.MailingsStartAll()
	}
	return p.L.MailingsStart(int(p.Count.People))
}

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
	p.Title, p.Failed = found.Name, p.Missing != "" || p.Refused != ""
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

// moveMailing does something with a mailing.
func (s *Site) moveMailing(w http.ResponseWriter, r *http.Request, m account.Member) error {
	found, err := s.found(r)
	if err != nil {
		return err
	}
	p, do, why := MailingPage{Staff: s.frame(r, m, "")}, r.PathValue("move"), line(r.PostFormValue("why"))
	if why == "" && (do == doPause || do == doCancel) {
		p.Missing = do
		return s.mailingPage(w, r, m, http.StatusUnprocessableEntity, found, p)
	}
	switch do {
	case doStart, doSchedule:
		return s.sendMailing(w, r, m, found, do)
	case doUnschedule:
		err, p.Notice = s.Mailings.Unschedule(r.Context(), found, m.Who()), p.L.MailingsUnscheduled()
	case doPause:
		err, p.Notice = s.Mailings.Pause(r.Context(), found, m.Who(), why), p.L.MailingsPausedNow()
	case doResume:
		err, p.Notice = s.Mailings.Resume(r.Context(), found, m.Who(), why), p.L.MailingsResumed()
	case doCancel:
		err, p.Notice = s.Mailings.Cancel(r.Context(), found, m.Who(), why), p.L.MailingsCancelledNow()
	default:
		return fault.New(fault.NotFound, "")
	}
	return s.moved(w, r, m, found, p, err)
}

// moved shows the mailing after a move, or why it was refused.
func (s *Site) moved(w http.ResponseWriter, r *http.Request, m account.Member, found mailing.Mailing, p MailingPage, err error) error {
	why := toldWhy(err)
	switch {
	case err == nil:
		return s.mailingPage(w, r, m, http.StatusOK, found, p)
	case why == "":
		return err
	}
	p.Notice, p.Refused = "", why
	return s.mailingPage(w, r, m, mw.StatusOf(err), found, p)
}

// toldWhy is the sentence in which the domain refuses something; "" for any other error.
func toldWhy(err error) string {
	switch fault.KindOf(err) { //nolint:exhaustive // the others are pages of their own
	case fault.Conflict, fault.Invalid, fault.NotFound, fault.RateLimited:
		return fault.Message(err)
	}
	return ""
}

// SendPage asks once more before a mailing leaves, and says to how many.
type SendPage struct {
	ui.Staff
	mailingCard

	Count     counted
	Unfit     string // why it must not leave; "" when it may
	Day, Hour string // as typed
	Wrong     string // what is wrong with them
}

// counted is to how many a mailing would go.
type counted struct {
	mailing.Counted

	Part bool // there are more than were counted in time
}

// countFor is how long a page counts. Whoever has more people than can be counted in it is told
// a part.
const countFor = 8 * time.Second

func (s *Site) count(ctx context.Context, found mailing.Mailing) (c counted, err error) {
	within, cancel := context.WithTimeout(ctx, countFor)
	defer cancel()
	c.Counted, err = s.Mailings.Count(within, found)
	if c.Part = err != nil && within.Err() != nil && ctx.Err() == nil; c.Part {
		return c, nil
	}
	return c, err
}

// nobody reports that it is certain that nobody would get it.
func (c counted) nobody() bool { return c.People == 0 && !c.Part }

func (s *Site) askSendMailing(w http.ResponseWriter, r *http.Request, m account.Member) error {
	found, err := s.found(r)
	if err != nil {
		return err
	}
	return s.sendPage(w, r, m, http.StatusOK, found, SendPage{})
}

func (s *Site) sendPage(w http.ResponseWriter, r *http.Request, m account.Member, status int, found mailing.Mailing, p SendPage) (err error) {
	p.mailingCard = mailingCard{Standing: mailing.Standing{Mailing: found.Mailing}, File: found.File}
	if !p.waits() {
		return s.mailingPage(w, r, m, http.StatusConflict, found, MailingPage{Refused: s.frame(r, m, "").L.MailingsNotNow()})
	}
	p.Staff = s.frame(r, m, p.path("/send"))
	p.Title, p.Failed = p.L.MailingsSendTitle(found.Name), p.Wrong != "" || p.Unfit != ""
	if err := s.Mailings.Ready(r.Context(), found); err != nil {
		if p.Unfit = toldWhy(err); p.Unfit == "" {
			return err
		}
	}
	if p.Count, err = s.count(r.Context(), found); misread(err) != nil {
		return err
	}
	return mw.HTML(w, r, status, sendPage(p))
}

// sendMailing lets a mailing go, now or at a moment, if it is still the one that was looked at.
func (s *Site) sendMailing(w http.ResponseWriter, r *http.Request, m account.Member, found mailing.Mailing, do string) error {
	p := MailingPage{Staff: s.frame(r, m, "")}
	if !seenOf(r).Equal(found.UpdatedAt.Time()) {
		p.Refused = p.L.MailingsChangedMeanwhile(found.Author)
		return s.mailingPage(w, r, m, http.StatusConflict, found, p)
	}
	if do == doStart {
		err := s.Mailings.Start(r.Context(), found, m.Who())
		p.Notice = p.L.MailingsStarted()
		if errors.Is(err, mailing.ErrNobody) {
			p.Notice, p.Refused = "", p.L.MailingsNobody()
			return s.mailingPage(w, r, m, http.StatusConflict, found, p)
		}
		return s.moved(w, r, m, found, p, err)
	}
	ask := SendPage{Day: line(r.PostFormValue("day")), Hour: line(r.PostFormValue("hour"))}
	at, err := time.ParseInLocation("2006-01-02 15:04", ask.Day+" "+ask.Hour, washington.Zone())
	if err != nil {
		ask.Wrong = p.L.MailingsMomentWrong()
		return s.sendPage(w, r, m, http.StatusUnprocessableEntity, found, ask)
	}
	if err = s.Mailings.Schedule(r.Context(), found, at, m.Who()); errors.Is(err, mailing.ErrPast) {
		ask.Wrong = p.L.MailingsMomentPast()
		return s.sendPage(w, r, m, http.StatusUnprocessableEntity, found, ask)
	}
	p.Notice = p.L.MailingsScheduledNow(p.L.Moment(at))
	return s.moved(w, r, m, found, p, err)
}
