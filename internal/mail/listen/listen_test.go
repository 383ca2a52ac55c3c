package listen_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/internal/mail/listen"
)

// box keeps what it is given, and can be told that its disk is full.
type box struct {
	mutex sync.Mutex
	kept  []listen.Mail
	full  bool
}

func (b *box) keep(_ context.Context, m listen.Mail) error {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	if b.full {
		return errors.New("the disk is full")
	}
	b.kept = append(b.kept, m)
	return nil
}

func (b *box) mails() []listen.Mail {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return slices.Clone(b.kept)
}

func start(t *testing.T, o listen.Options) (*listen.Server, *box) {
	t.Helper()
	b := &box{}
	o.Addr, o.Domain, o.Keep, o.Log = "127.0.0.1:0", "mail.lantern.us", b.keep, slog.New(slog.DiscardHandler)
	o.Takes = func(address string) bool {
		return strings.HasSuffix(address, "@mail.lantern.us") && strings.HasPrefix(address, "bounces+")
	}
	s, err := listen.New(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- s.Serve() }()
	t.Cleanup(func() {
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		if err := errors.Join(s.Shutdown(ctx), <-served); err != nil {
			t.Error(err)
		}
	})
	return s, b
}

// client speaks SMTP by hand, so that it can speak it badly.
type client struct {
	*testing.T

	net.Conn
	lines *bufio.Reader
}

// dial connects from an address of this machine; 127.0.0.0/8 is all ours.
func dial(t *testing.T, s *listen.Server, from string) *client {
	t.Helper()
	d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(from)}}
	conn, err := d.DialContext(t.Context(), "tcp", s.Addr())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	if err := conn.SetDeadline(time.Now().Add(20 * time.Second)); err != nil {
		t.Fatal(err)
	}
	return &client{T: t, Conn: conn, lines: bufio.NewReader(conn)}
}

// hear returns the code of the next answer, 0 when the connection has ended.
func (c *client) hear() int {
	for {
		line, err := c.lines.ReadString('\n')
		if err != nil {
			return 0
		}
		var code int
		if _, err := fmt.Sscanf(line, "%d", &code); err != nil {
			c.Fatalf("no answer of SMTP: %q", line)
		}
		if len(line) > 3 && line[3] == ' ' {
			return code
		}
	}
}

// say sends text as it is and expects the codes in turn.
func (c *client) say(text string, codes ...int) {
	c.Helper()
	if _, err := io.WriteString(c.Conn, text); err != nil && !slices.Contains(codes, 0) {
		c.Fatal(err)
	}
	for _, want := range codes {
		if got := c.hear(); got != want {
			c.Fatalf("after %.60q: %d, want %d", text, got, want)
		}
	}
}

// greet begins a conversation up to the mail's text.
func (c *client) begin() {
	c.Helper()
	c.say("", 220)
	c.say("EHLO mx.example.org\r\n", 250)
	c.say("MAIL FROM:<>\r\n", 250)
	c.say("RCPT TO:<bounces+a@mail.lantern.us>\r\n", 250)
	c.say("DATA\r\n", 354)
}

func TestTakesMailForOurs(t *testing.T) {
	s, b := start(t, listen.Options{})
	c := dial(t, s, "127.0.0.1")
	c.begin()
	c.say("Subject: x\r\n\r\n..dot\r\n.\r\n", 250)
	c.say("MAIL FROM:<ann@example.org>\r\n", 250)
	c.say("RCPT TO:<bounces+b@mail.lantern.us>\r\nRCPT TO:<bounces+c@mail.lantern.us>\r\n", 250, 250)
	c.say("BDAT 7\r\nSubject", 250)
	c.say("BDAT 9 LAST\r\n: y\r\n\r\nhi", 250)
	c.say("QUIT\r\n", 221)
	kept := b.mails()
	if len(kept) != 2 || kept[0].From != "" || string(kept[0].Raw) != "Subject: x\r\n\r\n.dot\r\n" || len(kept[1].To) != 2 || kept[1].From != "ann@example.org" {
		t.Fatalf("%+v", kept)
	}
	if got := string(kept[1].Traced()); got != "Return-Path: <ann@example.org>\r\nDelivered-To: bounces+b@mail.lantern.us\r\nDelivered-To: bounces+c@mail.lantern.us\r\nSubject: y\r\n\r\nhi" {
		t.Errorf("%q", got)
	}
	if got := string(listen.Mail{From: "a\r\nb", To: []string{"c\nd\x00"}}.Traced()); got != "Return-Path: <ab>\r\nDelivered-To: cd\r\n" {
		t.Errorf("an envelope makes lines of its own: %q", got)
	}
}

func TestRelaysNothing(t *testing.T) {
	s, b := start(t, listen.Options{})
	c := dial(t, s, "127.0.0.1")
	c.say("", 220)
	c.say("EHLO mx.example.org\r\n", 250)
	c.say("MAIL FROM:<letters@lantern.us>\r\n", 250)
	for _, to := range []string{
		"victim@example.org", "bounces+a@example.org", "bounces+a%example.org@lantern.us", "@mail.lantern.us:victim@example.org", "ann@mail.lantern.us", "bounces+a@mail.lantern.us@example.org",
	} {
		if _, err := io.WriteString(c, "RCPT TO:<"+to+">\r\n"); err != nil {
			t.Fatal(err)
		}
		if code := c.hear(); code/100 != 5 {
			t.Errorf("%s: %d", to, code)
		}
	}
	c.say("DATA\r\n", 502)
	c.say("AUTH PLAIN AGEAYg==\r\n", 523)
	if kept := b.mails(); len(kept) != 0 {
		t.Errorf("%+v", kept)
	}
	for range 20 {
		_, _ = io.WriteString(c, "RCPT TO:<victim@example.org>\r\n")
		if code := c.hear(); code != 550 && code != 421 {
			t.Fatal(code)
		}
	}
	c.say("RCPT TO:<bounces+a@mail.lantern.us>\r\n", 421)
}

func TestNotKeptIsNotAcknowledged(t *testing.T) {
	s, b := start(t, listen.Options{})
	b.full = true
	c := dial(t, s, "127.0.0.1")
	c.begin()
	c.say("Subject: x\r\n\r\nx\r\n.\r\n", 451)
	c = dial(t, s, "127.0.0.1")
	c.begin()
	c.say("Subject: x\r\n\r\nhalf of it")
	_ = c.Close()
	if kept := b.mails(); len(kept) != 0 {
		t.Errorf("half a mail is kept: %+v", kept)
	}
}

func TestLMTP(t *testing.T) {
	s, b := start(t, listen.Options{LMTP: true})
	c := dial(t, s, "127.0.0.1")
	c.say("", 220)
	c.say("EHLO mx.example.org\r\n", 500)
	c.say("LHLO mx.example.org\r\n", 250)
	c.say("MAIL FROM:<>\r\n", 250)
	c.say("RCPT TO:<bounces+a@mail.lantern.us>\r\nRCPT TO:<ann@mail.lantern.us>\r\nRCPT TO:<bounces+b@mail.lantern.us>\r\n", 250, 550, 250)
	c.say("DATA\r\n", 354)
	c.say("Subject: x\r\n\r\nx\r\n.\r\n", 250, 250) // one answer for each recipient
	if kept := b.mails(); len(kept) != 1 || len(kept[0].To) != 2 {
		t.Errorf("%+v", kept)
	}
}

// TestNothingIsSmuggledIn: whatever stands in a mail is that mail's text. Only CRLF, dot,
// CRLF ends it.
func TestNothingIsSmuggledIn(t *testing.T) {
	second := "MAIL FROM:<eve@example.org>%[1]sRCPT TO:<bounces+evil@mail.lantern.us>%[1]sDATA%[1]sevil%[1]s.%[1]s"
	for name, end := range map[string]string{
		"line feeds": "\n.\n", "LF, CRLF": "\n.\r\n", "CRLF, LF": "\r\n.\n", "returns": "\r.\r", "CR, CRLF": "\r.\r\n", "doubled CR": "\r\r\n.\r\r\n",
		"NUL before": "\r\n\x00.\r\n", "NUL behind": "\r\n.\x00\r\n", "a space": "\r\n. \r\n", "two dots": "\r\n..\r\n", "eight bits": "\u0085.\u0085",
	} {
		for _, ends := range []string{"\n", "\r", "\r\n"} {
			s, b := start(t, listen.Options{Idle: 5 * time.Second})
			c := dial(t, s, "127.0.0.1")
			c.begin()
			c.say("Subject: x\r\n\r\na"+end+fmt.Sprintf(second, strings.ReplaceAll(ends, "\r\n", "\n"))+"x\r\n.\r\n", 250)
			c.say("QUIT\r\n", 221)
			if kept := b.mails(); len(kept) != 1 || kept[0].From != "" || kept[0].To[0] != "bounces+a@mail.lantern.us" || !strings.Contains(string(kept[0].Raw), "eve@example.org") {
				t.Errorf("%s, lines ending in %q: %d mails: %+v", name, ends, len(kept), kept)
			}
		}
	}
	// The positive control: this is an end, and what follows a second mail.
	s, b := start(t, listen.Options{})
	c := dial(t, s, "127.0.0.1")
	c.begin()
	c.say("Subject: x\r\n\r\na\r\n.\r\nMAIL FROM:<eve@example.org>\r\nRCPT TO:<bounces+b@mail.lantern.us>\r\nDATA\r\nSubject: y\r\n\r\nb\r\n.\r\n", 250, 250, 250, 354, 250)
	if len(b.mails()) != 2 {
		t.Error("a second mail is not taken")
	}
}

func TestHugeMailsAreRefused(t *testing.T) {
	s, b := start(t, listen.Options{MaxBytes: 64 << 10})
	c := dial(t, s, "127.0.0.1")
	c.say("", 220)
	c.say("EHLO mx.example.org\r\n", 250)
	c.say("MAIL FROM:<> SIZE=65537\r\n", 552)
	c.say("MAIL FROM:<>\r\n", 250)
	c.say("RCPT TO:<bounces+a@mail.lantern.us>\r\n", 250)
	c.say("DATA\r\n", 354)
	c.say(strings.Repeat("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcd\r\n", 2000)+".\r\n", 552)
	c.say("MAIL FROM:<>\r\n", 250)
	c.say("RCPT TO:<bounces+a@mail.lantern.us>\r\n", 250)
	c.say("BDAT 65537 LAST\r\n"+strings.Repeat("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcd\n", 1041)[:65537], 552)
	c.say("MAIL FROM:<>\r\n", 250)
	c.say("RCPT TO:<bounces+a@mail.lantern.us>\r\n", 250)
	c.say("DATA\r\n", 354)
	for range 1000 { // without an end: the connection has had its share
		if _, err := io.WriteString(c, strings.Repeat("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcd\r\n", 100)); err != nil {
			break
		}
	}
	_ = c.SetDeadline(time.Now().Add(10 * time.Second))
	for c.hear() != 0 {
	}
	c = dial(t, s, "127.0.0.1")
	c.say("", 220)
	c.say("EHLO "+strings.Repeat("a", 5000)+"\r\n", 500, 0)
	if len(b.mails()) != 0 {
		t.Error("a huge mail is kept")
	}
}

func TestSlowClientsAreCutOff(t *testing.T) {
	s, b := start(t, listen.Options{Idle: time.Second, Life: 3 * time.Second})
	silent, dripping, talking := dial(t, s, "127.0.0.1"), dial(t, s, "127.0.0.1"), dial(t, s, "127.0.0.1")
	dripping.begin()
	silent.say("", 220)
	talking.say("", 220)
	var done sync.WaitGroup
	for name, c := range map[string]*client{"a mail that drips in": dripping, "small talk": talking} {
		done.Go(func() { // each byte comes before the time is up
			for range 300 {
				text := "x"
				if c == talking {
					text = "NOOP\r\n"
				}
				if _, err := io.WriteString(c.Conn, text); err != nil {
					return
				}
				time.Sleep(50 * time.Millisecond)
			}
			t.Errorf("%s may last for ever", name)
		})
	}
	silent.say("", 421, 0)
	done.Wait()
	if len(b.mails()) != 0 {
		t.Error("what a cut connection had sent is kept")
	}
}

func TestCrowdKeepsNobodyOut(t *testing.T) {
	s, b := start(t, listen.Options{Idle: time.Minute})
	taken, refused := 0, 0
	for range 200 { // idle for good
		switch c := dial(t, s, "127.0.0.2"); c.hear() {
		case 220:
			taken++
		case 421:
			refused++
		}
	}
	if taken != 20 || refused != 180 {
		t.Errorf("%d idle connections are open and %d were refused", taken, refused)
	}
	c := dial(t, s, "127.0.0.3")
	c.begin()
	c.say("Subject: x\r\n\r\nx\r\n.\r\n", 250)
	if len(b.mails()) != 1 {
		t.Error("beside them no mail is taken")
	}
	for i := range 4 { // the limit over all
		for range 20 {
			dial(t, s, fmt.Sprintf("127.0.1.%d", i+1)).hear()
		}
	}
	dial(t, s, "127.0.0.4").say("", 421, 0)
}

func TestRoomIsGivenBack(t *testing.T) {
	s, _ := start(t, listen.Options{PerAddress: 1})
	for range 5 {
		c := dial(t, s, "127.0.0.1")
		c.say("", 220)
		dial(t, s, "127.0.0.1").say("", 421, 0)
		c.say("QUIT\r\n", 221, 0)
	}
}

func TestManyMailsInOneConnection(t *testing.T) {
	s, _ := start(t, listen.Options{})
	c := dial(t, s, "127.0.0.1")
	c.say("", 220)
	c.say("EHLO mx.example.org\r\n", 250)
	for range 100 {
		c.say("MAIL FROM:<>\r\nRSET\r\n", 250, 250)
	}
	c.say("MAIL FROM:<>\r\n", 421)
}

func TestTakenAddress(t *testing.T) {
	s, _ := start(t, listen.Options{})
	if _, err := listen.New(t.Context(), listen.Options{Addr: s.Addr(), Log: slog.New(slog.DiscardHandler)}); err == nil {
		t.Error("two listen on one address")
	}
	other, err := listen.New(t.Context(), listen.Options{Addr: "127.0.0.1:0", Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	if err := other.Close(); err != nil {
		t.Error(err)
	}
}
