package roster

import "github.com/franklin-letters/franklin/congress"

// Member is a person who holds a seat. Only Bioguide, Name, First, Last, Party, Seat
// and Start are always known; a new member's phone and page are often published weeks
// after the oath, and Answer.Contact has the fallbacks.
type Member struct {
	// Bioguide is the key of the Biographical Directory of Congress: "G000607".
	Bioguide string `json:"bioguide"`
	// Name is the full name as the member's office writes it, or first and last name.
	Name  string        `json:"name"`
	First string        `json:"first"`
	Last  string        `json:"last"`
	Party Party         `json:"party"`
	Seat  congress.Seat `json:"seat"`
	// Start is when the present term began; for a member who came in by a special
	// election or an appointment, the day of the oath.
	Start Date `json:"start"`
	// Appointed is true for a senator named by the governor and not elected.
	Appointed bool `json:"appointed,omitempty"`
	// Phone is the Washington office's, in the form 202-225-1234.
	Phone string `json:"phone,omitempty"`
	// URL is the member's own site; ContactForm is a page with a form, if one is listed.
	URL         string `json:"url,omitempty"`
	ContactForm string `json:"contact_form,omitempty"`
	// Office is the room and building; Address is the whole postal address in one line.
	Office  string `json:"office,omitempty"`
	Address string `json:"address,omitempty"`
}

// Party is the party under which a member sits, in the words of the public record.
type Party string

// The parties of the present members.
const (
	Democrat    Party = "Democrat"
	Republican  Party = "Republican"
	Independent Party = "Independent"
)

// Letter returns the letter printed behind a name: "D", "R", "I"; for any other party
// its first letter.
func (p Party) Letter() string {
	if p == "" {
		return ""
	}
	return string([]rune(string(p))[:1])
}
