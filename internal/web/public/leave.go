package public

import (
	"github.com/franklin-letters/franklin/internal/locale"
	"github.com/franklin-letters/franklin/internal/supporter"
	"github.com/franklin-letters/franklin/internal/web/ui"
)

// LeavePage is behind "unsubscribe" in a mail of a list, at "/leave/{token}". Opening it
// changes nothing. Its address is masked: the mail may have been passed on.
type LeavePage struct {
	ui.Page
	Masked string // "" when the address was forgotten
	List   supporter.List
	Also   []supporter.List // other lists on which the address is
	Done   bool             // they have left the list
	Never  bool             // they want no mail any more
}

func (p LeavePage) title() string {
	switch {
	case p.Never:
		return p.L.LeaveNeverTitle()
	case p.Done:
		return p.L.LeaveDoneTitle()
	}
	return p.L.LeaveTitle()
}

func (p LeavePage) frame() ui.Page { return inside(p.Page, p.title()) }

// lead is the sentence that says what the button does, or did.
func (p LeavePage) lead() string {
	list := listName(p.L, p.List, p.Site.OrgName)
	switch {
	case p.Never:
		return p.L.LeaveNeverDone()
	case p.Done:
		return p.L.LeaveDoneText(list)
	case p.Masked == "":
		return p.L.LeaveText(list)
	}
	return p.L.LeaveTextOf(p.Masked, list)
}

// listName says what a list is about.
func listName(l *locale.Locale, list supporter.List, org string) string {
	switch {
	case list == supporter.Updates:
		return l.LeaveUpdates(org)
	case list.IsOutcome():
		return l.LeaveOutcome()
	}
	return string(list)
}

// JoinPage is behind the link in the mail that asks to confirm a tick, at "/join/{token}".
type JoinPage struct {
	ui.Page
	Masked    string
	Words     string // beside the box
	WordsLang string
	Done      bool
	Gone      bool // it was not confirmed in time, or taken back
}

func (p JoinPage) title() string {
	switch {
	case p.Gone:
		return p.L.JoinGoneTitle()
	case p.Done:
		return p.L.JoinDoneTitle()
	}
	return p.L.JoinTitle()
}

func (p JoinPage) frame() ui.Page { return inside(p.Page, p.title()) }
