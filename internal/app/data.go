package app

import (
	"time"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/internal/datasync/inuse"
	"github.com/franklin-letters/franklin/internal/letter"
	"github.com/franklin-letters/franklin/internal/web/ops"
)

// guide finds seats with the lines and the roster in use now.
func (a *App) guide() letter.Guide {
	data := a.data.Data()
	return letter.Guide{Districts: data.Districts, Roster: data.Roster}
}

// dataFacts are the operator's lines about district lines and roster.
func (a *App) dataFacts(now time.Time) []ops.Fact {
	data := a.data.Data()
	lines := ops.Fact{Name: "District lines", Value: "those of the " + congress.CongressAt(now).String() + " Congress, " + data.Lines.String()}
	people := ops.Fact{Name: "Roster", Value: "as of " + string(data.Roster.AsOf()) + ", " + data.People.String()}
	var other []ops.Fact
	for _, alarm := range data.Alarms(now) {
		switch {
		case !alarm.Act:
		case alarm.Code == inuse.AlarmRosterOld:
			people.Value, people.Warn = people.Value+". But "+alarm.String(), true
		case alarm.Code == inuse.AlarmLinesEnded, alarm.Code == inuse.AlarmLinesEndSoon:
			lines.Value, lines.Warn = lines.Value+". But "+alarm.String(), true
		default:
			other = append(other, ops.Fact{Name: "Synced data", Value: alarm.String(), Warn: true})
		}
	}
	return append([]ops.Fact{lines, people}, other...)
}

// dataMetrics lets a monitor see what `franklin data status` would say.
func (a *App) dataMetrics() {
	gauge := func(name, help string, value func(*inuse.Data, time.Time) float64) {
		a.metrics.Gauge(name, help, func() float64 { return value(a.data.Data(), a.options.Clock()) })
	}
	gauge("franklin_roster_age_seconds", "Age of the list of members.", func(d *inuse.Data, now time.Time) float64 {
		return d.RosterAge(now).Seconds()
	})
	gauge("franklin_lines_end_seconds", "Time until the loaded district lines end; zero when none are in force.", func(d *inuse.Data, now time.Time) float64 {
		end, _ := d.LinesEnd(now)
		return end.Sub(now).Seconds()
	})
	gauge("franklin_data_alarms", "Things about district lines and roster that need to be done.", func(d *inuse.Data, now time.Time) float64 {
		n := 0
		for _, alarm := range d.Alarms(now) {
			if alarm.Act {
				n++
			}
		}
		return float64(n)
	})
	gauge("franklin_lines_synced", "1 when synced district lines answer, 0 when the built-in ones do.", func(d *inuse.Data, _ time.Time) float64 {
		if d.Lines.Synced {
			return 1
		}
		return 0
	})
}
