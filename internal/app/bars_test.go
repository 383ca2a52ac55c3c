package app_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/internal/db/dbtest"
	"github.com/franklin-letters/franklin/internal/mail"
	"github.com/franklin-letters/franklin/internal/mail/judgetest"
	"github.com/franklin-letters/franklin/internal/mail/mailtest"
)

// secured lets a town's mails be signed, and its links begin with https as in real life.
func secured(w *town) *town {
	w.Helper()
	key, err := mail.NewDKIMKey(false)
	if err != nil {
		w.Fatal(err)
	}
	w.settings.BaseURL = "https://act.lantern.us"
	w.settings.Mail.From, w.settings.Mail.DKIMKey, w.settings.Mail.DKIMSelector = "letters@lantern.us", string(key), "franklin"
	return w
}

// life is a program that has sent many kinds of mails, to people who typed what they could.
func life(t *testing.T) *program {
	t.Helper()
	p := secured(build(t, dbtest.SQLiteURL(t))).start()
	p.publish("mails: {share: on}")
	p.onList("Ana")
	p.mailed("ana@example.org", welcomed)
	p.send(typed("first_name", "Bob", "email", "bob@example.org", "join", "on"))
	p.post(p.URL()+"/my-data", url.Values{"email": {"bob@example.org"}}, "Look into your mailbox")
	p.link("bob@example.org", "my-data")
	p.clock.forward(49 * time.Hour)
	p.mailed("bob@example.org", "This is the only reminder")
	p.mailed("ana@example.org", "has reached Congress. Thank you.")
	p.publish("confirm: email")
	a := p.do(http.MethodPost, p.URL()+"/c/loophole/send", typed(
		"first_name", "Eve\r\nBcc: victim@example.org", "last_name", strings.Repeat("x", 60)+"\u2028Bcc: victim@example.org", "email", "eve@example.org", "copy", "yes",
		"subject", "=?utf-8?q?Hi=0D=0ABcc:_victim@example.org?=", "message", smuggled))
	if a.status != http.StatusOK {
		t.Fatalf("her letter is answered %d:\n%s", a.status, a.body)
	}
	if a := p.do(http.MethodPost, p.here(p.link("eve@example.org", "confirm")), nil); a.status != http.StatusSeeOther {
		t.Fatalf("confirming is answered %d", a.status)
	}
	p.mailed("eve@example.org", "You asked for a copy of your letter.")
	p.publish("outcome: {date: 2026-11-24, summary: \"The House passed it.\\r\\nBcc: victim@example.org\"}")
	p.looked()
	p.clock.forward(61 * time.Minute)
	p.mailed("ana@example.org", over)
	return p
}

// smuggled is a letter that ends a message early, in relays that read line ends loosely.
const smuggled = "My own words.\r\n.\r\nMAIL FROM:<eve@evil.example>\r\nRCPT TO:<victim@example.org>\r\nDATA\r\nevil\r\n.\r\n\n.\n.\r.\rñ BDAT 5 LAST\r\n..\r\n.\r\nQUIT"

// listMails are what goes only to who agreed.
var listMails = []string{welcomed, "has reached Congress. Thank you.", over}

func ofList(m mailtest.Message) bool {
	return slices.ContainsFunc(listMails, func(words string) bool { return strings.Contains(m.Text, words) })
}

// TestBarsOfMail holds what a running program sent against the bars of mail.
func TestBarsOfMail(t *testing.T) { //nolint:tparallel // the parts share one program
	t.Parallel()
	if testing.Short() {
		t.Skip("a whole life takes some seconds")
	}
	p := life(t)
	all := p.mails.Messages()
	each := func(t *testing.T, check func(*testing.T, mailtest.Message)) {
		t.Helper()
		for _, m := range all {
			t.Run(m.Subject, func(t *testing.T) { check(t, m) })
		}
	}
	t.Run("MAIL_1_ForeignVerifiers", func(t *testing.T) { p.isJudged(t, all) })
	t.Run("MAIL_4_Sender", func(t *testing.T) { each(t, checkSender) })
	t.Run("MAIL_5_Clean", func(t *testing.T) { each(t, checkClean) })
	t.Run("MAIL_6_Foot", func(t *testing.T) { each(t, checkFoot) })
	t.Run("MAIL_U_1_WaysOut", func(t *testing.T) { each(t, checkWaysOut) })
	t.Run("SEC_HDR_1_NothingInjected", func(t *testing.T) { each(t, checkHeaders) })
	t.Run("SEC_SMTP_1_OneMessage", func(t *testing.T) {
		got := caught(p.mails)
		if got["victim@example.org"] != 0 || got["eve@example.org"] != 2 || len(got) != 3 {
			t.Errorf("at the sink arrived %v", got)
		}
		if m := p.got("eve@example.org", "You asked for a copy"); len(m) != 1 || !strings.Contains(m[0].Text, "RCPT TO:<victim@example.org>") || !strings.Contains(m[0].Text, "QUIT") {
			t.Errorf("the copy is not whole: %+v", m) // the control: the words went over the wire
		}
	})
	t.Run("SEC_TOK_2_LookingLeavesNothing", func(t *testing.T) { p.looksAtLinks(t) })
	t.Run("SEC_TOK_1_ListTokens", func(t *testing.T) { p.triesTokens(t) })
	t.Run("MAIL_U_2_OneClick", func(t *testing.T) { p.leavesByOneClick(t) })
}

// isJudged is MAIL-1 and the scores of MAIL-5: what the program sent passes the verifiers as
// it left, and mails of a list do not when somebody changed their ways out.
func (p *program) isJudged(t *testing.T, all []mailtest.Message) {
	t.Helper()
	key, err := mail.ParseDKIMKey([]byte(p.settings.Mail.DKIMKey))
	if err != nil {
		t.Fatal(err)
	}
	var judged []judgetest.Message
	for _, m := range all {
		one := judgetest.Message{Name: m.To[0] + ": " + m.Subject, Raw: m.Raw}
		if judged = append(judged, one); ofList(m) {
			judged = append(judged, judgetest.Tampered(t, one)...)
		}
	}
	judgetest.Judge(t, &mail.DKIM{Domain: "lantern.us", Selector: p.settings.Mail.DKIMSelector, Key: key}, judged)
}

// checkSender is MAIL-4: the sender is the organisation, never a supporter; people read the answers.
func checkSender(t *testing.T, m mailtest.Message) {
	t.Helper()
	if m.Header("From") != `"Lantern Alliance" <letters@lantern.us>` || m.From != "letters@lantern.us" || m.Header("Reply-To") != "<office@lantern.example>" {
		t.Errorf("from %s, %s; answers to %s", m.Header("From"), m.From, m.Header("Reply-To"))
	}
	if !strings.Contains(m.Header("DKIM-Signature"), "d=lantern.us;") {
		t.Error(m.Header("DKIM-Signature"))
	}
}

// checkClean is MAIL-5.
func checkClean(t *testing.T, m mailtest.Message) {
	t.Helper()
	for _, name := range []string{"From", "Date", "Message-Id", "To", "Subject"} {
		if n := count(m, name); n != 1 {
			t.Errorf("%d headers %s", n, name)
		}
	}
	for line := range bytes.SplitSeq(m.Raw, []byte("\r\n")) {
		if len(line) > 998 || bytes.ContainsFunc(line, func(r rune) bool { return r > 126 || r < ' ' && r != '\t' }) {
			t.Errorf("a line of %d bytes, or not in ASCII: %.80q", len(line), line)
		}
	}
	if !strings.HasPrefix(m.Header("Content-Type"), "multipart/alternative") || len(m.Text) < 100 || len(m.HTML) < 1000 || len(m.HTML) > 100_000 {
		t.Errorf("%s, %d of text, %d of HTML", m.Header("Content-Type"), len(m.Text), len(m.HTML))
	}
	if found := regexp.MustCompile(`(?i)<(form|script|img|iframe|link|object|video)\b|src=|url\(`).FindString(m.HTML); found != "" {
		t.Errorf("the HTML has %s", found)
	}
}

// checkFoot is MAIL-6.
func checkFoot(t *testing.T, m mailtest.Message) {
	t.Helper()
	for _, part := range []string{m.Text, m.HTML} {
		if !strings.Contains(part, "Lantern Alliance") || !strings.Contains(part, "100 Example Street, Springfield, IL 62701") {
			t.Error("it does not say who sends it and where they are")
		}
		for _, words := range []string{"You get this mail because you joined", "Leave the list", "Choose what you get", "https://act.lantern.us/leave/"} {
			if ofList(m) && !strings.Contains(part, words) {
				t.Errorf("a mail of the list without %q", words)
			}
		}
	}
}

// checkWaysOut is MAIL-U-1: the headers by which people leave, in all that is no answer to their own act.
func checkWaysOut(t *testing.T, m mailtest.Message) {
	t.Helper()
	if !ofList(m) {
		if m.Header("List-Id") != "" || m.Header("Precedence") != "" {
			t.Error("it pretends to be of a list")
		}
		return
	}
	way := m.Header("List-Unsubscribe")
	if !regexp.MustCompile(`^<https://act\.lantern\.us/leave/[^>]+>$`).MatchString(way) || m.Header("List-Unsubscribe-Post") != "List-Unsubscribe=One-Click" {
		t.Errorf("%q, %q", way, m.Header("List-Unsubscribe-Post"))
	}
	if m.Header("List-Id") != "<updates.act.lantern.us>" || m.Header("Precedence") != "bulk" || m.Header("Auto-Submitted") != "auto-generated" {
		t.Errorf("%q, %q, %q", m.Header("List-Id"), m.Header("Precedence"), m.Header("Auto-Submitted"))
	}
	signed := regexp.MustCompile(`;h=([^;]+);`).FindStringSubmatch(strings.Join(strings.Fields(m.Header("DKIM-Signature")), ""))
	for _, name := range []string{"list-unsubscribe", "list-unsubscribe-post", "list-id", "from"} {
		if signed == nil || !slices.Contains(strings.Split(strings.ToLower(signed[1]), ":"), name) {
			t.Errorf("%s is not signed: %v", name, signed)
		}
	}
}

var ours = []string{
	"Dkim-Signature", "From", "To", "Reply-To", "Subject", "Date", "Message-Id", "Mime-Version", "Content-Type", "Auto-Submitted",
	"List-Id", "List-Unsubscribe", "List-Unsubscribe-Post", "Precedence", "X-Reference",
}

// checkHeaders is SEC-HDR-1: exactly our headers, each once, one recipient.
func checkHeaders(t *testing.T, m mailtest.Message) {
	t.Helper()
	for _, h := range m.Headers {
		if name := http.CanonicalHeaderKey(h.Name); !slices.Contains(ours, name) || count(m, h.Name) != 1 {
			t.Errorf("the header %s is not ours, or comes %d times", h.Name, count(m, h.Name))
		}
	}
	if len(m.To) != 1 || m.Header("To") != "<"+m.To[0]+">" || strings.Contains(m.Subject, "victim") {
		t.Errorf("to %v, %s: %s", m.To, m.Header("To"), m.Subject)
	}
}

func count(m mailtest.Message, name string) (n int) {
	for _, h := range m.Headers {
		if strings.EqualFold(h.Name, name) {
			n++
		}
	}
	return n
}

var mailedLink = regexp.MustCompile(`https://act\.lantern\.us/[^\s#]+`)

// looksAtLinks is SEC-TOK-2: programs that look at every link in every mail, twice, change nothing.
func (p *program) looksAtLinks(t *testing.T) {
	t.Helper()
	before := p.who(t)
	for _, m := range p.mails.Messages() {
		for _, link := range mailedLink.FindAllString(m.Text, -1) {
			for _, method := range []string{http.MethodHead, http.MethodGet, http.MethodGet} {
				over := strings.Contains(link, "/my-data/") // such a link works for a day
				if a := p.do(method, p.here(link), nil, "User-Agent", "Mozilla/5.0 SafeLinks"); a.status != http.StatusOK && !over {
					t.Errorf("%s %s: %d", method, link, a.status)
				}
			}
		}
	}
	if after := p.who(t); !slices.Equal(before, after) || len(before) != 1 {
		t.Errorf("on the list were %v, and are %v", before, after)
	}
}

// who is on the list, by what the page behind the links in their mails says.
func (p *program) who(t *testing.T) (all []string) {
	t.Helper()
	for _, name := range []string{"ana", "bob", "eve"} {
		link := p.leaveLink(name + "@example.org")
		if link != "" && strings.Contains(p.read(p.here(link)), "This takes "+name[:1]+"***@example.org off the list") {
			all = append(all, name)
		}
	}
	return all
}

func (p *program) leaveLink(address string) string {
	for _, m := range p.got(address, "/leave/") {
		if ofList(m) {
			return leaving.FindString(m.Text)
		}
	}
	return ""
}

// triesTokens is SEC-TOK-1 for the links of lists: a changed bit opens nothing, and what leaves does
// not confirm, nor show data.
func (p *program) triesTokens(t *testing.T) {
	t.Helper()
	leave := p.leaveLink("ana@example.org")
	_, token, _ := strings.Cut(leave, "/leave/")
	for i := range 100 {
		at, changed := i%len(token), []byte(token)
		changed[at] ^= 1 << (i % 5)
		if a := p.do(http.MethodGet, p.URL()+"/leave/"+url.PathEscape(string(changed)), nil); a.status != http.StatusNotFound {
			t.Errorf("with a changed bit at %d: %d", at, a.status)
		}
	}
	for _, other := range []string{"/join/", "/my-data/", "/confirm/", "/stop/", "/receipt/", "/answer/"} {
		if a := p.do(http.MethodGet, p.URL()+other+token, nil); a.status != http.StatusNotFound {
			t.Errorf("%s opens by a link to leave: %d", other, a.status)
		}
	}
	if strings.Contains(p.log.String(), token) {
		t.Error("the log holds the token")
	}
}

// leavesByOneClick is MAIL-U-2 with the address that a mail program finds in the header.
func (p *program) leavesByOneClick(t *testing.T) {
	t.Helper()
	m := p.mailed("ana@example.org", over)
	target := p.here(strings.Trim(m.Header("List-Unsubscribe"), "<>"))
	for range 2 {
		if a := p.do(http.MethodPost, target, url.Values{"List-Unsubscribe": {"One-Click"}}, "Sec-Fetch-Site", "cross-site", "Origin", "https://mail.example"); a.status != http.StatusOK {
			t.Errorf("one click is answered %d", a.status)
		}
	}
	if on := p.who(t); len(on) != 1 { // the page still knows whose link it is
		t.Errorf("%v", on)
	}
	p.clock.forward(400 * 24 * time.Hour)
	if a := p.do(http.MethodGet, target, nil); a.status != http.StatusNotFound {
		t.Errorf("after more than twelve months the link is answered %d", a.status)
	}
}

// TestSEC_SMTP_2_Addresses: what only looks like an address is refused, and nothing is mailed.
func TestSEC_SMTP_2_Addresses(t *testing.T) {
	t.Parallel()
	p := build(t, dbtest.SQLiteURL(t)).start()
	for _, evil := range []string{
		`"a> ORCPT=x@y"@example.org`, "\"a\r\nb\"@example.org", "a@[127.0.0.1]", "a@localhost", "Ann <ann@example.org>", "<ann@example.org>", "ann@example.org, bob@example.org",
		"ann@ex\u0430mple.org", strings.Repeat("a", 10_000) + "@example.org", "ann@example.org\r\nRCPT TO:<victim@example.org>", "ann@127.0.0.1", "a b@example.org",
	} {
		if a := p.do(http.MethodPost, p.URL()+"/c/loophole/send", typed("email", evil)); a.status != http.StatusUnprocessableEntity {
			t.Errorf("%.60q is answered %d", evil, a.status)
		}
	}
	p.send(typed()) // the control
	p.ran(1)
	if got := caught(p.mails); len(got) != 1 || got["ana@example.org"] != 1 {
		t.Errorf("mailed to %v", got)
	}
}

// stripper passes connections on to a relay and takes its offer of TLS away, as an attacker on the
// line does. It keeps what the program said.
type stripper struct {
	listener net.Listener
	mu       sync.Mutex
	said     bytes.Buffer
}

func strip(t *testing.T, relay string, instead ...string) *stripper {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &stripper{listener: l}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			client, err := l.Accept()
			if err != nil {
				return
			}
			go s.pass(t.Context(), client, relay, strings.NewReplacer(instead...))
		}
	}()
	return s
}

func (s *stripper) pass(ctx context.Context, client net.Conn, relay string, instead *strings.Replacer) {
	defer func() { _ = client.Close() }()
	server, err := new(net.Dialer).DialContext(ctx, "tcp", relay)
	if err != nil {
		return
	}
	defer func() { _ = server.Close() }()
	go func() {
		defer func() { _ = client.Close() }()
		answer := make([]byte, 4096)
		for {
			n, err := server.Read(answer)
			if _, gone := instead.WriteString(client, string(answer[:n])); err != nil || gone != nil {
				return
			}
		}
	}()
	heard := make([]byte, 4096)
	for {
		n, err := client.Read(heard)
		s.mu.Lock()
		s.said.Write(heard[:n])
		s.mu.Unlock()
		if _, gone := server.Write(heard[:n]); err != nil || gone != nil {
			return
		}
	}
}

func (s *stripper) heard() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.said.String()
}

// TestMAIL_3_TLSIsNotTakenAway: the running program says nothing of anybody on a line without TLS, or to
// a relay that cannot prove its name; the letter goes its way all the same.
func TestMAIL_3_TLSIsNotTakenAway(t *testing.T) {
	t.Parallel()
	https := httptest.NewTLSServer(nil)
	t.Cleanup(https.Close)
	for name, instead := range map[string][]string{"stripped": {"STARTTLS", "XXXXXXXX"}, "a stranger's certificate": nil} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := build(t, dbtest.SQLiteURL(t))
			relay := openMails(t, mailtest.Options{Clock: w.clock.now, TLS: &tls.Config{Certificates: https.TLS.Certificates, MinVersion: tls.VersionTLS12}})
			line := strip(t, relay.Addr(), instead...)
			host, port, _ := net.SplitHostPort(line.listener.Addr().String())
			w.settings.Mail.Host, w.settings.Mail.TLS = host, "starttls"
			w.settings.Mail.Port, _ = strconv.Atoi(port)
			w.settings.Mail.Username, w.settings.Mail.Password = "franklin", "relay-passw0rd"
			p := w.start()
			p.until(p.send(typed("join", "on")), "Accepted by the House mail system")
			p.until(p.OpsURL()+"/metrics", `franklin_job_seconds_count{failed="true",kind="mail_receipts"}`)
			heard := line.heard()
			if !strings.HasPrefix(heard, "EHLO ") {
				t.Errorf("the relay was not reached: %q", heard)
			}
			for _, word := range []string{"AUTH", "MAIL FROM", "RCPT", "DATA\r\n", "relay-passw0rd", "ana@", "Lantern"} {
				if strings.Contains(heard, word) {
					t.Errorf("%q was said in the clear", word)
				}
			}
			if n := len(relay.Messages()); n != 0 {
				t.Errorf("%d mails arrived", n)
			}
		})
	}
}
