// Package campaign holds campaigns and their life.
//
// A campaign is one demand to Congress: its page, its letter, whom it is meant for, its
// goal, and the dates between which people may take part. An author writes it as one
// file, Markdown under a head of YAML; the database keeps every version of that file,
// and the newest one is the campaign. Nothing about a campaign is stored twice, so what
// an author reads in the file is what the public sees.
package campaign

import (
	"slices"
	"time"

	"github.com/franklin-letters/franklin/congress"
)

// Stance says whether the campaign wants its bill passed or stopped.
type Stance string

// The two stances. Without a bill a campaign has none.
const (
	Pro Stance = "pro"
	Con Stance = "con"
)

// Life is where a campaign stands in its life on a given day.
type Life string

// A campaign is drafted, may wait for its opening day, is open, and is closed, with an
// outcome as soon as the author writes one.
const (
	Draft     Life = "draft"
	Scheduled Life = "scheduled"
	Open      Life = "open"
	Closed    Life = "closed"
)

// Campaign is one version of a campaign as its author wrote it.
type Campaign struct {
	ID      string // UUID, the same for all versions
	Version int64  // 1, 2, ...

	Slug      string   // the last part of the page's address
	Formerly  []string // slugs the page had before, which lead here
	Published bool     // false while it is a draft

	Opens  time.Time // zero: as soon as it is published
	Closes time.Time // zero: when it has an outcome

	Confirm bool // letters wait until the owner of the mailbox has confirmed them
	// Work lets letters go without that whose writers' browsers have done a proof of work.
	Work bool

	Drip Span // the part of the day over which letters are spread; zero: they go at once

	Mails Mails
	// Neutral keeps the subjects and first lines of mails about the campaign from telling what
	// they are about.
	Neutral bool

	Bill      congress.Bill // zero when the demand is not about a bill
	BillTitle string
	Stance    Stance
	Topics    []string // of the Library of Congress, exact spelling
	Targets   []Target
	Channels  []Channel // the ways to an office in the order in which they are tried

	Goal  int   // letters
	Steps []int // smaller goals shown on the way, ascending

	Letter   Letter
	Partners []Partner
	Outcome  *Outcome // nil until the campaign is over

	words map[string]Words // by language; the file's own language is always there
	lang  string           // the file's own language
}

// Letter is the text offered to supporters. Subject and Text are plain text.
type Letter struct {
	Subject string
	Text    string
}

// Mails are the mails that follow by themselves from what people do, or from what happens to
// the campaign.
type Mails struct {
	Welcome  bool // to who joined the list
	Reminder bool // to who did not confirm
	Share    bool // a day after the letter arrived, to those on the list
	Goal     bool // when it is reached, to those on the list who wrote
	Outcome  bool // when it ends, to the same and to those who asked to be told
}

// Outcome tells how a campaign ended.
type Outcome struct {
	Date time.Time
}

// Words are the texts of a campaign's pages in one language.
type Words struct {
	Title          string
	Summary        string // one or two sentences, plain text
	Body           HTML   // the page's text
	ContentNote    string // a gentle warning about what the page speaks of
	HelpLine       string // where to find help
	OptIn          string // the exact words beside the box that joins the mailing list
	ThankYou       string
	ShareText      string
	OutcomeSummary string
	OutcomeBody    HTML
}

// HTML is a fragment that has been through the sanitiser.
type HTML string

// Life returns where the campaign stands at the given moment.
func (c *Campaign) Life(at time.Time) Life {
	switch {
	case !c.Published:
		return Draft
	case c.Outcome != nil, !c.Closes.IsZero() && !at.Before(c.Closes):
		return Closed
	case !c.Opens.IsZero() && at.Before(c.Opens):
		return Scheduled
	default:
		return Open
	}
}

// Words returns the campaign's texts in the language, or in its own where a text has
// not been translated.
func (c *Campaign) Words(lang string) Words {
	own := c.words[c.lang]
	w, ok := c.words[lang]
	if !ok {
		return own
	}
	w.fillFrom(own)
	return w
}

// Language returns the language the file is written in: "en" or "es".
func (c *Campaign) Language() string { return c.lang }

// Speaks reports whether the campaign's page text exists in the language.
func (c *Campaign) Speaks(lang string) bool { _, ok := c.words[lang]; return ok }

// GoalAt returns the goal to show when n letters have been delivered: the first step
// above n, and the final goal when all steps are behind.
func (c *Campaign) GoalAt(n int) int {
	if i := slices.IndexFunc(c.Steps, func(step int) bool { return step > n }); i >= 0 {
		return c.Steps[i]
	}
	return c.Goal
}

func (w *Words) fillFrom(own Words) {
	fill := func(to *string, from string) {
		if *to == "" {
			*to = from
		}
	}
	fill(&w.Title, own.Title)
	fill(&w.Summary, own.Summary)
	fill((*string)(&w.Body), string(own.Body))
	fill(&w.ContentNote, own.ContentNote)
	fill(&w.HelpLine, own.HelpLine)
	fill(&w.OptIn, own.OptIn)
	fill(&w.ThankYou, own.ThankYou)
	fill(&w.ShareText, own.ShareText)
	fill(&w.OutcomeSummary, own.OutcomeSummary)
	fill((*string)(&w.OutcomeBody), string(own.OutcomeBody))
}
