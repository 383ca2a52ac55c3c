package mail_test

import (
	"bytes"
	"io"
	"net"
	"strings"
	"sync"
	"testing"

	"github.com/franklin-letters/franklin/internal/mail"
	"github.com/franklin-letters/franklin/internal/mail/mailtest"
)

// tap passes one connection on to the server and keeps what the client said, so that the
// bytes on the wire can be judged as a stranger relay would read them. On the way back it puts
// other words in place of some that the server says; pairs as for strings.NewReplacer.
func tap(t *testing.T, server string, instead ...string) (addr string, said func() []byte) {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var heard bytes.Buffer
	var done sync.WaitGroup
	done.Go(func() {
		client, err := l.Accept()
		if err != nil {
			return
		}
		defer client.Close()
		relay, err := new(net.Dialer).DialContext(t.Context(), "tcp", server)
		if err != nil {
			t.Error(err)
			return
		}
		done.Go(func() {
			answer, changed := make([]byte, 4096), strings.NewReplacer(instead...)
			for {
				n, err := relay.Read(answer)
				if _, gone := changed.WriteString(client, string(answer[:n])); err != nil || gone != nil {
					_ = client.Close()
					return
				}
			}
		})
		_, _ = io.Copy(relay, io.TeeReader(client, &heard))
		_ = relay.Close()
	})
	return l.Addr().String(), func() []byte {
		_ = l.Close()
		done.Wait()
		return heard.Bytes()
	}
}

// Each of these ends a message early, or starts a second one, in some relay that reads
// line ends loosely.
var smuggling = map[string]string{
	"full end":            "a\r\n.\r\nMAIL FROM:<eve@example.org>\r\nRCPT TO:<bob@example.org>\r\nDATA\r\nevil\r\n.\r\n",
	"line feed":           "a\n.\nMAIL FROM:<eve@example.org>\nRCPT TO:<bob@example.org>\nDATA\nevil\n.\n",
	"line feed, CRLF":     "a\n.\r\nMAIL FROM:<eve@example.org>\r\n",
	"CRLF, line feed":     "a\r\n.\nMAIL FROM:<eve@example.org>\r\n",
	"carriage return":     "a\r.\rMAIL FROM:<eve@example.org>\r",
	"CR, CRLF":            "a\r.\r\nMAIL FROM:<eve@example.org>\r\n",
	"doubled CR":          "a\r\r\n.\r\r\nMAIL FROM:<eve@example.org>\r\n",
	"NUL before the end":  "a\r\n\x00.\r\nMAIL FROM:<eve@example.org>\r\n",
	"NUL in the end":      "a\r\n.\x00\r\nMAIL FROM:<eve@example.org>\r\n",
	"only dots":           ".\n..\n...\n.",
	"starts with the end": ".\r\nMAIL FROM:<eve@example.org>\r\n",
	"BDAT":                "a\r\n.\r\nBDAT 4 LAST\r\nevil",
	"eight bits":          "é\u0085.\u0085 \u2028.\u2028 ünï ÿ",
	"one long line":       strings.Repeat("0123456789", 2000),
	"spaces at line ends": "a \r\n. \r\nb\t\r\n",
}

func TestSEC_SMTP_1_NothingIsSmuggled(t *testing.T) {
	for name, body := range smuggling {
		t.Run(name, func(t *testing.T) {
			c := catcher(t, mailtest.Options{})
			addr, said := tap(t, c.Addr())
			m := message()
			m.Text, m.HTML = body, "<pre>"+body+"</pre>"
			if err := sender(t, settings(t, addr)).Send(t.Context(), m); err != nil {
				t.Fatal(err)
			}
			heard := said()
			kept := c.Messages()
			if len(kept) != 1 || kept[0].From != "letters@campaign.example" || len(kept[0].To) != 1 {
				t.Fatalf("%d messages: %+v", len(kept), kept)
			}
			want := strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(body)
			if strings.TrimRight(kept[0].Text, "\n") != strings.TrimRight(want, "\n") {
				t.Errorf("the text became %.200q", kept[0].Text)
			}
			checkWire(t, heard)
		})
	}
}

// checkWire demands that line feeds and carriage returns come only as CRLF, that lines are
// short and seven-bit, and that a lone dot comes once, at the end of the message.
func checkWire(t *testing.T, heard []byte) {
	t.Helper()
	text := string(heard)
	if bare := strings.ReplaceAll(text, "\r\n", ""); strings.ContainsAny(bare, "\r\n\x00") {
		t.Error("a lone CR, LF or NUL went over the wire")
	}
	if n := strings.Count(text, "\r\n.\r\n"); n != 1 {
		t.Errorf("%d ends of message went over the wire", n)
	}
	for line := range strings.SplitSeq(text, "\r\n") {
		if len(line) > 998 {
			t.Errorf("a line of %d bytes went over the wire", len(line))
		}
	}
	if bytes.ContainsFunc(heard, func(r rune) bool { return r > '~' }) {
		t.Error("bytes beyond ASCII went over the wire")
	}
}

func FuzzSend(f *testing.F) {
	for _, body := range smuggling {
		f.Add("Subject", body)
	}
	f.Add("a\r\nBcc: eve@example.org", "a")
	c, err := mailtest.Start(f.Context(), mailtest.Options{Clock: clock, Keep: 1})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { _ = c.Close() })
	f.Fuzz(func(t *testing.T, subject, body string) {
		s := sender(t, settings(t, c.Addr()))
		before := 0
		if kept := c.Messages(); len(kept) == 1 {
			before = kept[0].ID
		}
		m := mail.Message{ID: "1", To: "ann@example.org", Subject: subject, Text: body}
		if err := s.Send(t.Context(), m); err != nil {
			return
		}
		kept := c.Messages()
		if len(kept) != 1 || kept[0].ID != before+1 || len(kept[0].To) != 1 {
			t.Fatalf("one send made %d messages", kept[0].ID-before)
		}
		if names := len(kept[0].Headers); names != 8 {
			t.Errorf("%d headers: %v", names, kept[0].Headers)
		}
	})
}
