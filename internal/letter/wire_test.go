package letter_test

import (
	"context"
	"io"
	"net/http"
	"sync"
	"time"
)

// wire is the line to the Capitol, which tests can hold and break, so that no test depends
// on how quick a machine is.
type wire struct {
	base http.RoundTripper

	mu       sync.Mutex
	holds    map[string]*hold // by path
	patience time.Duration    // for an answer to a message; 0 waits as long as it takes
}

// hold stops one request: its answer comes back to the wire, and no further.
type hold struct {
	reached, released chan struct{}
}

// wired gives a post office a line of its own.
func wired(p *post) {
	p.wire = &wire{base: http.DefaultTransport.(*http.Transport).Clone(), holds: map[string]*hold{}}
	p.house.Client.HTTP = &http.Client{Transport: p.wire}
}

// hold takes the next request to a path. It is at the Capitol when reached is closed, and
// its sender hears that the line broke when release is called.
func (w *wire) hold(path string) (reached <-chan struct{}, release func()) {
	h := &hold{make(chan struct{}), make(chan struct{})}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.holds[path] = h
	return h.reached, func() { close(h.released) }
}

// hurry sets how long a sender waits for the answer to a message.
func (w *wire) hurry(patience time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.patience = patience
}

func (w *wire) take(path string) (*hold, time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	h := w.holds[path]
	delete(w.holds, path)
	return h, w.patience
}

// RoundTrip sends the request.
func (w *wire) RoundTrip(r *http.Request) (*http.Response, error) {
	h, patience := w.take(r.URL.Path)
	if h != nil {
		answer, err := w.base.RoundTrip(r)
		if err == nil {
			_ = answer.Body.Close() // nobody reads it
		}
		close(h.reached)
		<-h.released
		return nil, io.ErrUnexpectedEOF
	}
	if patience == 0 || r.Method != http.MethodPost {
		return w.base.RoundTrip(r)
	}
	ctx, cancel := context.WithTimeout(r.Context(), patience)
	defer cancel() // the Capitol hangs: there is no body to read later
	return w.base.RoundTrip(r.WithContext(ctx))
}
