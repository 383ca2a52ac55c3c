package ops

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/stamp"
	"github.com/franklin-letters/franklin/internal/letter"
)

// What the lists of the page show at most.
const (
	maxReasons  = 200 // read; those with the same words become one
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

// cardOf puts an overview into words. What a person did comes before what a clock says, and
// that before what the office system does.
func cardOf(o letter.Overview, now time.Time) channelCard {
	c := channelCard{
		Name: o.Channel, Status: "open", Good: true, Waiting: o.Waiting, Node: o.Node, Oldest: "nothing is in line", Drain: "now",
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
	switch {
	case o.Paused != nil:
		c.Status, c.Good, c.Command = "paused", false, "franklin queue resume "+o.Channel
		c.Words = "since " + o.Paused.At.UTC().Format(moment) + " by " + o.Paused.Who + ": " + o.Paused.Why
	case now.Before(o.ClosedUntil):
		c.Status, c.Good = "closed", false
		c.Words = "for maintenance until " + o.ClosedUntil.UTC().Format(moment) + "; letters wait"
	case o.Breaker == letter.BreakerOpen:
		c.Status, c.Good = "down", false
		c.Words = "the next letter goes out at " + o.BreakerUntil.UTC().Format(moment) + " to see. Heard last: " + o.Reason
	case o.Breaker == letter.BreakerProbe:
		c.Status, c.Good = "trying", false
		c.Words = "one letter goes out to see. Heard last: " + o.Reason
	case o.Node == "":
		c.Status, c.Good = "nobody delivers", false
		c.Words = "another node takes over within seconds; if not, start one"
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

// reasons returns why letters need a person, the most first. Reasons that differ only in
// what they quote are one.
func (p Page) reasons(ctx context.Context, now time.Time) ([]reasonRow, error) {
	rows, err := p.DB.Read().CountHeldLetters(ctx, maxReasons)
	if err != nil {
		return nil, db.Fault(err)
	}
	type key struct{ state, channel, reason string }
	sums, first := map[key]int64{}, map[key]stamp.Time{}
	for _, r := range rows {
		k := key{r.State, r.Channel, letter.Unquoted(string(r.Reason))}
		if sums[k] == 0 || stamp.Time(r.Oldest) < first[k] {
			first[k] = stamp.Time(r.Oldest)
		}
		sums[k] += r.Letters
	}
	all := make([]reasonRow, 0, len(sums))
	for k, n := range sums {
		all = append(all, reasonRow{
			State: k.state, Channel: k.channel, Reason: k.reason, Letters: n, Oldest: age(now.Sub(first[k].Time())),
			Command: commandFor(letter.State(k.state), k.reason),
		})
	}
	slices.SortFunc(all, func(a, b reasonRow) int {
		if a.Letters != b.Letters {
			return int(b.Letters - a.Letters)
		}
		return strings.Compare(a.State+a.Channel+a.Reason, b.State+b.Channel+b.Reason)
	})
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
