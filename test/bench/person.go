package main

import (
	"fmt"
	"net/url"

	"github.com/franklin-letters/franklin/internal/letter"
)

// place is a real city whose ZIP code lies in one district.
type place struct{ street, city, state, zip string }

var places = []place{
	{"350 W 31st St", "New York", "NY", "10001"},
	{"2500 Mission St", "San Francisco", "CA", "94110"},
	{"1400 5th Ave", "Seattle", "WA", "98101"},
	{"300 1st Ave N", "Minneapolis", "MN", "55401"},
	{"1600 Broadway", "Denver", "CO", "80202"},
	{"200 SW 8th St", "Miami", "FL", "33130"},
	{"1500 Market St", "Philadelphia", "PA", "19103"},
	{"700 Market St", "Saint Louis", "MO", "63101"},
	{"100 State St", "Madison", "WI", "53703"},
	{"10 Church St", "Burlington", "VT", "05401"},
}

// person is one supporter that the clients make up.
type person struct {
	key    string
	number string
	place  place
}

// newPerson makes a person whom no other seed, client or number makes.
func newPerson(seed, client, number int) person {
	return person{
		key:    fmt.Sprintf("%08x%08x%016x", seed, client, number),
		number: fmt.Sprintf("%d-%d-%d", seed, client, number),
		place:  places[(client+number)%len(places)],
	}
}

// Text and subject have the length of the sample campaign's. The text differs from it, so
// that the letter's own words are stored with it.
const (
	subject = "Please support H.R. 2172, the Closing the Law Enforcement Consent Loophole Act"
	text    = "I am writing as your constituent to ask you to support H.R. 2172, and I want to tell you why it matters to me.\n\n" +
		"Someone who has been stopped, detained or arrested cannot freely say yes to the officer who holds the keys. Yet in many places an officer " +
		"accused of abuse can still answer that the person in custody consented. People who are being trafficked are especially exposed: they are often " +
		"arrested first and heard last, and an officer who abuses that power teaches them that nobody is coming to help.\n\n" +
		"This bill protects the people they may arrest, and it protects the many officers who do their work with honor. Please cosponsor it, speak for " +
		"it in committee, and vote for it on the floor. I would be glad to hear where you stand.\n"
)

// form is what a browser posts after the review.
func (p person) form() url.Values {
	return url.Values{
		"lang": {"en"}, "key": {p.key}, "prefix": {"Ms."}, "first_name": {"Ada"}, "last_name": {"Sample " + p.number},
		"email": {"ada." + p.number + "@mail.example"}, "phone": {"202-555-0142"},
		"address1": {p.place.street}, "address2": {"Apt 4"}, "city": {p.place.city}, "state": {p.place.state}, "zip": {p.place.zip},
		"subject": {subject}, "message": {text}, "join": {"yes"},
	}
}

// decode reads the form as the desk wants it.
func decode(v url.Values) letter.Form {
	return letter.Form{
		Key: v.Get("key"), Prefix: v.Get("prefix"), FirstName: v.Get("first_name"), LastName: v.Get("last_name"), Email: v.Get("email"),
		Address1: v.Get("address1"), Address2: v.Get("address2"), City: v.Get("city"), State: v.Get("state"), ZIP: v.Get("zip"),
		Phone: v.Get("phone"), Subject: v.Get("subject"), Message: v.Get("message"), Join: v.Get("join") != "",
		District: v.Get("district"), Lang: v.Get("lang"),
	}.Clean()
}
