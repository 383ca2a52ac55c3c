package mail

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"time"

	gomail "github.com/wneessen/go-mail"
)

// TLSMode says how the connection to the relay is protected.
type TLSMode string

// The modes. There is no "if possible": that is what an attacker on the line chooses.
const (
	// TLSNone protects nothing and is allowed only to this very machine.
	TLSNone TLSMode = "none"
	// TLSStart begins in the clear and demands STARTTLS before anything is said (port 587).
	TLSStart TLSMode = "starttls"
	// TLSImplicit is TLS from the first byte (port 465).
	TLSImplicit TLSMode = "implicit"
)

// DefaultTimeout bounds one send from dialling to the relay's answer.
const DefaultTimeout = 30 * time.Second

// Config says which relay to use and who the sender is.
type Config struct {
	Host string
	Port int
	TLS  TLSMode
	// Roots verifies the relay's certificate; nil means the system's.
	Roots *x509.CertPool
	// Username and Password sign in; both empty means that the relay asks for none.
	Username string
	Password string
	// From is the address messages come from, FromName the name shown with it.
	From     string
	FromName string
	// ReplyTo is where answers go, and ReturnPath where reports of failure go; empty means
	// From. A message may name its own.
	ReplyTo    string
	ReturnPath string
	// DKIM signs the messages; nil leaves that to the relay.
	DKIM *DKIM
	// Timeout bounds one send; 0 means DefaultTimeout.
	Timeout time.Duration
}

// Check reports what is wrong with the settings, in words for the operator.
func (c Config) Check() error {
	switch {
	case c.Host == "" || strings.ContainsAny(c.Host, " \t\r\n/@"):
		return errors.New("mail: the relay's host is missing or no host name")
	case c.Port < 1 || c.Port > 65535:
		return fmt.Errorf("mail: %d is not a port", c.Port)
	case c.TLS != TLSNone && c.TLS != TLSStart && c.TLS != TLSImplicit:
		return fmt.Errorf("mail: the TLS mode %q is not one of none, starttls, implicit", c.TLS)
	case c.TLS == TLSNone && !ThisMachine(c.Host):
		return fmt.Errorf("mail: TLS mode none is only for a relay on this machine, not for %s", c.Host)
	case !normal(c.From):
		return errors.New("mail: the sender's address is not a plain address in lower-case spelling of its domain")
	case c.ReplyTo != "" && !normal(c.ReplyTo), c.ReturnPath != "" && !normal(c.ReturnPath):
		return errors.New("mail: the address for answers or for failures is not a plain address in lower-case spelling of its domain")
	case !oneLine(c.FromName) || len(c.FromName) > MaxSubject:
		return errors.New("mail: the sender's name must be one short line")
	case (c.Username == "") != (c.Password == ""):
		return errors.New("mail: a user name needs a password and the other way round")
	case c.Timeout < 0:
		return errors.New("mail: the time-out is negative")
	case c.DKIM != nil:
		return c.DKIM.check(c.From)
	}
	return nil
}

// ThisMachine reports whether a host is one that only this machine can reach.
func ThisMachine(host string) bool {
	if host == "localhost" {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}

// Sender sends messages through one relay. It is safe for concurrent use.
type Sender struct {
	config Config
	clock  func() time.Time
}

// NewSender checks the settings; it does not connect. The clock dates the messages.
func NewSender(c Config, clock func() time.Time) (*Sender, error) {
	if err := c.Check(); err != nil {
		return nil, err
	}
	if c.Timeout == 0 {
		c.Timeout = DefaultTimeout
	}
	return &Sender{config: c, clock: clock}, nil
}

// Send hands one message to the relay over a connection of its own, and returns nil once
// the relay has accepted it. It returns an error that wraps ErrMessage for a message that
// cannot be sent as it is, and a *SendError otherwise. When ctx ends, the connection is
// cut at once.
func (s *Sender) Send(ctx context.Context, m Message) error {
	w, err := s.write(m)
	if err != nil {
		return err
	}
	return s.connected(ctx, func(ctx context.Context, l *line) error { return l.send(ctx, w) })
}

// Reach connects to the relay as Send does, with TLS and sign-in, and says goodbye. It
// returns a *SendError when a message could not have been handed over.
func (s *Sender) Reach(ctx context.Context) error {
	return s.connected(ctx, func(context.Context, *line) error { return nil })
}

// connected calls fn with a connection to the relay and ends it afterwards.
func (s *Sender) connected(ctx context.Context, fn func(context.Context, *line) error) error {
	ctx, cancel := context.WithTimeout(ctx, s.config.Timeout)
	defer cancel()
	l, err := s.dial(ctx)
	if err != nil {
		return err
	}
	defer l.end()
	return fn(ctx, l)
}

func (s *Sender) options(line *connection) []gomail.Option {
	_, domain, _ := strings.Cut(s.config.From, "@")
	options := []gomail.Option{
		gomail.WithPort(s.config.Port), gomail.WithTimeout(s.config.Timeout), gomail.WithHELO(domain),
		gomail.WithDialContextFunc(line.dial), gomail.WithTLSConfig(s.config.tlsConfig()), gomail.WithoutSMTPUTF8(),
	}
	switch s.config.TLS {
	case TLSNone:
		options = append(options, gomail.WithTLSPolicy(gomail.NoTLS))
	case TLSStart:
		options = append(options, gomail.WithTLSPolicy(gomail.TLSMandatory))
	case TLSImplicit:
		options = append(options, gomail.WithSSL())
	}
	if s.config.Username != "" {
		// Each of these refuses to give the password away on an unprotected line, except to this machine.
		options = append(options,
			gomail.WithOpportunisticSMTPAuth(gomail.SMTPAuthSCRAMSHA256, gomail.SMTPAuthPlain, gomail.SMTPAuthLogin),
			gomail.WithUsername(s.config.Username), gomail.WithPassword(s.config.Password))
	}
	return options
}

func (c Config) tlsConfig() *tls.Config {
	return &tls.Config{ServerName: c.Host, RootCAs: c.Roots, MinVersion: tls.VersionTLS12}
}

// connection dials the relay and can be cut from outside while the library talks, which
// knows no way to stop early and leaves connections open when a greeting fails.
type connection struct {
	config Config
	mutex  sync.Mutex
	open   net.Conn
	closed bool
}

func (l *connection) dial(ctx context.Context, network, _ string) (net.Conn, error) {
	address := net.JoinHostPort(l.config.Host, strconv.Itoa(l.config.Port))
	var dialer interface {
		DialContext(ctx context.Context, network, address string) (net.Conn, error)
	} = &net.Dialer{}
	if l.config.TLS == TLSImplicit {
		dialer = &tls.Dialer{Config: l.config.tlsConfig()}
	}
	conn, err := dialer.DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	l.mutex.Lock()
	defer l.mutex.Unlock()
	if l.closed {
		_ = conn.Close()
		return nil, net.ErrClosed
	}
	l.open = conn
	return conn, nil
}

func (l *connection) close() {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	l.closed = true
	if l.open != nil {
		_ = l.open.Close() // closing twice is harmless
		l.open = nil
	}
}
