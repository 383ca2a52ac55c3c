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
	if words, ours := reasonNames[said]; ours {
		return words(l), true
	}
	return said, false
}

// reasonNames are the reasons that the program gives by itself: why a letter was put aside,
// why its fate is not known, and why there is no message to its office.
var reasonNames = map[string]func(*locale.Locale) string{
	guard.Trap.Reason():       (*locale.Locale).StaffReasonTrap,
	guard.Network.Reason():    (*locale.Locale).StaffReasonNetwork,
	guard.Mailbox.Reason():    (*locale.Locale).StaffReasonMailbox,
	guard.Household.Reason():  (*locale.Locale).StaffReasonHousehold,
	guard.Office.Reason():     (*locale.Locale).StaffReasonOffice,
	guard.Campaign.Reason():   (*locale.Locale).StaffReasonCampaign,
	guard.SameWords.Reason():  (*locale.Locale).StaffReasonSameWords,
	guard.Names.Reason():      (*locale.Locale).StaffReasonNames,
	guard.Streets.Reason():    (*locale.Locale).StaffReasonStreets,
	guard.Disposable.Reason(): (*locale.Locale).StaffReasonDisposable,
	guard.Unasked.Reason():    (*locale.Locale).StaffReasonUnasked,
	guard.Abroad.Reason():     (*locale.Locale).StaffReasonAbroad,
	letter.CrowdedMailbox:     (*locale.Locale).StaffReasonMailboxPeople,
	letter.OtherHousehold:     (*locale.Locale).StaffReasonMailboxHousehold,
	letter.Doubted:            (*locale.Locale).StaffReasonDisowned,

	letter.CutShort:       (*locale.Locale).StaffReasonCutShort,
	cwc.NoAnswerInTime:    (*locale.Locale).StaffReasonNoAnswer,
	cwc.ClosedUnanswered:  (*locale.Locale).StaffReasonClosed,
	cwc.PageAnswered:      (*locale.Locale).StaffReasonPage,
	cwc.Redirected:        (*locale.Locale).StaffReasonRedirect,
	cwc.RefusalUnreadable: (*locale.Locale).StaffReasonRefusal,
	cwc.AnswerBroken:      (*locale.Locale).StaffReasonBroken,
	cwc.AnswerTooLong:     (*locale.Locale).StaffReasonLong,
	cwc.AnswerUnclear:     (*locale.Locale).StaffReasonUnclear,

	letter.MessageErased:  (*locale.Locale).StaffReasonErased,
	letter.MessagePrinted: (*locale.Locale).StaffReasonPaper,
	letter.MessageByHand:  (*locale.Locale).StaffReasonByHand,
}
