package mail_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/internal/mail"
	"github.com/franklin-letters/franklin/internal/mail/mailtest"
)

// counted passes connections on to the server and counts them.
func counted(t *testing.T, server string) (addr string, made func() int) {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	var n atomic.Int32
	go func() {
		for {
			client, err := l.Accept()
			if err != nil {
				return
			}
			n.Add(1)
			relay, err := new(net.Dialer).DialContext(context.WithoutCancel(t.Context()), "tcp", server)
			if err != nil {
				_ = client.Close()
				continue
			}
			go func() { _, _ = io.Copy(client, relay); _ = client.Close() }()
			go func() { _, _ = io.Copy(relay, client); _ = relay.Close() }()
		}
	}()
	return l.Addr().String(), func() int { return int(n.Load()) }
}

func numbered(n int) mail.Message {
	m := message()
	m.ID, m.To = fmt.Sprint("m-", n), fmt.Sprintf("p%d@example.org", n)
	return m
}

// secondTime misbehaves the second time that a command is said.
func secondTime(command string, r mailtest.Reply) func(mailtest.Step) mailtest.Reply {
	var said atomic.Int32
	return func(s mailtest.Step) mailtest.Reply {
		if s.Command == command && said.Add(1) == 2 {
			return r
		}
		return mailtest.Reply{}
	}
}

// TestPoolKeepsConnections: over one connection go as many messages as the relay lets,
// and what it refuses does not end it.
func TestPoolKeepsConnections(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name    string
		answer  func(mailtest.Step) mailtest.Reply
		second  mail.Outcome // of the second of four messages; "" for sent
		made    int
		arrived int
	}{
		{"well-behaved", nil, "", 1, 4},
		{"no such mailbox", secondTime("rcpt", mailtest.Reply{Code: 550}), mail.Permanent, 1, 3},
		{"content refused", secondTime("data", mailtest.Reply{Code: 554}), mail.Permanent, 1, 3},
		{"greylisted", secondTime("data", mailtest.Reply{Code: 451}), mail.Temporary, 1, 3},
		{"sender refused", secondTime("mail", mailtest.Reply{Code: 550}), mail.Temporary, 1, 3},
		{"hung up in between", secondTime("mail", mailtest.Reply{Drop: true}), "", 2, 4},
		{"going away in between", secondTime("mail", mailtest.Reply{Code: 421}), "", 2, 4},
		{"going away in the middle", secondTime("rcpt", mailtest.Reply{Code: 421}), mail.Temporary, 2, 3},
		{"broken in the middle", secondTime("rcpt", mailtest.Reply{Drop: true}), mail.Temporary, 2, 3},
		{"broken after the message", secondTime("data", mailtest.Reply{Drop: true}), mail.Unknown, 2, 4},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := catcher(t, mailtest.Options{Answer: test.answer})
			addr, made := counted(t, c.Addr())
			pool := sender(t, settings(t, addr)).Pool(1)
			for n := 1; n <= 4; n++ {
				err := pool.Send(t.Context(), numbered(n))
				var failed *mail.SendError
				switch {
				case n != 2 || test.second == "":
					if err != nil {
						t.Errorf("message %d: %v", n, err)
					}
				case !errors.As(err, &failed) || failed.Outcome != test.second:
					t.Errorf("message %d: %v", n, err)
				}
			}
			pool.Close()
			if made() != test.made || len(c.Messages()) != test.arrived {
				t.Errorf("%d connections, %d messages; want %d, %d", made(), len(c.Messages()), test.made, test.arrived)
			}
		})
	}
}

// TestPoolResets: most relays take no second message before the first one, which they
// refused, was taken back. After a message that went through there is nothing to take back.
func TestPoolResets(t *testing.T) {
	c := catcher(t, mailtest.Options{Answer: secondTime("rcpt", mailtest.Reply{Code: 550})})
	addr, said := tap(t, c.Addr())
	pool := sender(t, settings(t, addr)).Pool(1)
	for n := range 3 {
		if err := pool.Send(t.Context(), numbered(n)); (err != nil) != (n == 1) {
			t.Errorf("message %d: %v", n, err)
		}
	}
	pool.Close()
	heard := string(said())
	if strings.Count(heard, "\r\nRSET\r\n") != 1 || !strings.Contains(heard, "RCPT TO:<p1@example.org>\r\nRSET\r\n") || !strings.HasSuffix(heard, "QUIT\r\n") {
		t.Errorf("said %q", heard)
	}
}

// TestMAIL_8_AtMostOneUnderWay: however many send at once, each connection carries one message.
func TestMAIL_8_AtMostOneUnderWay(t *testing.T) {
	const connections, messages = 3, 30
	var now, most atomic.Int32
	full, release := make(chan struct{}), make(chan struct{})
	var once sync.Once
	c := catcher(t, mailtest.Options{Answer: func(s mailtest.Step) mailtest.Reply {
		switch s.Command {
		case "mail":
			n := now.Add(1)
			most.Store(max(most.Load(), n))
			if n == connections {
				once.Do(func() { close(full) })
			}
			<-release
		case "data":
			now.Add(-1)
		}
		return mailtest.Reply{}
	}})
	addr, made := counted(t, c.Addr())
	pool := sender(t, settings(t, addr)).Pool(connections)
	var all sync.WaitGroup
	for n := range messages {
		all.Go(func() {
			if err := pool.Send(t.Context(), numbered(n)); err != nil {
				t.Error(err)
			}
		})
	}
	<-full
	close(release)
	all.Wait()
	pool.Close()
	if most.Load() != connections || made() != connections || len(c.Messages()) != messages {
		t.Errorf("%d under way, %d connections, %d messages", most.Load(), made(), len(c.Messages()))
	}
}

func TestPoolRenewsConnections(t *testing.T) {
	c := catcher(t, mailtest.Options{})
	addr, made := counted(t, c.Addr())
	at := noon
	s, err := mail.NewSender(settings(t, addr), func() time.Time { return at })
	if err != nil {
		t.Fatal(err)
	}
	pool := s.Pool(0) // one at least
	send := func(want int) {
		t.Helper()
		if err := pool.Send(t.Context(), message()); err != nil || made() != want {
			t.Errorf("%d connections, want %d; %v", made(), want, err)
		}
	}
	send(1)
	at = at.Add(30 * time.Second)
	send(1)
	at = at.Add(31 * time.Second) // relays hang up on the silent
	send(2)
	pool.Close()
	send(3) // and may be used again
	for range 99 {
		send(3)
	}
	send(4) // after a hundred messages
	pool.Close()
}

func TestPoolGivesUp(t *testing.T) {
	reached, release := make(chan struct{}), make(chan struct{})
	c := catcher(t, mailtest.Options{Answer: func(s mailtest.Step) mailtest.Reply {
		if s.Address == "p1@example.org" {
			close(reached)
			<-release
		}
		return mailtest.Reply{}
	}})
	pool := sender(t, settings(t, c.Addr())).Pool(1)
	ctx, cancel := context.WithCancel(t.Context())
	first := make(chan error)
	go func() { first <- pool.Send(ctx, numbered(1)) }()
	<-reached
	waiting, stop := context.WithCancel(t.Context())
	stop()
	var failed *mail.SendError
	if err := pool.Send(waiting, numbered(2)); !errors.As(err, &failed) || failed.Outcome != mail.Temporary || !errors.Is(err, context.Canceled) {
		t.Errorf("waiting for a connection: %v", err)
	}
	cancel()
	if err := <-first; !errors.As(err, &failed) || failed.Outcome != mail.Temporary || !errors.Is(err, context.Canceled) {
		t.Errorf("in the middle: %v", err)
	}
	close(release)
	if err := pool.Send(t.Context(), numbered(3)); err != nil {
		t.Errorf("afterwards: %v", err)
	}
	if err := pool.Send(t.Context(), mail.Message{}); !errors.Is(err, mail.ErrMessage) {
		t.Errorf("no message: %v", err)
	}
	pool.Close()
}
