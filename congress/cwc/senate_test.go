package cwc_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/cwc"
	"github.com/franklin-letters/franklin/congress/cwc/cwctest"
)

func senateOf(url string) *cwc.SenateClient {
	return &cwc.SenateClient{BaseURL: url + "/api", Key: cwc.NewKey(testKey), Timeout: 5 * time.Second}
}

// TestSendToTheSenate goes through the ways in which the Senate's system can behave.
func TestSendToTheSenate(t *testing.T) {
	t.Parallel()
	const short = 150 * time.Millisecond
	message := senateSample()
	stranger, closed := message, message
	stranger.Delivery.Agent = "Somebody Else"
	closed.Recipient.Office = "SAZ03"
	for name, tc := range map[string]struct {
		message cwc.Message
		act     cwctest.Act
		path    string
		timeout time.Duration
		want    cwc.Outcome
		stored  int
	}{
		"behaves":                 {want: cwc.Outcome{Result: cwc.Accepted, Status: 201}, stored: 1},
		"nothing behind its 201":  {act: cwctest.Act{Do: cwctest.Empty}, want: cwc.Outcome{Result: cwc.Accepted, Status: 201}, stored: 1},
		"slow but in time":        {act: cwctest.Act{Do: cwctest.Slow, DelayMS: 1}, want: cwc.Outcome{Result: cwc.Accepted, Status: 201}, stored: 1},
		"a web page":              {act: cwctest.Act{Do: cwctest.HTML, Lost: true}, want: cwc.Outcome{Result: cwc.Unknown, Status: 201}},
		"10 MB":                   {act: cwctest.Act{Do: cwctest.Huge}, want: cwc.Outcome{Result: cwc.Unknown, Status: 201}, stored: 1},
		"cut off":                 {act: cwctest.Act{Do: cwctest.Truncated}, want: cwc.Outcome{Result: cwc.Unknown, Status: 201}, stored: 1},
		"too many":                {act: cwctest.Act{Do: cwctest.TooMany, RetryAfter: 7}, want: cwc.Outcome{Result: cwc.Busy, Status: 429, RetryAfter: 7 * time.Second}},
		"unavailable":             {act: cwctest.Act{Do: cwctest.Unavailable}, want: cwc.Outcome{Result: cwc.Busy, Status: 503, RetryAfter: time.Second}},
		"error after storing":     {act: cwctest.Act{Do: cwctest.ErrorAfter}, want: cwc.Outcome{Result: cwc.Unknown, Status: 500}, stored: 1},
		"time-out after storing":  {act: cwctest.Act{Do: cwctest.TimeoutAfter}, timeout: short, want: cwc.Outcome{Result: cwc.Unknown}, stored: 1},
		"reset before storing":    {act: cwctest.Act{Do: cwctest.Reset}, want: cwc.Outcome{Result: cwc.Unknown}},
		"redirect":                {act: cwctest.Act{Do: cwctest.Redirect}, want: cwc.Outcome{Result: cwc.Unknown, Status: 301}},
		"known already":           {act: cwctest.Act{Do: cwctest.Duplicate}, want: cwc.Outcome{Result: cwc.Accepted, Status: 409, Earlier: true}, stored: 1},
		"refused for reasons":     {act: cwctest.Act{Do: cwctest.Refuse, Text: "Out of order"}, want: cwc.Outcome{Result: cwc.Refused, Status: 400, Reasons: []string{"Out of order"}}},
		"another agent":           {message: stranger, want: cwc.Outcome{Result: cwc.Misconfigured, Status: 400, Reasons: []string{"DeliveryAgent Mismatch"}}},
		"an office that is off":   {message: closed, want: cwc.Outcome{Result: cwc.Refused, OfficeOff: true, Status: 400, Reasons: []string{"Message delivery is not enabled for SAZ03"}}},
		"the address for trials":  {path: cwc.SenateTest, want: cwc.Outcome{Result: cwc.Accepted, Status: 201}},
		"another agent in trials": {path: cwc.SenateTest, message: stranger, want: cwc.Outcome{Result: cwc.Misconfigured, Status: 400, Reasons: []string{"DeliveryAgent Mismatch"}}},
		"no such address":         {path: "messages", want: cwc.Outcome{Result: cwc.Misconfigured, Status: 404, Reasons: []string{"404 page not found"}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			capitol := startCapitol(t)
			if tc.act.Do != "" {
				if err := capitol.Script(tc.act); err != nil {
					t.Fatal(err)
				}
			}
			client := senateOf(capitol.URL)
			client.Messages = tc.path
			if tc.timeout > 0 {
				client.Timeout = tc.timeout
			}
			m := tc.message
			if m.Delivery.ID == "" {
				m = message
			}
			document := build(t, m, congress.Senate)
			checkOutcome(t, client.Send(t.Context(), document), tc.want)
			if n := len(capitol.Messages()); n != tc.stored {
				t.Errorf("%d messages are stored, want %d", n, tc.stored)
			}
		})
	}
}

// TestTheSenateKnowsRepeats sends the same bytes once more after an unknown outcome.
func TestTheSenateKnowsRepeats(t *testing.T) {
	capitol := startCapitol(t)
	if err := capitol.Script(cwctest.Act{Do: cwctest.ResetAfter}); err != nil {
		t.Fatal(err)
	}
	client, message := senateOf(capitol.URL), build(t, senateSample(), congress.Senate)
	if o := client.Send(t.Context(), message); o.Result != cwc.Unknown {
		t.Fatalf("the first attempt gives %+v", o)
	}
	if o := client.Send(t.Context(), message); o.Result != cwc.Accepted || !o.Earlier || o.Status != http.StatusConflict {
		t.Errorf("the second attempt gives %+v", o)
	}
	if n := len(capitol.Messages()); n != 1 {
		t.Errorf("%d messages are stored", n)
	}
}

// TestTheSenateSpellsBills: each chamber refuses the spelling of the other.
func TestTheSenateSpellsBills(t *testing.T) {
	capitol := startCapitol(t)
	client := senateOf(capitol.URL)
	good := build(t, senateSample(), congress.Senate)
	for name, document := range map[string][]byte{
		"a bill as the House spells it":     replaced(t, good, "<BillTypeAbbreviation>H.R.<", "<BillTypeAbbreviation>hr<"),
		"a prefix of the House's":           replaced(t, good, "<Prefix>Ms.<", "<Prefix>Mx.<"),
		"an office of the House":            replaced(t, good, "<MemberOffice>SAZ01<", "<MemberOffice>HAZ04<"),
		"a letter for the House altogether": build(t, sample(), congress.House),
	} {
		if o := client.Send(t.Context(), document); o.Result != cwc.Refused || o.OfficeOff || len(o.Reasons) == 0 {
			t.Errorf("%s gives %+v", name, o)
		}
	}
	if o := client.Send(t.Context(), good); o.Result != cwc.Accepted {
		t.Errorf("the good message gives %+v", o)
	}
}

func TestSenateAnswers(t *testing.T) {
	for name, tc := range map[string]struct {
		status int
		body   string
		want   cwc.Result
	}{
		"200 with a word":             {200, "Message accepted", cwc.Accepted},
		"200 without one":             {200, "hello", cwc.Unknown},
		"201 repeating the letter":    {201, `{"message": "I do not accept errors"}`, cwc.Accepted},
		"401":                         {401, "", cwc.Misconfigured},
		"403":                         {403, "", cwc.Misconfigured},
		"409":                         {409, "", cwc.Accepted},
		"409 of a proxy":              {409, "<!DOCTYPE html><html></html>", cwc.Unknown},
		"415":                         {415, "", cwc.Misconfigured},
		"400 with a list in JSON":     {400, `["Prefix: invalid"]`, cwc.Refused},
		"204":                         {204, "", cwc.Unknown},
		"502":                         {502, "", cwc.Unknown},
		"400 about a suspended agent": {400, "<Errors><Error>DeliveryAgent Mismatch</Error></Errors>", cwc.Misconfigured},
	} {
		var seen *http.Request
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			seen = r
			w.WriteHeader(tc.status)
			if tc.status != http.StatusNoContent {
				_, _ = io.WriteString(w, tc.body)
			}
		}))
		o := senateOf(server.URL).Send(t.Context(), []byte("<CWC/>"))
		server.Close()
		if o.Result != tc.want {
			t.Errorf("%s gives %+v", name, o)
		}
		if seen.URL.Path != "/api/production-messages/" || seen.URL.Query().Get("apikey") != testKey ||
			seen.Header.Get("Content-Type") != "application/xml" || seen.Header.Get("User-Agent") != "Franklin" {
			t.Errorf("%s: it asked %s %v", name, seen.URL.Path, seen.Header)
		}
	}
}

func TestSenateOffices(t *testing.T) {
	capitol := startCapitol(t)
	client := senateOf(capitol.URL)
	list, err := client.Offices(t.Context())
	if err != nil || list.Len() != 2 {
		t.Fatalf("%d offices: %v", list.Len(), err)
	}
	if code, ok := list.Code(congress.Seat{State: "AZ", Class: 1}); !ok || code != "SAZ01" {
		t.Errorf("Arizona's seat of class 1 is %q", code)
	}
	if _, ok := list.Code(congress.Seat{State: "AZ", Class: 3}); ok {
		t.Error("an office that does not take part is listed")
	}
	if err := capitol.Script(cwctest.Act{Do: cwctest.Unavailable, Call: "senate-offices"}); err != nil {
		t.Fatal(err)
	}
	if _, err := client.Offices(t.Context()); !errors.Is(err, cwc.ErrBusy) {
		t.Errorf("an outage gives %v", err)
	}
	hidesKey(t, "the client", client)
	if s := client.String(); !strings.Contains(s, "Senate") {
		t.Errorf("the client is called %q", s)
	}
}

func FuzzParseOfficeList(f *testing.F) {
	for _, text := range []string{`["HAZ04","HAQ00"]`, `[{"name":"A","office_code":"SAZ01"}]`, `["MP00"]`, `[]`, `[null]`, `{`, "\xff", `[{"office_code":1}]`} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		list, err := cwc.ParseOfficeList(strings.NewReader(text))
		if err != nil {
			return
		}
		if list.Len() == 0 || len(list.Seats()) != list.Len() {
			t.Fatalf("%d offices, %d seats", list.Len(), len(list.Seats()))
		}
		for _, seat := range list.Seats() {
			code, _ := list.Code(seat)
			if back, ok := congress.SeatOfOffice(code); !ok || back != seat {
				t.Fatalf("%s is called %q", seat, code)
			}
		}
	})
}
