package staff

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/franklin-letters/franklin/internal/account"
	"github.com/franklin-letters/franklin/internal/mail"
	"github.com/franklin-letters/franklin/internal/mailing"
	"github.com/franklin-letters/franklin/internal/washington"
	"github.com/franklin-letters/franklin/internal/web/mw"
	"github.com/franklin-letters/franklin/internal/web/ui"
)

// SendPage asks once more before a mailing leaves: it shows what it says, to how many it goes,
// and when it would.
type SendPage struct {
	ui.Staff
	mailingCard

	Message   mail.Message // as a made-up reader gets it
	Shown     string       // the mark of what the page shows
	Changed   bool         // it is not what the member was about to send
	Count     counted
	Unfit     refused // why it must not leave; zero when it may
	Early     bool    // it must not leave now, and may later
	Day, Hour string  // as typed
	Wrong     string  // what is wrong with them
}

// startWords name the button by the number of people, where it is known.
func (p SendPage) startWords() string {
	if p.Count.Part {
		return p.L.MailingsStartAll()
	}
	return p.L.MailingsStart(int(p.Count.People))
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

// sendPage fills in what would leave, and to how many.
func (s *Site) sendPage(w http.ResponseWriter, r *http.Request, m account.Member, status int, found mailing.Mailing, p SendPage) error {
	p.mailingCard = mailingCard{Standing: mailing.Standing{Mailing: found.Mailing}, File: found.File}
	p.Staff = s.frame(r, m, p.path("/send"))
	if !p.waits() {
		return s.mailingPage(w, r, m, http.StatusConflict, found, MailingPage{Refused: refused{Text: p.L.MailingsNotNow()}})
	}
	if err := s.show(r.Context(), found, &p); err != nil {
		return err
	}
	p.Title, p.Failed = p.L.MailingsSendTitle(found.Name), p.Wrong != "" || p.Changed || p.Unfit.told() && !p.Early
	w.Header().Set("Content-Security-Policy", lookPolicy)
	return mw.HTML(w, r, status, sendPage(p))
}

// show fills in the mail and its people; of one that must not leave it may be that they cannot be
// found.
func (s *Site) show(ctx context.Context, found mailing.Mailing, p *SendPage) (err error) {
	if err = s.Mailings.Ready(ctx, found); err != nil {
		p.Early = errors.Is(err, mailing.ErrEarly)
		if p.Unfit = refusalOf(p.L, err); !p.Unfit.told() {
			return err
		}
	}
	if p.Shown, err = s.Mailings.Mark(ctx, found); misread(err) != nil {
		return err
	}
	if p.Message, err = s.Mailings.Preview(ctx, found, mailing.Look{Known: true}, ""); misread(err) != nil {
		return err
	}
	p.Count, err = s.count(ctx, found)
	return misread(err)
}

// startMailing lets a mailing go now.
func (s *Site) startMailing(w http.ResponseWriter, r *http.Request, m account.Member) error {
	found, err := s.foundAsShown(r)
	if err == nil {
		err = s.Mailings.Start(r.Context(), found, m.Who())
	}
	return s.sent(w, r, m, found, s.frame(r, m, "").L.MailingsStarted(), err)
}

// scheduleMailing lets a mailing go at a moment, which is one in Washington.
func (s *Site) scheduleMailing(w http.ResponseWriter, r *http.Request, m account.Member) error {
	found, err := s.foundAsShown(r)
	l := s.frame(r, m, "").L
	if err != nil {
		return s.sent(w, r, m, found, "", err)
	}
	p := SendPage{Day: line(r.PostFormValue("day")), Hour: line(r.PostFormValue("hour"))}
	at, err := time.ParseInLocation("2006-01-02 15:04", p.Day+" "+p.Hour, washington.Zone())
	if err != nil {
		p.Wrong = l.MailingsMomentWrong()
		return s.sendPage(w, r, m, http.StatusUnprocessableEntity, found, p)
	}
	if err = s.Mailings.Schedule(r.Context(), found, at, m.Who()); errors.Is(err, mailing.ErrPast) {
		p.Wrong = l.MailingsMomentPast()
		return s.sendPage(w, r, m, http.StatusUnprocessableEntity, found, p)
	}
	return s.sent(w, r, m, found, l.MailingsScheduledNow(l.Moment(at)), err)
}

// foundAsShown opens a mailing that says what the page showed before its button was pressed;
// otherwise its error is mailing.ErrMoved. The moves of the store look once more, in their
// transaction, whether the text is still that of what is returned.
func (s *Site) foundAsShown(r *http.Request) (mailing.Mailing, error) {
	found, err := s.found(r)
	if err != nil {
		return found, err
	}
	mark, err := s.Mailings.Mark(r.Context(), found)
	if err == nil && mark != r.PostFormValue("shown") {
		err = mailing.ErrMoved
	}
	return found, err
}

// sent tells that a mailing leaves, or why not. What was changed meanwhile is shown to be
// confirmed again.
func (s *Site) sent(w http.ResponseWriter, r *http.Request, m account.Member, found mailing.Mailing, said string, err error) error {
	if found.File == nil {
		return err
	}
	if errors.Is(err, mailing.ErrMoved) {
		if found, err = s.found(r); err != nil {
			return err
		}
		return s.sendPage(w, r, m, http.StatusConflict, found, SendPage{Changed: true})
	}
	return s.moved(w, r, m, found, MailingPage{Notice: said}, err)
}
