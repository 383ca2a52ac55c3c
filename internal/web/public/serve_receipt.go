package public

import (
	"context"
	"net/http"
	"slices"
	"strings"
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
		if p.Blocked, err = s.Desk.Blocked(r.Context(), string(d.Submission.Email)); err != nil {
			return err
		}
	}
	live, err := s.Campaigns.Live(r.Context(), d.Campaign.Slug)
	if err != nil {
		live = campaign.Listed{Campaign: d.Campaign}
	}
	p.Campaign, p.Share = s.campaign(live, p.L), s.share(live, p.L)
	p.Neutral = live.Neutral
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
	if p.Ask, err = s.ask(r.Context(), d); err != nil {
		return err
	}
	if p.Tell, err = s.tell(r.Context(), d, live.Campaign, p.Mailed); err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, receiptPage(p))
}

// ask says how to speak of the mail that asks whether the offices answered: not where no
// mail leaves, nobody can be reached, or no letter can arrive any more.
func (s *Site) ask(ctx context.Context, d letter.Dossier) (Ask, error) {
	open := slices.ContainsFunc(d.Letters, func(l query.Letter) bool {
		state := letter.State(l.State)
		return state.Counts() || !state.Final()
	})
	if !s.Asks || !open || d.Submission.Email == "" || !d.Submission.DisownedAt.IsZero() {
		return "", nil
	}
	q, err := s.Desk.Question(ctx, d.Submission.ID)
	switch {
	case err != nil:
		return "", err
	case !q.Asked.IsZero():
		return AskAsked, nil
	case !q.Agreed.IsZero():
		return AskAgreed, nil
	}
	return AskOffer, nil
}

// moving reports whether the letter may change by itself while the reader looks on.
func moving(state letter.State, channel string) bool {
	return state == letter.Ready || state == letter.Sending || (state == letter.Waiting && channel != letter.ChannelHandoff && channel != letter.ChannelPrint)
}

func (s *Site) letterReceipt(r *http.Request, d letter.Dossier, l query.Letter) (LetterReceipt, error) {
	seat, err := congress.ParseSeat(l.Seat)
	if err != nil {
		return LetterReceipt{}, err
	}
	one := LetterReceipt{
		ID: l.ID, Member: s.memberAt(seat), State: shownState(l.State, l.Channel), At: l.Since.Time(),
		Subject: string(l.Subject), Text: string(l.Message), Sender: senderLines(d.Submission),
		Name: strings.TrimSpace(string(d.Submission.FirstName + " " + d.Submission.LastName)), City: string(d.Submission.City), ZIP: string(d.Submission.Zip),
		Stopped: l.State == string(letter.Withdrawn) && !d.Submission.DisownedAt.IsZero(),
	}
	if l.Subject != "" && l.Message == "" {
		one.Text = d.Campaign.Letter.Text
	}
	switch letter.State(l.State) { //nolint:exhaustive // the others have nothing to add
	case letter.Accepted, letter.Unknown:
		one.Tracking = l.DeliveryID
	case letter.Refused:
		one.Reasons, one.Tracking = []string{string(l.Reason)}, l.DeliveryID
	case letter.Waiting:
		if one.State == StateWaiting { // ours to try again
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
	last := lastAttempt(history)
	for i, h := range history {
		state := shownState(h.ToState, l.Channel)
		switch {
		case i < last && letter.State(h.ToState) == letter.Waiting: // for the office, whoever carries it by now
			state = StateWaiting
		case h.FromState == h.ToState: // no move
			state = stateDisowned
		case letter.State(h.FromState) == letter.Accepted:
			state, one.SentBack = stateSentBack, true
		}
		one.History = append(one.History, LetterMoment{At: h.At.Time(), State: state})
	}
	return one, nil
}

// lastAttempt returns where in a letter's history the last attempt to send it stands; -1
// when there was none.
func lastAttempt(history []query.LetterHistory) int {
	for i, h := range slices.Backward(history) {
		if letter.State(h.ToState) == letter.Sending {
			return i
		}
	}
	return -1
}

// pause says of a letter in line when its turn comes: not while the channel is paused, and
// at no moment that has passed already.
func (s *Site) pause(r *http.Request, l query.Letter, one *LetterReceipt) error {
	if one.State != StateReady && one.State != StateWaiting {
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
	if paused || one.State != StateReady {
		return nil
	}
	one.InLine, one.Expected, err = s.turn(r.Context(), l)
	return err
}

// longestTurn is how far ahead a turn is told. Beyond it too much can happen.
const longestTurn = 48 * time.Hour

// turn says how many letters are in line with one that is, and by when it goes out at the
// channel's pace. It says nothing while nobody delivers, or the office's system does not
// answer: then nobody knows.
func (s *Site) turn(ctx context.Context, l query.Letter) (inLine int, by time.Time, err error) {
	all, err := s.Desk.Overview(ctx)
	if err != nil {
		return 0, time.Time{}, err
	}
	i := slices.IndexFunc(all, func(o letter.Overview) bool { return o.Channel == l.Channel })
	if i < 0 {
		return 0, time.Time{}, nil
	}
	o := all[i]
	_, down := o.Offices[l.Office]
	if o.Node == "" || o.Breaker != letter.BreakerClosed || down {
		return 0, time.Time{}, nil
	}
	from := s.Clock()
	for _, later := range []time.Time{o.ClosedUntil, l.DueAt.Time()} { // the campaign may spread its letters
		if later.After(from) {
			from = later
		}
	}
	if l.DueAt.Time().After(s.Clock()) {
		o.Waiting = 0 // it is not among them yet
	}
	if o.Pace == 0 || o.Drain > longestTurn {
		return o.Waiting, time.Time{}, nil
	}
	// Up to the next whole minute, because that is how it is told.
	return o.Waiting, from.Add(o.Drain).Truncate(time.Minute).Add(2 * time.Minute), nil
}

// shownState tells waiting for the office from waiting for those who carry the letter.
func shownState(state, channel string) LetterState {
	switch {
	case letter.State(state) != letter.Waiting:
		return LetterState(state)
	case channel == letter.ChannelHandoff:
		return StateHandoff
	case channel == letter.ChannelPrint:
		return StatePaper
	}
	return StateWaiting
}

// senderLines is the block of the writer, as it stands under a letter on paper.
func senderLines(sub query.Submission) []string {
	f := Form{
		Prefix: string(sub.Prefix), FirstName: string(sub.FirstName), LastName: string(sub.LastName),
		Address1: string(sub.Address1), Address2: string(sub.Address2), City: string(sub.City), State: sub.State, ZIP: string(sub.Zip),
	}
	if sub.Address1 == "" { // erased after its time
		return nil
	}
	lines := append([]string{f.fullName()}, f.addressLines()...)
	for _, more := range []string{string(sub.Email), string(sub.Phone)} {
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
