package doctor

import (
	"fmt"
	"time"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/internal/datasync/inuse"
	"github.com/franklin-letters/franklin/internal/obs"
)

// Data says what `franklin data status` says about district lines and roster. Lines that
// are not in force fail, because no letter can be taken in; the rest are warnings.
func Data(data *inuse.Data, now time.Time) []obs.Finding {
	n := congress.CongressAt(now)
	lines := obs.Finding{
		Check: "district lines", Level: obs.OK,
		Detail: fmt.Sprintf("those of the %s Congress, until %s; %s", n, n.End().Format("2 January 2006"), data.Lines),
	}
	people := obs.Finding{Check: "roster", Level: obs.OK, Detail: fmt.Sprintf("as of %s; %s", data.Roster.AsOf(), data.People)}
	var other []obs.Finding
	for _, a := range data.Alarms(now) {
		switch {
		case a.Code == inuse.AlarmLinesEnded:
			lines = alarm(lines.Check, obs.Fail, a)
		case a.Code == inuse.AlarmLinesEndSoon:
			lines = but(lines, a)
		case a.Code == inuse.AlarmRosterOld:
			people = but(people, a)
		case a.Act:
			other = append(other, alarm("district data", obs.Warn, a))
		default:
			other = append(other, obs.Finding{Check: "district data", Level: obs.OK, Detail: a.Text})
		}
	}
	return append([]obs.Finding{lines, people}, other...)
}

func alarm(check string, level obs.Level, a inuse.Alarm) obs.Finding {
	f := obs.Finding{Check: check, Level: level, Detail: a.Text}
	if a.Command != "" {
		f.Do = "Run: " + a.Command
	}
	return f
}

// but adds a warning to what is in use.
func but(f obs.Finding, a inuse.Alarm) obs.Finding {
	warned := alarm(f.Check, obs.Warn, a)
	warned.Detail = f.Detail + ". But " + warned.Detail
	return warned
}
