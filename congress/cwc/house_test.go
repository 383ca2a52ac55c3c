package cwc_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/cwc"
	"github.com/franklin-letters/franklin/congress/cwc/cwctest"
)

const testKey = "k3y/with+odd=signs&more"

func clientOf(url string) *cwc.HouseClient {
	return &cwc.HouseClient{BaseURL: url, Key: cwc.NewKey(testKey), Timeout: 5 * time.Second}
}

func startCapitol(t *testing.T) *cwctest.Server {
	t.Helper()
	o := cwctest.Options{
		Key: testKey, Agent: sample().Delivery.Agent, SenateOffices: []string{"SAZ01", "SNV03"},
		Clock: func() time.Time { return time.Date(2026, 11, 23, 14, 3, 0, 0, time.UTC) },
	}
	s, err := cwctest.Start(t.Context(), "127.0.0.1:0", o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// TestSendToCapitol goes through the ways in which an office system can behave: the rows
// of the table of outcomes in docs/cwc.md.
func TestSendToCapitol(t *testing.T) {
	t.Parallel()
	const short = 150 * time.Millisecond
	for name, tc := range map[string]struct {
		act     cwctest.Act
		timeout time.Duration
		want    cwc.Outcome
		stored  int
	}{
		"behaves":                  {want: cwc.Outcome{Result: cwc.Accepted, Status: 200}, stored: 1},
		"slow but in time":         {act: cwctest.Act{Do: cwctest.Slow, DelayMS: 1}, want: cwc.Outcome{Result: cwc.Accepted, Status: 200}, stored: 1},
		"one byte at a time":       {act: cwctest.Act{Do: cwctest.Slow, DelayMS: 1000}, timeout: short, want: cwc.Outcome{Result: cwc.Unknown, Status: 200}, stored: 1},
		"too many":                 {act: cwctest.Act{Do: cwctest.TooMany, RetryAfter: 7}, want: cwc.Outcome{Result: cwc.Busy, Status: 429, RetryAfter: 7 * time.Second}},
		"unavailable":              {act: cwctest.Act{Do: cwctest.Unavailable}, want: cwc.Outcome{Result: cwc.Busy, Status: 503, RetryAfter: time.Second}},
		"error before storing":     {act: cwctest.Act{Do: cwctest.ServerError}, want: cwc.Outcome{Result: cwc.Unknown, Status: 500}},
		"error after storing":      {act: cwctest.Act{Do: cwctest.ErrorAfter}, want: cwc.Outcome{Result: cwc.Unknown, Status: 500}, stored: 1},
		"time-out before storing":  {act: cwctest.Act{Do: cwctest.TimeoutBefore}, timeout: short, want: cwc.Outcome{Result: cwc.Unknown}},
		"time-out after storing":   {act: cwctest.Act{Do: cwctest.TimeoutAfter}, timeout: short, want: cwc.Outcome{Result: cwc.Unknown}, stored: 1},
		"reset before storing":     {act: cwctest.Act{Do: cwctest.Reset}, want: cwc.Outcome{Result: cwc.Unknown}},
		"reset after storing":      {act: cwctest.Act{Do: cwctest.ResetAfter}, want: cwc.Outcome{Result: cwc.Unknown}, stored: 1},
		"garbage":                  {act: cwctest.Act{Do: cwctest.Garbage}, want: cwc.Outcome{Result: cwc.Unknown, Status: 200}, stored: 1},
		"a web page":               {act: cwctest.Act{Do: cwctest.HTML, Lost: true}, want: cwc.Outcome{Result: cwc.Unknown, Status: 200}},
		"nothing":                  {act: cwctest.Act{Do: cwctest.Empty}, want: cwc.Outcome{Result: cwc.Unknown, Status: 200}, stored: 1},
		"10 MB":                    {act: cwctest.Act{Do: cwctest.Huge}, want: cwc.Outcome{Result: cwc.Unknown, Status: 200}, stored: 1},
		"cut off":                  {act: cwctest.Act{Do: cwctest.Truncated}, want: cwc.Outcome{Result: cwc.Unknown, Status: 200}, stored: 1},
		"redirect":                 {act: cwctest.Act{Do: cwctest.Redirect}, want: cwc.Outcome{Result: cwc.Unknown, Status: 301}},
		"known already":            {act: cwctest.Act{Do: cwctest.Duplicate}, want: cwc.Outcome{Result: cwc.Accepted, Status: 409, Earlier: true}, stored: 1},
		"refused for reasons":      {act: cwctest.Act{Do: cwctest.Refuse, Text: "Out of order"}, want: cwc.Outcome{Result: cwc.Refused, Status: 400, Reasons: []string{"Out of order"}}},
		"refused as a repeat":      {act: cwctest.Act{Do: cwctest.Refuse, Text: "The DeliveryId has been used already"}, want: cwc.Outcome{Result: cwc.Accepted, Status: 400, Earlier: true}},
		"quoting a clever letter":  {act: cwctest.Act{Do: cwctest.Refuse, Text: "The value 'duplicate DeliveryId' is invalid"}, want: cwc.Outcome{Result: cwc.Refused, Status: 400, Reasons: []string{"The value 'duplicate DeliveryId' is invalid"}}},
		"quoting a clever agent":   {act: cwctest.Act{Do: cwctest.Refuse, Text: "The value 'O'DeliveryAgent Mismatch' is invalid"}, want: cwc.Outcome{Result: cwc.Refused, Status: 400, Reasons: []string{"The value 'O'DeliveryAgent Mismatch' is invalid"}}},
		"quoting markup in reason": {act: cwctest.Act{Do: cwctest.Refuse, Text: "The value <html> is invalid"}, want: cwc.Outcome{Result: cwc.Refused, Status: 400, Reasons: []string{"The value <html> is invalid"}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			capitol := startCapitol(t)
			if tc.act.Do != "" {
				if err := capitol.Script(tc.act); err != nil {
					t.Fatal(err)
				}
			}
			client := clientOf(capitol.URL)
			if tc.timeout > 0 {
				client.Timeout = tc.timeout
			}
			got := client.Send(t.Context(), build(t, sample(), congress.House))
			checkOutcome(t, got, tc.want)
			if n := len(capitol.Messages()); n != tc.stored {
				t.Errorf("%d messages are stored, want %d", n, tc.stored)
			}
		})
	}
}

// checkOutcome compares all but the detail, which must be there.
func checkOutcome(t *testing.T, got, want cwc.Outcome) {
	t.Helper()
	if got.Detail == "" {
		t.Error("the outcome has no detail")
	}
	if got.Result != want.Result || got.Earlier != want.Earlier || got.OfficeOff != want.OfficeOff ||
		got.Status != want.Status || got.RetryAfter != want.RetryAfter || !slices.Equal(got.Reasons, want.Reasons) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

// TestSendAgain is what a sender does after an unknown outcome: the same bytes once more.
func TestSendAgain(t *testing.T) {
	capitol := startCapitol(t)
	if err := capitol.Script(cwctest.Act{Do: cwctest.ResetAfter}); err != nil {
		t.Fatal(err)
	}
	client, message := clientOf(capitol.URL), build(t, sample(), congress.House)
	if o := client.Send(t.Context(), message); o.Result != cwc.Unknown {
		t.Fatalf("the first attempt gives %+v", o)
	}
	if o := client.Send(t.Context(), message); o.Result != cwc.Accepted || !o.Earlier {
		t.Errorf("the second attempt gives %+v", o)
	}
	receptions := capitol.Receptions()
	if len(capitol.Messages()) != 1 || len(receptions) != 2 || receptions[0].SHA256 != receptions[1].SHA256 {
		t.Errorf("the Capitol received %+v", receptions)
	}
}

// TestSendAnswers goes through answers that the simulated Capitol does not give by itself.
func TestSendAnswers(t *testing.T) {
	t.Parallel()
	laughs := `<?xml version="1.0"?><!DOCTYPE Errors [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;">]><Errors><Error>&b;</Error></Errors>`
	for name, tc := range map[string]struct {
		status int
		body   string
		header map[string]string
		want   cwc.Outcome
	}{
		"accepted in other words": {status: 200, body: "  Success\n", want: cwc.Outcome{Result: cwc.Accepted, Status: 200}},
		"created":                 {status: 201, body: "Message Accepted", want: cwc.Outcome{Result: cwc.Accepted, Status: 201}},
		"only validated":          {status: 200, body: "Message Validated", want: cwc.Outcome{Result: cwc.Unknown, Status: 200}},
		"accepted and not":        {status: 200, body: "The message was not accepted", want: cwc.Outcome{Result: cwc.Unknown, Status: 200}},
		"no content":              {status: 204, want: cwc.Outcome{Result: cwc.Unknown, Status: 204}},
		"list of errors in 200":   {status: 200, body: "<Errors><Error>ok</Error></Errors>", want: cwc.Outcome{Result: cwc.Unknown, Status: 200}},
		"doubled reasons": {
			status: 400, body: "<Errors><Error> The 'Email' element\n is invalid </Error><Error>The 'Email' element is invalid</Error><Error>More</Error></Errors>",
			want: cwc.Outcome{Result: cwc.Refused, Status: 400, Reasons: []string{"The 'Email' element is invalid", "More"}},
		},
		"reasons in JSON":       {status: 400, body: `["one","two"]`, want: cwc.Outcome{Result: cwc.Refused, Status: 400, Reasons: []string{"one", "two"}}},
		"reasons in an object":  {status: 400, body: `{"errors":["one"],"error":"two"}`, want: cwc.Outcome{Result: cwc.Refused, Status: 400, Reasons: []string{"one", "two"}}},
		"reasons in text":       {status: 400, body: "Did not\u202e expect\r\nelement <Title> there\x1b[31m", want: cwc.Outcome{Result: cwc.Refused, Status: 400, Reasons: []string{"Did not expect element <Title> there [31m"}}},
		"unfinished list":       {status: 400, body: "<Errors><Error>one</Error><Err", want: cwc.Outcome{Result: cwc.Refused, Status: 400, Reasons: []string{"one"}}},
		"declared UTF-16":       {status: 400, body: `<?xml version="1.0" encoding="utf-16"?><Errors><Error>one</Error></Errors>`, want: cwc.Outcome{Result: cwc.Refused, Status: 400, Reasons: []string{"one"}}},
		"no reason":             {status: 400, want: cwc.Outcome{Result: cwc.Refused, Status: 400}},
		"office off":            {status: 400, body: "Message delivery is not enabled for HDC98", want: cwc.Outcome{Result: cwc.Refused, Status: 400, OfficeOff: true, Reasons: []string{"Message delivery is not enabled for HDC98"}}},
		"other agent":           {status: 400, body: "DeliveryAgent Mismatch", want: cwc.Outcome{Result: cwc.Misconfigured, Status: 400, Reasons: []string{"DeliveryAgent Mismatch"}}},
		"page in between":       {status: 400, body: "\n<!DOCTYPE HTML><title>400</title>", want: cwc.Outcome{Result: cwc.Misconfigured, Status: 400}},
		"plain HTTP":            {status: 400, body: "Client sent an HTTP request to an HTTPS server.", want: cwc.Outcome{Result: cwc.Misconfigured, Status: 400}},
		"laughs":                {status: 400, body: laughs, want: cwc.Outcome{Result: cwc.Unknown, Status: 400}},
		"deep":                  {status: 400, body: strings.Repeat("<a>", 20_000), want: cwc.Outcome{Result: cwc.Unknown, Status: 400}},
		"10 MB of refusal":      {status: 400, body: strings.Repeat("no ", 10<<20/3), want: cwc.Outcome{Result: cwc.Unknown, Status: 400}},
		"UTF-16":                {status: 400, body: "\xff\xfe<\x00E\x00", want: cwc.Outcome{Result: cwc.Unknown, Status: 400}},
		"cut off":               {status: 400, body: "Too", header: map[string]string{"Content-Length": "400"}, want: cwc.Outcome{Result: cwc.Unknown, Status: 400}},
		"unprocessable":         {status: 422, body: "no", want: cwc.Outcome{Result: cwc.Refused, Status: 422, Reasons: []string{"no"}}},
		"bad key":               {status: 401, body: "bad key", want: cwc.Outcome{Result: cwc.Misconfigured, Status: 401, Reasons: []string{"bad key"}}},
		"forbidden":             {status: 403, body: "<html>no</html>", want: cwc.Outcome{Result: cwc.Misconfigured, Status: 403}},
		"wrong path":            {status: 404, want: cwc.Outcome{Result: cwc.Misconfigured, Status: 404}},
		"wrong type":            {status: 415, want: cwc.Outcome{Result: cwc.Misconfigured, Status: 415}},
		"request timed out":     {status: 408, want: cwc.Outcome{Result: cwc.Unknown, Status: 408}},
		"conflict":              {status: 409, body: "whatever", want: cwc.Outcome{Result: cwc.Accepted, Earlier: true, Status: 409}},
		"conflict with a proxy": {status: 409, body: "<html>conflict</html>", want: cwc.Outcome{Result: cwc.Unknown, Status: 409}},
		"see other":             {status: 303, header: map[string]string{"Location": "/v2/elsewhere"}, want: cwc.Outcome{Result: cwc.Unknown, Status: 303}},
		"bad gateway":           {status: 502, want: cwc.Outcome{Result: cwc.Unknown, Status: 502}},
		"gateway timed out":     {status: 504, want: cwc.Outcome{Result: cwc.Unknown, Status: 504}},
		"busy until a date": {
			status: 503, header: map[string]string{"Date": "Mon, 23 Nov 2026 14:00:00 GMT", "Retry-After": "Mon, 23 Nov 2026 14:02:00 GMT"},
			want: cwc.Outcome{Result: cwc.Busy, Status: 503, RetryAfter: 2 * time.Minute},
		},
		"busy for ever":   {status: 429, header: map[string]string{"Retry-After": "99999999999"}, want: cwc.Outcome{Result: cwc.Busy, Status: 429, RetryAfter: 24 * time.Hour}},
		"busy backwards":  {status: 429, header: map[string]string{"Retry-After": "-5"}, want: cwc.Outcome{Result: cwc.Busy, Status: 429}},
		"busy, no number": {status: 429, header: map[string]string{"Retry-After": "soon"}, want: cwc.Outcome{Result: cwc.Busy, Status: 429}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var calls atomic.Int32
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				calls.Add(1)
				if r.Header.Get("Content-Type") != "application/xml" || r.URL.Path != "/v2/message" || r.URL.Query().Get("apikey") != testKey {
					t.Errorf("the request is %s %v", r.URL, r.Header)
				}
				_, _ = io.Copy(io.Discard, r.Body)
				for k, v := range tc.header {
					w.Header().Set(k, v)
				}
				w.WriteHeader(tc.status)
				_, _ = io.WriteString(w, tc.body)
			}))
			defer server.Close()
			checkOutcome(t, clientOf(server.URL+"/").Send(t.Context(), []byte("<CWC/>")), tc.want)
			if n := calls.Load(); n != 1 {
				t.Errorf("%d requests were made", n)
			}
		})
	}
}

type failing struct{ err error }

func (f failing) RoundTrip(*http.Request) (*http.Response, error) { return nil, f.err }

func TestSendWithoutConnection(t *testing.T) {
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nobody := "http://" + listener.Addr().String()
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	secure := httptest.NewTLSServer(http.NotFoundHandler())
	defer secure.Close()
	open := httptest.NewServer(http.NotFoundHandler())
	defer open.Close()
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()

	key := cwc.NewKey(testKey)
	for name, tc := range map[string]struct {
		ctx    context.Context //nolint:containedctx // a table.
		client *cwc.HouseClient
		want   cwc.Result
	}{
		"nobody listens":           {t.Context(), &cwc.HouseClient{BaseURL: nobody, Key: key}, cwc.NotSent},
		"cancelled before":         {cancelled, &cwc.HouseClient{BaseURL: open.URL, Key: key}, cwc.NotSent},
		"no such host":             {t.Context(), &cwc.HouseClient{BaseURL: open.URL, Key: key, HTTP: &http.Client{Transport: failing{&net.DNSError{Err: "no such host", Name: "x"}}}}, cwc.NotSent},
		"dialling through another": {t.Context(), &cwc.HouseClient{BaseURL: open.URL, Key: key, HTTP: &http.Client{Transport: failing{&net.OpError{Op: "dial", Err: errors.New("refused")}}}}, cwc.NotSent},
		"another's failure":        {t.Context(), &cwc.HouseClient{BaseURL: open.URL, Key: key, HTTP: &http.Client{Transport: failing{errors.New("something")}}}, cwc.Unknown},
		"unknown certificate":      {t.Context(), &cwc.HouseClient{BaseURL: secure.URL, Key: key}, cwc.Misconfigured},
		"https to http":            {t.Context(), &cwc.HouseClient{BaseURL: strings.Replace(open.URL, "http:", "https:", 1), Key: key}, cwc.Misconfigured},
		"http to https":            {t.Context(), &cwc.HouseClient{BaseURL: strings.Replace(secure.URL, "https:", "http:", 1), Key: key}, cwc.Misconfigured},
		"no key":                   {t.Context(), &cwc.HouseClient{BaseURL: open.URL}, cwc.Misconfigured},
		"no address":               {t.Context(), &cwc.HouseClient{Key: key}, cwc.Misconfigured},
		"no https":                 {t.Context(), &cwc.HouseClient{BaseURL: "http://cwc.example.org", Key: key}, cwc.Misconfigured},
		"key in the address":       {t.Context(), &cwc.HouseClient{BaseURL: open.URL + "/?apikey=x", Key: key}, cwc.Misconfigured},
		"other scheme":             {t.Context(), &cwc.HouseClient{BaseURL: "ftp://127.0.0.1", Key: key}, cwc.Misconfigured},
	} {
		t.Run(name, func(t *testing.T) {
			o := tc.client.Send(tc.ctx, []byte("<CWC/>"))
			if o.Result != tc.want || o.Detail == "" {
				t.Errorf("got %+v, want %s", o, tc.want)
			}
		})
	}
}

func TestRedirectIsNotFollowed(t *testing.T) {
	var elsewhere atomic.Int32
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { elsewhere.Add(1) }))
	defer other.Close()
	for _, status := range []int{301, 302, 303, 307, 308} {
		server := httptest.NewServer(http.RedirectHandler(other.URL, status))
		follow := &cwc.HouseClient{BaseURL: server.URL, Key: cwc.NewKey(testKey), HTTP: &http.Client{
			CheckRedirect: func(*http.Request, []*http.Request) error { return nil },
		}}
		if o := follow.Send(t.Context(), []byte("<CWC/>")); o.Result != cwc.Unknown {
			t.Errorf("a %d gives %+v", status, o)
		}
		if _, err := follow.Offices(t.Context()); err == nil {
			t.Errorf("a %d gives a list of offices", status)
		}
		server.Close()
	}
	if n := elsewhere.Load(); n != 0 {
		t.Errorf("the message and its key went elsewhere %d times", n)
	}
}

func TestValidate(t *testing.T) {
	good, bad := build(t, sample(), congress.House), []byte("<CWC/>")
	other := sample()
	other.Delivery.Agent = "Somebody Else"
	for name, tc := range map[string]struct {
		act     cwctest.Act
		message []byte
		want    cwc.Verdict
	}{
		"good":                  {message: good, want: cwc.Valid},
		"bad":                   {message: bad, want: cwc.Invalid},
		"other agent passes":    {message: build(t, other, congress.House), want: cwc.Valid},
		"busy":                  {act: cwctest.Act{Do: cwctest.Unavailable, Call: "validate"}, message: good, want: cwc.NoVerdict},
		"a web page":            {act: cwctest.Act{Do: cwctest.HTML, Call: "validate"}, message: good, want: cwc.NoVerdict},
		"nothing":               {act: cwctest.Act{Do: cwctest.Empty, Call: "validate"}, message: good, want: cwc.NoVerdict},
		"reset":                 {act: cwctest.Act{Do: cwctest.Reset, Call: "validate"}, message: good, want: cwc.NoVerdict},
		"says that it accepted": {act: cwctest.Act{Do: cwctest.StoreTwice, Call: "validate"}, message: good, want: cwc.NoVerdict},
	} {
		t.Run(name, func(t *testing.T) {
			capitol := startCapitol(t)
			if tc.act.Do != "" {
				if err := capitol.Script(tc.act); err != nil {
					t.Fatal(err)
				}
			}
			v := clientOf(capitol.URL).Validate(t.Context(), tc.message)
			if v.Verdict != tc.want || (tc.want == cwc.Invalid) != (len(v.Reasons) > 0) {
				t.Errorf("got %+v, want %s", v, tc.want)
			}
			if n := len(capitol.Messages()); n != 0 {
				t.Errorf("a check stored %d messages", n)
			}
			wrong := &cwc.HouseClient{BaseURL: capitol.URL, Key: cwc.NewKey("wrong")}
			if v := wrong.Validate(t.Context(), tc.message); v.Verdict != cwc.NotAllowed {
				t.Errorf("a wrong key gives %+v", v)
			}
		})
	}
}

func TestAcceptedTextCanBeSet(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "#77 in line") }))
	defer server.Close()
	client := clientOf(server.URL)
	if o := client.Send(t.Context(), nil); o.Result != cwc.Unknown {
		t.Errorf("the default gives %+v", o)
	}
	client.AcceptedText = regexp.MustCompile(`^#\d+ in line$`)
	if o := client.Send(t.Context(), nil); o.Result != cwc.Accepted {
		t.Errorf("the given form gives %+v", o)
	}
}

func TestOffices(t *testing.T) {
	capitol := startCapitol(t)
	list, err := clientOf(capitol.URL).Offices(t.Context())
	if err != nil || list.Len() != 441 || len(list.Seats()) != 441 {
		t.Fatalf("%d offices: %v", list.Len(), err)
	}
	for act, want := range map[cwctest.Misbehaviour]error{
		cwctest.Unavailable: cwc.ErrBusy, cwctest.TooMany: cwc.ErrBusy, cwctest.HTML: nil, cwctest.Empty: nil,
		cwctest.Garbage: nil, cwctest.Huge: nil, cwctest.Reset: nil, cwctest.Truncated: nil, cwctest.ServerError: nil,
	} {
		if err := capitol.Script(cwctest.Act{Do: act, Call: "offices"}); err != nil {
			t.Fatal(err)
		}
		_, err := clientOf(capitol.URL).Offices(t.Context())
		if err == nil || (want != nil && !errors.Is(err, want)) {
			t.Errorf("%s gives %v", act, err)
		}
	}
	wrong := &cwc.HouseClient{BaseURL: capitol.URL, Key: cwc.NewKey("wrong")}
	if _, err := wrong.Offices(t.Context()); !errors.Is(err, cwc.ErrMisconfigured) {
		t.Errorf("a wrong key gives %v", err)
	}
}

// TestNoProxyFromTheEnvironment holds a client to the proxy that it was given.
func TestNoProxyFromTheEnvironment(t *testing.T) {
	for name, client := range map[string]*cwc.HouseClient{
		"no client": {}, "a client without a transport": {HTTP: &http.Client{}},
	} {
		if transport := cwc.TransportOf(client); transport == nil || transport.Proxy != nil {
			t.Errorf("%s: its transport looks for a proxy", name)
		}
	}
	own := &http.Transport{Proxy: http.ProxyFromEnvironment}
	if cwc.TransportOf(&cwc.HouseClient{HTTP: &http.Client{Transport: own}}) != own {
		t.Error("the given transport is not used")
	}
}
