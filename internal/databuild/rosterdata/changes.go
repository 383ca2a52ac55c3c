package rosterdata

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/roster"
)

var changesHeader = []string{"chamber", "state", "district", "date", "event", "bioguide", "name", "party", "basis"}

// change is one row of the table of changes.
type change struct {
	chamber  congress.Chamber
	state    congress.State
	district uint8
	roster.Change
	party roster.Party
}

// applyChanges lays the table over the member list, row by row. Every row must fit what
// is there: who leaves must be sitting, who arrives needs a vacant seat, and what is
// still vacant must be vacant.
func applyChanges(f *roster.File, table []byte) ([]roster.Change, error) {
	rows, err := csv.NewReader(bytes.NewReader(table)).ReadAll()
	if err != nil {
		return nil, err
	}
	if len(rows) == 0 || !slices.Equal(rows[0], changesHeader) {
		return nil, fmt.Errorf("the columns are not %s", strings.Join(changesHeader, ","))
	}
	applied := make([]roster.Change, 0, len(rows)-1)
	for i, row := range rows[1:] {
		c, err := readChange(row)
		if err == nil {
			err = c.apply(f)
		}
		if err != nil {
			return nil, fmt.Errorf("row %d: %w", i+2, err)
		}
		applied = append(applied, c.Change)
	}
	return applied, nil
}

func readChange(row []string) (*change, error) {
	c := &change{
		chamber: congress.Chamber(row[0]), state: congress.State(row[1]), party: roster.Party(row[7]),
		Change: roster.Change{Date: roster.Date(row[3]), Event: row[4], Bioguide: row[5], Name: row[6], Basis: row[8]},
	}
	if !c.state.Valid() || c.chamber != congress.House && c.chamber != congress.Senate {
		return nil, fmt.Errorf("%q %q is no chamber and state", row[0], row[1])
	}
	if c.chamber == congress.House {
		d, err := strconv.ParseUint(row[2], 10, 8)
		if err != nil {
			return nil, fmt.Errorf("the district %q is no number", row[2])
		}
		c.district = uint8(d)
	}
	if !c.Date.Valid() || c.Basis == "" {
		return nil, errors.New("the date or the basis is missing")
	}
	return c, nil
}

// apply carries out one change and fills in its seat.
func (c *change) apply(f *roster.File) error {
	switch c.Event {
	case "died", "resigned", "expelled":
		return c.leave(f)
	case "sworn in", "appointed":
		return c.arrive(f)
	case "still vacant":
		return c.stayVacant(f)
	default:
		return fmt.Errorf("unknown event %q", c.Event)
	}
}

func (c *change) leave(f *roster.File) error {
	i := slices.IndexFunc(f.Members, func(m roster.Member) bool { return m.Bioguide == c.Bioguide })
	if i < 0 || f.Members[i].Seat.State != c.state || f.Members[i].Seat.Chamber() != c.chamber {
		return fmt.Errorf("%s %s does not sit for %s", c.Bioguide, c.Name, c.state)
	}
	seat := f.Members[i].Seat
	c.Seat = seat.String()
	f.Members = slices.Delete(f.Members, i, i+1)
	f.Vacancies = append(f.Vacancies, roster.Vacancy{Seat: seat, Since: c.Date})
	return nil
}

var (
	phoneInBasis = regexp.MustCompile(`\bphone (\d{3}-\d{3}-\d{4})\b`)
	urlInBasis   = regexp.MustCompile(`\burl (https://[\w.-]+\.gov)\b`)
	sinceInBasis = regexp.MustCompile(`\bsince (\d{4}-\d{2}-\d{2})\b`)
)

func (c *change) arrive(f *roster.File) error {
	seat, err := c.vacantSeat(f)
	if err != nil {
		return err
	}
	first, last := splitName(c.Name)
	f.Members = append(f.Members, roster.Member{
		Bioguide: c.Bioguide, Name: c.Name, First: first, Last: last, Party: c.party, Seat: seat, Start: c.Date,
		Appointed: c.Event == "appointed", Phone: firstGroup(phoneInBasis, c.Basis), URL: firstGroup(urlInBasis, c.Basis),
	})
	f.Vacancies = slices.DeleteFunc(f.Vacancies, func(v roster.Vacancy) bool { return v.Seat == seat })
	return nil
}

func (c *change) stayVacant(f *roster.File) error {
	seat, err := c.vacantSeat(f)
	if err != nil {
		return err
	}
	f.Vacancies = slices.DeleteFunc(f.Vacancies, func(v roster.Vacancy) bool { return v.Seat == seat })
	f.Vacancies = append(f.Vacancies, roster.Vacancy{Seat: seat, Since: roster.Date(firstGroup(sinceInBasis, c.Basis))})
	return nil
}

// vacantSeat finds the one seat a row speaks of that nobody holds. The table gives no
// class for senators, so for them it is the state's only vacant seat.
func (c *change) vacantSeat(f *roster.File) (congress.Seat, error) {
	candidates := []congress.Seat{{State: c.state, District: c.district}}
	if c.chamber == congress.Senate {
		candidates = c.state.SenateSeats()
	}
	candidates = slices.DeleteFunc(candidates, func(s congress.Seat) bool {
		return !s.Valid() || slices.ContainsFunc(f.Members, func(m roster.Member) bool { return m.Seat == s })
	})
	if len(candidates) != 1 {
		return congress.Seat{}, fmt.Errorf("%s %s has %d vacant seats that the row could mean", c.chamber, c.state, len(candidates))
	}
	c.Seat = candidates[0].String()
	return candidates[0], nil
}

func firstGroup(form *regexp.Regexp, text string) string {
	if m := form.FindStringSubmatch(text); m != nil {
		return m[1]
	}
	return ""
}

var suffixes = []string{"Jr.", "Sr.", "II", "III", "IV", "V"}

// splitName takes the first word as the first name and the last one that is no suffix as
// the last name. The table gives only whole names; the member list, once it knows the
// member, replaces both.
func splitName(name string) (first, last string) {
	words := strings.Fields(name)
	for len(words) > 2 && slices.Contains(suffixes, words[len(words)-1]) {
		words = words[:len(words)-1]
	}
	if len(words) < 2 {
		return "", ""
	}
	return words[0], words[len(words)-1]
}
