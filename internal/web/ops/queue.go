package ops

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/franklin-letters/franklin/internal/letter"
)

// What the lists of the page show at most.
const (
	maxRefusals = 20
	refusalsOf  = 7 * 24 * time.Hour
)

// channelCard is how delivery on one channel stands, in words.
type channelCard struct {
	Name    string
	Status  string // open, paused, closed, down, trying
	Good    bool
	Words   string // why it is not open
	Waiting int
	Oldest  string // how long the first letter in line is due
	Drain   string
	Pace    string
	Node    string
	Offices []string // offices that are down, with the time of the next look
	Command string   // what to do
}

// cardOf puts an overview into words.
func cardOf(o letter.Overview, now time.Time) channelCard {
	c := channelCard{
		Name: o.Channel, Waiting: o.Waiting, Node: o.Node, Oldest: "nothing is in line", Drain: "now",
		Pace: "as fast as it can", Command: `franklin queue pause ` + o.Channel + ` --why "..."`,
	}
	if o.Pace > 0 {
		c.Pace = fmt.Sprintf("%g a second at most", o.Pace)
	}
	if o.Waiting > 0 {
		c.Oldest = age(now.Sub(o.Oldest))
		c.Drain = age(o.Drain)
	}
	for _, office := range slices.Sorted(maps.Keys(o.Offices)) {
		c.Offices = append(c.Offices, office+" (again at "+o.Offices[office].UTC().Format("15:04:05")+")")
	}
	status := o.Status(now)
	c.Status, c.Good = string(status), status == letter.StatusRunning
	switch status {
	case letter.StatusPaused:
		c.Command = "franklin queue resume " + o.Channel
		c.Words = "since " + o.Paused.At.UTC().Format(moment) + " by " + o.Paused.Who + ": " + o.Paused.Why
	case letter.StatusClosed:
		c.Words = "for maintenance until " + o.ClosedUntil.UTC().Format(moment) + "; letters wait"
	case letter.StatusDown:
		c.Words = "the next letter goes out at " + o.BreakerUntil.UTC().Format(moment) + " to see. Heard last: " + o.Reason
	case letter.StatusTrying:
		c.Words = "one letter goes out to see. Heard last: " + o.Reason
	case letter.StatusNoNode:
		c.Words = "another node takes over within seconds; if not, start one"
	case letter.StatusRunning:
	}
	return c
}

// age writes a duration as people say it: 3 d 4 h, 2 h 5 min, 40 s.
func age(d time.Duration) string {
	d = max(d.Round(time.Second), 0)
	days, hours, minutes := int(d.Hours())/24, int(d.Hours())%24, int(d.Minutes())%60
	switch {
	case days > 0:
		return fmt.Sprintf("%d d %d h", days, hours)
	case hours > 0:
		return fmt.Sprintf("%d h %d min", hours, minutes)
	case minutes > 0:
		return fmt.Sprintf("%d min", minutes)
	}
	return fmt.Sprintf("%d s", int(d.Seconds()))
}

// reasonRow is letters that need a person for the same reason.
type reasonRow struct {
	State   string
	Channel string
	Reason  string
	Letters int64
	Oldest  string
	Command string
}

// reasons returns why letters need a person, the most first.
func (p Page) reasons(ctx context.Context, now time.Time) ([]reasonRow, error) {
	held, err := p.Desk.HeldReasons(ctx)
	if err != nil {
		return nil, err
	}
	all := make([]reasonRow, len(held))
	for i, h := range held {
		all[i] = reasonRow{
			State: string(h.State), Channel: h.Channel, Reason: h.Reason, Letters: h.Letters, Oldest: age(now.Sub(h.Oldest)), Command: commandFor(h.State, h.Reason),
		}
	}
	return all, nil
}

// commandFor returns what lists the letters of a reason, ready to be changed into what
// moves them.
func commandFor(state letter.State, reason string) string {
	command := "franklin letter release"
	if state == letter.Unknown {
		command = "franklin letter resolve --as accepted"
	}
	words, _, _ := strings.Cut(reason, "…") // what stands before the first quotation
	if words = strings.TrimSpace(words); words == "" {
		return command + " --all"
	}
	return command + " --reason '" + strings.ReplaceAll(words, "'", `'\''`) + "'"
}
