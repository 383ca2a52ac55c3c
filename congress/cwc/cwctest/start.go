package cwctest

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"
)

// Server is a Capitol that listens.
type Server struct {
	*Capitol
	URL    string // http://127.0.0.1:43210
	server *http.Server
	done   chan struct{} // closed when serving has ended, with failed set
	failed error
}

// Start opens addr ("127.0.0.1:0" for a free port) and serves a new Capitol there until
// Close. The context is for opening only.
func Start(ctx context.Context, addr string, o Options) (*Server, error) {
	c, err := New(o)
	if err != nil {
		return nil, err
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("start the simulated Capitol: %w", err), c.Close())
	}
	s := &Server{
		Capitol: c, URL: "http://" + listener.Addr().String(), done: make(chan struct{}),
		server: &http.Server{Handler: c, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: time.Minute, IdleTimeout: time.Minute},
	}
	go func() {
		defer close(s.done)
		if err := s.server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			s.failed = err
		}
	}()
	return s, nil
}

// Close lets running answers end within five seconds, and stops. Closing again does nothing.
func (s *Server) Close() error {
	s.once.Do(func() { close(s.closed) })
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	err := s.server.Shutdown(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		err = s.server.Close()
	}
	<-s.done
	return errors.Join(err, s.failed, s.Capitol.Close())
}
