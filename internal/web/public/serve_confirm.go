package public

import (
	"net/http"

	"github.com/franklin-letters/franklin/internal/campaign"
	"github.com/franklin-letters/franklin/internal/fault"
)

// mailed answers a letter that waits for its confirmation. The page is the same whether the
// address is known or not, has written before, or wants no mail: only the mailbox is told.
// It comes a fixed time after the form, so that how long it took tells nothing either. Where
// a campaign does not ask to confirm, quiet answers for who wrote before or wants no mail,
// with a page that does not say which.
func (s *Site) mailed(w http.ResponseWriter, r *http.Request, p posted, quiet bool) error {
	select {
	case <-p.quiet.C:
	case <-r.Context().Done():
		return nil // nobody is left to answer
	}
	page := MailedPage{Page: s.frameOf(r, "/c/"+p.campaign.Slug+"/send", p.campaign), Email: p.form.Email, Quiet: quiet}
	page.Path = "/c/" + p.campaign.Slug
	page.Campaign, page.Member = s.campaign(p.campaign, page.L), memberOf(p.recipient.Office)
	return s.render(w, r, http.StatusOK, mailedPage(page))
}

// askConfirm shows the one button that confirms. Programs that look at every link in a mail
// come here too, so opening the page changes nothing.
func (s *Site) askConfirm(w http.ResponseWriter, r *http.Request) error {
	token := r.PathValue("token")
	id, ok := s.Desk.Keys.ToConfirm(token)
	if !ok {
		return fault.New(fault.NotFound, "")
	}
	pending, err := s.Desk.Pending(r.Context(), id)
	if err != nil {
		return err
	}
	p := ConfirmPage{Page: s.frame(r, "/confirm/"+token), Gone: pending.Gone, Done: !pending.Waiting && !pending.Gone}
	if pending.Email != "" {
		p.StopPath = "/stop/" + s.Desk.Keys.StopToken(id, pending.Email) + "?back=" + token
	}
	p.Campaign = s.campaign(campaign.Listed{Campaign: pending.Campaign}, p.L)
	return s.render(w, r, http.StatusOK, confirmPage(p))
}

// confirm lets the letter go on and leads to its receipt.
func (s *Site) confirm(w http.ResponseWriter, r *http.Request) error {
	token := r.PathValue("token")
	id, ok := s.Desk.Keys.ToConfirm(token)
	if !ok {
		return fault.New(fault.NotFound, "")
	}
	pending, err := s.Desk.Pending(r.Context(), id)
	if err != nil {
		return err
	}
	if pending.Gone {
		redirect(w, r, s.frame(r, "").Href("/confirm/"+token), http.StatusSeeOther)
		return nil
	}
	if err := s.Desk.Confirm(r.Context(), id); err != nil {
		return err
	}
	redirect(w, r, s.frame(r, "").Href("/receipt/"+s.Desk.Keys.MailedToken(id)), http.StatusSeeOther)
	return nil
}

// askStop asks whether the owner of the mailbox really wants no more mail. Who came from
// the page that confirms, and so holds its link, is led back there.
func (s *Site) askStop(w http.ResponseWriter, r *http.Request) error {
	token := r.PathValue("token")
	id, _, ok := s.Desk.Keys.ToStop(token)
	if !ok {
		return fault.New(fault.NotFound, "")
	}
	p := StopPage{Page: s.frame(r, "/stop/"+token), Back: "/"}
	from := r.URL.Query().Get("back")
	if same, ok := s.Desk.Keys.ToConfirm(from); ok && same == id {
		p.Back, p.Confirms = "/confirm/"+from, true
	}
	return s.render(w, r, http.StatusOK, stopPage(p))
}

// stopMail stops the letter, and all mail to the address from now on. Mail programs post
// here by themselves when their reader presses "unsubscribe".
func (s *Site) stopMail(w http.ResponseWriter, r *http.Request) error {
	token := r.PathValue("token")
	id, address, ok := s.Desk.Keys.ToStop(token)
	if !ok {
		return fault.New(fault.NotFound, "")
	}
	if err := s.Desk.Stop(r.Context(), id, address); err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, stopPage(StopPage{Page: s.frame(r, "/stop/"+token), Done: true}))
}
