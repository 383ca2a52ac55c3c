// Package judgetest has programs that are not ours judge messages as they came over the wire:
// two verify the signatures and SpamAssassin scores, in a network namespace with a DNS server
// that knows the sender's records and nothing else; Mailpit counts how much of the HTML mail
// programs know. Where one of them is missing, or no namespace can be made, its part is
// skipped, but not in continuous integration, which installs all of it.
package judgetest

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/internal/mail"
)

// mostSpam is the highest score of SpamAssassin that a message may have.
const mostSpam = 1.0

// Message is one that is to be judged. The verifiers must take it, and SpamAssassin must not
// find it to be spam.
type Message struct {
	Name string
	Raw  []byte
	// Spoiled says that it was changed on its way, so both verifiers must refuse it.
	Spoiled bool
}

// Sign gives a relay's settings a new key for the domain of their sender.
func Sign(tb testing.TB, config *mail.Config) {
	tb.Helper()
	text, err := mail.NewDKIMKey(false)
	if err != nil {
		tb.Fatal(err)
	}
	key, err := mail.ParseDKIMKey(text)
	if err != nil {
		tb.Fatal(err)
	}
	_, domain, _ := strings.Cut(config.From, "@")
	config.DKIM = &mail.DKIM{Domain: domain, Selector: "franklin", Key: key}
}

// Tampered are spoiled copies of a message with a way out: one leads elsewhere when its
// button is pressed, one asks for something else than the one click, and one has a second
// sender in front.
func Tampered(tb testing.TB, m Message) []Message {
	tb.Helper()
	change := func(what, from, to string) Message {
		raw := bytes.Replace(m.Raw, []byte(from), []byte(to), 1)
		if bytes.Equal(raw, m.Raw) {
			tb.Fatalf("%s has no %q", m.Name, from)
		}
		return Message{Name: m.Name + "-" + what, Raw: raw, Spoiled: true}
	}
	return []Message{
		change("way-out", "List-Unsubscribe: <https://", "List-Unsubscribe: <https://evil."),
		change("one-click", "List-Unsubscribe=One-Click", "List-Unsubscribe=Two-Clicks"),
		{Name: m.Name + "-sender", Raw: append([]byte("From: Eve <eve@evil.example>\r\n"), m.Raw...), Spoiled: true},
	}
}

// Judge demands of each message what it is to be judged by.
func Judge(t *testing.T, key *mail.DKIM, messages []Message) {
	t.Helper()
	if testing.Short() {
		t.Skip("foreign programs take some seconds")
	}
	var good []Message
	for _, m := range messages {
		if !m.Spoiled {
			good = append(good, m)
		}
	}
	t.Run("signatures and spam", func(t *testing.T) {
		folder := t.TempDir()
		for i, m := range messages {
			write(t, filepath.Join(folder, fmt.Sprintf("%d.eml", i)), m.Raw)
		}
		write(t, filepath.Join(folder, "good.mbox"), mbox(good))
		said := namespace(t, folder, judges, map[string]string{
			mail.DKIMName(key.Selector, key.Domain): key.Record(), key.Domain: "v=spf1 ip4:127.0.0.1 -all", "_dmarc." + key.Domain: "v=DMARC1; p=reject",
		})
		verified(t, messages, said)
		scored(t, good, said)
	})
	t.Run("HTML", func(t *testing.T) { known(t, good) })
}

// missing skips a test for want of a program, or fails it where all must be there.
func missing(tb testing.TB, why string, args ...any) {
	tb.Helper()
	if os.Getenv("CI") != "" {
		tb.Fatalf(why, args...)
	}
	tb.Skipf(why, args...)
}

// judges lets two programs verify the signature of every message, and SpamAssassin score
// those that are as they were sent.
const judges = `
cat >verify.sh <<'END'
if dkimverify <"$1" >/dev/null 2>&1; then p=true; else p=false; fi
if opendkim-testmsg <"$1" >/dev/null 2>&1; then o=true; else o=false; fi
echo "message ${1%.eml} python $p opendkim $o"
END
ls *.eml | xargs -n 1 -P 2 sh verify.sh
spamassassin --local --mbox <good.mbox | grep -A1 '^X-Spam-Status:'
`

// verified compares what the two verifiers said with what they should.
func verified(t *testing.T, messages []Message, said string) {
	t.Helper()
	verdicts := regexp.MustCompile(`(?m)^message (\d+) python (\w+) opendkim (\w+)$`).FindAllStringSubmatch(said, -1)
	if len(verdicts) != len(messages) {
		t.Fatalf("%d verdicts on %d messages:\n%s", len(verdicts), len(messages), said)
	}
	for _, v := range verdicts {
		i, err := strconv.Atoi(v[1])
		if err != nil {
			t.Fatal(err)
		}
		if want := strconv.FormatBool(!messages[i].Spoiled); v[2] != want || v[3] != want {
			t.Errorf("%s: python's dkim says %s, OpenDKIM %s; want %s", messages[i].Name, v[2], v[3], want)
		}
	}
}

// scored looks at what SpamAssassin said, in the order of the messages.
func scored(t *testing.T, messages []Message, said string) {
	t.Helper()
	scores := regexp.MustCompile(`X-Spam-Status: \w+, score=(-?[\d.]+).*\n?.*`).FindAllStringSubmatch(said, -1)
	if len(scores) != len(messages) {
		t.Fatalf("%d scores of %d messages:\n%s", len(scores), len(messages), said)
	}
	for i, s := range scores {
		if n, err := strconv.ParseFloat(s[1], 64); err != nil || n > mostSpam {
			t.Errorf("%s: %s", messages[i].Name, s[0])
		}
	}
}

// mbox puts messages into one file, as SpamAssassin reads many.
func mbox(messages []Message) []byte {
	var b bytes.Buffer
	for _, m := range messages {
		fmt.Fprintf(&b, "From sender@example.org Sun Nov 29 12:00:00 2026\n%s\n", bytes.ReplaceAll(m.Raw, []byte("\r\n"), []byte("\n")))
	}
	return b.Bytes()
}

func write(tb testing.TB, name string, content []byte) {
	tb.Helper()
	if err := os.WriteFile(name, content, 0o600); err != nil {
		tb.Fatal(err)
	}
}

// namespace runs a script in a network of its own, in which a DNS server knows the records
// and nothing else, and returns what it printed.
func namespace(t *testing.T, folder, script string, records map[string]string) string {
	t.Helper()
	for _, program := range []string{"unshare", "ip", "dnsmasq", "dkimverify", "opendkim-testmsg", "spamassassin"} {
		_, err := exec.LookPath(program)
		if _, sbin := exec.LookPath("/usr/sbin/" + program); err != nil && sbin != nil {
			missing(t, "%s is not installed: tools/install-test-deps.sh", program)
		}
	}
	if os.Geteuid() != 0 {
		missing(t, "only root can make a network namespace with a DNS server at port 53")
	}
	write(t, filepath.Join(folder, "dns.conf"), zone(folder, records))
	write(t, filepath.Join(folder, "resolv.conf"), []byte("nameserver 127.0.0.1\n"))
	write(t, filepath.Join(folder, "run.sh"), []byte(`set -e
cd "$1"
ip link set lo up
mount --bind resolv.conf /etc/resolv.conf
dnsmasq --conf-file="$1/dns.conf"
`+script))
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	// Whatever is started inside ends with the script, also when the time is over.
	inside := func(args ...string) ([]byte, error) {
		c := exec.CommandContext(ctx, "unshare", append([]string{"--net", "--mount", "--pid", "--fork", "--kill-child"}, args...)...) //nolint:gosec // the arguments are ours
		c.Env = append(os.Environ(), "PATH="+os.Getenv("PATH")+":/usr/sbin:/sbin")
		return c.CombinedOutput()
	}
	if out, err := inside("true"); err != nil {
		missing(t, "no network namespace can be made here: %s", out)
	}
	out, err := inside("sh", filepath.Join(folder, "run.sh"), folder)
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return string(out)
}

// zone is the configuration of the DNS server: texts, cut to the length that fits.
func zone(folder string, records map[string]string) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "no-resolv\nno-hosts\nlisten-address=127.0.0.1\nbind-interfaces\nuser=root\npid-file=%s/pid\nlocal=/#/\n", folder)
	for name, text := range records {
		fmt.Fprintf(&b, "txt-record=%s", name)
		for ; len(text) > 250; text = text[250:] {
			fmt.Fprintf(&b, ",%q", text[:250])
		}
		fmt.Fprintf(&b, ",%q\n", text)
	}
	return b.Bytes()
}
