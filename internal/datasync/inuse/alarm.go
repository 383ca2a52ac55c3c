package inuse

import (
	"fmt"
	"strings"
	"time"

	"github.com/franklin-letters/franklin/congress"
)

// Alarm is something about the data that an operator should know.
type Alarm struct {
	Code    string `json:"code"`
	Text    string `json:"text"`              // one plain sentence
	Command string `json:"command,omitempty"` // what to run
	Act     bool   `json:"act"`               // something must be done; otherwise it is good to know
}

// String returns the sentence and what to run.
func (a Alarm) String() string {
	if a.Command == "" {
		return a.Text
	}
	return a.Text + ". Run: " + a.Command
}

// Codes of the alarms. They are part of the JSON of `franklin data status`.
const (
	AlarmLinesEnded   = "lines-ended"    // no loaded lines are in force
	AlarmLinesEndSoon = "lines-end-soon" // from 60 days before the end, unless the next ones are loaded
	AlarmLinesCoarse  = "lines-coarse"   // states drawn at 1:500,000
	AlarmRosterOld    = "roster-old"     // older than 30 days, or of a past Congress
	AlarmDamaged      = "data-damaged"   // synced data cannot be used
)

// syncCommand is what mends most alarms.
const syncCommand = "franklin data sync"

// notice is how long before the end of the loaded lines the alarm begins.
const notice = 60 * 24 * time.Hour

// Alarms returns what needs a person at the moment, the gravest first.
func (d *Data) Alarms(at time.Time) []Alarm {
	var alarms []Alarm
	add := func(act bool, code, format string, args ...any) {
		alarms = append(alarms, Alarm{Code: code, Text: fmt.Sprintf(format, args...), Command: syncCommand, Act: act})
	}
	end, inForce := d.LinesEnd(at)
	switch {
	case !inForce:
		add(true, AlarmLinesEnded, "no lines are loaded that are in force today in %s", d.lacking(end))
	case end.Sub(at) <= notice:
		add(true, AlarmLinesEndSoon, "the lines of the %s Congress are not loaded for %s, and those in use end on %s (in %d days)",
			congress.CongressAt(end), d.lacking(end), end.Format("2 January 2006"), int(end.Sub(at).Hours()/24))
	}
	if reason, stale := d.Roster.Stale(at); stale {
		add(true, AlarmRosterOld, "%s", reason)
	}
	for _, text := range d.damage() {
		add(true, AlarmDamaged, "%s", text)
	}
	if states := d.coarse(at); len(states) > 0 {
		add(false, AlarmLinesCoarse, "the lines of %s are good to about 100 m only", strings.Join(states, ", "))
	}
	return alarms
}

// LinesEnd returns the moment from which the lines of some state are not known any more,
// and whether all are known at the moment asked about.
func (d *Data) LinesEnd(at time.Time) (end time.Time, inForce bool) {
	for end = at; len(d.Districts.Uncovered(end)) == 0; inForce = true {
		plans, err := d.Districts.Plans(end)
		if err != nil || len(plans) == 0 {
			break
		}
		change := plans[0].To
		for _, p := range plans {
			if p.To.Before(change) {
				change = p.To
			}
		}
		if !change.After(end) {
			break
		}
		end = change
	}
	return end, inForce
}

// RosterAge returns how old the roster is.
func (d *Data) RosterAge(at time.Time) time.Duration {
	day, ok := d.Roster.AsOf().Time()
	if !ok {
		return 0
	}
	return at.Sub(day)
}

// lacking names the states without lines at the moment.
func (d *Data) lacking(at time.Time) string {
	states := d.Districts.Uncovered(at)
	if len(states) == len(congress.States()) {
		return "all states"
	}
	names := make([]string, len(states))
	for i, s := range states {
		names[i] = s.Name()
	}
	return strings.Join(names, ", ")
}

func (d *Data) coarse(at time.Time) []string {
	plans, err := d.Districts.Plans(at)
	if err != nil {
		return nil
	}
	var states []string
	for _, p := range plans {
		if p.Coarse {
			states = append(states, p.State.Name())
		}
	}
	return states
}
