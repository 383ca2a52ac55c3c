package public

import (
	"net/http"

	"github.com/franklin-letters/franklin/internal/campaign"
	"github.com/franklin-letters/franklin/internal/fault"
	"github.com/franklin-letters/franklin/internal/letter"
)

// askAnswer asks whether the offices answered. Programs that look at every link in a mail
// come here too, so opening the page changes nothing.
func (s *Site) askAnswer(w http.ResponseWriter, r *http.Request) error {
	token := r.PathValue("token")
	id, ok := s.Desk.Keys.ToAnswer(token)
	if !ok {
		return fault.New(fault.NotFound, "")
	}
	heard, err := s.Desk.Heard(r.Context(), id)
	if err != nil {
		return err
	}
	p := AnswerPage{Page: s.frame(r, "/answer/"+token), Token: token}
	p.Campaign = s.campaign(campaign.Listed{Campaign: heard.Campaign}, p.L)
	for _, l := range heard.Letters {
		p.Letters = append(p.Letters, AnswerLetter{ID: l.ID, Member: s.memberAt(l.Seat), Answer: l.Answer, At: l.At})
	}
	return s.render(w, r, http.StatusOK, answerPage(p))
}

// answer records what the writer says about one office.
func (s *Site) answer(w http.ResponseWriter, r *http.Request) error {
	token := r.PathValue("token")
	id, ok := s.Desk.Keys.ToAnswer(token)
	if !ok {
		return fault.New(fault.NotFound, "")
	}
	err := s.Desk.Answered(r.Context(), id, r.PostFormValue("letter"), letter.Answer(r.PostFormValue("answer")))
	if err != nil {
		return err
	}
	redirect(w, r, s.frame(r, "").Href("/answer/"+token), http.StatusSeeOther)
	return nil
}

// agreeToAnswer records that the writer wants to be asked.
func (s *Site) agreeToAnswer(w http.ResponseWriter, r *http.Request) error {
	id, ok := s.Desk.Keys.SubmissionOf(r.PathValue("token"))
	if !ok || !s.Asks {
		return fault.New(fault.NotFound, "")
	}
	l := s.frame(r, "").L
	if err := s.Desk.AgreeToAnswer(r.Context(), id, l.ReceiptAskWords(), string(l.Lang())); err != nil {
		return err
	}
	return s.toReceipt(w, r)
}

// doNotAsk takes that back.
func (s *Site) doNotAsk(w http.ResponseWriter, r *http.Request) error {
	id, ok := s.Desk.Keys.SubmissionOf(r.PathValue("token"))
	if !ok {
		return fault.New(fault.NotFound, "")
	}
	if err := s.Desk.DoNotAsk(r.Context(), id); err != nil {
		return err
	}
	return s.toReceipt(w, r)
}

// offices shows what people said about the offices' answers on a campaign.
func (s *Site) offices(w http.ResponseWriter, r *http.Request) error {
	c, ok, err := s.live(w, r)
	if err != nil || !ok {
		return err
	}
	rates, err := letter.Rates(r.Context(), s.Desk.DB, c.ID)
	if err != nil {
		return err
	}
	p := OfficesPage{Page: s.frameOf(r, "/c/"+c.Slug+"/offices", c), Rates: rates}
	p.Campaign = s.campaign(c, p.L)
	p.Canonical, p.Description = s.BaseURL+p.Path, p.L.OfficesAbout()
	w.Header().Set("Cache-Control", "public, max-age=300")
	return s.render(w, r, http.StatusOK, officesPage(p))
}
