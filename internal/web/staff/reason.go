package staff

import (
	"strings"

	"github.com/franklin-letters/franklin/congress/cwc"
	"github.com/franklin-letters/franklin/internal/guard"
	"github.com/franklin-letters/franklin/internal/letter"
	"github.com/franklin-letters/franklin/internal/locale"
)

// reasonWords says in the reader's language for what reason a letter stands where it does. ok
// is false for a reason that is not ours: a person or an office's system said it, and it is
// shown as it was said.
func reasonWords(l *locale.Locale, said string) (text string, ok bool) {
	if said == "" {
		return l.StaffReasonNone(), true
	}
	if status, answered := strings.CutPrefix(said, cwc.Answered); answered {
		return l.StaffReasonAnswered(status), true
	}
	if words, ours := reasonNames(l)[said]; ours {
		return words(), true
	}
	return said, false
}

// reasonNames are the reasons that the program gives by itself: why a letter was put aside,
// why its fate is not known, and why there is no message to its office.
func reasonNames(l *locale.Locale) map[string]func() string {
	return map[string]func() string{
		guard.Trap.Reason():       l.StaffReasonTrap,
		guard.Network.Reason():    l.StaffReasonNetwork,
		guard.Mailbox.Reason():    l.StaffReasonMailbox,
		guard.Household.Reason():  l.StaffReasonHousehold,
		guard.Office.Reason():     l.StaffReasonOffice,
		guard.Campaign.Reason():   l.StaffReasonCampaign,
		guard.SameWords.Reason():  l.StaffReasonSameWords,
		guard.Names.Reason():      l.StaffReasonNames,
		guard.Streets.Reason():    l.StaffReasonStreets,
		guard.Disposable.Reason(): l.StaffReasonDisposable,
		guard.Unasked.Reason():    l.StaffReasonUnasked,
		guard.Abroad.Reason():     l.StaffReasonAbroad,
		letter.CrowdedMailbox:     l.StaffReasonMailboxPeople,
		letter.OtherHousehold:     l.StaffReasonMailboxHousehold,
		letter.Doubted:            l.StaffReasonDisowned,

		letter.CutShort:       l.StaffReasonCutShort,
		cwc.NoAnswerInTime:    l.StaffReasonNoAnswer,
		cwc.ClosedUnanswered:  l.StaffReasonClosed,
		cwc.PageAnswered:      l.StaffReasonPage,
		cwc.Redirected:        l.StaffReasonRedirect,
		cwc.RefusalUnreadable: l.StaffReasonRefusal,
		cwc.AnswerBroken:      l.StaffReasonBroken,
		cwc.AnswerTooLong:     l.StaffReasonLong,
		cwc.AnswerUnclear:     l.StaffReasonUnclear,

		letter.MessageErased:  l.StaffReasonErased,
		letter.MessagePrinted: l.StaffReasonPaper,
		letter.MessageByHand:  l.StaffReasonByHand,
	}
}
