package public

import (
	"time"

	"github.com/a-h/templ"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/internal/locale"
)

// Campaign is what pages tell about a campaign. Its texts are the organisation's own and
// are shown as they are; Lang is the language they are written in, and LetterLang that of the
// letter, which is not translated.
type Campaign struct {
	Slug        string
	Title       string
	Bill        string // "H.R. 2172"; "" when the campaign names no bill
	BillTitle   string // "Closing the Law Enforcement Consent Loophole Act"
	Stance      Stance
	Lang        locale.Lang
	LetterLang  locale.Lang
	Summary     string          // one or two sentences, plain text
	Body        templ.Component // sanitised HTML
	ContentNote string          // gentle note about hard subjects; "" for none
	JoinWords   string          // exact words beside the box that joins the list; "" leaves out the box
	Partners    []Partner       // whose boxes stand below that one
	Progress    Progress
	Work        bool // browsers do a proof of work, or mailboxes are asked
	Senators    bool // letters also go to the two senators
}

// Partner is an organisation that sponsors a campaign too.
type Partner struct {
	Key     string
	Name    string
	Privacy string // address of its privacy policy; "" for none
	Words   string // exact words beside its box
	Lang    string // in which the words are
}

// Stance is what the campaign wants for its bill.
type Stance string

// The stances; the empty one says nothing about it.
const (
	Support Stance = "pro"
	Oppose  Stance = "con"
)

// Path is the address of the campaign's page on this site.
func (c Campaign) Path() string { return "/c/" + c.Slug }

// Progress counts letters that were accepted or handed over.
type Progress struct {
	Letters int
	Goal    int // 0 when the campaign shows no goal
}

// Member is the holder of a seat, or an empty seat.
type Member struct {
	Seat    congress.Seat
	Name    string // "Greg Stanton"; "" when the seat is vacant
	Party   string // as in the roster: "Democrat", "Republican", "Independent"
	Phone   string // "202-225-9888"; "" when not known
	Website string // "" when not known
}

// Title is the name with the short title: "Rep. Greg Stanton".
func (m Member) Title(l *locale.Locale) string {
	return l.Honorific(m.Seat) + " " + m.Name
}

// ShareLink is a plain link that shares a campaign.
type ShareLink struct {
	Label string
	URL   string
	Icon  Icon
}

// Icon names a small picture of the share row.
type Icon string

// The icons. IconLink is for the field with the address itself.
const (
	IconEmail    Icon = "email"
	IconSMS      Icon = "sms"
	IconWhatsApp Icon = "whatsapp"
	IconFacebook Icon = "facebook"
	IconX        Icon = "x"
	IconBluesky  Icon = "bluesky"
	IconMastodon Icon = "mastodon"
	IconTelegram Icon = "telegram"
	IconReddit   Icon = "reddit"
	IconLinkedIn Icon = "linkedin"
)

// Share is the row of share links.
type Share struct {
	Address string // the campaign's address, to copy
	Links   []ShareLink
}

// Basis says how the district was found. The values are those that are stored.
type Basis string

// The bases.
const (
	BasisStreet Basis = "street"
	BasisZIP    Basis = "zip"
	BasisPoint  Basis = "point"
	BasisChoice Basis = "choice"
)

// LetterState is a letter's state as the receipt tells it. The names are those of the
// letter's own states; Handoff is a letter that waits for its writer to deliver it.
type LetterState string

// The states.
const (
	StateUnconfirmed LetterState = "unconfirmed"
	StateFrozen      LetterState = "frozen"
	StateReady       LetterState = "ready"
	StateSending     LetterState = "sending"
	StateAccepted    LetterState = "accepted"
	StateRefused     LetterState = "refused"
	StateUnknown     LetterState = "unknown"
	StateWaiting     LetterState = "waiting"
	StateHandoff     LetterState = "handoff"
	StatePaper       LetterState = "paper" // to be printed and carried by the organisation
	StateHandedOver  LetterState = "handed-over"
	StateWithdrawn   LetterState = "withdrawn"
	StateExpired     LetterState = "expired"
)

// LetterMoment is one line of a letter's history.
type LetterMoment struct {
	At    time.Time
	State LetterState
}
