package public

import (
	"time"

	"github.com/a-h/templ"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/internal/web/ui"
)

// ListPage is the list of campaigns at "/".
type ListPage struct {
	ui.Page
	Open   []CampaignCard
	Closed []CampaignCard
}

// CampaignCard is one campaign of the list. Opens is set for a scheduled campaign,
// Closed and Outcome for a finished one.
type CampaignCard struct {
	Campaign Campaign
	Opens    time.Time
	Closed   time.Time
	Outcome  string
}

// ActionPage is a campaign with its form, at "/c/{slug}". It answers GET, the POST that
// brings the typed form back ("change something") and a form with errors.
type ActionPage struct {
	ui.Page
	Campaign Campaign
	Form     Form
	Errors   Errors
	Notice   FormNotice // why the form came back without a mistake; "" for nothing
	Share    Share
	Mails    bool // mail leaves from here
	Draft    bool // only staff sees it; says so on top and has no form
	Opens    time.Time
}

// Preview is the answer of "/c/{slug}/member": who would get the letter, as the form's
// script shows it while the address is typed. All empty when that is not known yet.
type Preview struct {
	Heading string `json:"heading"` // "Rep. Greg Stanton"
	Detail  string `json:"detail"`  // "Democratic Party, Arizona’s 4th District"
}

// Count is the answer of "/c/{slug}/count".
type Count struct {
	Letters int    `json:"letters"`
	Goal    int    `json:"goal"`
	Text    string `json:"text"` // "1,204 of 3,000 letters"
	Help    string `json:"help"` // "Help us reach 3,000 letters."
}

// ChoicePage asks which of two or more members is the person's own, because a ZIP code
// lies in several districts.
type ChoicePage struct {
	ui.Page
	Campaign   Campaign
	Form       Form
	Errors     Errors
	Candidates []Member
	Street     StreetDoubt // why the street did not settle it; "" when none was looked up
	Map        *Map        // nil for none
}

// StreetDoubt is why a street leaves several districts.
type StreetDoubt string

// The doubts.
const (
	StreetSplit     StreetDoubt = "split"     // it lies in several districts, and the number does not tell
	StreetAmbiguous StreetDoubt = "ambiguous" // several streets can be meant
	StreetUnknown   StreetDoubt = "unknown"   // there is none of that name in the ZIP code
)

// Map shows the candidates' districts around a ZIP code. Coordinates are those of
// ViewBox, y pointing down.
type Map struct {
	Width, Height int
	Areas         []MapArea
	Marker        *MapPoint     // the ZIP code's middle; nil for none
	Here          congress.Seat // the district of the marker; zero when it is none of the areas
	ScaleWidth    int           // length of the scale bar in units of the map; 0 for none
	ScaleMiles    string        // what it stands for: "5"
}

// MapArea is a district on the map.
type MapArea struct {
	Seat  congress.Seat
	Path  string   // data of an SVG path
	Label MapPoint // where its number stands
}

// MapPoint is a point of a map.
type MapPoint struct{ X, Y int }

// CannotReason is why a person cannot take part in a campaign.
type CannotReason string

// The reasons.
const (
	CannotDelegate  CannotReason = "delegate"  // DC and the territories: no vote on the floor
	CannotVacant    CannotReason = "vacant"    // nobody holds the seat now
	CannotMilitary  CannotReason = "military"  // APO, FPO or DPO address
	CannotPOBox     CannotReason = "po-box"    // the address names no place
	CannotFreely    CannotReason = "freely"    // Micronesia, the Marshall Islands, Palau
	CannotForeign   CannotReason = "foreign"   // an address outside the United States
	CannotUnknown   CannotReason = "unknown"   // nobody knows the ZIP code
	CannotUncertain CannotReason = "uncertain" // the position is too close to a line to be sure
)

// CannotPage tells kindly why no letter goes out and what the person can still do. It
// keeps the typed form, so that "change my address" leads back to it.
type CannotPage struct {
	ui.Page
	Campaign Campaign
	Form     Form
	Reason   CannotReason
	Seat     congress.Seat // for delegate and vacant
	Delegate *Member       // for delegate; nil when that seat is vacant too
	Senators []Member      // for vacant
	Share    Share
	// JoinAction is where the small form posts that only joins the list (fields email, first_name,
	// join, lang); "" leaves the form out.
	JoinAction string
}

// ReviewPage shows exactly what will be sent, and to whom.
type ReviewPage struct {
	ui.Page
	Campaign   Campaign
	Form       Form
	Recipients []Member // one letter each
	Basis      Basis
	Street     string        // the street under the name it was found by, when that is not the one typed
	Next       *NextDistrict // nil when the district stays or nobody knows
	Edited     bool          // the text differs from the campaign's
	Handoff    bool          // no channel to the office: the person will deliver the letter
	Work       int           // bits of work that the browser shall do, see guard.Work; 0 for none
	Notice     ReviewNotice  // what to know before pressing send; "" for nothing
}

// NextDistrict is where an address will lie when the district lines change.
type NextDistrict struct {
	From time.Time
	Seat congress.Seat // zero when the address may lie in several
}

// ReviewNotice is a reason why the review page came back instead of a receipt.
type ReviewNotice string

// The notices.
const (
	// NoticeOtherPerson says that this form already sent a letter, under another name or address.
	NoticeOtherPerson ReviewNotice = "other-person"
	// NoticeMemberChanged says that the seat has another holder since the page was first shown.
	NoticeMemberChanged ReviewNotice = "member-changed"
	// NoticeBusy says that saving failed and nothing was sent.
	NoticeBusy ReviewNotice = "busy"
	// NoticeFast says that the letter came back sooner than anybody can have read it.
	NoticeFast ReviewNotice = "fast"
	// NoticeStale says that the page had been open for too long.
	NoticeStale ReviewNotice = "stale"
)

// ReceiptPage tells what happened to each letter, at "/receipt/{token}".
type ReceiptPage struct {
	ui.Page
	Campaign Campaign
	Token    string
	Sent     time.Time // when the person pressed send
	Letters  []LetterReceipt
	ThankYou string // the organisation's own words, plain text; "" for none
	Joined   bool   // the person joined the list
	Again    bool   // the person tried a second time; this is the receipt of the first
	Checked  time.Time
	Disowned time.Time // when the owner of the address said that this is not theirs; zero for never
	Mailed   bool      // the link came by mail, so the reader owns the address
	Blocked  bool      // the address takes part no more
	Tell     Tell      // whether the person hears how the campaign ends
	Ask      Ask       // whether the person is asked later if the offices answered
	Share    Share
}

// Tell says how the receipt speaks of the mail that tells how the campaign ends.
type Tell string

// What the receipt says about it; "" leaves it out.
const (
	TellOffer  Tell = "offer"  // the person may ask for it
	TellAgreed Tell = "agreed" // the person has
)

// Ask says how the receipt speaks of the mail that asks whether the offices answered.
type Ask string

// The ways; the empty one is silence.
const (
	AskOffer  Ask = "offer"  // the person may agree to it
	AskAgreed Ask = "agreed" // the person has agreed
	AskAsked  Ask = "asked"  // the mail has gone out
)

// LetterReceipt is one letter and where it stands.
type LetterReceipt struct {
	ID       string // letter id, the value of the button "I have sent it"
	Member   Member
	State    LetterState
	At       time.Time // when it came into State
	Tracking string    // the office system's number; "" for none
	Reasons  []string  // why the office refused, in the office system's words
	Next     time.Time // next attempt of a waiting letter; zero for not known
	InLine   int       // letters in line, this one among them; 0 for not known
	Expected time.Time // by when it is sent, as far as the pace tells; zero for not known
	SentBack bool      // refused after it had been accepted
	Paused   bool      // the operators have stopped its channel
	Stopped  bool      // withdrawn because it was reported as not theirs
	Subject  string    // "" once the text was erased
	Text     string
	Sender   []string // lines of the writer's block, for copying and print
	Name     string   // of the writer, for what to say on the phone; "" once erased
	City     string
	ZIP      string
	History  []LetterMoment
}

// ClosedPage is a finished campaign.
type ClosedPage struct {
	ui.Page
	Campaign   Campaign
	Supporters int
	Closed     time.Time
	Summary    string          // what came of it in a sentence or two, plain text; "" while it is not known
	Rated      bool            // enough people said whether an office answered
	Outcome    templ.Component // the longer account, sanitised HTML; nil for none
	Share      Share
}

// PrivacyPage says what happens to what people type.
type PrivacyPage struct {
	ui.Page
	ScrubDays int // days after the final state when street and text are erased
}

// ErrorPage is every answer that is not a page.
type ErrorPage struct {
	ui.Page
	ui.Fault
}
