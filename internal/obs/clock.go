package obs

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"
)

// How wrong a clock may be. The margin between two nodes is two minutes, and a letter's
// date and the choice of the district lines follow the clock.
const (
	skewSeen  = 30 * time.Second
	skewWrong = 5 * time.Minute
)

// Skew asks a web server for the time and returns how far ahead of it our clock is. HTTP
// tells whole seconds, and the way there takes some time too, so a second means nothing.
// The client's redirects are not followed; nil is the default client.
func Skew(ctx context.Context, client *http.Client, address string, clock func() time.Time) (time.Duration, error) {
	asking := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	if client != nil {
		asking.Transport, asking.Timeout = client.Transport, client.Timeout
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodHead, address, nil)
	if err != nil {
		return 0, errors.New("the address to ask for the time is no address")
	}
	before := clock()
	answer, err := asking.Do(request)
	if wrapped, ok := errors.AsType[*url.Error](err); ok {
		err = wrapped.Err // without the address
	}
	if err != nil {
		return 0, fmt.Errorf("ask for the time: %w", err)
	}
	_ = answer.Body.Close() // an answer to HEAD has none
	after := clock()
	told, err := http.ParseTime(answer.Header.Get("Date"))
	if err != nil {
		return 0, errors.New("the answer has no date")
	}
	ours := before.Add(after.Sub(before) / 2)
	return ours.Sub(told.Add(time.Second / 2)), nil
}

// Clock judges a clock by how far ahead it is of the one that peer names.
func Clock(ahead time.Duration, peer string) Finding {
	f := Finding{Check: "clock", Level: OK, Detail: "agrees with " + peer}
	off, word := ahead, "ahead of "
	if off < 0 {
		off, word = -off, "behind "
	}
	if off <= skewSeen {
		return f
	}
	f.Detail = off.Round(time.Second).String() + " " + word + peer
	f.Level, f.Do = Warn, "Set the clock by NTP"
	if off > skewWrong {
		f.Level, f.Do = Fail, "Set the clock by NTP: letters would be dated wrongly and go by the wrong district lines"
	}
	return f
}
