package public

import (
	"net/http"
	"net/netip"

	"github.com/franklin-letters/franklin/congress/cwc"
	"github.com/franklin-letters/franklin/internal/campaign"
	"github.com/franklin-letters/franklin/internal/fault"
	"github.com/franklin-letters/franklin/internal/guard"
	"github.com/franklin-letters/franklin/internal/letter"
	"github.com/franklin-letters/franklin/internal/mail"
	"github.com/franklin-letters/franklin/internal/web/mw"
)

// network returns where a request comes from, as far as limits count by it.
func (s *Site) network(r *http.Request) netip.Prefix {
	return guard.NetworkOf(s.Proxies.Client(r))
}

// paced serves a posted form unless its network posts more than people do. Then it has to
// wait, and what was typed comes back.
func (s *Site) paced(serve func(http.ResponseWriter, *http.Request) error) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		wait := s.Guard.Posted(s.network(r), s.Clock())
		if wait == 0 {
			return serve(w, r)
		}
		c, ok, err := s.open(w, r)
		if err != nil || !ok {
			return err
		}
		f, err := decode(r)
		if err != nil {
			return err
		}
		mw.RetryAfter(w, wait)
		return s.formAgain(w, r, c, f, FormFlood, http.StatusTooManyRequests)
	}
}

// guessable serves a page behind a link that cannot be guessed. A network that tries must
// wait.
func (s *Site) guessable(serve func(http.ResponseWriter, *http.Request) error) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		from := s.network(r)
		if wait := s.Guard.Guessing(from, s.Clock()); wait > 0 {
			return fault.Limited(wait, "")
		}
		ended, err := s.Desk.LinkEnded(r.Context(), r.PathValue("token"))
		if err != nil {
			return err
		}
		if ended { // it was a good one, so nobody guesses
			return fault.New(fault.NotFound, "")
		}
		err = s.reached(r)
		if err == nil {
			err = serve(w, r)
		}
		if fault.Is(err, fault.NotFound) {
			s.Guard.Guessed(from, s.Clock())
		}
		return err
	}
}

// reached notes that a mailbox answers when its owner presses a button behind a mailed link.
// Looking is no answer: programs look at each link in a mail.
func (s *Site) reached(r *http.Request) error {
	if r.Method != http.MethodPost {
		return nil
	}
	id, mailed := s.Desk.Keys.ByMail(r.PathValue("token"))
	if !mailed {
		return nil
	}
	return s.Desk.Reached(r.Context(), id)
}

// renew gives a form a fresh key when its own is not one of ours, or too old, and says
// which it was.
func (s *Site) renew(c campaign.Listed, f *Form) guard.Freshness {
	fresh := s.Guard.Form(f.Key, c.ID, s.Clock())
	if !(letter.Form{Key: f.Key}).KeyValid() {
		fresh = guard.Forged
	}
	switch fresh {
	case guard.Forged:
		f.Key = s.Guard.NewKey(c.ID, s.Clock())
	case guard.Stale:
		f.Key = s.Guard.Renew(c.ID, s.Clock())
	case guard.Fresh, guard.Fast:
	}
	return fresh
}

// again answers a form that may be sent, but not with the key that it came with. ok is
// true when there is no such need.
func (s *Site) again(w http.ResponseWriter, r *http.Request, p posted) (ok bool, err error) {
	switch p.fresh {
	case guard.Forged:
		return false, s.formAgain(w, r, p.campaign, p.form, FormUnsigned, http.StatusUnprocessableEntity)
	case guard.Stale:
		return false, s.reviewed(w, r, p, NoticeStale, http.StatusConflict)
	case guard.Fast:
		return false, s.reviewed(w, r, p, NoticeFast, http.StatusConflict)
	case guard.Fresh:
	}
	return true, nil
}

// judge asks the guard about a letter that is about to be taken in.
func (s *Site) judge(r *http.Request, p posted) guard.Verdict {
	_, own := cwc.Texts(p.campaign.Letter.Text, p.clean.Message)
	worked := s.Guard.Worked(p.clean.Key, p.clean.Email, p.form.Work)
	var offices []string
	for _, seat := range p.recipient.Seats() {
		offices = append(offices, seat.OfficeCode())
	}
	return s.Guard.Judge(guard.Attempt{
		Network: s.network(r), Campaign: p.campaign.ID, Offices: offices,
		Person: s.Desk.Keys.Person(p.clean), Mailbox: mail.Mailbox(p.clean.Email),
		First: p.clean.FirstName, Last: p.clean.LastName, Street: p.clean.Address1, ZIP: p.clean.ZIP,
		Country: s.Proxies.Country(r), Words: own, Trap: p.form.Trap.Value != "", Confirm: p.campaign.Confirm && (!p.campaign.Work || !worked), Worked: worked,
	}, s.Clock())
}
