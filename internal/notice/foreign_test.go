package notice_test

import (
	"bytes"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/internal/locale"
	"github.com/franklin-letters/franklin/internal/mail"
	"github.com/franklin-letters/franklin/internal/mail/judgetest"
	"github.com/franklin-letters/franklin/internal/mail/mailtest"
	"github.com/franklin-letters/franklin/internal/notice"
)

// post sends messages through a catcher, signed, and returns them as they came over the wire.
func post(t *testing.T, messages ...mail.Message) ([]mailtest.Message, *mail.DKIM) {
	t.Helper()
	c, err := mailtest.Start(t.Context(), mailtest.Options{Clock: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	relay := netip.MustParseAddrPort(c.Addr())
	config := mail.Config{
		Host: relay.Addr().String(), Port: int(relay.Port()), TLS: mail.TLSNone,
		From: "letters@lantern.example", FromName: house.Org, ReplyTo: house.Contact,
	}
	judgetest.Sign(t, &config)
	s, err := mail.NewSender(config, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	pool := s.Pool(1)
	defer pool.Close()
	for _, m := range messages {
		if err := pool.Send(t.Context(), m); err != nil {
			t.Fatal(err)
		}
	}
	return c.Messages(), config.DKIM
}

// TestMAIL_1_ForeignVerifiers: a mail of each kind, in each language, passes two verifiers that
// are not ours and a spam filter; one with a way out that was changed on the way, or with a
// second sender in front, passes neither verifier. Mailings are judged in internal/mailing.
func TestMAIL_1_ForeignVerifiers(t *testing.T) {
	if testing.Short() {
		t.Skip("foreign programs take some seconds")
	}
	all := samples(house)
	messages := make([]mail.Message, len(all))
	for i, one := range all {
		messages[i] = one.m
	}
	sent, key := post(t, messages...)
	var judged []judgetest.Message
	for i, m := range sent {
		one := judgetest.Message{Name: all[i].name, Raw: m.Raw}
		if judged = append(judged, one); slices.Contains(agreed, all[i].kind) {
			judged = append(judged, judgetest.Tampered(t, one)...)
		}
	}
	judgetest.Judge(t, key, judged)
}

// TestSEC_HDR_1_NothingIsInjected: names and titles from outside make no header, no second
// recipient, and no line that is too long.
func TestSEC_HDR_1_NothingIsInjected(t *testing.T) {
	for name, evil := range map[string]string{
		"CRLF": "Lantern\r\nBcc: eve@evil.example", "CR": "Lantern\rBcc: eve@evil.example", "LF": "Lantern\nBcc: eve@evil.example", "NUL": "Lantern\x00Bcc",
		"line separator": "Lantern\u2028Bcc: eve@evil.example", "encoded": "=?utf-8?q?Lantern=0D=0ABcc:_eve@evil.example?=", "address": `Eve" <eve@evil.example>, "x`,
		"long": strings.Repeat("x", 10_000), "long, in words": strings.Repeat("Lantern ñ ", 1000), "dots": "Lantern\r\n.\r\nMAIL FROM:<eve@evil.example>",
	} {
		t.Run(name, func(t *testing.T) {
			h := house
			h.Org, h.Postal = evil, evil
			var messages []mail.Message
			for _, m := range kinds(h, locale.English) {
				messages = append(messages, m)
			}
			to := notice.Reader{ID: "1", Email: "ann@example.org", Lang: "en"}
			messages = append(messages, house.Answer(to, evil, link), house.Ended(to, evil, evil, link, leave))
			sendable := messages[:0]
			for _, m := range messages {
				// An organisation whose name does not fit on a line is refused; what its campaigns are called never matters.
				if !strings.Contains(m.Subject, evil) {
					sendable = append(sendable, m)
				}
			}
			sent, _ := post(t, sendable...)
			if len(sent) != len(sendable) || len(sent) < 9 {
				t.Fatalf("%d of %d arrived", len(sent), len(messages))
			}
			for _, m := range sent {
				checkHead(t, m)
			}
		})
	}
}

// TestMAIL_4_Sender: the sender is the organisation, signed by its own domain; answers go to people.
func TestMAIL_4_Sender(t *testing.T) {
	var messages []mail.Message
	for _, m := range kinds(house, locale.English) {
		messages = append(messages, m)
	}
	sent, _ := post(t, messages...)
	for _, m := range sent {
		if m.Header("From") != `"Lantern Alliance" <letters@lantern.example>` || m.From != "letters@lantern.example" || m.Header("Reply-To") != "<help@lantern.example>" {
			t.Errorf("from %s, %s, answers to %s", m.Header("From"), m.From, m.Header("Reply-To"))
		}
		if signature := m.Header("DKIM-Signature"); !strings.Contains(signature, "d=lantern.example;") {
			t.Error(signature)
		}
		checkHead(t, m)
	}
}

var known = map[string]bool{
	"Dkim-Signature": true, "From": true, "To": true, "Reply-To": true, "Subject": true, "Date": true, "Message-Id": true, "Mime-Version": true, "Content-Type": true,
	"Auto-Submitted": true, "List-Id": true, "List-Unsubscribe": true, "List-Unsubscribe-Post": true, "Precedence": true,
}

// checkHead demands exactly the headers that we write, each once, one recipient, ASCII and short lines.
func checkHead(t *testing.T, m mailtest.Message) {
	t.Helper()
	seen := map[string]bool{}
	for _, h := range m.Headers {
		if !known[h.Name] || seen[h.Name] {
			t.Errorf("the header %s is not ours, or comes twice", h.Name)
		}
		seen[h.Name] = true
	}
	if len(m.To) != 1 || m.To[0] != "ann@example.org" || m.Header("To") != "<ann@example.org>" {
		t.Errorf("to %v", m.To)
	}
	for line := range bytes.SplitSeq(m.Raw, []byte("\r\n")) {
		if len(line) > 998 || bytes.ContainsAny(line, "\r\n\x00") || bytes.ContainsFunc(line, func(r rune) bool { return r > 126 }) {
			t.Errorf("a line of %d bytes, or not in ASCII: %.100q", len(line), line)
		}
	}
}
