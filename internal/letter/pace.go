package letter

import "time"

// bucket is the pace of a channel: tokens fall into it at a steady rate, and each letter
// takes one. It is small, so that a pause is not made up for by a burst, and it starts
// with one token: a node that takes over after another sends no burst either.
type bucket struct {
	rate   float64 // tokens a second; 0 is no limit
	tokens float64
	at     time.Time
}

// beat is how often tokens fall: where several do at once, their letters share statements and
// commits, which halves what 400 letters a second cost. More at once would hold up others.
const beat = 20 * time.Millisecond

// bucketTime is how much time's worth of tokens the bucket holds at most, but never less
// than one token.
const bucketTime = 200 * time.Millisecond

// take takes a token, or returns how long to wait for the next one.
func (b *bucket) take(now time.Time) (wait time.Duration) {
	if b.rate <= 0 {
		return 0
	}
	// What falls with the token that was waited for is kept beside it.
	size := max(1, b.rate*bucketTime.Seconds()) + b.rate*beat.Seconds()
	if b.at.IsZero() {
		b.tokens, b.at = 1, now
	}
	if passed := now.Sub(b.at).Truncate(beat); passed > 0 {
		b.tokens, b.at = min(size, b.tokens+b.rate*passed.Seconds()), b.at.Add(passed)
	}
	if b.tokens < 1-1e-9 {
		missing := max(1, time.Duration((1-b.tokens)/b.rate*float64(time.Second)))
		return b.at.Add((missing + beat - 1).Truncate(beat)).Sub(now)
	}
	b.tokens--
	return 0
}

// giveBack returns the token of a letter that was not sent after all.
func (b *bucket) giveBack() { b.tokens++ }
