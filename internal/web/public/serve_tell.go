package public

import (
	"context"
	"net/http"

	"github.com/franklin-letters/franklin/internal/campaign"
	"github.com/franklin-letters/franklin/internal/fault"
	"github.com/franklin-letters/franklin/internal/letter"
	"github.com/franklin-letters/franklin/internal/supporter"
)

// tell says how to speak of the mail that tells how the campaign ended: only to the owner of
// the mailbox, while there is something to wait for, and not to those on the list, who hear of
// it anyway.
func (s *Site) tell(ctx context.Context, d letter.Dossier, c *campaign.Campaign, mailed bool) (Tell, error) {
	if !mailed || !s.Asks || !c.Mails.Outcome || c.Outcome != nil || !d.Submission.DisownedAt.IsZero() {
		return "", nil
	}
	m, err := s.Desk.People.Membership(ctx, d.Submission.SupporterID)
	switch {
	case err != nil || m.On(supporter.Updates):
		return "", err
	case m.On(supporter.OutcomeOf(d.Submission.CampaignID)):
		return TellAgreed, nil
	}
	return TellOffer, nil
}

// tellEnd records that the owner of the mailbox wants to hear of the end.
func (s *Site) tellEnd(w http.ResponseWriter, r *http.Request) error {
	return s.told(w, r, func(id string) error {
		return s.Desk.TellOutcome(r.Context(), id, string(s.frame(r, "").L.Lang()))
	})
}

// doNotTell takes that back.
func (s *Site) doNotTell(w http.ResponseWriter, r *http.Request) error {
	return s.told(w, r, func(id string) error { return s.Desk.DoNotTell(r.Context(), id) })
}

// told does something for whoever holds a mailed link.
func (s *Site) told(w http.ResponseWriter, r *http.Request, do func(id string) error) error {
	token := r.PathValue("token")
	id, ok := s.Desk.Keys.SubmissionOf(token)
	if !ok || !s.Asks || !s.Desk.Keys.Mailed(token) {
		return fault.New(fault.NotFound, "")
	}
	if err := do(id); err != nil {
		return err
	}
	return s.toReceipt(w, r)
}
