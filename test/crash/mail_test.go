package crash

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
)

// mailing is one mail that the server gave to its relay.
type mailing struct {
	to    string
	from  string    // the address to which it returns if it fails
	begun time.Time // when the server named the recipient: after this it could not know better
	token string    // of the link to the receipt, which proves whose the mailbox is
	id    string    // of the message
}

// mailSink is the relay: a real SMTP server that keeps its own notes and sends nothing on.
type mailSink struct {
	address string

	mu      sync.Mutex
	notes   []mailing
	arrived chan struct{} // closed and replaced with each mail
}

func newMailSink(t *testing.T) *mailSink {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &mailSink{address: listener.Addr().String(), arrived: make(chan struct{})}
	server := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &conversation{sink: s}, nil }))
	server.Domain = "localhost"
	server.ErrorLog = log.New(io.Discard, "", 0) // connections break whenever the server is killed
	served := make(chan struct{})
	go func() {
		defer close(served)
		_ = server.Serve(listener) // ends by Close
	}()
	t.Cleanup(func() {
		_ = server.Close()
		<-served
	})
	return s
}

// flags tell the server where its relay is.
func (s *mailSink) flags() []string {
	host, port, _ := net.SplitHostPort(s.address)
	return []string{"--mail-host", host, "--mail-port", port, "--mail-tls", "none", "--mail-from", "letters@letters.example"}
}

func (s *mailSink) all() []mailing {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]mailing{}, s.notes...)
}

// next waits for the mail with this number, counted from 0.
func (s *mailSink) next(ctx context.Context, number int) (mailing, error) {
	for {
		s.mu.Lock()
		arrived := s.arrived
		if number < len(s.notes) {
			defer s.mu.Unlock()
			return s.notes[number], nil
		}
		s.mu.Unlock()
		select {
		case <-arrived:
		case <-ctx.Done():
			return mailing{}, ctx.Err()
		}
	}
}

// conversation is one connection of the server to its relay.
type conversation struct {
	sink *mailSink
	from string
	mail mailing
}

func (*conversation) Reset()        {}
func (*conversation) Logout() error { return nil }

func (c *conversation) Mail(from string, _ *smtp.MailOptions) error {
	c.from = from
	return nil
}

func (c *conversation) Rcpt(to string, _ *smtp.RcptOptions) error {
	c.mail = mailing{to: to, from: c.from, begun: time.Now()}
	return nil
}

var messageID = regexp.MustCompile(`(?im)^message-id:\s*<([^>]+)>`)

var receiptLink = regexp.MustCompile(`https://letters\.example/receipt/([A-Za-z0-9._-]+)`)

func (c *conversation) Data(r io.Reader) error {
	body, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	// Quoted-printable breaks long lines with a = at their end.
	text := strings.NewReplacer("=\r\n", "", "=\n", "", "=3D", "=").Replace(string(body))
	if found := receiptLink.FindStringSubmatch(text); found != nil {
		c.mail.token = found[1]
	}
	if found := messageID.FindStringSubmatch(text); found != nil {
		c.mail.id = found[1]
	}
	s := c.sink
	s.mu.Lock()
	defer s.mu.Unlock()
	s.notes = append(s.notes, c.mail)
	close(s.arrived)
	s.arrived = make(chan struct{})
	return nil
}

// readMail plays the owners of mailboxes whose address somebody else has used: whenever one
// of them gets a receipt, they say that it was not them, and want no more mail. Then somebody
// uses their address once more. It ends with ctx, when what it began is answered.
func (c *crowd) readMail(ctx context.Context, sink *mailSink) {
	p := c.poster(0, 1<<32)
	for number := 0; ; number++ {
		m, err := sink.next(ctx, number)
		if err != nil {
			return
		}
		if !strings.HasPrefix(m.to, victim) {
			continue
		}
		a := c.noteOf(m.to)
		if a == nil || a.stopAsked {
			continue
		}
		a.stopAsked = true
		if m.token == "" {
			a.fault = "the mail has no link to the receipt"
			continue
		}
		if a.fault = p.insist("/receipt/" + m.token + "/not-me"); a.fault == "" {
			a.stopped = time.Now()
			p.comeback(a)
		}
	}
}

// comeback uses the address of somebody who has stopped all mail. It must be refused.
func (p *poster) comeback(a *attempt) {
	again := &attempt{key: p.key(), email: a.email, office: places[0].office, words: p.crowd.text, barred: true}
	form := again.form("again of "+a.email, places[0])
	p.post(form, again, true)
	if again.acknowledged {
		a.fault = "a letter was acknowledged with an address whose owner wants none"
	}
	p.crowd.note(again)
}

// insist posts to a path until an answer comes, and returns what was wrong with it.
func (p *poster) insist(path string) string {
	for {
		address, moved := p.crowd.node.where()
		if address == "" {
			<-moved
			continue
		}
		status, err := p.ask(address + path)
		switch {
		case err == nil && status == 303:
			return ""
		case err == nil && status != 503:
			return fmt.Sprintf("%s is answered with status %d", path[:min(len(path), 12)], status)
		}
		select {
		case <-moved:
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// ask posts an empty form.
func (p *poster) ask(address string) (int, error) {
	answer, err := p.http.Post(address, "application/x-www-form-urlencoded", nil)
	if err != nil {
		return 0, err
	}
	_, err = io.Copy(io.Discard, answer.Body)
	return answer.StatusCode, errors.Join(err, answer.Body.Close())
}
