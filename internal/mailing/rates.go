package mailing

import (
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Rates know how many messages a mail domain may get, for all that leave from this node:
// mailings, and mails that follow by themselves. The nil value lets any number go. It is safe
// for concurrent use.
type Rates struct {
	perMinute int

	mutex    sync.Mutex
	limiters map[string]*rate.Limiter
}

// NewRates takes messages a minute to one mail domain; 0 is any number.
func NewRates(perMinute int) *Rates {
	return &Rates{perMinute: perMinute, limiters: map[string]*rate.Limiter{}}
}

// limiter is that of a domain; nil for any number.
func (r *Rates) limiter(name string) *rate.Limiter {
	if r == nil || r.perMinute <= 0 {
		return nil
	}
	r.mutex.Lock()
	defer r.mutex.Unlock()
	l := r.limiters[name]
	if l == nil {
		l = newLimiter(r.perMinute)
		r.limiters[name] = l
	}
	return l
}

// every is how far apart two messages to one domain are; 0 for any number.
func (r *Rates) every() time.Duration {
	if r == nil || r.perMinute <= 0 {
		return 0
	}
	return time.Minute / time.Duration(r.perMinute)
}

// newLimiter takes messages a minute. The bucket holds a fifth of a second's worth, so that a
// pause is not made up for by a burst.
func newLimiter(perMinute int) *rate.Limiter {
	second := float64(perMinute) / 60
	return rate.NewLimiter(rate.Limit(second), max(1, int(second/5)))
}
