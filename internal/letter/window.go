package letter

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/franklin-letters/franklin/internal/campaign"
)

// Window is a span of time in which a channel's system is closed, in Washington's time: on
// some days of the week, or on each, from one time of day to a later one.
type Window struct {
	Days []time.Weekday // none means every day
	Span campaign.Span
}

// Windows are when a system is closed.
type Windows []Window

var weekdays = []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

// ParseWindow reads "Sun 02:00-06:00", or "02:00-02:30" for every day.
func ParseWindow(text string) (Window, error) {
	var w Window
	day, hours, two := strings.Cut(strings.TrimSpace(text), " ")
	if !two {
		hours = day
	} else {
		n := slices.Index(weekdays, strings.ToLower(day))
		if n < 0 {
			return w, fmt.Errorf("%q is not a day: write Sun, Mon, Tue, Wed, Thu, Fri or Sat", day)
		}
		w.Days = []time.Weekday{time.Weekday(n)}
	}
	var err error
	w.Span, err = campaign.ParseSpan(strings.TrimSpace(hours))
	return w, err
}

// Closed reports whether a moment falls into one of the windows, and when that one ends.
func (w Windows) Closed(at time.Time) (until time.Time, closed bool) {
	for _, one := range w {
		from, to := one.Span.On(at)
		today := len(one.Days) == 0 || slices.Contains(one.Days, from.Weekday())
		if today && !at.Before(from) && at.Before(to) && to.After(until) {
			until, closed = to, true
		}
	}
	return until, closed
}

// firstDue is when a new letter may go: at once, or, on a campaign that spreads its letters
// over part of the day, at a moment within one such part's length of open time. The moment
// follows from the letter's number alone, so that it is evenly spread and the same again.
func firstDue(c *campaign.Campaign, deliveryID string, now time.Time) time.Time {
	return c.Drip.Spread(now, deliveryID)
}
