package public

import (
	"net/http"

	"github.com/franklin-letters/franklin/internal/campaign"
	"github.com/franklin-letters/franklin/internal/fault"
	"github.com/franklin-letters/franklin/internal/letter"
)

// askTakeBack asks whether the letters that are still here shall stay here.
func (s *Site) askTakeBack(w http.ResponseWriter, r *http.Request) error {
	return s.askUndo(w, r, false)
}

// askNotMe asks whether the letter is really somebody else's.
func (s *Site) askNotMe(w http.ResponseWriter, r *http.Request) error { return s.askUndo(w, r, true) }

func (s *Site) askUndo(w http.ResponseWriter, r *http.Request, notMe bool) error {
	token := r.PathValue("token")
	d, err := s.Desk.Dossier(r.Context(), token)
	if err != nil {
		return err
	}
	here := 0
	for _, l := range d.Letters {
		if letter.State(l.State).Withdrawable() {
			here++
		}
	}
	p := UndoPage{
		Token: token, NotMe: notMe, Mailed: s.Desk.Keys.Mailed(token) && d.Submission.Email != "",
		Late: here == 0, Part: here > 0 && here < len(d.Letters),
	}
	p.Page = s.frame(r, p.path())
	p.Campaign = s.campaign(campaign.Listed{Campaign: d.Campaign}, p.L)
	return s.render(w, r, http.StatusOK, undoPage(p))
}

// takeBack withdraws what has not been sent and shows the receipt, which says what became
// of each letter.
func (s *Site) takeBack(w http.ResponseWriter, r *http.Request) error {
	id, ok := s.Desk.Keys.SubmissionOf(r.PathValue("token"))
	if !ok {
		return fault.New(fault.NotFound, "")
	}
	if _, err := s.Desk.TakeBack(r.Context(), id); err != nil {
		return err
	}
	return s.toReceipt(w, r)
}

// notMe records that the owner of the address did not write the letter.
func (s *Site) notMe(w http.ResponseWriter, r *http.Request) error {
	token := r.PathValue("token")
	id, ok := s.Desk.Keys.SubmissionOf(token)
	if !ok {
		return fault.New(fault.NotFound, "")
	}
	if err := s.Desk.Disown(r.Context(), id, s.Desk.Keys.Mailed(token)); err != nil {
		return err
	}
	return s.toReceipt(w, r)
}

func (s *Site) toReceipt(w http.ResponseWriter, r *http.Request) error {
	redirect(w, r, s.frame(r, "").Href("/receipt/"+r.PathValue("token")), http.StatusSeeOther)
	return nil
}
