package public

import (
	"slices"
	"strings"
	"time"

	"github.com/a-h/templ"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/internal/locale"
)

// reloadSeconds is after how long a browser without scripts loads a moving receipt again.
// It is slow, because a reload takes people who listen to the page back to its start; with
// scripts the page changes in place, as often as the handler says.
const reloadSeconds = 30

func (p ReceiptPage) path() string { return "/receipt/" + p.Token }

// follow tells the script to keep the receipt fresh.
func (p ReceiptPage) follow() templ.Attributes {
	if p.Refresh == 0 {
		return nil
	}
	return templ.Attributes{"data-follow": number(p.Refresh)}
}

// yours reports whether a letter still waits for its writer to send it.
func (p ReceiptPage) yours() bool {
	return slices.ContainsFunc(p.Letters, func(l LetterReceipt) bool { return l.State == StateHandoff })
}

// all reports whether there are letters and each stands in one of the states.
func (p ReceiptPage) all(of ...LetterState) bool {
	return len(p.Letters) > 0 && !slices.ContainsFunc(p.Letters, func(l LetterReceipt) bool { return !slices.Contains(of, l.State) })
}

// ended reports whether no letter arrives any more, nor has arrived as far as we know.
func (p ReceiptPage) ended() bool { return p.all(StateWithdrawn, StateRefused, StateExpired) }

// nothingComes says why letters that ended do not count.
func (p ReceiptPage) nothingComes() string {
	if p.all(StateWithdrawn) {
		return p.L.ReceiptNextWithdrawn(len(p.Letters))
	}
	return p.L.ReceiptNextEnded(len(p.Letters))
}

// headline sums up all letters.
func (p ReceiptPage) headline() string {
	switch {
	case len(p.Letters) == 0:
		return p.L.ReceiptTitleAgain()
	case !p.Disowned.IsZero():
		return p.L.UndoReportedTitle()
	case p.yours():
		return p.L.ReceiptTitleYours()
	case p.all(StateAccepted, StateHandedOver):
		return p.L.ReceiptTitleDone(len(p.Letters))
	case p.all(StateReady, StateSending, StateAccepted, StateHandedOver):
		return p.L.ReceiptTitleWay(len(p.Letters))
	default:
		return p.L.ReceiptTitleMixed(len(p.Letters))
	}
}

// headline says in one line where the letter stands.
func (r LetterReceipt) headline(l *locale.Locale) string {
	if r.State == StateAccepted && r.Member.Seat.Chamber() == congress.Senate {
		return l.StateAcceptedSenate()
	}
	if r.Stopped {
		return l.StateStopped()
	}
	if r.SentBack {
		return l.StateSentBack()
	}
	return stateWords[r.State].headline(l)
}

// explanation says what that means and what the person can do.
func (r LetterReceipt) explanation(l *locale.Locale) string {
	if r.SentBack {
		return l.StateSentBackMore()
	}
	return stateWords[r.State].more(l)
}

// turn says when the turn of a letter in line comes, as far as that is known.
func (r LetterReceipt) turn(l *locale.Locale) []string {
	var lines []string
	switch {
	case r.State != StateReady && r.State != StateWaiting:
		return nil
	case r.Paused:
		return []string{l.StatePaused()}
	case r.State == StateWaiting && !r.Next.IsZero():
		lines = append(lines, l.StateWaitingNext(l.Moment(r.Next)))
	}
	if r.State == StateReady && r.InLine > 0 {
		lines = append(lines, l.StateInLine(r.InLine))
	}
	if !r.Expected.IsZero() {
		lines = append(lines, l.StateExpect(l.Moment(r.Expected)))
	}
	return lines
}

// settled reports whether nothing happens to the letter by itself, so that how it came
// there may stand folded away.
func (r LetterReceipt) settled() bool {
	return r.State == StateAccepted || r.State == StateHandedOver || r.State == StateHandoff || r.State == StateWithdrawn
}

// States that stand in the history only: where the letter was reported and not moved, and
// where it was refused after it had been accepted.
const (
	stateDisowned = "disowned"
	stateSentBack = "sent-back"
)

// logWords is the state as a line of the history.
func logWords(l *locale.Locale, s LetterState) string {
	switch s { //nolint:exhaustive // the others are in the table
	case stateDisowned:
		return l.StateLogDisowned()
	case stateSentBack:
		return l.StateLogSentBack()
	}
	return stateWords[s].log(l)
}

var stateWords = map[LetterState]struct{ headline, more, log say }{
	StateUnconfirmed: {(*locale.Locale).StateUnconfirmed, (*locale.Locale).StateUnconfirmedMore, (*locale.Locale).StateLogUnconfirmed},
	StateFrozen:      {(*locale.Locale).StateFrozen, (*locale.Locale).StateFrozenMore, (*locale.Locale).StateLogFrozen},
	StateReady:       {(*locale.Locale).StateReady, (*locale.Locale).StateReadyMore, (*locale.Locale).StateLogReady},
	StateSending:     {(*locale.Locale).StateSending, (*locale.Locale).StateSendingMore, (*locale.Locale).StateLogSending},
	StateAccepted:    {(*locale.Locale).StateAcceptedHouse, (*locale.Locale).StateAcceptedMore, (*locale.Locale).StateLogAccepted},
	StateRefused:     {(*locale.Locale).StateRefused, (*locale.Locale).StateRefusedMore, (*locale.Locale).StateLogRefused},
	StateUnknown:     {(*locale.Locale).StateUnknown, (*locale.Locale).StateUnknownMore, (*locale.Locale).StateLogUnknown},
	StateWaiting:     {(*locale.Locale).StateWaiting, (*locale.Locale).StateWaitingMore, (*locale.Locale).StateLogWaiting},
	StateHandoff:     {(*locale.Locale).StateHandoff, (*locale.Locale).StateHandoffMore, (*locale.Locale).StateLogHandoff},
	StatePaper:       {(*locale.Locale).StatePaper, (*locale.Locale).StatePaperMore, (*locale.Locale).StateLogPaper},
	StateHandedOver:  {(*locale.Locale).StateHandedOver, (*locale.Locale).StateHandedOverMore, (*locale.Locale).StateLogHandedOver},
	StateWithdrawn:   {(*locale.Locale).StateWithdrawn, (*locale.Locale).StateWithdrawnMore, (*locale.Locale).StateLogWithdrawn},
	StateExpired:     {(*locale.Locale).StateExpired, (*locale.Locale).StateExpiredMore, (*locale.Locale).StateLogExpired},
}

// tone is the class that colours a letter's place: done, failed, yours, or underway.
func (r LetterReceipt) tone() string {
	switch r.State {
	case StateAccepted, StateHandedOver:
		return "done"
	case StateRefused, StateExpired:
		return "failed"
	case StateHandoff, StateUnconfirmed:
		return "yours"
	case StateWithdrawn, StateFrozen, StateReady, StateSending, StateUnknown, StateWaiting, StatePaper:
	}
	return "underway"
}

// needsOffice reports whether the person may want to reach the office by other ways.
func (r LetterReceipt) needsOffice() bool {
	return r.State == StateRefused || r.State == StateExpired
}

// arrived names the moment of a letter that has arrived.
func (r LetterReceipt) arrived(l *locale.Locale) string {
	switch {
	case r.At.IsZero():
		return ""
	case r.State == StateAccepted:
		return l.ReceiptFactAccepted()
	case r.State == StateHandedOver:
		return l.ReceiptFactDelivered()
	}
	return ""
}

// reason is what the office's system said, as one text.
func (r LetterReceipt) reason() string { return strings.TrimSpace(strings.Join(r.Reasons, " ")) }

// whole is the letter as one text, ready to be pasted into an office's form.
func (r LetterReceipt) whole() string {
	if len(r.Sender) == 0 {
		return r.Text
	}
	return r.Text + "\n\n" + strings.Join(r.Sender, "\n")
}

// script is what the writer can say on the phone; "" once the words are erased.
func (r LetterReceipt) script(l *locale.Locale) string {
	if r.Name == "" || r.Subject == "" {
		return ""
	}
	return l.ReceiptScript(r.City, r.Member.Title(l), r.Name, r.Subject, r.ZIP)
}

func (r LetterReceipt) stampDay(l *locale.Locale) string { return l.Stamp(r.At) }

func (r LetterReceipt) stampTime(l *locale.Locale) string { return l.Clock(r.At) }

func machineTime(t time.Time) string { return t.UTC().Format(time.RFC3339) }
