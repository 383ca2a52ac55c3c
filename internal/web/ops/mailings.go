package ops

import (
	"strconv"
	"time"

	"github.com/franklin-letters/franklin/internal/mailing"
)

// mailingRow is how a mailing that is not over stands, in words.
type mailingRow struct {
	Name    string
	State   mailing.State
	Paused  bool
	By, Why string // who paused it, and why
	Since   time.Time
	InLine  int64
	Sent    int64
	Command string // what to do
}

// mailingRows puts mailings into words.
func mailingRows(standing []mailing.Standing) []mailingRow {
	rows := make([]mailingRow, len(standing))
	for i, s := range standing {
		number := strconv.FormatInt(s.Number, 10)
		r := mailingRow{
			Name: s.Name, State: mailing.State(s.State), Since: s.UpdatedAt.Time(), InLine: s.Numbers.InLine, Sent: s.Numbers.Sent,
			Command: "franklin mailing pause " + number + ` --why "..."`,
		}
		switch r.State { //nolint:exhaustive // the others can be paused
		case mailing.Paused:
			r.Paused, r.By, r.Why, r.Command = true, s.MovedBy, s.Reason, "franklin mailing resume "+number
		case mailing.Scheduled:
			r.Since, r.Command = s.StartsAt.Time(), "franklin mailing unschedule "+number
		}
		rows[i] = r
	}
	return rows
}
