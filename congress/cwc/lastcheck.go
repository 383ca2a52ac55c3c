package cwc

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"sync/atomic"
)

type lastCheckKey struct{}

// WithLastCheck returns a context under which a client asks the check once more when the
// connection to the office system stands and the message is about to be written to it.
// Connecting may have taken long, and a process that was frozen in between does not know.
// When the check returns an error, nothing of the message leaves and the outcome is NotSent
// with that error. What remains is the time between the check and the kernel's taking the
// bytes: microseconds, unless the process is frozen just there.
func WithLastCheck(ctx context.Context, check func() error) context.Context {
	return context.WithValue(ctx, lastCheckKey{}, check)
}

// checkedBody is the body of a request that asks before its first byte is read.
type checkedBody struct {
	*bytes.Reader

	check   func() error
	stopped *atomic.Bool
}

// Read gives the bytes to the connection.
func (b checkedBody) Read(p []byte) (int, error) {
	if err := b.ask(); err != nil {
		return 0, err
	}
	return b.Reader.Read(p)
}

// WriteTo gives all bytes to the connection at once.
func (b checkedBody) WriteTo(w io.Writer) (int64, error) {
	if err := b.ask(); err != nil {
		return 0, err
	}
	return b.Reader.WriteTo(w)
}

// ask makes the check while no byte has been read.
func (b checkedBody) ask() error {
	if b.Len() < int(b.Size()) {
		return nil
	}
	err := b.check()
	if err != nil {
		b.stopped.Store(true)
	}
	return err
}

// guardBody puts the context's last check before the body of a request. The returned flag
// is set when the check stopped it.
func guardBody(ctx context.Context, r *http.Request, message []byte) *atomic.Bool {
	stopped := &atomic.Bool{}
	check, ok := ctx.Value(lastCheckKey{}).(func() error)
	if !ok || message == nil {
		return stopped
	}
	body := func() (io.ReadCloser, error) {
		return io.NopCloser(checkedBody{bytes.NewReader(message), check, stopped}), nil
	}
	r.GetBody = body // for another try after a connection that had died
	r.Body, _ = body()
	return stopped
}
