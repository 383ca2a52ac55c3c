package campaign

import (
	"fmt"
	"hash/fnv"
	"math"
	"time"

	"github.com/franklin-letters/franklin/internal/washington"
)

// Span is a part of each day in Washington's time, in minutes after midnight. The zero
// value is the whole day.
type Span struct{ From, To int }

// ParseSpan reads "09:00-17:00". The end must be later than the beginning; 24:00 is
// midnight.
func ParseSpan(text string) (Span, error) {
	var s Span
	var h1, m1, h2, m2 int
	if n, err := fmt.Sscanf(text, "%02d:%02d-%02d:%02d", &h1, &m1, &h2, &m2); n == 4 && err == nil {
		s = Span{h1*60 + m1, h2*60 + m2}
	}
	if h1 < 0 || h2 < 0 || s.From < 0 || s.To > 24*60 || s.From >= s.To || s.String() != text {
		return Span{}, fmt.Errorf("%q is not a part of the day: write it as 09:00-17:00, the earlier time first", text)
	}
	return s, nil
}

// String writes the span as ParseSpan reads it.
func (s Span) String() string {
	return fmt.Sprintf("%02d:%02d-%02d:%02d", s.From/60, s.From%60, s.To/60, s.To%60)
}

// IsZero reports whether the span is the whole day.
func (s Span) IsZero() bool { return s == Span{} }

// On returns the beginning and the end of the span on the day of a moment in Washington.
func (s Span) On(at time.Time) (from, to time.Time) {
	zone := washington.Zone()
	y, m, d := at.In(zone).Date()
	return time.Date(y, m, d, 0, s.From, 0, 0, zone), time.Date(y, m, d, 0, s.To, 0, 0, zone)
}

// Next returns the moment itself when it falls into the span, else the span's next
// beginning.
func (s Span) Next(at time.Time) time.Time {
	if s.IsZero() {
		return at
	}
	from, to := s.On(at)
	switch {
	case at.Before(from):
		return from
	case at.Before(to):
		return at
	}
	from, _ = s.On(to.Add(24 * time.Hour))
	return from
}

// Spread returns a moment in the span after at, within one span's length of time inside it,
// so that a flood before the span's end is spread over the rest of it and the next one. The
// key alone decides which moment; many keys are spread evenly. Without a span it is at.
func (s Span) Spread(at time.Time, key string) time.Time {
	if s.IsZero() {
		return at
	}
	h := fnv.New64a()
	_, _ = h.Write([]byte(key)) // never fails
	sum := h.Sum64()
	sum ^= sum >> 32 // similar keys differ in the low bits only
	sum *= 0x9e3779b97f4a7c15
	start := s.Next(at)
	from, to := s.On(start)
	moment := start.Add(time.Duration(float64(to.Sub(from)) * (float64(sum>>11) / math.Exp2(53))))
	if moment.Before(to) {
		return moment
	}
	next := s.Next(to)
	return next.Add(moment.Sub(to))
}
