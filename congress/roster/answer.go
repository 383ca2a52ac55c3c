package roster

import "github.com/franklin-letters/franklin/congress"

// Status says whether anybody holds a seat.
type Status string

// The two statuses.
const (
	Seated Status = "seated"
	Vacant Status = "vacant"
)

// Answer says who holds one seat, or that nobody does.
type Answer struct {
	Seat   congress.Seat `json:"seat"`
	Role   Role          `json:"role"`
	Status Status        `json:"status"`
	// Member is the holder; the zero Member when the seat is vacant.
	Member Member `json:"member,omitzero"`
	// Since is when the member's term or the vacancy began; empty when that is unknown.
	Since Date `json:"since,omitempty"`
	// AsOf is the day up to which the roster follows the public record.
	AsOf Date `json:"as_of"`
}

// Seated reports whether somebody holds the seat.
func (a Answer) Seated() bool { return a.Status == Seated }

// Name returns the holder with the form of address, "Rep. Jane Doe"; "" when vacant.
func (a Answer) Name() string {
	if !a.Seated() {
		return ""
	}
	return a.Role.Title() + " " + a.Member.Name
}

// Line returns the English line for a card: "Jane Doe (D), Arizona's 4th District", or
// "Vacant, Florida's 20th District".
func (a Answer) Line() string {
	if !a.Seated() {
		return "Vacant, " + Place(a.Seat)
	}
	return a.Member.Name + " (" + a.Member.Party.Letter() + "), " + Place(a.Seat)
}

// PageKind says what a contact page is, so that a link can be named honestly.
type PageKind string

// The kinds of contact page.
const (
	FormPage   PageKind = "form"   // the member's own contact form
	SitePage   PageKind = "site"   // the member's own site
	FinderPage PageKind = "finder" // the chamber's list of members: nothing better is known
)

// PhoneKind says whose phone a number is.
type PhoneKind string

// The kinds of phone number.
const (
	OfficePhone      PhoneKind = "office"      // the member's Washington office
	SwitchboardPhone PhoneKind = "switchboard" // the Capitol's operator, who connects to every office
)

// Where to send people when a member's own page or number is not known: the finders of
// the two chambers and the operator of the Capitol.
const (
	houseFinder  = "https://www.house.gov/representatives/find-your-representative"
	senateFinder = "https://www.senate.gov/senators/senators-contact.htm"
	switchboard  = "202-224-3121"
)

// Contact holds ways to reach an office that work for everybody. Page and Phone are
// never empty; their kinds say when they are fallbacks.
type Contact struct {
	Page      string    `json:"page"`
	PageKind  PageKind  `json:"page_kind"`
	Phone     string    `json:"phone"`
	PhoneKind PhoneKind `json:"phone_kind"`
	// Address is one line, empty when the office has no listed room yet.
	Address string `json:"address,omitempty"`
}

// Contact returns the best known ways to reach the seat's office: contact form before
// own site before the chamber's finder, own phone before the Capitol's operator.
func (a Answer) Contact() Contact {
	c := Contact{Page: houseFinder, PageKind: FinderPage, Phone: switchboard, PhoneKind: SwitchboardPhone, Address: a.Member.Address}
	if a.Seat.Chamber() == congress.Senate {
		c.Page = senateFinder
	}
	switch {
	case a.Member.ContactForm != "":
		c.Page, c.PageKind = a.Member.ContactForm, FormPage
	case a.Member.URL != "":
		c.Page, c.PageKind = a.Member.URL, SitePage
	}
	if a.Member.Phone != "" {
		c.Phone, c.PhoneKind = a.Member.Phone, OfficePhone
	}
	return c
}
