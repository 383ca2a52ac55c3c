package main

import (
	"errors"
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/franklin-letters/franklin/congress"
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
	ReadAs []string        `json:"read_as,omitempty"` // what was read otherwise than it was typed

	plans []district.Plan // that answered
}

// finder answers for addresses and points on one day.
type finder struct {
	lines  *district.Locator
	people *roster.Roster
	at     time.Time
	plans  map[congress.State]district.Plan // in force at that moment
}

// finder returns what answers from the data. When the lines end soon and the next ones are
// not loaded, standard error says so.
func (c districtCommand) finder(con console, data *inuse.Data) finder {
	f := finder{lines: data.Districts, people: data.Roster, at: c.At.or(con.now()), plans: map[congress.State]district.Plan{}}
	plans, _ := f.lines.Plans(f.at) // where there are none, each answer says why
	for _, p := range plans {
		f.plans[p.State] = p
	}
	for _, alarm := range data.Alarms(f.at) {
		if alarm.Code == inuse.AlarmLinesEndSoon {
			fmt.Fprintf(con.err, "franklin: %s\n", alarm)
		}
	}
	return f
}

// plansOf returns the plans that answered: those of all candidates' states.
func (f finder) plansOf(r district.Result) []district.Plan {
	var plans []district.Plan
	for i, seat := range r.Candidates { // ordered by state
		if i > 0 && seat.State == r.Candidates[i-1].State {
			continue
		}
		if p, ok := f.plans[seat.State]; ok {
			plans = append(plans, p)
		}
	}
	return plans
}

// Run answers for each address. It exits with 1 when an address has no single district.
func (c districtCommand) Run(con console) error {
	if c.CSV != "" && len(c.Addresses) > 0 {
		return errors.New("--csv answers for the rows of its table: ask for addresses without it")
	}
	if c.CSV != "" && c.JSON {
		return errors.New("--csv writes a table: use it without --json")
	}
	data, err := c.open(con)
	if err != nil {
		return err
	}
	f := c.finder(con, data)
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
// quotes belong together: only the last of them holds the ZIP code, or the first one is a
// ZIP code, the last one a state, and none between them ends an address.
func (c districtCommand) queries() []string {
	if len(c.Addresses) < 2 {
		return c.Addresses
	}
	whole := strings.Join(c.Addresses, " ")
	parts := c.Addresses[:len(c.Addresses)-1]
	if _, ok := zipFirst(whole); ok && !strings.ContainsAny(c.Addresses[0], " ,") {
		parts = c.Addresses[1:]
	}
	for _, part := range parts {
		if _, _, point := parsePoint(part); point || endingZIP.MatchString(part) {
			return c.Addresses
		}
	}
	return []string{whole}
}

func (f finder) answer(query string) districtAnswer {
	a := districtAnswer{Query: query}
	var err error
	if lat, lon, ok := parsePoint(query); ok {
		a.Result, err = f.byPoint("", lat, lon)
	} else {
		a.Result, a.ReadAs, err = f.byLine(query)
	}
	a.plans = f.plansOf(a.Result)
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

// byLine answers for an address in one line.
func (f finder) byLine(line string) (r district.Result, readAs []string, err error) {
	address, readAs, err := f.readAddress(line)
	switch {
	case err != nil:
		r.Candidates = []congress.Seat{}
	case address.ZIP == "":
		r, err = f.lines.ByState(address.State, f.at)
	default:
		r, err = f.lines.ByAddress(address, f.at)
	}
	return r, readAs, err
}

// byPoint answers for a point, in a state if one was given. An error says more of a point
// outside than its note does.
func (f finder) byPoint(state congress.State, lat, lon float64) (district.Result, error) {
	r, err := f.lines.ByPointIn(state, lat, lon, 0, f.at)
	if err != nil || len(r.Candidates) > 0 {
		return r, err
	}
	inside := func(lat, lon float64) bool {
		other, err := f.lines.ByPoint(lat, lon, 0, f.at)
		return err == nil && len(other.Candidates) > 0
	}
	tall, wide := math.Abs(lat), math.Abs(lon)
	switch {
	case lat == 0 && lon == 0:
		return r, errors.New("0,0 lies in the Atlantic and often stands for a place that is not known")
	case tall > 90 && wide <= 90, inside(lon, lat):
		return r, errors.New("latitude and longitude may be swapped")
	case !(tall <= 90 && wide <= 180): // also what is no number
		return r, errors.New("a latitude lies between -90 and 90 degrees, a longitude between -180 and 180")
	case inside(lat, -lon):
		return r, errors.New("the minus of a western longitude may be missing")
	}
	return r, nil
}

func printDistrict(con console, a districtAnswer) {
	con.print("%s\n", a.Query)
	switch {
	case a.Error != "" && !a.Result.Unique():
		con.print("  %s\n", a.Error)
	case a.Result.Unique():
		con.print("  %s, by %s, lines of the %s Congress\n", a.Result.Seat, basisOf(a.Result), a.Result.Plan.Congress)
	case a.Result.Split():
		con.print("  one of %s: %s\n", seatList(a.Result), whySplit(a.Result))
	default:
		if why := noDistrict(a.Result); why != "" {
			con.print("  %s\n", why)
		}
	}
	switch {
	case a.Member != nil:
		con.print("  %s\n", a.Member.Line())
	case a.Error != "" && a.Result.Unique():
		con.print("  the member is not known: %s\n", a.Error)
	}
	for _, remark := range slices.Concat(a.ReadAs, noteTexts(a.Result), planNotes(a.plans, anyPlan)) {
		con.print("  %s\n", remark)
	}
}

// basisOf names what told the district: the street as the tables have it, or "zip".
func basisOf(r district.Result) string {
	if r.Basis == district.BasisStreet && r.Street != "" {
		return fmt.Sprintf("%s (%s)", r.Basis, r.Street)
	}
	return string(r.Basis)
}

// whySplit says why several districts remain.
func whySplit(r district.Result) string {
	switch {
	case r.Has(district.NoteStreetSplit):
		return "the street lies in several districts"
	case r.Has(district.NoteStreetAmbiguous):
		return "several streets can be meant"
	case r.Has(district.NoteTooClose):
		return "the point is too close to another district"
	case r.Has(district.NoteZIPUnmapped):
		return "which ZIP codes lie in which district is not known"
	case r.Has(district.NoteOtherZIP):
		return "the street was found in another ZIP code only"
	case r.Has(district.NoteStreetCorrected):
		return "the street was found under another name only"
	}
	return "the ZIP code lies in several districts"
}

// noDistrict says in a sentence why there is none; it is empty when the notes say it.
func noDistrict(r district.Result) string {
	switch r.Class {
	case district.ClassMilitary:
		return "Military mail has no district of its own: give the address of the voting residence (home of record)."
	case district.ClassFreely:
		return "Palau, Micronesia and the Marshall Islands have no seat in Congress: give the address of the voting residence (home of record) in the United States."
	case district.ClassForeign:
		return "An address abroad lies in no district: give the address of the voting residence (home of record) in the United States."
	case district.ClassPOBox:
		return r.ZIP + " is a ZIP code of boxes or one large receiver: give the street address and ZIP code of the home."
	case district.ClassUnknown:
		return r.ZIP + " is in no list of ZIP codes: check it."
	case district.ClassStandard, district.ClassTerritory:
		return "No district is known for the ZIP code " + r.ZIP + "."
	}
	if len(r.Notes) == 0 {
		return "No district was found."
	}
	return ""
}

// planNotes are what is to be said of the lines of some plans.
func planNotes(plans []district.Plan, of func(district.Plan) bool) []string {
	var all []string
	for _, p := range plans {
		if p.Note != "" && of(p) {
			all = append(all, "Lines of "+p.String()+": "+p.Note)
		}
	}
	return all
}

func anyPlan(district.Plan) bool { return true }

// unusual reports whether a table's rows should tell of the plan: lines that are rough, or
// that somebody has put in place of the published ones.
func unusual(p district.Plan) bool { return p.Coarse || p.Overridden }

// noteTexts are the notes and the next district. Where the street may not be the one that
// was typed, the note names it.
func noteTexts(r district.Result) []string {
	var all []string
	for _, n := range r.Notes {
		text := n.Text()
		if r.Street != "" && (n == district.NoteStreetCorrected || n == district.NoteOtherZIP || n == district.NoteNumberRead) {
			text = fmt.Sprintf("%s; found as %q.", strings.TrimSuffix(text, "."), r.Street)
		}
		all = append(all, text)
	}
	if r.Next != nil {
		all = append(all, r.Next.Text())
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
		return f.streamCSV(con.in, con)
	}
	file, err := os.Open(c.CSV)
	if err != nil {
		return fmt.Errorf("open the table: %w", err)
	}
	defer func() { _ = file.Close() }()
	return f.streamCSV(file, con)
}
