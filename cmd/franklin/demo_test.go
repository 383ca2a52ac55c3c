package main

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

// screen is a standard output that tells when something has been printed.
type screen struct {
	mu      sync.Mutex
	text    bytes.Buffer
	printed chan struct{}
}

func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n, err := s.text.Write(p)
	select {
	case s.printed <- struct{}{}:
	default:
	}
	return n, err
}

func (s *screen) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

// demo starts the demo on free ports and returns its four links.
func demo(t *testing.T, data string, more ...string) (links map[string]string, stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	out := &screen{printed: make(chan struct{}, 1)}
	c := &demoCommand{
		Addr: "127.0.0.1:0", CapitolAddr: "127.0.0.1:0", MailAddr: "127.0.0.1:0", OpsAddr: "127.0.0.1:0",
		Data: data, Log: "none", Rate: 200, Handoff: len(more) > 0,
	}
	ended := make(chan error, 1)
	start := time.Now()
	clock := func() time.Time { return noon.Add(time.Since(start)) }
	go func() { ended <- c.Run(ctx, console{out: out, err: io.Discard, now: clock}) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("the demo ended with %v", err)
		}
	})
	t.Cleanup(stop)
	for !strings.Contains(out.String(), "Ctrl-C") {
		select {
		case <-out.printed:
		case err := <-ended:
			t.Fatalf("the demo did not start: %v", err)
		}
	}
	links = map[string]string{}
	for _, m := range regexp.MustCompile(`The ([a-z' ]+?)(?:'s page|) +(http://\S+)`).FindAllStringSubmatch(strings.ReplaceAll(out.String(), "Capitol", "capitol"), -1) {
		links[strings.TrimSpace(m[1])] = strings.TrimSuffix(m[2], "/")
	}
	if len(links) != 4 {
		t.Fatalf("the demo printed %d links, want 4:\n%s", len(links), out)
	}
	return links, stop
}

var client = &http.Client{
	Timeout:       20 * time.Second,
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

func fetch(t *testing.T, method, target string, form url.Values) (int, string, http.Header) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, target, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	if form != nil {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(body), response.Header
}

var hiddenInput = regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)"`)

func hiddenFields(page string) url.Values {
	form := url.Values{}
	for _, m := range hiddenInput.FindAllStringSubmatch(page, -1) {
		form.Set(html.UnescapeString(m[1]), html.UnescapeString(m[2]))
	}
	return form
}

// write fills in the form as somebody in Cheyenne would, and sends the letter.
func write(t *testing.T, page string, change url.Values) (receipt string) {
	t.Helper()
	_, body, _ := fetch(t, "GET", page, nil)
	form := hiddenFields(body)
	for name, value := range map[string]string{
		"prefix": "Ms.", "first_name": "Ana", "last_name": "Muñoz", "email": "ana@example.org", "address1": "2101 O'Neil Ave",
		"city": "Cheyenne", "state": "WY", "zip": "82001",
		"subject": html.UnescapeString(regexp.MustCompile(`name="subject"[^>]*value="([^"]*)"`).FindStringSubmatch(body)[1]),
		"message": html.UnescapeString(regexp.MustCompile(`(?s)<textarea[^>]*name="message"[^>]*>(.*?)</textarea>`).FindStringSubmatch(body)[1]),
	} {
		form.Set(name, value)
	}
	for name := range change {
		form.Set(name, change.Get(name))
	}
	status, body, _ := fetch(t, "POST", page+"/review", form)
	if status != http.StatusOK || !strings.Contains(body, "Harriet") {
		t.Fatalf("review: %d\n%s", status, body)
	}
	status, body, header := fetch(t, "POST", page+"/send", hiddenFields(body))
	if status != http.StatusSeeOther {
		t.Fatalf("send: %d\n%s", status, body)
	}
	site, _, _ := strings.Cut(page, "/c/")
	return site + header.Get("Location")
}

// eventually asks until the answer holds what it should, or the time of the issue's
// promise is over. It asks a running server, which gives no signal to wait for.
func eventually(t *testing.T, target, want string) string {
	t.Helper()
	for deadline := time.Now().Add(5 * time.Second); ; {
		_, body, _ := fetch(t, "GET", target, nil)
		if strings.Contains(body, want) {
			return body
		}
		if time.Now().After(deadline) {
			t.Fatalf("%s did not come to hold %q:\n%s", target, want, body)
		}
	}
}

func TestDemoMainJob(t *testing.T) {
	data := t.TempDir()
	links, stop := demo(t, data)
	page, capitol := links["action page"], links["simulated capitol"]
	receipt := write(t, page, nil)
	write(t, page, url.Values{"first_name": {"Bob"}, "message": {"My own words about this bill."}})
	eventually(t, receipt, "Accepted by the House mail system")

	list := eventually(t, capitol+"/messages", `},`) // two objects
	var messages []struct {
		DeliveryID string `json:"delivery_id"`
		Office     string `json:"office"`
		ReceivedAt string `json:"received_at"`
	}
	if err := json.Unmarshal([]byte(list), &messages); err != nil || len(messages) != 2 {
		t.Fatalf("%d messages, %v: %s", len(messages), err, list)
	}
	var edited, unedited int
	for _, m := range messages {
		_, body, _ := fetch(t, "GET", fmt.Sprintf("%s/messages/%s.xml", capitol, m.DeliveryID), nil)
		var message struct {
			Message struct{ OrganizationStatement, ConstituentMessage string }
		}
		if err := xml.Unmarshal([]byte(body), &message); err != nil || m.Office != "HWY00" || message.Message.OrganizationStatement == "" {
			t.Errorf("message %+v: %v\n%s", m, err, body)
		}
		if message.Message.ConstituentMessage == "" {
			unedited++
		} else {
			edited++
		}
		if out, _, code := franklin(t, body, "cwc", "check", "-"); code != 0 {
			t.Errorf("cwc check: %s", out)
		}
	}
	if edited != 1 || unedited != 1 {
		t.Errorf("%d edited and %d unedited messages, want one of each", edited, unedited)
	}
	eventually(t, page+"/count", `"letters":2`)
	eventually(t, links["caught mail"]+"/messages.json", "ana@example.org")
	eventually(t, links["operator"], "accepted")

	stop()
	if _, err := os.Stat(filepath.Join(data, "franklin.db")); err != nil {
		t.Error(err)
	}
	links, _ = demo(t, data) // everything is still there
	eventually(t, links["action page"]+"/count", `"letters":2`)
	eventually(t, links["simulated capitol"]+"/messages", messages[1].DeliveryID)
	again := links["action page"][:strings.Index(links["action page"], "/c/")] + receipt[strings.Index(receipt, "/receipt/"):]
	eventually(t, again, "Accepted by the House mail system")
}

func TestDemoHandoff(t *testing.T) {
	links, _ := demo(t, t.TempDir(), "handoff")
	receipt := write(t, links["action page"], nil)
	body := eventually(t, receipt, "I have sent it")
	form := hiddenFields(body)
	site, _, _ := strings.Cut(receipt, "?")
	if status, body, _ := fetch(t, "POST", site+"/sent", form); status != http.StatusSeeOther {
		t.Fatalf("I have sent it: %d\n%s", status, body)
	}
	eventually(t, links["action page"]+"/count", `"letters":1`)
	if _, list, _ := fetch(t, "GET", links["simulated capitol"]+"/messages", nil); strings.TrimSpace(list) != "[]" {
		t.Errorf("the Capitol got %s", list)
	}
}

const demoNews = `---
name: news
kind: newsletter
campaign: close-the-loophole
subject: News for {{first_name|friend}}
---
Hello {{first_name|friend}} of {{district|your district}}.

[Read on]({{link}})
`

// sourced sets what a shell reads from the demo's file of settings.
func sourced(t *testing.T, data string) {
	t.Helper()
	environment, err := exec.CommandContext(t.Context(), "sh", "-c", `. "$1" && env`, "sh", filepath.Join(data, "demo.env")).Output()
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(environment)) {
		if name, value, ok := strings.Cut(strings.TrimSpace(line), "="); ok && strings.HasPrefix(name, "FRANKLIN_") {
			t.Setenv(name, value)
		}
	}
}

// TestDemoSettingsAgree: commands beside the demo speak of the Capitol that it delivers to.
func TestDemoSettingsAgree(t *testing.T) {
	data := filepath.Join(t.TempDir(), "a supporter's demo")
	links, _ := demo(t, data)
	eventually(t, write(t, links["action page"], nil), "Accepted by the House mail system")
	sourced(t, data)
	out, errs, code := franklin(t, "", "doctor")
	if code != 0 || !strings.Contains(out, "a rehearsal: letters go to "+links["simulated capitol"]) {
		t.Errorf("doctor: exit %d\n%s%s", code, out, errs)
	}
	list := answer[[]listedLetter](t, 0, "letter", "list")
	shown := answer[dossier](t, 0, "letter", "show", list[0].ID)
	_, arrived, _ := fetch(t, "GET", fmt.Sprintf("%s/messages/%s.xml", links["simulated capitol"], list[0].DeliveryID), nil)
	if shown.Message.XML != arrived {
		t.Errorf("the message is\n%+v\nwant\n%s", shown.Message, arrived)
	}
}

// TestDemoMailing: a campaigner joins the list of the demo, and sends a mailing with the
// commands that work beside it; it arrives among the caught mail and nowhere else.
func TestDemoMailing(t *testing.T) {
	data := t.TempDir()
	links, _ := demo(t, data)
	write(t, links["action page"], url.Values{"join": {"yes"}})
	mails := links["caught mail"] + "/messages.json"
	receipt := eventually(t, mails, "/join/")
	status, _, _ := fetch(t, "POST", regexp.MustCompile(`http://[^\s"\\]+/join/[^\s"?\\]+`).FindString(receipt), url.Values{})
	if status != http.StatusOK && status != http.StatusSeeOther {
		t.Fatalf("joining is answered %d", status)
	}
	sourced(t, data)
	file := filepath.Join(data, "news.md")
	if err := os.WriteFile(file, []byte(demoNews), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, command := range []struct {
		args []string
		want string
	}{
		{[]string{"create", file}, "news is mailing 1, a draft."},
		{[]string{"count", "news"}, "1 people would get it now."},
		{[]string{"preview", "news", "--as=ana@example.org"}, "Hello Ana of Wyoming"},
		{[]string{"preview", "news"}, "Subject: News for "},
		{[]string{"schedule", "news", "--at=2099-07-01 09:00"}, "leaves 2099-07-01 13:00 UTC."},
		{[]string{"unschedule", "news"}, "is a draft again."},
		{[]string{"test", "news", "--to=campaigner@example.org"}, "Sent. The relay has it."},
		{[]string{"start", "news"}, "leaves now: the server sends it."},
	} {
		if out, errs, code := franklin(t, "", append([]string{"mailing"}, command.args...)...); code != 0 || !strings.Contains(out, command.want) {
			t.Fatalf("mailing %s: exit %d\n%s%s", command.args[0], code, out, errs)
		}
	}
	eventually(t, mails, `"subject":"News for Ana"`)
	eventually(t, mails, "campaigner@example.org")
	eventually(t, links["operator"], "None is on its way.")
}
