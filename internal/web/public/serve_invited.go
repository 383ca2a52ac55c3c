package public

import (
	"net/http"

	"github.com/franklin-letters/franklin/internal/campaign"
)

// invited answers who comes by the link of a mailing with the form, and with what little of
// it the link may fill in: the reader need not be the person who got the mail. It returns
// false when there is no such link, or it counts no more; then the page is as for everybody.
func (s *Site) invited(w http.ResponseWriter, r *http.Request, c campaign.Listed) (bool, error) {
	if r.URL.RawQuery == "" || s.Invited == nil || c.Life(s.Clock()) != campaign.Open {
		return false, nil
	}
	token := shortOf(maxVia, r.URL.Query().Get("via"))
	if token == "" {
		return false, nil
	}
	invite, ok, err := s.Invited(r.Context(), token, c.ID)
	if err != nil || !ok {
		return false, err
	}
	s.viewed(r, c, "")
	p := s.actionPage(r, c)
	p.Form = Form{
		FirstName: invite.FirstName, ZIP: invite.ZIP, Subject: c.Letter.Subject, Message: c.Letter.Text,
		Key: s.Guard.NewKey(c.ID, s.Clock()), Via: token, Trap: Trap{Name: trapName},
	}
	p.NoIndex = true
	return true, s.render(w, r, http.StatusOK, actionPage(p))
}

// mailingOf returns the mailing by whose link a form was opened; "" for none. A letter is
// taken in all the same when that cannot be found out.
func (s *Site) mailingOf(r *http.Request, p posted) string {
	if p.form.Via == "" || s.Invited == nil {
		return ""
	}
	invite, ok, err := s.Invited(r.Context(), p.form.Via, p.campaign.ID)
	if err != nil || !ok {
		return ""
	}
	return invite.Mailing
}
