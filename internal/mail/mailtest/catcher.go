// Package mailtest is a mail server that keeps what it is given and sends nothing on.
//
// The demo uses it to show people the mail they would have got, and tests use it as a
// real peer: a Catcher speaks SMTP on a port, keeps a bounded number of messages in
// memory (and in a folder, if asked), wakes whoever waits for one, and can be told to
// answer as badly as real relays do. Its pages (Handler) are for a trusted machine: they
// show everything to everybody who can reach them.
package mailtest

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"slices"
	"sync"
	"time"

	"github.com/emersion/go-smtp"
)

// Bounds of what a catcher keeps and takes.
const (
	DefaultKeep     = 500
	maxMessageBytes = 10 << 20
	maxTotalBytes   = 64 << 20
	maxRecipients   = 100
	idleTimeout     = time.Minute
)

// Options configures a catcher. The zero value listens on a free port of 127.0.0.1 and
// keeps 500 messages in memory.
type Options struct {
	// Addr is the address to listen on; empty means 127.0.0.1:0.
	Addr string
	// Keep is how many messages are kept before the oldest is forgotten; 0 means 500.
	// They also never take more than 64 MiB together.
	Keep int
	// Folder keeps every message as a file across restarts; empty means memory only.
	Folder string
	// Clock dates the messages.
	Clock func() time.Time
	// TLS, if set, is offered by STARTTLS, or spoken from the first byte with Implicit.
	TLS      *tls.Config
	Implicit bool
	// Username and Password, if set, are demanded before a message is taken.
	Username string
	Password string
	// Answer, if set, is asked at each step and may make the catcher misbehave.
	Answer func(Step) Reply
}

// Step is a point of the conversation at which Options.Answer is asked.
type Step struct {
	Command string // "mail", "rcpt" or "data"
	Address string // the sender or the recipient; empty at "data"
}

// Reply tells the catcher how to answer. The zero Reply is the normal one.
type Reply struct {
	// Code and Text are sent instead of the normal answer, if Code is not 0.
	Code int
	Text string
	// Status is the enhanced status that goes with the code, such as {5, 7, 1}; that of the
	// code's class unless told.
	Status [3]int
	// Drop breaks the connection instead of answering. At "data" that is after the
	// message was read and kept.
	Drop bool
}

// Catcher is a running mail server that sends nothing on.
type Catcher struct {
	options  Options
	server   *smtp.Server
	listener net.Listener
	served   chan struct{}

	mutex    sync.Mutex
	messages []Message // oldest first
	bytes    int
	last     int           // the number of the last message
	arrived  chan struct{} // closed and replaced when a message arrives
}

// Start listens and serves until Close.
func Start(ctx context.Context, o Options) (*Catcher, error) {
	if o.Clock == nil {
		return nil, errors.New("mailtest: the clock is missing")
	}
	if o.Addr == "" {
		o.Addr = "127.0.0.1:0"
	}
	if o.Keep <= 0 {
		o.Keep = DefaultKeep
	}
	c := &Catcher{options: o, served: make(chan struct{}), arrived: make(chan struct{})}
	if o.Folder != "" {
		if err := c.load(); err != nil {
			return nil, fmt.Errorf("mailtest: %w", err)
		}
	}
	var err error
	if c.listener, err = new(net.ListenConfig).Listen(ctx, "tcp", o.Addr); err != nil {
		return nil, fmt.Errorf("mailtest: %w", err)
	}
	c.server = smtp.NewServer(smtp.BackendFunc(func(conn *smtp.Conn) (smtp.Session, error) {
		return &session{catcher: c, conn: conn}, nil
	}))
	c.server.Domain = "localhost"
	c.server.MaxMessageBytes, c.server.MaxRecipients = maxMessageBytes, maxRecipients
	c.server.ReadTimeout, c.server.WriteTimeout = idleTimeout, idleTimeout
	c.server.AllowInsecureAuth = true
	c.server.ErrorLog = log.New(io.Discard, "", 0)
	served := c.listener
	if o.TLS != nil && o.Implicit {
		served = tls.NewListener(c.listener, o.TLS)
	} else {
		c.server.TLSConfig = o.TLS
	}
	go func() {
		defer close(c.served)
		_ = c.server.Serve(served) // ends by Close
	}()
	return c, nil
}

// Addr returns the address the catcher listens on, such as "127.0.0.1:2525".
func (c *Catcher) Addr() string { return c.listener.Addr().String() }

// Close stops the server and breaks open connections. Kept messages stay readable.
func (c *Catcher) Close() error {
	err := errors.Join(c.listener.Close(), c.server.Close())
	<-c.served
	if errors.Is(err, net.ErrClosed) {
		return nil // the server closes the listener too
	}
	return err
}

// Messages returns what is kept, oldest first.
func (c *Catcher) Messages() []Message {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return slices.Clone(c.messages)
}

// Message returns the kept message with the number id.
func (c *Catcher) Message(id int) (Message, bool) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	i, found := slices.BinarySearchFunc(c.messages, id, func(m Message, id int) int { return m.ID - id })
	if !found {
		return Message{}, false
	}
	return c.messages[i], true
}

// Wait returns the oldest kept message for which match is true, waiting until there is
// one or ctx ends.
func (c *Catcher) Wait(ctx context.Context, match func(Message) bool) (Message, error) {
	for {
		c.mutex.Lock()
		kept, arrived := slices.Clone(c.messages), c.arrived
		c.mutex.Unlock()
		if i := slices.IndexFunc(kept, match); i >= 0 {
			return kept[i], nil
		}
		select {
		case <-arrived:
		case <-ctx.Done():
			return Message{}, fmt.Errorf("mailtest: waiting for a message: %w", ctx.Err())
		}
	}
}

// WaitFor returns the oldest kept message to the address, waiting for it like Wait.
func (c *Catcher) WaitFor(ctx context.Context, address string) (Message, error) {
	return c.Wait(ctx, func(m Message) bool { return slices.Contains(m.To, address) })
}

// keep takes a message in and forgets the oldest ones beyond the bounds.
func (c *Catcher) keep(m Message) error {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.last++
	m.ID = c.last
	if c.options.Folder != "" {
		if err := c.save(m); err != nil {
			return err
		}
	}
	c.add(m)
	close(c.arrived)
	c.arrived = make(chan struct{})
	return nil
}

func (c *Catcher) add(m Message) {
	c.messages = append(c.messages, m)
	c.bytes += len(m.Raw)
	for len(c.messages) > c.options.Keep || c.bytes > maxTotalBytes {
		c.bytes -= len(c.messages[0].Raw)
		if c.options.Folder != "" {
			c.forget(c.messages[0])
		}
		c.messages[0] = Message{} // the next ones move together when the array is full
		c.messages = c.messages[1:]
	}
}
