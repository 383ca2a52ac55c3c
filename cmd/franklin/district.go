package main

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/franklin-letters/franklin/congress/district"
	"github.com/franklin-letters/franklin/congress/roster"
	"github.com/franklin-letters/franklin/internal/datasync/inuse"
)

type districtCommand struct {
	dataFolder `embed:""`

	Addresses []string `arg:"" optional:"" name:"address" help:"Addresses, ZIP codes, or points as latitude,longitude; each in quotes."`
	CSV       string   `help:"Read a table with the columns street,city,state,zip and/or lat,lon, and write it back with the answers; - is standard input." name:"csv" placeholder:"FILE"`
	At        dateFlag `help:"Day or moment to answer for, such as 2026-12-01. Default: now."`
	JSON      bool     `help:"Print JSON, one object an address." name:"json"`
}

// districtAnswer is the stable JSON of `franklin district --json`.
type districtAnswer struct {
	Query  string          `json:"query"`
	Result district.Result `json:"result"`
	Member *roster.Answer  `json:"member,omitempty"`
	Error  string          `json:"error,omitempty"`
}

// finder answers for addresses and points on one day.
type finder struct {
	lines  *district.Locator
	people *roster.Roster
	at     time.Time
}

func newFinder(dir string, at time.Time) (finder, error) {
	data, err := inuse.Open(dir)
	if err != nil {
		return finder{}, err
	}
	return finder{lines: data.Districts, people: data.Roster, at: at}, nil
}

// Run answers for each address. It exits with 1 when an address has no single district.
func (c districtCommand) Run(con console) error {
	f, err := newFinder(c.DataDir, c.At.or(con.now()))
	if err != nil {
		return err
	}
	if c.CSV != "" {
		return c.table(con, f)
	}
	queries := c.queries()
	if len(queries) == 0 {
		return errors.New("name an address such as '31 E 5th St, Tempe, AZ 85281', or use --csv FILE")
	}
	answers, exact := make([]districtAnswer, 0, len(queries)), true
	for _, q := range queries {
		a := f.answer(q)
		exact = exact && a.Result.Unique()
		answers = append(answers, a)
	}
	if c.JSON {
		err = printJSON(con, answers)
	} else {
		for _, a := range answers {
			printDistrict(con, a)
		}
	}
	if err == nil && !exact {
		return exitError{1}
	}
	return err
}

// queries returns the addresses asked for. Words of one address that was typed without
// quotes belong together: only the last of them holds the ZIP code.
func (c districtCommand) queries() []string {
	if len(c.Addresses) > 1 {
		whole := strings.Join(c.Addresses, " ")
		for _, part := range c.Addresses[:len(c.Addresses)-1] {
			if _, _, point := parsePoint(part); point || endingZIP.MatchString(part) {
				return c.Addresses
			}
		}
		return []string{whole}
	}
	return c.Addresses
}

func (f finder) answer(query string) districtAnswer {
	a := districtAnswer{Query: query}
	var err error
	if lat, lon, ok := parsePoint(query); ok {
		a.Result, err = f.lines.ByPoint(lat, lon, 0, f.at)
	} else {
		a.Result, err = f.lines.ByAddress(parseAddress(query), f.at)
	}
	if err == nil && a.Result.Unique() {
		var m roster.Answer
		if m, err = f.people.Holder(a.Result.Seat, f.at); err == nil {
			a.Member = &m
		}
	}
	if err != nil {
		a.Error = err.Error()
	}
	return a
}

func printDistrict(con console, a districtAnswer) {
	con.print("%s\n", a.Query)
	switch {
	case a.Error != "" && !a.Result.Unique():
		con.print("  %s\n", a.Error)
	case a.Result.Unique():
		con.print("  %s, by %s, lines of the %s Congress\n", a.Result.Seat, a.Result.Basis, a.Result.Plan.Congress)
	case a.Result.Split():
		con.print("  one of %s: the ZIP code lies in several districts\n", seatList(a.Result))
	default:
		con.print("  no district: %s\n", a.Result.Class)
	}
	switch {
	case a.Member != nil:
		con.print("  %s\n", a.Member.Line())
	case a.Error != "" && a.Result.Unique():
		con.print("  the member is not known: %s\n", a.Error)
	}
	for _, remark := range remarks(a.Result) {
		con.print("  %s\n", remark)
	}
}

// remarks are the sentences to show with a result: its notes, the next district, and what
// is to be said of the lines.
func remarks(r district.Result) []string {
	var all []string
	for _, n := range r.Notes {
		all = append(all, n.Text())
	}
	if r.Next != nil {
		all = append(all, r.Next.Text())
	}
	if r.Plan.Note != "" {
		all = append(all, "Lines of "+r.Plan.String()+": "+r.Plan.Note)
	}
	return all
}

func seatList(r district.Result) string {
	names := make([]string, len(r.Candidates))
	for i, s := range r.Candidates {
		names[i] = s.String()
	}
	return strings.Join(names, " ")
}

// table opens the input of --csv and streams it through.
func (c districtCommand) table(con console, f finder) error {
	if c.CSV == "-" {
		return f.streamCSV(con.in, con.out)
	}
	file, err := os.Open(c.CSV)
	if err != nil {
		return fmt.Errorf("open the table: %w", err)
	}
	defer func() { _ = file.Close() }()
	return f.streamCSV(file, con.out)
}
