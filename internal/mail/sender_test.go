package mail_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/franklin-letters/franklin/internal/mail"
	"github.com/franklin-letters/franklin/internal/mail/mailtest"
)

var noon = time.Date(2026, time.November, 23, 12, 0, 0, 0, time.UTC)

func clock() time.Time { return noon }

func catcher(t *testing.T, o mailtest.Options) *mailtest.Catcher {
	t.Helper()
	o.Clock = clock
	c, err := mailtest.Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	return c
}

func settings(t *testing.T, addr string) mail.Config {
	t.Helper()
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		t.Fatal(err)
	}
	number, err := strconv.Atoi(port)
	if err != nil {
		t.Fatal(err)
	}
	return mail.Config{Host: host, Port: number, TLS: mail.TLSNone, From: "letters@campaign.example", FromName: "Freedom, Now «Ñ»", Timeout: 20 * time.Second}
}

func sender(t *testing.T, c mail.Config) *mail.Sender {
	t.Helper()
	s, err := mail.NewSender(c, clock)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func message() mail.Message {
	return mail.Message{
		ID: "0199-abc.1", To: "ann@example.org", Subject: "Confirm your letter — confírmala",
		Text: "Hello,\n\nplease confirm: https://campaign.example/confirm?t=" + strings.Repeat("x", 120) + "\n.\n",
		HTML: `<p>Hello, <a href="https://campaign.example/confirm">confirm</a>. ¡Gracias!</p>`,
	}
}

func TestSendArrives(t *testing.T) {
	c := catcher(t, mailtest.Options{})
	m := message()
	m.ReplyTo = "office@campaign.example"
	m.Unsubscribe = "https://campaign.example/u/abc"
	m.Headers = map[string]string{"auto-submitted": "auto-generated"}
	if err := sender(t, settings(t, c.Addr())).Send(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	got, err := c.WaitFor(t.Context(), "ann@example.org")
	if err != nil {
		t.Fatal(err)
	}
	if got.From != "letters@campaign.example" || !slices.Equal(got.To, []string{"ann@example.org"}) {
		t.Errorf("envelope from %s to %v", got.From, got.To)
	}
	if diff := cmp.Diff(m.Text, got.Text); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(m.HTML, got.HTML); diff != "" {
		t.Error(diff)
	}
	want := map[string]string{
		"Auto-Submitted": "auto-generated", "Date": "Mon, 23 Nov 2026 12:00:00 +0000", "Message-Id": "<0199-abc.1@campaign.example>",
		"Mime-Version": "1.0", "Subject": m.Subject, "To": "<ann@example.org>", "Reply-To": "<office@campaign.example>",
		"From": "Freedom, Now «Ñ» <letters@campaign.example>", "List-Unsubscribe": "<https://campaign.example/u/abc>",
		"List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
	}
	for _, h := range got.Headers {
		if h.Name == "Content-Type" {
			continue
		}
		if want[h.Name] != h.Value {
			t.Errorf("%s: %q, want %q", h.Name, h.Value, want[h.Name])
		}
		delete(want, h.Name)
	}
	if len(want) != 0 {
		t.Errorf("missing: %v", want)
	}
}

func TestRefusedMessagesNeverConnect(t *testing.T) {
	s := sender(t, mail.Config{Host: "127.0.0.1", Port: 1, TLS: mail.TLSNone, From: "letters@campaign.example"})
	for name, spoil := range map[string]func(*mail.Message){
		"line break in subject":   func(m *mail.Message) { m.Subject = "Hi\r\nBcc: eve@example.org" },
		"lone CR in subject":      func(m *mail.Message) { m.Subject = "Hi\rBcc: eve@example.org" },
		"line separator":          func(m *mail.Message) { m.Subject = "Hi\u2028Bcc: eve@example.org" },
		"next line control":       func(m *mail.Message) { m.Subject = "Hi\u0085there" },
		"NUL in subject":          func(m *mail.Message) { m.Subject = "Hi\x00" },
		"endless subject":         func(m *mail.Message) { m.Subject = strings.Repeat("x", 10_000) },
		"no subject":              func(m *mail.Message) { m.Subject = "" },
		"subject no UTF-8":        func(m *mail.Message) { m.Subject = "\xff" },
		"two recipients":          func(m *mail.Message) { m.To = "ann@example.org, eve@example.org" },
		"recipient with a name":   func(m *mail.Message) { m.To = "Ann <ann@example.org>" },
		"recipient not normal":    func(m *mail.Message) { m.To = "ann@EXAMPLE.org" },
		"line break in recipient": func(m *mail.Message) { m.To = "ann@example.org\r\nRCPT TO:<eve@example.org>" },
		"bad reply address":       func(m *mail.Message) { m.ReplyTo = "ann@example.org\r\nBcc: eve@example.org" },
		"no text":                 func(m *mail.Message) { m.Text = "" },
		"text no UTF-8":           func(m *mail.Message) { m.Text = "\xff" },
		"huge HTML":               func(m *mail.Message) { m.HTML = strings.Repeat("x", 3<<20) },
		"no ID":                   func(m *mail.Message) { m.ID = "" },
		"ID with brackets":        func(m *mail.Message) { m.ID = "a><b" },
		"own Bcc":                 func(m *mail.Message) { m.Headers = map[string]string{"bcc": "eve@example.org"} },
		"own Content-Type":        func(m *mail.Message) { m.Headers = map[string]string{"content-type": "text/html"} },
		"header name breaks":      func(m *mail.Message) { m.Headers = map[string]string{"X-A: b\r\nBcc": "eve@example.org"} },
		"header value breaks":     func(m *mail.Message) { m.Headers = map[string]string{"X-A": "b\r\nBcc: eve@example.org"} },
		"header value too long":   func(m *mail.Message) { m.Headers = map[string]string{"X-A": strings.Repeat("b", 1000)} },
		"unsubscribe by http":     func(m *mail.Message) { m.Unsubscribe = "http://campaign.example/u" },
		"bad return path":         func(m *mail.Message) { m.ReturnPath = "<a@example.org> SIZE=1" },
		"list without a way out":  func(m *mail.Message) { m.List = "news.campaign.example" },
		"list name breaks": func(m *mail.Message) {
			m.Unsubscribe, m.List = "https://campaign.example/u", "news.campaign.example>\r\nBcc: eve@example.org"
		},
		"own Precedence":         func(m *mail.Message) { m.Headers = map[string]string{"precedence": "bulk"} },
		"unsubscribe mail alone": func(m *mail.Message) { m.UnsubscribeMail = "leave@campaign.example" },
		"unsubscribe mail breaks": func(m *mail.Message) {
			m.Unsubscribe, m.UnsubscribeMail = "https://campaign.example/u", "leave@campaign.example>, <mailto:eve@example.org"
		},
		"unsubscribe breaks": func(m *mail.Message) { m.Unsubscribe = "https://campaign.example/u>\r\nBcc: <e" },
	} {
		t.Run(name, func(t *testing.T) {
			m := message()
			spoil(&m)
			err := s.Send(t.Context(), m)
			if !errors.Is(err, mail.ErrMessage) {
				t.Fatalf("got %v", err)
			}
			if strings.Contains(err.Error(), "example.org") {
				t.Errorf("the error names somebody: %v", err)
			}
		})
	}
}

func TestOutcomes(t *testing.T) {
	at := func(command string, r mailtest.Reply) func(mailtest.Step) mailtest.Reply {
		return func(s mailtest.Step) mailtest.Reply {
			if s.Command == command {
				return r
			}
			return mailtest.Reply{}
		}
	}
	for _, test := range []struct {
		name    string
		answer  func(mailtest.Step) mailtest.Reply
		outcome mail.Outcome
		step    string
		code    int
		kept    int
	}{
		{"unknown mailbox", at("rcpt", mailtest.Reply{Code: 550, Text: "<ann@example.org>: no such user"}), mail.Permanent, "recipient", 550, 0},
		{"mailbox full", at("rcpt", mailtest.Reply{Code: 452, Text: "ann@example.org is over quota"}), mail.Temporary, "recipient", 452, 0},
		{"sign in first", at("rcpt", mailtest.Reply{Code: 530, Text: "sign in"}), mail.Temporary, "recipient", 530, 0},
		{"our address refused", at("mail", mailtest.Reply{Code: 553, Text: "not you"}), mail.Temporary, "sender", 553, 0},
		{"content refused", at("data", mailtest.Reply{Code: 554, Text: "spam from ann@example.org"}), mail.Permanent, "message", 554, 0},
		{"greylisted at the end", at("data", mailtest.Reply{Code: 451, Text: "later"}), mail.Temporary, "message", 451, 0},
		{"broken before the message", at("rcpt", mailtest.Reply{Drop: true}), mail.Temporary, "recipient", 0, 0},
		{"broken after the message", at("data", mailtest.Reply{Drop: true}), mail.Unknown, "message", 0, 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := catcher(t, mailtest.Options{Answer: test.answer})
			err := sender(t, settings(t, c.Addr())).Send(t.Context(), message())
			var failed *mail.SendError
			if !errors.As(err, &failed) || failed.Outcome != test.outcome || failed.Step != test.step || failed.Code != test.code {
				t.Fatalf("got %+v (%v)", failed, err)
			}
			if strings.Contains(err.Error(), "ann") || strings.Contains(err.Error(), "example.org") {
				t.Errorf("the error names the recipient: %v", err)
			}
			if len(c.Messages()) != test.kept {
				t.Errorf("%d messages kept", len(c.Messages()))
			}
		})
	}
}

func TestRelayAway(t *testing.T) {
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	config := settings(t, l.Addr().String())
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	var failed *mail.SendError
	if err := sender(t, config).Send(t.Context(), message()); !errors.As(err, &failed) || failed.Outcome != mail.Temporary || failed.Step != "connect" {
		t.Errorf("got %v", err)
	}
}

func TestGivingUpCutsTheConnection(t *testing.T) {
	reached, release := make(chan struct{}), make(chan struct{})
	c := catcher(t, mailtest.Options{Answer: func(s mailtest.Step) mailtest.Reply {
		if s.Command == "rcpt" {
			close(reached)
			<-release
		}
		return mailtest.Reply{}
	}})
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-reached
		cancel()
	}()
	err := sender(t, settings(t, c.Addr())).Send(ctx, message())
	close(release)
	var failed *mail.SendError
	if !errors.As(err, &failed) || failed.Outcome != mail.Temporary || !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestTLSAndSignIn(t *testing.T) {
	https := httptest.NewTLSServer(nil)
	t.Cleanup(https.Close)
	roots := x509.NewCertPool()
	roots.AddCert(https.Certificate())
	offered := &tls.Config{Certificates: https.TLS.Certificates, MinVersion: tls.VersionTLS12}
	withTLS := mailtest.Options{TLS: offered, Username: "franklin", Password: "kite"}
	implicit := withTLS
	implicit.Implicit = true
	for _, test := range []struct {
		name   string
		server mailtest.Options
		change func(*mail.Config)
		code   int // -1 for success
	}{
		{"starttls", withTLS, func(*mail.Config) {}, -1},
		{"implicit", implicit, func(c *mail.Config) { c.TLS = mail.TLSImplicit }, -1},
		{"on this machine without TLS", mailtest.Options{Username: "franklin", Password: "kite"}, func(c *mail.Config) { c.TLS = mail.TLSNone }, -1},
		{"wrong password", withTLS, func(c *mail.Config) { c.Password = "key" }, 535},
		{"no sign-in", withTLS, func(c *mail.Config) { c.Username, c.Password = "", "" }, 502},
		{"relay without TLS", mailtest.Options{}, func(c *mail.Config) { c.Username, c.Password = "", "" }, 0},
		{"unknown certificate", withTLS, func(c *mail.Config) { c.Roots = x509.NewCertPool() }, 0},
		{"unknown certificate, implicit", implicit, func(c *mail.Config) { c.TLS, c.Roots = mail.TLSImplicit, x509.NewCertPool() }, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := catcher(t, test.server)
			config := settings(t, c.Addr())
			config.TLS, config.Roots, config.Username, config.Password = mail.TLSStart, roots, "franklin", "kite"
			test.change(&config)
			err := sender(t, config).Send(t.Context(), message())
			if test.code < 0 {
				if err != nil || len(c.Messages()) != 1 {
					t.Fatalf("%v, %d messages", err, len(c.Messages()))
				}
				return
			}
			var failed *mail.SendError
			if !errors.As(err, &failed) || failed.Outcome != mail.Temporary || failed.Code != test.code || len(c.Messages()) != 0 {
				t.Errorf("got %v", err)
			}
			if err != nil && strings.Contains(err.Error(), "kite") {
				t.Errorf("the error holds the password: %v", err)
			}
		})
	}
}

func TestConfigCheck(t *testing.T) {
	good := mail.Config{Host: "smtp.example.org", Port: 587, TLS: mail.TLSStart, Username: "u", Password: "p", From: "letters@campaign.example", FromName: "Letters"}
	if err := good.Check(); err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(*mail.Config){
		"no host":               func(c *mail.Config) { c.Host = "" },
		"host with port":        func(c *mail.Config) { c.Host = "smtp.example.org/25" },
		"no port":               func(c *mail.Config) { c.Port = 0 },
		"no mode":               func(c *mail.Config) { c.TLS = "" },
		"in the clear":          func(c *mail.Config) { c.TLS = mail.TLSNone },
		"in the clear, private": func(c *mail.Config) { c.TLS, c.Host = mail.TLSNone, "10.0.0.1" },
		"no sender":             func(c *mail.Config) { c.From = "" },
		"sender with a name":    func(c *mail.Config) { c.From = "Letters <letters@campaign.example>" },
		"name breaks":           func(c *mail.Config) { c.FromName = "Letters\r\nBcc: eve@example.org" },
		"half a sign-in":        func(c *mail.Config) { c.Password = "" },
		"answers to a name":     func(c *mail.Config) { c.ReplyTo = "Ann <ann@campaign.example>" },
		"failures nowhere":      func(c *mail.Config) { c.ReturnPath = "nowhere" },
		"negative time-out":     func(c *mail.Config) { c.Timeout = -1 },
	} {
		t.Run(name, func(t *testing.T) {
			c := good
			spoil(&c)
			if _, err := mail.NewSender(c, clock); err == nil {
				t.Error("accepted")
			}
		})
	}
	for _, host := range []string{"localhost", "127.0.0.1", "::1"} {
		c := good
		c.Host, c.TLS = host, mail.TLSNone
		if err := c.Check(); err != nil {
			t.Errorf("%s: %v", host, err)
		}
	}
}
