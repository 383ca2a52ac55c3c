package public

import (
	"slices"

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
	// Partners are those that get their data, or got them before they took that back.
	Partners []LeavePartner
}

// LeavePartner is a partner of a campaign that somebody let have their data.
type LeavePartner struct {
	List    supporter.List
	Name    string
	Privacy string // address of its privacy policy; "" for none
	Gone    bool   // they took it back
}

// partners returns those that get the data, or those of which that was taken back. The one
// that the page is about has its button above.
func (p LeavePage) partners(gone bool) []LeavePartner {
	var some []LeavePartner
	for _, one := range p.Partners {
		if one.Gone == gone && (gone || one.List != p.List) {
			some = append(some, one)
		}
	}
	return some
}

// about returns the partner that the page is about; "" for a list of our own.
func (p LeavePage) about() string {
	for _, one := range p.Partners {
		if one.List == p.List {
			return one.Name
		}
	}
	return ""
}

// offers reports whether the page has a button for a list.
func (p LeavePage) offers(list supporter.List) bool {
	return slices.Contains(p.Also, list) || slices.ContainsFunc(p.Partners, func(one LeavePartner) bool { return one.List == list })
}

func (p LeavePage) title() string {
	switch {
	case p.Never:
		return p.L.LeaveNeverTitle()
	case p.Done && p.about() != "":
		return p.L.LeavePartnerDoneTitle()
	case p.Done:
		return p.L.LeaveDoneTitle()
	case p.about() != "":
		return p.L.LeavePartnerTitle()
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
	case p.Done && p.about() != "":
		return p.L.LeavePartnerDone(p.about())
	case p.Done:
		return p.L.LeaveDoneText(list)
	case p.about() != "":
		return p.L.LeavePartnerText(p.about())
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
	Masked string
	Ticks  []supporter.WaitingTick // none: they were not confirmed in time, or taken back
	Leave  string                  // where to take back what was agreed to; "" for nowhere
}

// own reports whether the page is about our own list and nothing else.
func (p JoinPage) own() bool { return len(p.Ticks) == 1 && p.Ticks[0].List == supporter.Updates }

func (p JoinPage) title() string {
	switch {
	case len(p.Ticks) == 0:
		return p.L.JoinGoneTitle()
	case !p.own():
		return p.L.JoinBothTitle()
	case p.Ticks[0].Done:
		return p.L.JoinDoneTitle()
	}
	return p.L.JoinTitle()
}

func (p JoinPage) frame() ui.Page { return inside(p.Page, p.title()) }

// next says what the button of a tick does, and button what stands on it.
func (p JoinPage) next(t supporter.WaitingTick) (next, button string) {
	if t.List == supporter.Updates {
		return p.L.JoinNext(), p.L.JoinButton()
	}
	return p.L.JoinPartnerNext(), p.L.JoinPartnerButton()
}
