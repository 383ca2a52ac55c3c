package main

import (
	"fmt"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/internal/datasync/inuse"
)

// data says what `franklin data status` says, in the doctor's words. Lines that are not in
// force are an error, because no letter can be sent; the rest are warnings.
func (c *doctorCommand) data(con console) []finding {
	data, err := inuse.Open(c.DataDir)
	if err != nil {
		return []finding{{"district lines", levelError, err.Error()}}
	}
	now := con.now()
	n := congress.CongressAt(now)
	lines := finding{"district lines", levelOK, fmt.Sprintf("those of the %s Congress, until %s; %s", n, n.End().Format("2 January 2006"), data.Lines)}
	people := finding{"roster", levelOK, fmt.Sprintf("as of %s; %s", data.Roster.AsOf(), data.People)}
	var other []finding
	for _, a := range data.Alarms(now) {
		switch {
		case a.Code == inuse.AlarmLinesEnded:
			lines.Level, lines.Detail = levelError, a.String()
		case a.Code == inuse.AlarmLinesEndSoon:
			lines.Level, lines.Detail = levelWarning, lines.Detail+". But "+a.String()
		case a.Code == inuse.AlarmRosterOld:
			people.Level, people.Detail = levelWarning, a.String()
		case a.Act:
			other = append(other, finding{"district data", levelWarning, a.String()})
		default:
			other = append(other, finding{"district data", levelOK, a.Text})
		}
	}
	return append([]finding{lines, people}, other...)
}
