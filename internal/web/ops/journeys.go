package ops

import (
	"strings"
	"time"

	"github.com/franklin-letters/franklin/internal/journey"
)

// journeyRow is how mails that follow by themselves stand, in words.
type journeyRow struct {
	journey.Line

	Stopped bool
	Since   string // since or until when the first of them waits
	Reasons string
	Command string // what to do; "" for nothing
}

// journeyRows puts lines into words.
func journeyRows(lines []journey.Line, now time.Time) []journeyRow {
	rows := make([]journeyRow, len(lines))
	for i, l := range lines {
		r := journeyRow{Line: l, Stopped: !l.Paused.IsZero(), Reasons: strings.Join(l.Why, "; ")}
		switch {
		case l.Waiting == 0:
		case l.Due.After(now):
			r.Since = "again at " + l.Due.UTC().Format(moment)
		default:
			r.Since = age(now.Sub(l.Due))
		}
		name := string(l.Journey) + " " + l.Campaign
		switch {
		case r.Stopped:
			r.Command = "franklin journey resume " + name
		case l.People > 0:
			r.Command = "franklin journey pause " + name + ` --why "..."`
		}
		rows[i] = r
	}
	return rows
}
