package inbound_test

import (
	"fmt"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/franklin-letters/franklin/internal/mail/inbound"
)

// hostile are mails made to be slow, deep or large. Each is about 256 kB.
func hostile() map[string]string {
	const size = 256 << 10
	fill := func(text string) string { return strings.Repeat(text, size/len(text)) }
	deep := func(levels int) string {
		var b strings.Builder
		b.WriteString("Subject: x\n")
		for i := range levels {
			fmt.Fprintf(&b, "Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n", i, i)
		}
		return b.String() + "Content-Type: message/delivery-status\n\nFinal-Recipient: rfc822; a@example.org\nStatus: 5.1.1\n"
	}
	report := "Subject: x\nContent-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\n"
	daemon := "From: MAILER-DAEMON@example.org\nSubject: failure notice\n\n"
	html := "Subject: x\nContent-Type: text/html\n\n"
	return map[string]string{
		"deep parts":        deep(5000),
		"many parts":        "Content-Type: multipart/mixed; boundary=b\n\n" + fill("--b\n\nx\n"),
		"many recipients":   report + fill("Final-Recipient: rfc822; a@example.org\nStatus: 5.1.1\n\n"),
		"many fields":       report + fill("Final-Recipient: rfc822; a@example.org\n"),
		"folded field":      report + "Final-Recipient: rfc822; a\nDiagnostic-Code: smtp; x\n" + fill(" user"),
		"folds":             report + "Final-Recipient: rfc822; a\nDiagnostic-Code: smtp; x\n" + fill(" user\n"),
		"escapes":           report + "Final-Recipient: utf-8; " + fill(`\x{41}`) + "\n",
		"many headers":      fill("To: a@example.org\n") + "\nx",
		"one header":        "To: " + fill("a@b.example, ") + "\n\nx",
		"folded header":     "To: a\n" + fill(" b@example.org\n") + "\nx",
		"letters":           daemon + fill("a"),
		"letters in head":   "To: " + fill("a") + "\n\nx",
		"many addresses":    daemon + fill("<a@b.example>:\n"),
		"address letters":   daemon + "<" + fill("a@"),
		"tags":              html + fill("<"),
		"open tags":         html + fill("<script>"),
		"quotes":            html + fill("<div "),
		"entities":          html + fill("&amp;"),
		"on and on":         "Subject: x\n\n" + fill("on on on "),
		"wishes":            "To: unsubscribe@example.org\nSubject: " + fill("abcdefghijklmnop ") + "\n\nx",
		"tokens":            "To: a@example.org\nSubject: x\n\n" + fill(strings.Repeat("a", 55)+" "),
		"users":             daemon + "<a@b.example>: " + fill("user "),
		"NUL":               daemon + fill("\x00"),
		"broken base64":     "Subject: x\nContent-Transfer-Encoding: base64\n\n" + fill("=A"),
		"quoted printable":  "Subject: x\nContent-Transfer-Encoding: quoted-printable\n\n" + fill("=\n"),
		"old encoding":      "Subject: x\nContent-Type: text/plain; charset=iso-2022-jp\n\n" + fill("\x1b$B"),
		"subject":           "Subject: " + fill("=?utf-8?q?a?= ") + "\n\nx",
		"feedback":          "Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/feedback-report\n\n" + fill("Feedback-Type: abuse\n"),
		"no boundary":       "Content-Type: multipart/mixed; boundary=\"\"\n\n" + fill("--\n"),
		"dashes":            "Content-Type: multipart/mixed; boundary=-\n\n" + fill("-"),
		"line ends":         daemon + fill("\n"),
		"returns":           daemon + fill("\r"),
		"an office's words": "From: x@house.gov\nSubject: x\n\n" + fill("not been accepted could "),
		"an office's tags":  "From: x@house.gov\nSubject: x\nContent-Type: text/html\n\n" + fill("<b>fail"),
		"numbers":           "From: x@house.gov\nSubject: x\n\n" + fill(strings.Repeat("a", 32)+" "),
		"stops":             "Subject: Re: " + fill("re: ") + "\n\n" + fill("stop "),
		"bounces and words": daemon + fill("<a@b.example>: user is not user unknown 5.0.0 550 \n"),
	}
}

// TestReadIsBounded holds SEC-XML-2's bounds for mail: 100 ms for 64 kB, memory within a
// small multiple of the mail.
func TestReadIsBounded(t *testing.T) {
	if testing.Short() {
		t.Skip("the race detector, which runs the quick tests, takes time and memory of its own")
	}
	for name, raw := range hostile() {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		m, err := reader.Read([]byte(raw))
		runtime.ReadMemStats(&after)
		if took := quickest(t, []byte(raw)); took > limit(len(raw)) {
			t.Errorf("%s: %v for %d bytes", name, took, len(raw))
		}
		if used := after.TotalAlloc - before.TotalAlloc; used > 64<<20 {
			t.Errorf("%s: %d MB were allocated for %d bytes", name, used>>20, len(raw))
		}
		if err == nil {
			sane(t, name, m)
		}
	}
}

// quickest is how much of a processor reading takes, at best: other programs, and the
// collector of garbage, are not to blame on it.
func quickest(t *testing.T, raw []byte) time.Duration {
	t.Helper()
	best := time.Hour
	for range 5 {
		began := worked(t)
		_, _ = reader.Read(raw)
		if best = min(best, worked(t)-began); best <= limit(len(raw)) {
			break
		}
	}
	return best
}

// worked is how long processors have worked for this process.
func worked(t *testing.T) time.Duration {
	t.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		t.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// limit is how long reading may take.
func limit(bytes int) time.Duration { return 100 * time.Millisecond * time.Duration(1+bytes>>16) }

// sane holds a message to the limits that whoever uses it relies on.
func sane(t *testing.T, name string, m inbound.Message) {
	t.Helper()
	if len(m.Recipients) > 100 || len(m.Tokens) > 32 || len(m.Wishes) > 8 || len(m.Subject) > 300 || strings.ContainsAny(m.Subject, "\r\n") || len(m.Digest) != 32 {
		t.Errorf("%s: more than is allowed: %d recipients, %d tokens, %d wishes, subject %q", name, len(m.Recipients), len(m.Tokens), len(m.Wishes), m.Subject)
	}
	for _, r := range m.Recipients {
		if len(r.Address) > 300 || len(r.Status) > 10 || !utf8.ValidString(r.Address) || r.Class == "" {
			t.Errorf("%s: %+v", name, r)
		}
	}
	for _, token := range m.Tokens {
		if len(token) != 55 || strings.Trim(token, "abcdefghijklmnopqrstuvwxyz234567") != "" {
			t.Errorf("%s: the token %q", name, token)
		}
	}
	for _, wish := range m.Wishes {
		if len(wish) < 16 || len(wish) > 200 {
			t.Errorf("%s: the wish %q", name, wish)
		}
	}
	if m.Kind == inbound.Report && len(m.Recipients) == 0 {
		t.Errorf("%s: a report about nobody", name)
	}
}

func FuzzRead(f *testing.F) {
	for _, raw := range corpus(f) {
		f.Add([]byte(raw))
	}
	for _, raw := range hostile() {
		f.Add([]byte(raw[:min(len(raw), 2000)]))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		m, err := reader.Read(raw)
		if took := quickest(t, raw); took > limit(len(raw)) {
			t.Errorf("%v for %d bytes", took, len(raw))
		}
		if err == nil {
			sane(t, "fuzz", m)
		}
	})
}

// TestPartsAreCapped: what lies deeper, or behind more parts, than any real report is not
// looked at.
func TestPartsAreCapped(t *testing.T) {
	const status = "Content-Type: message/delivery-status\n\nFinal-Recipient: rfc822; a@example.org\nStatus: 5.1.1\n"
	nested := func(levels int) string {
		var raw strings.Builder
		raw.WriteString("From: a@example.org\n")
		for i := range levels {
			fmt.Fprintf(&raw, "Content-Type: multipart/mixed; boundary=b%d\n\n--b%[1]d\n", i)
		}
		return raw.String() + status
	}
	after := func(parts int) string {
		return "From: a@example.org\nContent-Type: multipart/mixed; boundary=b\n\n" + strings.Repeat("--b\n\nx\n", parts) + "--b\n" + status
	}
	for raw, want := range map[string]inbound.Kind{nested(5): inbound.Report, nested(9): inbound.Person, after(40): inbound.Report, after(60): inbound.Person} {
		if m, err := reader.Read([]byte(raw)); err != nil || m.Kind != want {
			t.Errorf("%.80q is %s, want %s, %v", raw, m.Kind, want, err)
		}
	}
}
