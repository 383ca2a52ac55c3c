package public

import "github.com/franklin-letters/franklin/internal/web/ui"

// MailedPage answers a letter that waits until the owner of the mailbox has confirmed it.
type MailedPage struct {
	ui.Page
	Campaign Campaign
	Member   Member
	Email    string // as it was typed
	Quiet    bool   // whether a letter was taken is said in the mail alone
}

// ConfirmPage is behind the link in the mail that asks to confirm, at "/confirm/{token}".
// It shows nothing that the form's writer chose.
type ConfirmPage struct {
	ui.Page
	Campaign Campaign
	StopPath string
	Done     bool // it was confirmed before
	Gone     bool // it was not confirmed in time, or was taken back
}

// StopPage is where the owner of a mailbox says that they want no mail, at "/stop/{token}".
type StopPage struct {
	ui.Page
	Done     bool
	Back     string // the way that stops nothing
	Confirms bool   // it leads to the page from which the reader came
}

// backWords name the way that stops nothing.
func (p StopPage) backWords() string {
	if p.Confirms {
		return p.L.ConfirmStopKeep()
	}
	return p.L.LayoutHome()
}

func (p MailedPage) title() string {
	if p.Quiet {
		return p.L.ConfirmQuietTitle()
	}
	return p.L.ConfirmTitle()
}

func (p MailedPage) frame() ui.Page { return inside(p.Page, p.title()) }

func (p ConfirmPage) title() string {
	switch {
	case p.Gone:
		return p.L.ConfirmGoneTitle()
	case p.Done:
		return p.L.ConfirmDoneTitle()
	}
	return p.L.ConfirmPageTitle()
}

func (p ConfirmPage) frame() ui.Page { return inside(p.Page, p.title()) }

func (p StopPage) title() string {
	if p.Done {
		return p.L.ConfirmStoppedTitle()
	}
	return p.L.ConfirmStopTitle()
}

func (p StopPage) frame() ui.Page { return inside(p.Page, p.title()) }

// FormNotice is a reason why a form came back that had no mistakes.
type FormNotice string

// The reasons.
const (
	FormUnsigned FormNotice = "unsigned" // its key was missing or not one of ours
	FormFlood    FormNotice = "flood"    // too many came from one network
)

func (p ActionPage) noticeText() string {
	if p.Notice == FormFlood {
		return p.L.ConfirmNoticeFlood()
	}
	return p.L.ConfirmNoticeUnsigned()
}
