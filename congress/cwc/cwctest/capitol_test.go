package cwctest_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/cwc"
	"github.com/franklin-letters/franklin/congress/cwc/cwctest"
)

const (
	key   = "open sesame"
	agent = "Franklin Letters"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// options are those of an ordinary Capitol whose clock stands still.
func options() cwctest.Options {
	return cwctest.Options{Key: key, Agent: agent, Clock: func() time.Time { return noon }}
}

func start(t *testing.T, o cwctest.Options) *cwctest.Server {
	t.Helper()
	s, err := cwctest.Start(t.Context(), "127.0.0.1:0", o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() }) // some tests close it themselves
	return s
}

// letter is a good message whose DeliveryId comes from the number.
func letter(n int, office string) cwc.Message {
	return cwc.Message{
		Delivery: cwc.Delivery{
			ID: cwc.DeliveryID(strconv.Itoa(n), office), Date: "20261123", Agent: agent, AckEmail: "ack@letters.example.org",
			Contact:    cwc.Contact{Name: "Deborah Read", Email: "deborah@letters.example.org", Phone: "202-555-0100"},
			CampaignID: cwc.CampaignID(agent, "loophole", "hr2172-119", cwc.Pro),
		},
		Recipient: cwc.Recipient{Office: office, ResponseRequested: cwc.Yes},
		Constituent: cwc.Constituent{
			Prefix: "Ms.", FirstName: "Ada", LastName: "<script>alert(1)</script>", Address1: "1 Main St", City: "Mesa", State: "AZ",
			Zip: "85201", Email: "ada@example.org",
		},
		Letter: cwc.Letter{
			Subject: fmt.Sprintf("Please support H.R. 2172 (%d) <b>", n), Topics: []string{"Crime and Law Enforcement"},
			Bills: []congress.Bill{{Congress: 119, Type: congress.HouseBill, Number: 2172}}, Stance: cwc.Pro,
			ConstituentMessage: "My own words & \"more\".\n<img src=x onerror=alert(1)>",
		},
	}
}

func written(t *testing.T, m cwc.Message) []byte {
	t.Helper()
	text, err := cwc.Build(m, congress.House)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// post sends a body and returns status and answer.
func post(t *testing.T, address string, body []byte) (int, string) {
	t.Helper()
	return do(t, http.MethodPost, address, body)
}

func get(t *testing.T, address string) (int, string) {
	t.Helper()
	return do(t, http.MethodGet, address, nil)
}

func do(t *testing.T, method, address string, body []byte) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, address, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(text)
}

func messageURL(s *cwctest.Server) string {
	return s.URL + "/v2/message?apikey=" + url.QueryEscape(key)
}

func TestMessageIsCheckedAndStored(t *testing.T) {
	s := start(t, options())
	good := written(t, letter(1, "HAZ04"))
	other := letter(2, "HAZ04")
	other.Delivery.Agent = "Somebody Else"
	for name, tc := range map[string]struct {
		address string
		body    string
		status  int
		says    string
	}{
		"no key":            {s.URL + "/v2/message", string(good), 401, "Unauthorized"},
		"wrong key":         {s.URL + "/v2/message?apikey=x", string(good), 401, "Unauthorized"},
		"wrong key, check":  {s.URL + "/v2/validate?apikey=x", string(good), 401, "Unauthorized"},
		"other agent":       {messageURL(s), string(written(t, other)), 400, "<Error>DeliveryAgent Mismatch</Error>"},
		"agent not checked": {strings.Replace(messageURL(s), "message", "validate", 1), string(written(t, other)), 200, "Message Validated"},
		"office off":        {messageURL(s), strings.Replace(string(good), "HAZ04", "HDC98", 1), 400, "Message delivery is not enabled for HDC98"},
		"no XML":            {messageURL(s), "hello", 400, "not a readable XML"},
		"two documents":     {messageURL(s), string(good) + string(good), 400, "<Errors>"},
		"missing element":   {messageURL(s), strings.Replace(string(good), "<Prefix>Ms.</Prefix>", "", 1), 400, "Expecting an element Prefix, got nothing"},
		"document type":     {messageURL(s), strings.Replace(string(good), "<CWC>", "<!DOCTYPE CWC><CWC>", 1), 400, "DTD is prohibited"},
		"too long":          {messageURL(s), strings.Repeat("x", 2<<20), 413, "too large"},
		"wrong method":      {s.URL + "/v2/offices", "", 405, ""},
	} {
		status, answer := post(t, tc.address, []byte(tc.body))
		if status != tc.status || !strings.Contains(answer, tc.says) {
			t.Errorf("%s: %d %q, want %d %q", name, status, answer, tc.status, tc.says)
		}
	}
	if n := len(s.Messages()); n != 0 {
		t.Fatalf("%d messages are stored, although none was good", n)
	}
	if n := s.Refused(); n != 6 {
		t.Errorf("%d are counted as refused, want 6", n)
	}
	if status, answer := post(t, messageURL(s), good); status != 200 || answer != "Message Accepted" {
		t.Errorf("a good message: %d %q", status, answer)
	}
	if status, answer := get(t, s.URL+"/messages/"+letter(1, "HAZ04").Delivery.ID+".xml"); status != 200 || answer != string(good) {
		t.Errorf("the bytes do not come back: %d %q", status, answer)
	}
	var list []map[string]any
	if _, answer := get(t, s.URL+"/messages"); json.Unmarshal([]byte(answer), &list) != nil || len(list) != 1 {
		t.Fatalf("the list is %s", answer)
	}
	want := map[string]any{
		"delivery_id": letter(1, "HAZ04").Delivery.ID, "office": "HAZ04", "received_at": "2026-11-23T12:00:00Z",
		"subject": letter(1, "HAZ04").Letter.Subject, "campaign_id": letter(1, "HAZ04").Delivery.CampaignID,
		"bytes": float64(len(good)), "sha256": list[0]["sha256"],
	}
	if diff := cmp.Diff(want, list[0]); diff != "" {
		t.Errorf("the list differs (-want +got):\n%s", diff)
	}
}

func TestStyles(t *testing.T) {
	bad := bytes.Replace(written(t, letter(1, "HAZ04")), []byte("ada@example.org"), []byte("ada@example"), 1)
	for style, want := range map[cwctest.Style]string{
		cwctest.StyleRNG:  "Element Email failed to validate content",
		cwctest.StyleXSD:  "The 'Email' element is invalid",
		cwctest.StyleText: "Element Email failed to validate content",
	} {
		o := options()
		o.Style = style
		s := start(t, o)
		status, answer := post(t, messageURL(s), bad)
		answer = strings.ReplaceAll(answer, "&#39;", "'")
		if status != 400 || !strings.Contains(answer, want) || (style == cwctest.StyleXSD) != (strings.Count(answer, want) == 2) ||
			(style == cwctest.StyleText) == strings.Contains(answer, "<Errors>") {
			t.Errorf("%s: %d %s", style, status, answer)
		}
	}
}

func TestRepeats(t *testing.T) {
	body := written(t, letter(1, "HAZ04"))
	for repeat, want := range map[cwctest.Repeat]struct {
		status int
		stored int
	}{
		"":                     {409, 1},
		cwctest.RepeatConflict: {409, 1},
		cwctest.RepeatAccept:   {200, 1},
		cwctest.RepeatStore:    {200, 2},
	} {
		o := options()
		o.Repeat = repeat
		s := start(t, o)
		if status, _ := post(t, messageURL(s), body); status != 200 {
			t.Errorf("%q: the first is answered %d", repeat, status)
		}
		status, answer := post(t, messageURL(s), body)
		if status != want.status || len(s.Messages()) != want.stored {
			t.Errorf("%q: the second is answered %d %q, and %d are stored", repeat, status, answer, len(s.Messages()))
		}
		if status == 409 && !strings.Contains(answer, "<Error>Duplicate DeliveryId") {
			t.Errorf("the conflict says %q", answer)
		}
		receptions := s.Receptions()
		if len(receptions) != 2 || receptions[0].Repeated || !receptions[1].Repeated || receptions[0].SHA256 != receptions[1].SHA256 {
			t.Errorf("%q: the receptions are %+v", repeat, receptions)
		}
	}
}

func TestRate(t *testing.T) {
	var mu sync.Mutex
	now := noon
	o := options()
	o.Rate, o.Clock = 2, func() time.Time {
		mu.Lock()
		defer mu.Unlock()
		return now
	}
	s := start(t, o)
	var got []int
	for n := range 4 {
		if n == 3 {
			mu.Lock()
			now = now.Add(time.Second)
			mu.Unlock()
		}
		status, _ := post(t, messageURL(s), written(t, letter(n, "HAZ04")))
		got = append(got, status)
	}
	if diff := cmp.Diff([]int{200, 200, 429, 200}, got); diff != "" {
		t.Errorf("at two a second (-want +got):\n%s", diff)
	}
}

func TestScriptOverHTTP(t *testing.T) {
	s := start(t, options())
	send := func(n int, office string) int {
		status, _ := post(t, messageURL(s), written(t, letter(n, office)))
		return status
	}
	if status, answer := post(t, s.URL+"/script", []byte(`[{"do":"429","office":"haz05"},{"do":"500","times":2}]`)); status != 200 || !strings.Contains(answer, `"haz05"`) {
		t.Fatalf("the script is answered %d %s", status, answer)
	}
	if got, want := []int{send(1, "HAZ04"), send(2, "HAZ05"), send(3, "HAZ05"), send(4, "HAZ04")}, []int{500, 429, 500, 200}; !cmp.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if status, _ := post(t, s.URL+"/script", []byte(`{"do":"503","times":-1,"retry_after":9}`)); status != 200 {
		t.Fatalf("one act is answered %d", status)
	}
	if got, want := []int{send(5, "HAZ04"), send(5, "HAZ04")}, []int{503, 503}; !cmp.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if status, answer := do(t, http.MethodDelete, s.URL+"/script", nil); status != 200 || strings.TrimSpace(answer) != "[]" {
		t.Errorf("clearing is answered %d %s", status, answer)
	}
	if got := send(5, "HAZ04"); got != 200 {
		t.Errorf("after clearing got %d", got)
	}
	for _, bad := range []string{"", "{}", `{"do":"explode"}`, `[{"do":"429"},{"do":"x"}]`, `{"do":"429","call":"x"}`, "[1]"} {
		if status, answer := post(t, s.URL+"/script", []byte(bad)); status != 400 || answer == "" {
			t.Errorf("the script %q is answered %d %q", bad, status, answer)
		}
	}
	if n := len(s.Scripted()); n != 0 {
		t.Errorf("%d acts remain of scripts that were not understood", n)
	}
}

// TestMisbehaviourWithoutServer runs acts through a recorder, which cannot be hijacked.
func TestMisbehaviourWithoutServer(t *testing.T) {
	c, err := cwctest.New(options())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.Script(cwctest.Act{Do: cwctest.StoreTwice}, cwctest.Act{Do: cwctest.TimeoutAfter, DelayMS: 1}); err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	c.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/v2/message?apikey="+url.QueryEscape(key), bytes.NewReader(written(t, letter(1, "HAZ04")))))
	if w.Code != 200 || len(c.Messages()) != 2 || !c.Receptions()[1].Repeated {
		t.Errorf("stored twice: %d, %+v", w.Code, c.Receptions())
	}
	defer func() {
		if err, ok := recover().(error); !ok || !errors.Is(err, http.ErrAbortHandler) {
			t.Errorf("the handler ended with %v", err)
		}
	}()
	c.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/v2/message?apikey="+url.QueryEscape(key), bytes.NewReader(written(t, letter(2, "HAZ04")))))
}

func TestLedgerRemembers(t *testing.T) {
	o := options()
	o.Ledger = filepath.Join(t.TempDir(), "capitol")
	first := start(t, o)
	for n := range 5 {
		post(t, messageURL(first), written(t, letter(n, "HAZ04")))
	}
	post(t, messageURL(first), written(t, letter(3, "HAZ04")))
	before := first.Receptions()
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(o.Ledger, "received.jsonl")
	tail, err := os.OpenFile(file, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tail.WriteString(`{"delivery_id":"torn by a crash`); err != nil {
		t.Fatal(err)
	}
	if err := tail.Close(); err != nil {
		t.Fatal(err)
	}
	second := start(t, o)
	if diff := cmp.Diff(before, second.Receptions()); diff != "" || len(before) != 6 {
		t.Errorf("the restarted Capitol remembers differently (-before +after):\n%s", diff)
	}
	for n := range 5 {
		body, found, err := second.XML(letter(n, "HAZ04").Delivery.ID)
		if err != nil || !found || !bytes.Equal(body, written(t, letter(n, "HAZ04"))) {
			t.Errorf("letter %d: found %t, %v", n, found, err)
		}
	}
	if status, _ := post(t, messageURL(second), written(t, letter(0, "HAZ04"))); status != 409 {
		t.Errorf("a letter of the first life is answered %d", status)
	}
	if status, _ := post(t, messageURL(second), written(t, letter(9, "HAZ04"))); status != 200 {
		t.Errorf("a new letter is answered %d", status)
	}
	if err := second.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte("no ledger\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := cwctest.New(o); err == nil {
		t.Error("a file that is no ledger is opened as one")
	}
}

// TestManyAtOnce sends every letter twice at the same time; run it with -race.
func TestManyAtOnce(t *testing.T) {
	for _, folder := range []string{"", t.TempDir()} {
		o := options()
		o.Ledger = folder
		s := start(t, o)
		var wg sync.WaitGroup
		for n := range 60 {
			wg.Go(func() {
				client := &cwc.HouseClient{BaseURL: s.URL, Key: cwc.NewKey(key)}
				if got := client.Send(t.Context(), written(t, letter(n/2, "HAZ04"))); got.Result != cwc.Accepted {
					t.Errorf("letter %d: %+v", n, got)
				}
				if n%10 == 0 {
					get(t, s.URL+"/")
					get(t, s.URL+"/messages")
				}
			})
		}
		wg.Wait()
		if stored, came := len(s.Messages()), len(s.Receptions()); stored != 30 || came != 60 {
			t.Errorf("%d letters are stored of %d receptions", stored, came)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestPages(t *testing.T) {
	s := start(t, options())
	if _, page := get(t, s.URL+"/"); !strings.Contains(page, "No letter has arrived yet") {
		t.Error("the empty page does not say so")
	}
	m := letter(1, "HAZ04")
	post(t, messageURL(s), written(t, m))
	post(t, messageURL(s), written(t, letter(2, "HAK00")))
	post(t, messageURL(s), written(t, m))
	_, list := get(t, s.URL+"/")
	_, one := get(t, s.URL+"/messages/"+m.Delivery.ID)
	status, missing := get(t, s.URL+"/messages/nothing")
	if status != 404 {
		t.Errorf("a letter that never came is answered %d", status)
	}
	if status, _ := get(t, s.URL+"/messages/nothing.xml"); status != 404 {
		t.Errorf("the XML of a letter that never came is answered %d", status)
	}
	for name, page := range map[string]string{"list": list, "message": one, "missing": missing} {
		if !strings.Contains(page, "nothing here reaches Congress") || strings.Contains(page, "<b>") ||
			strings.Contains(page, "<script>alert") || strings.Contains(page, "<img") {
			t.Errorf("the page %s is\n%s", name, page)
		}
	}
	for _, want := range []string{"HAZ04", "Arizona, district 4", "Alaska, at large", "arrived 1 more time", `<a href="/">Look again</a>`, "/messages/" + m.Delivery.ID} {
		if !strings.Contains(list, want) {
			t.Errorf("the list does not show %q", want)
		}
	}
	if strings.Index(list, "HAK00") > strings.Index(list, "HAZ04") {
		t.Error("the newest letter does not stand first")
	}
	for _, want := range []string{"My own words &amp; &#34;more&#34;.", "H.R. 2172 (119th Congress)", m.Delivery.ID + ".xml", "ada@example.org", "23 November 2026, 12:00:00 UTC"} {
		if !strings.Contains(one, want) {
			t.Errorf("the page of a message does not show %q", want)
		}
	}
	if status, css := get(t, s.URL+"/style.css"); status != 200 || !strings.Contains(css, "prefers-color-scheme: dark") {
		t.Errorf("the stylesheet is answered %d", status)
	}
}

func TestOptionsAreRequired(t *testing.T) {
	for name, o := range map[string]cwctest.Options{
		"nothing": {}, "no key": {Agent: agent, Clock: time.Now}, "no agent": {Key: key, Clock: time.Now}, "no clock": {Key: key, Agent: agent},
	} {
		if _, err := cwctest.New(o); err == nil {
			t.Errorf("%s: it starts", name)
		}
	}
	taken, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	if _, err := cwctest.Start(t.Context(), taken.Addr().String(), options()); err == nil {
		t.Error("it starts on an address that is taken")
	}
}

// TestCloseEndsWhatHangs must end long before the test's own time-out.
func TestCloseEndsWhatHangs(t *testing.T) {
	s := start(t, options())
	if err := s.Script(cwctest.Act{Do: cwctest.TimeoutBefore}); err != nil {
		t.Fatal(err)
	}
	done := make(chan cwc.Outcome)
	go func() {
		client := &cwc.HouseClient{BaseURL: s.URL, Key: cwc.NewKey(key), Timeout: time.Minute}
		done <- client.Send(t.Context(), written(t, letter(1, "HAZ04")))
	}()
	for len(s.Scripted()) > 0 { // until the message has come in
		get(t, s.URL+"/script")
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if got := <-done; got.Result != cwc.Unknown {
		t.Errorf("what hung ends as %+v", got)
	}
}
