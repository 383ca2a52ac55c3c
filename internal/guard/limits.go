package guard

import (
	"fmt"
	"maps"
	"slices"
	"time"
)

// Limits are the thresholds of the rules. 0 turns a rule off.
type Limits struct {
	FastestForm time.Duration // a form that comes back sooner gets an extra step
	OldestForm  time.Duration // a form that comes back later gets a fresh key
	Unsigned    bool          // take forms with any key; then neither of the two above counts
	NoTrap      bool          // do not look at the field that people do not see

	Posts           int // forms a minute from one network; more have to wait
	NetworkPeople   int // people an hour from one network
	MailboxLetters  int // letters a day from one mailbox, on all campaigns
	HouseholdPeople int // people a day from one household on one campaign
	OfficeLetters   int // letters an hour to one office
	CampaignLetters int // letters an hour on one campaign
	SameWords       int // people a day with the same words of their own on one campaign
	Recombined      int // from how many different names or streets on a pattern is looked for
	Confirmations   int // mails an hour to mailboxes that have not answered; more are sent later
	WorkBits        int // difficulty of the work of browsers, see Guard.Work; 0 is none
	// Disposable are domains of mailboxes that their owners throw away.
	Disposable []string
}

// Check returns an error for a limit that would never be reached.
func (l Limits) Check() error {
	if l.Recombined > patternSize {
		return fmt.Errorf("recombined names and streets are looked for among the latest %d: a limit of %d is never reached; 0 turns the rule off", patternSize, l.Recombined)
	}
	return nil
}

// heavyNetwork is how many times NetworkPeople make letters wait for a person even after
// their mailboxes were confirmed: somebody with a domain confirms any number of them.
const heavyNetwork = 4

// minOwnWords is from how many letters and digits on equal words are no chance.
const minOwnWords = 40

// Code names a rule, in a letter's reason and in the counts.
type Code string

// The rules.
const (
	Trap       Code = "trap"
	Network    Code = "network"
	Mailbox    Code = "mailbox"
	Household  Code = "household"
	Office     Code = "office"
	Campaign   Code = "campaign"
	SameWords  Code = "same-words"
	Names      Code = "names"
	Streets    Code = "streets"
	Disposable Code = "disposable"
	Unasked    Code = "unasked"
	Abroad     Code = "abroad"
)

// home are the countries, as tables of networks name them, in which the addresses lie of those
// who may write to Congress: the United States and their territories. Whoever is on a journey, or
// serves abroad, may write too: that is for a person to see.
var home = []string{"US", "AS", "GU", "MP", "PR", "UM", "VI"}

// words are the reasons as whoever looks at a letter reads them.
var words = map[Code]string{
	Trap:       "a field that people do not see was filled in, as programs do",
	Network:    "very many people wrote from one network within an hour",
	Mailbox:    "many letters came from one mailbox within a day",
	Household:  "many people wrote from one street address within a day",
	Office:     "very many letters went to one office within an hour",
	Campaign:   "very many letters came on this campaign within an hour",
	SameWords:  "the same own words came under many names within a day",
	Names:      "the names look as if they were put together from a list of first names and one of last names",
	Streets:    "the streets look as if they were put together from a list of numbers and one of names",
	Unasked:    "the campaign wants its letters confirmed by e-mail, but no mail relay is set",
	Abroad:     "the letter came from a network in another country than its address",
	Disposable: "the mailbox is of a kind that is thrown away",
}

// Codes returns all rules.
func Codes() []Code { return slices.Sorted(maps.Keys(words)) }

// Reason returns the code and the words of a rule, as they stand with a letter.
func (c Code) Reason() string { return string(c) + ": " + words[c] }
