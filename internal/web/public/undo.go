package public

import (
	"slices"

	"github.com/franklin-letters/franklin/internal/letter"
	"github.com/franklin-letters/franklin/internal/web/ui"
)

// UndoPage asks once more before a letter is taken back ("/receipt/{token}/take-back") or
// reported as somebody else's ("/receipt/{token}/not-me").
type UndoPage struct {
	ui.Page
	Campaign Campaign
	Token    string
	NotMe    bool
	Mailed   bool // the link came by mail, so the reader owns the address
	Late     bool // nothing can be taken back any more
	Part     bool // something can, but not all
}

func (p UndoPage) receiptPath() string { return "/receipt/" + p.Token }

func (p UndoPage) path() string {
	if p.NotMe {
		return p.receiptPath() + "/not-me"
	}
	return p.receiptPath() + "/take-back"
}

func (p UndoPage) title() string {
	switch {
	case p.NotMe:
		return p.L.UndoNotMeTitle()
	case p.Late:
		return p.L.UndoLateTitle()
	}
	return p.L.UndoTakeBackTitle()
}

// posted is the page at the address to which its button posts.
func (p UndoPage) posted() ui.Page {
	page := p.Page
	page.Path = p.path()
	return page
}

func (p UndoPage) frame() ui.Page { return inside(p.Page, p.title()) }

// canTakeBack reports whether a letter is still here.
func (p ReceiptPage) canTakeBack() bool {
	return p.Disowned.IsZero() && slices.ContainsFunc(p.Letters, func(l LetterReceipt) bool { return withdrawable(l.State) })
}

// canDisown reports whether there is something to report, or an address to block as well.
func (p ReceiptPage) canDisown() bool {
	return len(p.Letters) > 0 && (p.Disowned.IsZero() || p.Mailed && !p.Blocked)
}

// withdrawable says of a state as pages show it whether its letter can be taken back.
func withdrawable(s LetterState) bool {
	if s == StateHandoff || s == StatePaper {
		s = StateWaiting
	}
	return letter.State(s).Withdrawable()
}
