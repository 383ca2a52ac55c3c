package notice_test

import (
	"bytes"
	"context"
	"fmt"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/internal/locale"
	"github.com/franklin-letters/franklin/internal/mail"
	"github.com/franklin-letters/franklin/internal/mail/mailtest"
	"github.com/franklin-letters/franklin/internal/notice"
)

// post sends messages through a catcher and returns them as they came over the wire.
func post(t *testing.T, change func(*mail.Config), messages ...mail.Message) []mailtest.Message {
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
	change(&config)
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
	return c.Messages()
}

func signWith(t *testing.T, config *mail.Config) {
	t.Helper()
	text, err := mail.NewDKIMKey(false)
	if err != nil {
		t.Fatal(err)
	}
	key, err := mail.ParseDKIMKey(text)
	if err != nil {
		t.Fatal(err)
	}
	config.DKIM = &mail.DKIM{Domain: "lantern.example", Selector: "franklin", Key: key}
}

// namespace runs a script in a network of its own, with a DNS server that knows the records
// and nothing else, and returns what it printed. Where that cannot be, the test is skipped,
// but not in continuous integration, which installs all of it.
func namespace(t *testing.T, folder, script string, records map[string]string) string {
	t.Helper()
	missing := t.Skipf
	if os.Getenv("CI") != "" {
		missing = t.Fatalf
	}
	path := os.Getenv("PATH") + ":/usr/sbin:/sbin"
	t.Setenv("PATH", path)
	for _, program := range []string{"unshare", "ip", "dnsmasq", "dkimverify", "opendkim-testmsg", "spamassassin"} {
		if _, err := exec.LookPath(program); err != nil {
			missing("%s is not installed: tools/install-test-deps.sh", program)
		}
	}
	if os.Geteuid() != 0 {
		missing("only root can make a network namespace with a DNS server at port 53")
	}
	var conf strings.Builder
	fmt.Fprintf(&conf, "no-resolv\nno-hosts\nlisten-address=127.0.0.1\nbind-interfaces\nuser=root\npid-file=%s/pid\nlocal=/#/\n", folder)
	for name, text := range records {
		fmt.Fprintf(&conf, "txt-record=%s", name)
		for ; len(text) > 250; text = text[250:] {
			fmt.Fprintf(&conf, ",%q", text[:250])
		}
		fmt.Fprintf(&conf, ",%q\n", text)
	}
	for name, text := range map[string]string{"dns.conf": conf.String(), "resolv.conf": "nameserver 127.0.0.1\n", "run.sh": `set -e
cd "$1"
ip link set lo up
mount --bind resolv.conf /etc/resolv.conf
dnsmasq --conf-file="$1/dns.conf"
` + script} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	// Whatever is started inside ends with the script, also when the time is over.
	inside := func(args ...string) ([]byte, error) {
		return exec.CommandContext(ctx, "unshare", append([]string{"--net", "--mount", "--pid", "--fork", "--kill-child"}, args...)...).CombinedOutput()
	}
	if out, err := inside("true"); err != nil {
		missing("no network namespace can be made here: %s", out)
	}
	out, err := inside("sh", filepath.Join(folder, "run.sh"), folder)
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return string(out)
}

// judges lets two programs verify the signatures of every *.eml in the folder, and
// SpamAssassin score those that begin with "good".
const judges = `
for m in *.eml; do
  if dkimverify <"$m" >/dev/null 2>&1; then p=pass; else p=fail; fi
  if opendkim-testmsg <"$m" >/dev/null 2>&1; then o=pass; else o=fail; fi
  echo "$m python $p opendkim $o"
done
spamassassin --local --mbox <good.mbox | grep -A1 '^X-Spam-Status:'
`

// TestMAIL1ForeignVerifiers: a mail of each kind, half of them in Spanish, passes two
// verifiers that are not ours and a spam filter; one with a way out that was changed on the
// way, or with a second sender in front, passes neither verifier.
func TestMAIL1ForeignVerifiers(t *testing.T) {
	if testing.Short() {
		t.Skip("foreign programs take some seconds")
	}
	var messages []mail.Message
	for kind, m := range kinds(house, locale.English) {
		if len(messages)%2 == 1 {
			m = kinds(house, locale.Spanish)[kind]
		}
		messages = append(messages, m)
	}
	var key *mail.DKIM
	sent := post(t, func(c *mail.Config) { signWith(t, c); key = c.DKIM }, messages...)
	folder := t.TempDir()
	write := func(name string, raw []byte) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(folder, name), raw, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var mbox bytes.Buffer
	for i, m := range sent {
		write(fmt.Sprintf("good-%d-%s.eml", i, messages[i].ID), m.Raw)
		fmt.Fprintf(&mbox, "From letters@lantern.example Sun Nov 29 12:00:00 2026\n%s\n", bytes.ReplaceAll(m.Raw, []byte("\r\n"), []byte("\n")))
		if strings.HasPrefix(messages[i].ID, "welcome") {
			write("bad-way-out.eml", bytes.Replace(m.Raw, []byte("<https://act.lantern.example/leave/"), []byte("<https://evil.example/leave/"), 1))
			write("bad-sender.eml", append([]byte("From: Eve <eve@evil.example>\r\n"), m.Raw...))
		}
	}
	write("good.mbox", mbox.Bytes())
	said := namespace(t, folder, judges, map[string]string{
		mail.DKIMName(key.Selector, key.Domain): key.Record(), "lantern.example": "v=spf1 ip4:127.0.0.1 -all", "_dmarc.lantern.example": "v=DMARC1; p=reject",
	})
	verdict := regexp.MustCompile(`(?m)^(good|bad)-(\S+) python (\w+) opendkim (\w+)$`).FindAllStringSubmatch(said, -1)
	if len(verdict) != len(messages)+2 {
		t.Fatalf("%d verdicts:\n%s", len(verdict), said)
	}
	for _, v := range verdict {
		want := map[string]string{"good": "pass", "bad": "fail"}[v[1]]
		if v[3] != want || v[4] != want {
			t.Errorf("%s: python says %s, opendkim %s; want %s", v[2], v[3], v[4], want)
		}
	}
	scores := regexp.MustCompile(`X-Spam-Status: \w+, score=(-?[\d.]+)`).FindAllStringSubmatch(said, -1)
	if len(scores) != len(messages) {
		t.Fatalf("%d scores:\n%s", len(scores), said)
	}
	for i, s := range scores {
		if n, err := strconv.ParseFloat(s[1], 64); err != nil || n > 1.0 {
			t.Errorf("%s: SpamAssassin gives %s:\n%s", messages[i].ID, s[1], said)
		}
	}
}

// TestSECHDR1NothingIsInjected: names and titles from outside make no header, no second
// recipient, and no line that is too long.
func TestSECHDR1NothingIsInjected(t *testing.T) {
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
			sent := post(t, func(c *mail.Config) { signWith(t, c) }, sendable...)
			if len(sent) != len(sendable) || len(sent) < 9 {
				t.Fatalf("%d of %d arrived", len(sent), len(messages))
			}
			for _, m := range sent {
				checkHead(t, m)
			}
		})
	}
}

// TestMAIL4Sender: the sender is the organisation, signed by its own domain; answers go to people.
func TestMAIL4Sender(t *testing.T) {
	var messages []mail.Message
	for _, m := range kinds(house, locale.English) {
		messages = append(messages, m)
	}
	for _, m := range post(t, func(c *mail.Config) { signWith(t, c) }, messages...) {
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
