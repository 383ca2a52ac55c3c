package cwc

import "github.com/franklin-letters/franklin/congress"

// Message is one letter from one constituent to one office, version 2.0. Fields hold
// plain text without markup; an empty field is an absent element. Lengths in the comments
// are characters as the House's schema counts them.
type Message struct {
	Delivery    Delivery
	Recipient   Recipient
	Constituent Constituent
	Letter      Letter // the element named Message
}

// Delivery says who carries the letter and for whom.
type Delivery struct {
	ID                  string  // 32 letters and digits, see DeliveryID; the same on every retry
	Date                string  // YYYYMMDD, the day in Washington, see DeliveryDate
	Agent               string  // 4 to 500; must equal the name registered for the key
	AckEmail            string  // where offices' systems report trouble
	Contact             Contact // all three parts required; the name has 6 to 500
	Organization        string  // optional, 6 to 500 (Senate 3 to 500): who runs the campaign
	OrganizationContact Contact // optional, and so is each of its parts; the name has 2 to 500
	OrganizationAbout   string  // optional, 6 to 500
	CampaignID          string  // 2 to 500, the same for every letter of a campaign, see CampaignID
}

// Contact is a person whom an office or the carriers may ask.
type Contact struct {
	Name  string
	Email string
	Phone string // NNN-NNN-NNNN
}

// Recipient names the office.
type Recipient struct {
	Office            string // HAZ04, SAZ01; spelled as the chamber's offices list spells it
	ResponseRequested Flag
	NewsletterOptIn   Flag // Yes only if the person ticked it
}

// Constituent is the person who writes.
type Constituent struct {
	Prefix           string // required; one of Prefixes. Ask the person, never invent it
	FirstName        string // 1 to 500, like the other names and the title
	MiddleName       string
	LastName         string
	Suffix           string
	Title            string
	Organization     string // optional, 3 to 500 (Senate 2 to 500)
	Address1         string // 3 to 500
	Address2         string // optional, 3 to 500 (Senate 2 to 500); Clean folds shorter ones into Address1
	Address3         string // optional, 3 to 500
	City             string // 3 to 500
	State            congress.State
	Zip              string // NNNNN or NNNNN-NNNN
	Phone            string // optional, NNN-NNN-NNNN
	AddressValidated Flag   // Yes only if the address was really checked
	Email            string
	EmailValidated   Flag // Yes only if the person answered from it
}

// Letter is what the office reads. At least one of the two texts is required; Texts
// tells which to send.
type Letter struct {
	Subject               string   // 6 to 500
	Topics                []string // at least one of congress.Topics, in its exact spelling
	Bills                 []congress.Bill
	Stance                Stance
	OrganizationStatement string // 6 to 10,000: the campaign's own unedited words
	ConstituentMessage    string // 6 to 10,000: what the person wrote or changed
	MoreInfo              string // optional: an absolute http or https address
}

// Flag is a yes, a no, or nothing said.
type Flag string

// The values of a Flag. The schema takes small letters too; Parse turns them into capitals.
const (
	Unsaid Flag = ""
	Yes    Flag = "Y"
	No     Flag = "N"
)

// FlagOf returns Yes or No.
func FlagOf(yes bool) Flag {
	if yes {
		return Yes
	}
	return No
}

// Stance says whether the letter supports or opposes its bills. There is no neutral
// value: a neutral letter leaves it out.
type Stance string

// The values of a Stance.
const (
	NoStance Stance = ""
	Pro      Stance = "Pro"
	Con      Stance = "Con"
)

// Prefixes returns the forms of address that both chambers take. The House's schema
// takes any text, the Senate's only these.
func Prefixes() []string { return []string{"Mr.", "Mrs.", "Miss", "Ms.", "Dr."} }

// Texts decides which of a letter's two texts to send. A person who changed nothing
// sends the campaign's statement alone; a person who changed something sends both, so that
// the office can tell the two apart. Differences of white space are no change. Either
// argument may be empty.
func Texts(statement, written string) (organizationStatement, constituentMessage string) {
	s, w := cleanText(statement), cleanText(written)
	switch {
	case w == "" || sameWords(s, w):
		return s, ""
	default:
		return s, w
	}
}
