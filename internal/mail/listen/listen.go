// Package listen takes mail in over SMTP or LMTP, for a few addresses of ours, and passes
// none on: it has no way to send. A mail is answered 250 only after Keep has returned, so
// what was acknowledged is kept.
//
// It stands on the open network. Every connection has an end that no client can put off,
// a limit of bytes, of mails and of mistakes; a crowd from one address cannot keep others
// out.
package listen

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"strings"
	"time"

	"github.com/emersion/go-smtp"
)

// Mail is one mail as it was handed in.
type Mail struct {
	From string // empty for reports
	To   []string
	Raw  []byte
}

// Options say what is taken in, and from whom.
type Options struct {
	Addr   string // host:port to listen on
	Domain string // how the server names itself
	LMTP   bool   // for a mail server on this machine that hands mail over
	// TLS, if given, is offered by STARTTLS.
	TLS *tls.Config
	// Takes reports whether mail for the address is taken.
	Takes func(address string) bool
	// Keep returns nil when the mail is kept for good.
	Keep func(context.Context, Mail) error
	Log  *slog.Logger

	// MaxBytes is the size of a mail at most; 4 MiB unless told.
	MaxBytes int64
	// Idle ends a connection that says nothing, or does not end its mail, for so long; a
	// minute unless told. Life ends every connection; five minutes unless told.
	Idle, Life time.Duration
	// Connections at one time, from anywhere and from one address; 100 and 20 unless told.
	Connections, PerAddress int
}

// Limits of one connection.
const (
	maxMails      = 100
	maxRecipients = 10
	maxRefused    = 20 // recipients that are not ours
	keepWithin    = 30 * time.Second
)

// Server is a listener; Serve runs it.
type Server struct {
	server *smtp.Server
	gate   *gate
}

// New listens. Nobody is answered before Serve.
func New(ctx context.Context, o Options) (*Server, error) {
	o.defaults()
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", o.Addr)
	if err != nil {
		return nil, fmt.Errorf("listen for mail: %w", err)
	}
	s := &Server{gate: &gate{Listener: l, options: o, open: map[string]int{}}}
	s.server = smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) {
		return &session{options: o, stop: context.WithoutCancel(ctx)}, nil
	}))
	s.server.Domain, s.server.LMTP, s.server.TLSConfig = o.Domain, o.LMTP, o.TLS
	s.server.MaxMessageBytes, s.server.MaxRecipients = o.MaxBytes, maxRecipients
	s.server.ReadTimeout, s.server.WriteTimeout = o.Idle, o.Idle
	s.server.ErrorLog = slog.NewLogLogger(o.Log.Handler(), slog.LevelDebug)
	return s, nil
}

func (o *Options) defaults() {
	if o.MaxBytes == 0 {
		o.MaxBytes = 4 << 20
	}
	if o.Idle == 0 {
		o.Idle = time.Minute
	}
	if o.Life == 0 {
		o.Life = 5 * time.Minute
	}
	if o.Connections == 0 {
		o.Connections = 100
	}
	if o.PerAddress == 0 {
		o.PerAddress = 20
	}
}

// Addr is the address that is listened on.
func (s *Server) Addr() string { return s.gate.Addr().String() }

// Serve answers until Shutdown or Close.
func (s *Server) Serve() error {
	if err := s.server.Serve(s.gate); err != nil && !errors.Is(err, net.ErrClosed) {
		return fmt.Errorf("take mail in: %w", err)
	}
	return nil
}

// Shutdown lets the mails in hand end until ctx does, and cuts the others off.
func (s *Server) Shutdown(ctx context.Context) error {
	// The library closes only listeners that it serves already.
	_ = s.gate.Close()
	err := s.server.Shutdown(ctx)
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		err = nil
	}
	s.gate.cut()
	if err != nil && !errors.Is(err, smtp.ErrServerClosed) && !errors.Is(err, net.ErrClosed) {
		return fmt.Errorf("stop taking mail in: %w", err)
	}
	return nil
}

// Close gives the address back without having served.
func (s *Server) Close() error { return s.gate.Close() }

// session is one client's conversation.
type session struct {
	options Options
	stop    context.Context //nolint:containedctx // the library's sessions have none of their own
	from    string
	to      []string
	mails   int
	refused int
}

func answer(code int, enhanced smtp.EnhancedCode, text string) error {
	return &smtp.SMTPError{Code: code, EnhancedCode: enhanced, Message: text}
}

// Mail begins a mail.
func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	if s.mails++; s.mails > maxMails {
		return answer(421, smtp.EnhancedCode{4, 7, 0}, "Too many mails in one connection; come again")
	}
	s.from, s.to = from, nil
	return nil
}

// Rcpt takes a recipient that is ours.
func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	if s.refused >= maxRefused {
		return answer(421, smtp.EnhancedCode{4, 7, 0}, "Too many recipients that are not ours")
	}
	if !s.options.Takes(to) {
		s.refused++
		return answer(550, smtp.EnhancedCode{5, 1, 1}, "No mail is taken for this address")
	}
	s.to = append(s.to, to)
	return nil
}

// Data reads the mail and answers when it is kept.
func (s *session) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		if _, said := errors.AsType[*smtp.SMTPError](err); said { // it is too large
			return err
		}
		return answer(451, smtp.EnhancedCode{4, 3, 0}, "The mail did not arrive whole")
	}
	ctx, cancel := context.WithTimeout(s.stop, keepWithin)
	defer cancel()
	if err := s.options.Keep(ctx, Mail{From: s.from, To: s.to, Raw: raw}); err != nil {
		s.options.Log.Warn("a mail that came in was not kept; its sender comes again", "error", err.Error())
		return answer(451, smtp.EnhancedCode{4, 3, 0}, "The mail cannot be kept now; try again later")
	}
	return nil
}

// Reset forgets the mail that was begun.
func (s *session) Reset() { s.from, s.to = "", nil }

// Logout ends the conversation.
func (s *session) Logout() error { return nil }

// Traced is the mail with its envelope on top, as a mail server writes it for a mailbox.
func (m Mail) Traced() []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "Return-Path: <%s>\r\n", plain(m.From))
	for _, to := range m.To {
		fmt.Fprintf(&b, "Delivered-To: %s\r\n", plain(to))
	}
	b.Write(m.Raw)
	return b.Bytes()
}

// plain leaves out what would end a line.
func plain(address string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return -1
		}
		return r
	}, address)
}
