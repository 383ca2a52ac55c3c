package letter

import (
	"time"

	"github.com/franklin-letters/franklin/congress/cwc"
)

// BreakerState says whether letters go out to a channel or an office.
type BreakerState string

// The states of a breaker.
const (
	BreakerClosed BreakerState = "closed"    // letters go out
	BreakerOpen   BreakerState = "open"      // none goes out until a moment
	BreakerProbe  BreakerState = "half-open" // one goes out, to see
)

// How many failures in a row open a breaker. A channel's failures must come from two
// offices at least: one dead office is not the channel.
const (
	officeFailures  = 3
	channelFailures = 8
	longestBreak    = 10 * time.Minute
)

// breaker stops letters to a system that is down, and lets one through now and then to see
// whether it is back. Letters that it holds up stay where they stand.
type breaker struct {
	limit    int
	failures int // in a row
	offices  map[string]bool
	opened   int64     // pauses in a row
	until    time.Time // end of the pause; zero when closed
	probing  bool
	reason   string // of the last failure
}

// state returns how the breaker stands at a moment.
func (b *breaker) state(now time.Time) BreakerState {
	switch {
	case b.until.IsZero():
		return BreakerClosed
	case b.probing || !now.Before(b.until):
		return BreakerProbe
	}
	return BreakerOpen
}

// blocked returns whether no letter may go out now: in a pause, or while a probe is under way.
func (b *breaker) blocked(now time.Time) bool {
	return b.state(now) == BreakerOpen || b.probing
}

// begin notes that a letter goes out, and returns whether it is a probe.
func (b *breaker) begin(now time.Time) (probe bool) {
	b.probing = b.state(now) == BreakerProbe
	return b.probing
}

// failed reports whether an outcome says that the system is down rather than that it said
// something about one letter.
func failed(o cwc.Outcome) bool {
	switch o.Result {
	case cwc.Busy, cwc.NotSent, cwc.Unknown, cwc.Misconfigured:
		return true
	case cwc.Accepted, cwc.Refused:
	}
	return false
}

// ours reports whether an outcome says nothing about the system: the letter was refused
// before anything was sent.
func ours(o cwc.Outcome) bool { return o.Result == cwc.Refused && o.Status == 0 }

// end notes what became of a letter. pause turns the number of pauses in a row into the
// length of the next.
func (b *breaker) end(now time.Time, probe bool, office string, o cwc.Outcome, pause func(n int64) time.Duration) {
	if probe {
		b.probing = false
	}
	if !failed(o) {
		*b = breaker{limit: b.limit}
		return
	}
	if b.offices == nil {
		b.offices = map[string]bool{}
	}
	b.failures++
	b.offices[office], b.reason = true, reasonOf(o)
	enough := b.failures >= b.limit && (b.limit < channelFailures || len(b.offices) > 1)
	if o.Result == cwc.Misconfigured && b.limit == channelFailures || probe || enough && b.state(now) != BreakerOpen {
		b.opened++
		b.until = now.Add(max(min(pause(b.opened), longestBreak), o.RetryAfter))
	}
}

// skipped notes that a letter did not go out after all.
func (b *breaker) skipped(probe bool) {
	if probe {
		b.probing = false
	}
}
