package mailtest_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/smtp"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/franklin-letters/franklin/internal/mail/mailtest"
)

func clock() time.Time { return time.Date(2026, time.November, 23, 12, 0, 0, 123e6, time.UTC) }

func start(t *testing.T, o mailtest.Options) *mailtest.Catcher {
	t.Helper()
	o.Clock = clock
	c, err := mailtest.Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

// send talks to the catcher with the standard library's client, which is not ours.
func send(t *testing.T, c *mailtest.Catcher, to, mail string) {
	t.Helper()
	raw := strings.ReplaceAll(mail, "\n", "\r\n")
	if err := smtp.SendMail(c.Addr(), nil, "letters@campaign.example", strings.Split(to, ","), []byte(raw)); err != nil {
		t.Fatal(err)
	}
}

const multipart = `From: =?utf-8?q?Se=C3=B1or?= <letters@campaign.example>
To: ann@example.org
Subject: =?utf-8?q?=C2=A1Hola!_<script>alert(1)</script>?=
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary=x

--x
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: quoted-printable

Follow https://campaign.example/confirm?a=3D1&b=3D2. <b>not bold</b>
--x
Content-Type: text/html; charset=utf-8

<p>Hi "there" <script>alert(2)</script></p></iframe>
--x--
`

func get(t *testing.T, c *mailtest.Catcher, path string) (int, string, http.Header) {
	t.Helper()
	w := httptest.NewRecorder()
	c.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
	body, err := io.ReadAll(w.Result().Body)
	if err != nil {
		t.Fatal(err)
	}
	return w.Code, string(body), w.Result().Header
}

func TestCatchAndShow(t *testing.T) {
	c := start(t, mailtest.Options{})
	if _, body, _ := get(t, c, "/"); !strings.Contains(body, "No mail yet") {
		t.Error("the empty list says nothing")
	}
	send(t, c, "ann@example.org,bob@example.org", multipart)
	m, err := c.WaitFor(t.Context(), "bob@example.org")
	if err != nil {
		t.Fatal(err)
	}
	if m.ID != 1 || m.From != "letters@campaign.example" || len(m.To) != 2 || !m.Received.Equal(clock()) || m.Subject != "¡Hola! <script>alert(1)</script>" ||
		m.Header("from") != "Señor <letters@campaign.example>" || m.Header("nothing") != "" ||
		m.Text != "Follow https://campaign.example/confirm?a=1&b=2. <b>not bold</b>" || !strings.HasPrefix(m.HTML, "<p>Hi ") {
		t.Errorf("%+v", m)
	}
	for path, want := range map[string][]string{
		"/": {"Caught mail — nothing here was sent", "1 message,", `href="messages/1"`, "ann@example.org, bob@example.org", "¡Hola! &lt;script&gt;"},
		"/messages/1": {
			"Caught mail — nothing here was sent", "Señor &lt;letters@campaign.example&gt;",
			`<a href="https://campaign.example/confirm?a=1&amp;b=2" target="_blank" rel="noopener noreferrer">`, "&lt;b&gt;not bold",
			`sandbox="allow-popups allow-popups-to-escape-sandbox" srcdoc="&lt;base target=_blank&gt;&lt;p&gt;Hi &#34;there&#34; &lt;script&gt;`,
			"All 5 headers",
		},
		"/messages/1.eml": {"--x\r\nContent-Type: text/plain"},
	} {
		status, body, header := get(t, c, path)
		if status != http.StatusOK {
			t.Errorf("%s: %d", path, status)
		}
		for _, text := range want {
			if !strings.Contains(body, text) {
				t.Errorf("%s lacks %q:\n%s", path, text, body)
			}
		}
		if strings.HasPrefix(header.Get("Content-Type"), "text/html") && (strings.Contains(body, "<script") || strings.Contains(body, "</iframe>\n</p>")) {
			t.Errorf("%s: the mail's markup got into the page", path)
		}
		for name, value := range map[string]string{"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store", "Referrer-Policy": "no-referrer"} {
			if header.Get(name) != value {
				t.Errorf("%s: %s is %q", path, name, header.Get(name))
			}
		}
		if policy := header.Get("Content-Security-Policy"); !strings.Contains(policy, "default-src 'none'") || strings.Contains(policy, "script-src") {
			t.Errorf("%s: policy %q", path, policy)
		}
	}
}

// TestLightAndDark: a mail is shown on both papers, whatever the reader's own is.
func TestLightAndDark(t *testing.T) {
	c := start(t, mailtest.Options{})
	send(t, c, "ann@example.org", "Content-Type: text/html\n\n<style>@media (prefers-color-scheme: dark) { p { color: red } }</style><p>Hi</p>\n")
	_, body, _ := get(t, c, "/messages/1")
	for class, want := range map[string]string{"light": "@media not all { p", "dark": "@media all { p"} {
		_, frame, _ := strings.Cut(body, `<iframe class="`+class+`"`)
		frame, _, _ = strings.Cut(frame, "</iframe>")
		if !strings.Contains(frame, want) || !strings.Contains(frame, "sandbox=") {
			t.Errorf("on %s paper: %s", class, frame)
		}
	}
}

func TestJSON(t *testing.T) {
	c := start(t, mailtest.Options{})
	if _, body, _ := get(t, c, "/messages.json"); body != "[]\n" {
		t.Errorf("empty: %q", body)
	}
	send(t, c, "ann@example.org", "Subject: One\n\nFirst\n")
	send(t, c, "bob@example.org", "Subject: Two\n\nSecond\n")
	_, body, _ := get(t, c, "/messages.json")
	var list []mailtest.Message
	if err := json.Unmarshal([]byte(body), &list); err != nil || len(list) != 2 || list[0].Subject != "One" || list[1].Text != "Second\n" {
		t.Errorf("%v: %s", err, body)
	}
}

func TestMissingMessages(t *testing.T) {
	c := start(t, mailtest.Options{})
	for _, path := range []string{"/messages/1", "/messages/1.eml", "/messages/0", "/messages/-1", "/messages/x", "/messages/99999999999999999999"} {
		if status, body, _ := get(t, c, path); status != http.StatusNotFound || !strings.Contains(body, "No such message") {
			t.Errorf("%s: %d", path, status)
		}
	}
	w := httptest.NewRecorder()
	c.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/", nil))
	if w.Code != http.StatusMethodNotAllowed {
		t.Errorf("POST: %d", w.Code)
	}
}

func TestOddMail(t *testing.T) {
	c := start(t, mailtest.Options{})
	for i, mail := range []string{
		"no headers at all",
		"Subject: x\nContent-Type: multipart/mixed; boundary=never\n\ntext",
		"Subject: =?broken?=\nContent-Type: text/plain; charset=klingon\n\ntext",
		"Content-Type: ;;;\n\ntext",
		"Content-Type: image/png\nContent-Transfer-Encoding: base64\n\n!!!!",
	} {
		send(t, c, "ann@example.org", mail)
		if status, _, _ := get(t, c, fmt.Sprintf("/messages/%d", i+1)); status != http.StatusOK {
			t.Errorf("%q: %d", mail, status)
		}
	}
	if n := len(c.Messages()); n != 5 {
		t.Errorf("%d kept", n)
	}
}

func TestKeepIsBounded(t *testing.T) {
	folder := t.TempDir()
	c := start(t, mailtest.Options{Keep: 3, Folder: folder})
	for i := range 5 {
		send(t, c, "ann@example.org", fmt.Sprintf("Subject: %d\n\nx\n", i+1))
	}
	kept := c.Messages()
	if len(kept) != 3 || kept[0].Subject != "3" || kept[2].ID != 5 {
		t.Errorf("%+v", kept)
	}
	if _, found := c.Message(2); found {
		t.Error("a forgotten message is still there")
	}
	if files, _ := filepath.Glob(filepath.Join(folder, "*.eml")); len(files) != 3 {
		t.Errorf("files: %v", files)
	}
}

func TestFolderSurvivesARestart(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "mail")
	first := start(t, mailtest.Options{Folder: folder})
	send(t, first, "ann@example.org,bob@example.org", multipart)
	send(t, first, "ann@example.org", "Subject: Two\n\nx\n")
	want := first.Messages()
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	second := start(t, mailtest.Options{Folder: folder})
	if diff := cmp.Diff(want, second.Messages()); diff != "" {
		t.Error(diff)
	}
	send(t, second, "ann@example.org", "Subject: Three\n\nx\n")
	if m, found := second.Message(3); !found || m.Subject != "Three" {
		t.Error("numbers do not go on after a restart")
	}
	if err := os.WriteFile(filepath.Join(folder, "note.eml"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := mailtest.Start(t.Context(), mailtest.Options{Folder: folder, Clock: clock}); err == nil {
		t.Error("a stranger's file in the folder is overlooked")
	}
}

func TestWait(t *testing.T) {
	c := start(t, mailtest.Options{})
	found := make(chan mailtest.Message)
	waiting := make(chan struct{})
	go func() {
		first := true
		m, err := c.Wait(t.Context(), func(m mailtest.Message) bool {
			if first {
				close(waiting)
				first = false
			}
			return m.Subject == "Second"
		})
		if err != nil {
			t.Error(err)
		}
		found <- m
	}()
	send(t, c, "ann@example.org", "Subject: First\n\nx\n")
	<-waiting
	send(t, c, "ann@example.org", "Subject: Second\n\nx\n")
	if m := <-found; m.ID != 2 {
		t.Errorf("%+v", m)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := c.WaitFor(ended, "nobody@example.org"); err == nil {
		t.Error("waited past the end")
	}
}

func TestStartFails(t *testing.T) {
	c := start(t, mailtest.Options{})
	for name, o := range map[string]mailtest.Options{
		"no clock":     {},
		"taken":        {Clock: clock, Addr: c.Addr()},
		"bad folder":   {Clock: clock, Folder: "/dev/null/mail"},
		"no such host": {Clock: clock, Addr: "256.0.0.1:0"},
	} {
		if _, err := mailtest.Start(t.Context(), o); err == nil {
			t.Errorf("%s: started", name)
		}
	}
}

func FuzzCatch(f *testing.F) {
	f.Add(strings.ReplaceAll(multipart, "\n", "\r\n"))
	f.Add("Subject: =?utf-8?b?8J+Qnw==?=\r\nContent-Type: text/html\r\n\r\n<script>alert(1)</script>")
	f.Add("Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\nContent-Type: message/rfc822\r\n\r\n\r\n--a--")
	f.Add("Content-Transfer-Encoding: base64\r\n\r\n=")
	c, err := mailtest.Start(f.Context(), mailtest.Options{Clock: clock, Keep: 2})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { _ = c.Close() })
	f.Fuzz(func(t *testing.T, raw string) {
		if err := smtp.SendMail(c.Addr(), nil, "letters@campaign.example", []string{"ann@example.org"}, []byte(raw)); err != nil {
			return
		}
		kept := c.Messages()
		last := kept[len(kept)-1]
		if len(kept) > 2 || len(last.To) != 1 {
			t.Fatalf("%d kept, the last to %v", len(kept), last.To)
		}
		status, body, _ := get(t, c, fmt.Sprintf("/messages/%d", last.ID))
		if status != http.StatusOK || strings.Contains(body, "<script") || strings.Count(body, "<iframe") > 2 {
			t.Errorf("%q is shown as %d %s", raw, status, body)
		}
	})
}

func TestAnswersAsTold(t *testing.T) {
	told := map[string]mailtest.Reply{"mail": {Code: 421, Text: "later"}, "rcpt": {Code: 550, Text: "nobody"}, "data": {Code: 552, Text: "too much"}}
	for command, reply := range told {
		c := start(t, mailtest.Options{Answer: func(s mailtest.Step) mailtest.Reply {
			if s.Command == command {
				return reply
			}
			return mailtest.Reply{}
		}})
		err := smtp.SendMail(c.Addr(), nil, "a@example.org", []string{"b@example.org"}, []byte("x"))
		if err == nil || !strings.Contains(err.Error(), reply.Text) || len(c.Messages()) != 0 {
			t.Errorf("%s: %v, %d kept", command, err, len(c.Messages()))
		}
	}
	c := start(t, mailtest.Options{Answer: func(s mailtest.Step) mailtest.Reply { return mailtest.Reply{Drop: s.Command == "data"} }})
	if err := smtp.SendMail(c.Addr(), nil, "a@example.org", []string{"b@example.org"}, []byte("x")); err == nil {
		t.Error("the connection was not dropped")
	}
	if len(c.Messages()) != 1 {
		t.Error("the message before the drop was not kept")
	}
}
