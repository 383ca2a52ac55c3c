package public

import (
	"net/http"
	"time"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/internal/campaign"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/fault"
	"github.com/franklin-letters/franklin/internal/letter"
)

// refreshSeconds is how often a receipt loads again while something may still happen.
const refreshSeconds = 5

// receipt shows where each letter of a submission stands.
func (s *Site) receipt(w http.ResponseWriter, r *http.Request) error {
	token := r.PathValue("token")
	d, err := s.Desk.Dossier(r.Context(), token)
	if err != nil {
		return err
	}
	p := ReceiptPage{Page: s.frame(r, "/receipt/"+token), Token: token, Sent: d.Submission.CreatedAt.Time(), Joined: d.Submission.Joined, Checked: s.Clock()}
	p.Disowned, p.Mailed = d.Submission.DisownedAt.Time(), s.Desk.Keys.Mailed(token) && d.Submission.Email != ""
	if p.Mailed && !p.Disowned.IsZero() {
		if p.Blocked, err = s.Desk.Blocked(r.Context(), d.Submission.Email); err != nil {
			return err
		}
	}
	live, err := s.Campaigns.Live(r.Context(), d.Campaign.Slug)
	if err != nil {
		live = campaign.Listed{Campaign: d.Campaign}
	}
	p.Campaign, p.Share = s.campaign(live, p.L), s.share(live, p.L)
	words := live.Words(string(p.L.Lang()))
	p.HelpLine, p.ThankYou = words.HelpLine, words.ThankYou
	for _, l := range d.Letters {
		one, err := s.letterReceipt(r, d, l)
		if err != nil {
			return err
		}
		p.Letters = append(p.Letters, one)
		if moving(letter.State(l.State), l.Channel) {
			p.Refresh = refreshSeconds
		}
	}
	return s.render(w, r, http.StatusOK, receiptPage(p))
}

// moving reports whether the letter may change by itself while the reader looks on.
func moving(state letter.State, channel string) bool {
	return state == letter.Ready || state == letter.Sending || (state == letter.Waiting && channel != letter.ChannelHandoff)
}

func (s *Site) letterReceipt(r *http.Request, d letter.Dossier, l query.Letter) (LetterReceipt, error) {
	seat, err := congress.ParseSeat(l.Seat)
	if err != nil {
		return LetterReceipt{}, err
	}
	one := LetterReceipt{
		ID: l.ID, Member: s.memberAt(seat), State: shownState(l.State, l.Channel), At: l.Since.Time(),
		Subject: l.Subject, Text: l.Message, Sender: senderLines(d.Submission),
		Stopped: l.State == string(letter.Withdrawn) && !d.Submission.DisownedAt.IsZero(),
	}
	if l.Subject != "" && l.Message == "" {
		one.Text = d.Campaign.Letter.Text
	}
	switch letter.State(l.State) { //nolint:exhaustive // the others have nothing to add
	case letter.Accepted, letter.Unknown:
		one.Tracking = l.DeliveryID
	case letter.Refused:
		one.Reasons = []string{l.Reason}
	case letter.Waiting:
		if l.Channel != letter.ChannelHandoff {
			one.Next = l.DueAt.Time()
		}
	}
	if err := s.pause(r, l, &one); err != nil {
		return LetterReceipt{}, err
	}
	history, err := s.Desk.History(r.Context(), l.ID)
	if err != nil {
		return LetterReceipt{}, err
	}
	for _, h := range history {
		state := shownState(h.ToState, l.Channel)
		if h.FromState == h.ToState { // no move
			state = stateDisowned
		}
		one.History = append(one.History, LetterMoment{At: h.At.Time(), State: state})
	}
	return one, nil
}

// pause says of a letter in line when its turn comes: not while the channel is paused, and
// at no moment that has passed already.
func (s *Site) pause(r *http.Request, l query.Letter, one *LetterReceipt) error {
	if l.Channel == letter.ChannelHandoff || one.State != StateReady && one.State != StateWaiting {
		return nil
	}
	_, paused, err := letter.PauseOf(r.Context(), s.Desk.DB, l.Channel)
	if err != nil {
		return err
	}
	one.Paused = paused
	if paused || !one.Next.After(s.Clock()) {
		one.Next = time.Time{}
	}
	return nil
}

// shownState tells waiting for the office from waiting for the supporter.
func shownState(state, channel string) LetterState {
	if letter.State(state) == letter.Waiting && channel == letter.ChannelHandoff {
		return StateHandoff
	}
	return LetterState(state)
}

// senderLines is the block of the writer, as it stands under a letter on paper.
func senderLines(sub query.Submission) []string {
	f := Form{
		Prefix: sub.Prefix, FirstName: sub.FirstName, LastName: sub.LastName,
		Address1: sub.Address1, Address2: sub.Address2, City: sub.City, State: sub.State, ZIP: sub.Zip,
	}
	if sub.Address1 == "" { // erased after its time
		return nil
	}
	lines := append([]string{f.fullName()}, f.addressLines()...)
	for _, more := range []string{sub.Email, sub.Phone} {
		if more != "" {
			lines = append(lines, more)
		}
	}
	return lines
}

// handedOver records that the supporter sent a letter themselves.
func (s *Site) handedOver(w http.ResponseWriter, r *http.Request) error {
	token := r.PathValue("token")
	id, ok := s.Desk.Keys.SubmissionOf(token)
	if !ok {
		return fault.New(fault.NotFound, "")
	}
	if err := s.Desk.HandedOver(r.Context(), id, r.PostFormValue("letter")); err != nil {
		return err
	}
	redirect(w, r, s.frame(r, "").Href("/receipt/"+token), http.StatusSeeOther)
	return nil
}

func (s *Site) backToReceipt(w http.ResponseWriter, r *http.Request) error {
	redirect(w, r, "/receipt/"+r.PathValue("token"), http.StatusSeeOther)
	return nil
}

// already answers a person who has written on this campaign before. It shows nothing of
// the first letter: who types a name and an address need not be that person.
func (s *Site) already(w http.ResponseWriter, r *http.Request, p posted) error {
	page := ReceiptPage{Page: s.frameOf(r, "/c/"+p.campaign.Slug, p.campaign), Again: true, Checked: s.Clock()}
	page.Campaign, page.Share = s.campaign(p.campaign, page.L), s.share(p.campaign, page.L)
	return s.render(w, r, http.StatusOK, receiptPage(page))
}
