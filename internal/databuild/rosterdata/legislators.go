package rosterdata

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/roster"
)

// legislator is one record of the member list; fields not named here are ignored.
type legislator struct {
	ID struct {
		Bioguide string `yaml:"bioguide"`
	} `yaml:"id"`
	Name struct {
		First    string `yaml:"first"`
		Last     string `yaml:"last"`
		Suffix   string `yaml:"suffix"`
		Official string `yaml:"official_full"`
	} `yaml:"name"`
	Terms []term `yaml:"terms"`
}

// term is one term of office; the last one of a record is the present one.
type term struct {
	Type        string         `yaml:"type"` // "rep" also for delegates, or "sen"
	Start       roster.Date    `yaml:"start"`
	End         roster.Date    `yaml:"end"`
	How         string         `yaml:"how"`
	State       congress.State `yaml:"state"`
	District    uint8          `yaml:"district"`
	Class       uint8          `yaml:"class"`
	Party       roster.Party   `yaml:"party"`
	URL         string         `yaml:"url"`
	ContactForm string         `yaml:"contact_form"`
	Phone       string         `yaml:"phone"`
	Office      string         `yaml:"office"`
	Address     string         `yaml:"address"`
}

// largestList bounds the unpacked member list; the real one is 1.4 MB.
const largestList = 64 << 20

// readLegislators reads the gzipped member list and the Congress it is for.
func readLegislators(ctx context.Context, data []byte, progress io.Writer) ([]roster.Member, congress.Number, error) {
	list, err := decodeList(ctx, data)
	if err != nil {
		return nil, 0, err
	}
	members := make([]roster.Member, 0, len(list))
	ends := make(map[roster.Date]bool)
	for _, l := range list {
		if len(l.Terms) == 0 {
			return nil, 0, fmt.Errorf("%s has no terms", l.ID.Bioguide)
		}
		now := l.Terms[len(l.Terms)-1]
		m, err := l.member(now, progress)
		if err != nil {
			return nil, 0, err
		}
		members = append(members, m)
		if m.Seat.Chamber() == congress.House && m.Seat.Voting() {
			ends[now.End] = true
		}
	}
	number, err := congressEnding(ends)
	return members, number, err
}

// member turns a record into a member. A link that is no link is left out and told.
func (l legislator) member(now term, progress io.Writer) (roster.Member, error) {
	m := roster.Member{
		Bioguide: l.ID.Bioguide, Name: l.Name.Official, First: l.Name.First, Last: l.Name.Last, Party: now.Party,
		Start: now.Start, Appointed: now.How == "appointment",
		Phone: now.Phone, URL: now.URL, ContactForm: now.ContactForm, Office: now.Office, Address: now.Address,
	}
	// The newest members have no full name yet.
	if m.Name == "" {
		m.Name = l.Name.First + " " + l.Name.Last
		if l.Name.Suffix != "" {
			m.Name += " " + l.Name.Suffix
		}
	}
	switch now.Type {
	case "rep":
		m.Seat = congress.Seat{State: now.State, District: now.District}
	case "sen":
		m.Seat = congress.Seat{State: now.State, Class: now.Class}
	default:
		return roster.Member{}, fmt.Errorf("%s: the last term is of type %q", m.Bioguide, now.Type)
	}
	for _, link := range []*string{&m.URL, &m.ContactForm} {
		if *link != "" && !roster.IsOfficialLink(*link) {
			fmt.Fprintf(progress, "%s %s: left out the link %q, which is not a web address under .gov\n", m.Seat, m.Bioguide, *link)
			*link = ""
		}
	}
	if m.Seat.Class == 0 && now.Type == "sen" {
		return roster.Member{}, fmt.Errorf("%s: a senator without a class", m.Bioguide)
	}
	return m, nil
}

// congressEnding finds the Congress of the list: the terms of all voting members of the
// House end with it. Senators' and delegates' dates say nothing about it.
func congressEnding(ends map[roster.Date]bool) (congress.Number, error) {
	if len(ends) != 1 {
		return 0, fmt.Errorf("the terms of the House end on %d different days", len(ends))
	}
	var last roster.Date
	for end := range ends {
		last = cmp.Or(last, end)
	}
	t, ok := last.Time()
	if !ok {
		return 0, errors.New("the terms of the House have no end")
	}
	return congress.CongressAt(t.Add(-24 * time.Hour)), nil
}
