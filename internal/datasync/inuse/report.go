package inuse

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/franklin-letters/franklin/congress"
)

// Report tells what is in use. It is the stable JSON of `franklin data status --json`.
type Report struct {
	At         time.Time        `json:"at"`
	Folder     string           `json:"folder"`
	Lines      Part             `json:"lines"`
	Congresses []CongressReport `json:"congresses"`
	LinesEnd   time.Time        `json:"lines_end"` // from then on no loaded lines are in force
	Streets    []StreetReport   `json:"streets"`
	Roster     RosterReport     `json:"roster"`
	Alarms     []Alarm          `json:"alarms"`
}

// CongressReport tells of the lines of one Congress.
type CongressReport struct {
	Congress congress.Number  `json:"congress"`
	From     time.Time        `json:"from"`
	To       time.Time        `json:"to"`
	Editions []string         `json:"editions"` // of the lines, such as "TIGER/Line 2025"
	Exact    []congress.State `json:"exact"`    // at full resolution
	Coarse   []congress.State `json:"coarse"`   // at 1:500,000
	Lacking  []congress.State `json:"lacking"`  // without lines
	Notes    []StateNote      `json:"notes,omitempty"`
	InForce  bool             `json:"in_force"`         // at the moment of the report
	Inherits int              `json:"states_inherited"` // how many states kept the lines of another Congress
}

// StateNote is said of the lines of some states.
type StateNote struct {
	Text   string           `json:"text"`
	States []congress.State `json:"states"`
}

// RosterReport tells of the roster.
type RosterReport struct {
	Part

	Congress congress.Number `json:"congress"`
	AsOf     string          `json:"as_of"`
	AgeDays  int             `json:"age_days"`
}

// Report describes the data at a moment.
func (d *Data) Report(folder string, at time.Time) Report {
	r := Report{At: at.UTC(), Folder: folder, Lines: d.Lines, Alarms: d.Alarms(at)}
	r.LinesEnd, _ = d.LinesEnd(at)
	r.LinesEnd = r.LinesEnd.UTC()
	if r.Alarms == nil {
		r.Alarms = []Alarm{}
	}
	for _, n := range d.congresses() {
		r.Congresses = append(r.Congresses, d.congressReport(n, at))
	}
	r.Streets = d.Streets()
	r.Roster = RosterReport{
		Part: d.People, Congress: d.Roster.Congress(), AsOf: string(d.Roster.AsOf()), AgeDays: int(d.RosterAge(at).Hours() / 24),
	}
	return r
}

func (d *Data) congresses() []congress.Number {
	var all []congress.Number
	for _, p := range d.Districts.Manifest().Plans {
		if !slices.Contains(all, p.Congress) {
			all = append(all, p.Congress)
		}
	}
	slices.Sort(all)
	return all
}

func (d *Data) congressReport(n congress.Number, at time.Time) CongressReport {
	r := CongressReport{
		Congress: n, From: n.Start().UTC(), To: n.End().UTC(), InForce: congress.CongressAt(at) == n,
		Editions: []string{}, Exact: []congress.State{}, Coarse: []congress.State{}, Lacking: congress.States(),
	}
	for _, p := range d.Districts.Manifest().Plans {
		if p.Congress != n {
			continue
		}
		r.Lacking = slices.DeleteFunc(r.Lacking, func(s congress.State) bool { return s == p.State })
		if p.Coarse {
			r.Coarse = append(r.Coarse, p.State)
		} else {
			r.Exact = append(r.Exact, p.State)
		}
		if p.Inherits != 0 {
			r.Inherits++
		}
		if !slices.Contains(r.Editions, p.Lines) {
			r.Editions = append(r.Editions, p.Lines)
		}
		r.note(p.State, p.Note)
	}
	for _, states := range [][]congress.State{r.Exact, r.Coarse} {
		slices.Sort(states)
	}
	slices.Sort(r.Editions)
	return r
}

// note adds what is said of a state's lines to the states of which the same is said.
func (r *CongressReport) note(state congress.State, text string) {
	if text == "" {
		return
	}
	for i := range r.Notes {
		if r.Notes[i].Text == text {
			r.Notes[i].States = append(r.Notes[i].States, state)
			return
		}
	}
	r.Notes = append(r.Notes, StateNote{Text: text, States: []congress.State{state}})
}

// NeedsAction reports whether an alarm asks for something to be done.
func (r Report) NeedsAction() bool {
	return slices.ContainsFunc(r.Alarms, func(a Alarm) bool { return a.Act })
}

// dayForm is how days are written for people.
const dayForm = "2 January 2006"

// Print writes the report for people.
func (r Report) Print(w io.Writer) {
	fmt.Fprintf(w, "District lines: %s\n", r.Lines)
	for _, c := range r.Congresses {
		fmt.Fprintf(w, "  %s Congress, %s to %s: %s\n", c.Congress, c.From.Format(dayForm), c.To.Format(dayForm), strings.Join(c.Editions, "; "))
		fmt.Fprintf(w, "    exact lines: %s\n", names(c.Exact))
		if c.Inherits > 0 {
			fmt.Fprintf(w, "    of these, %d keep the lines of another Congress\n", c.Inherits)
		}
		if len(c.Coarse) > 0 {
			fmt.Fprintf(w, "    good to about 100 m: %s\n", names(c.Coarse))
		}
		if len(c.Lacking) > 0 {
			fmt.Fprintf(w, "    no lines: %s\n", names(c.Lacking))
		}
		for _, n := range c.Notes {
			fmt.Fprintf(w, "    %s: %s\n", names(n.States), n.Text)
		}
	}
	printStreets(w, r.Streets)
	fmt.Fprintf(w, "Roster: %s\n  %s Congress, as of %s, %d days old\n", r.Roster.Part, r.Roster.Congress, r.Roster.AsOf, r.Roster.AgeDays)
	if len(r.Alarms) == 0 {
		fmt.Fprintln(w, "Nothing needs to be done.")
	}
	for _, a := range r.Alarms {
		word := "Note"
		if a.Act {
			word = "To do"
		}
		fmt.Fprintf(w, "%s: %s\n", word, a)
	}
}

// String says where the part comes from.
func (p Part) String() string {
	switch {
	case p.Synced:
		return "synced at " + p.Set
	case p.Reason != "":
		return "built into the program, because " + p.Reason
	}
	return "built into the program; nothing was synced"
}

// names writes states for people: their codes, or how many when it is nearly all.
func names(states []congress.State) string {
	all := congress.States()
	if len(states) == 0 {
		return "none"
	}
	if len(states) > len(all)-10 {
		var but []string
		for _, s := range all {
			if !slices.Contains(states, s) {
				but = append(but, string(s))
			}
		}
		if len(but) == 0 {
			return fmt.Sprintf("all %d states and territories", len(all))
		}
		return fmt.Sprintf("%d states and territories, all but %s", len(states), strings.Join(but, " "))
	}
	codes := make([]string, len(states))
	for i, s := range states {
		codes[i] = string(s)
	}
	return strings.Join(codes, " ")
}
