package cwc_test

import (
	"bytes"
	"compress/gzip"
	"encoding/xml"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/cwc"
)

// spoilt returns the message with the text put into every field that a supporter or an
// author fills.
func spoilt(m cwc.Message, text string) cwc.Message {
	c, l := &m.Constituent, &m.Letter
	short := text[:min(len(text), 400)]
	for _, field := range []*string{&c.FirstName, &c.LastName, &c.Title, &c.Organization, &c.Address1, &c.Address2, &c.City, &l.Subject, &m.Delivery.OrganizationAbout} {
		*field += short
	}
	l.ConstituentMessage += text
	l.OrganizationStatement = text + l.OrganizationStatement
	return m
}

// sameTree reports whether a document has the elements of the clean letter, by a parser that
// is not ours.
func sameTree(document, clean []byte) error {
	want, err := elements(clean)
	if err != nil {
		return err
	}
	got, err := elements(document)
	if err != nil {
		return err
	}
	if !slices.Equal(got, want) {
		return errors.New("the elements are others:\n" + cmp.Diff(want, got))
	}
	return nil
}

// wellFormed asks xmllint, where it is installed, about all documents.
func wellFormed(t *testing.T, documents [][]byte) error {
	t.Helper()
	program, missing := exec.LookPath("xmllint")
	if missing != nil {
		t.Log("xmllint is not installed; Go's parser alone has looked")
		return nil //nolint:nilerr // what is not installed finds nothing
	}
	folder, args := t.TempDir(), []string{"--noout", "--nonet"}
	for i, d := range documents {
		name := filepath.Join(folder, strconv.Itoa(i)+".xml")
		if err := os.WriteFile(name, d, 0o600); err != nil {
			t.Fatal(err)
		}
		args = append(args, name)
	}
	if out, err := exec.CommandContext(t.Context(), program, args...).CombinedOutput(); err != nil {
		return errors.New(string(out))
	}
	return nil
}

// TestSEC_XML_1_HostileTextStaysText: whatever is typed, the document that leaves has the
// elements of the clean letter, and gives the text back but for what Clean documents.
func TestSEC_XML_1_HostileTextStaysText(t *testing.T) {
	for chamber, sample := range map[congress.Chamber]cwc.Message{congress.House: sample(), congress.Senate: senateSample()} {
		clean := build(t, sample, chamber)
		documents := [][]byte{clean}
		for _, h := range append(slices.Clone(hostile), strings.Repeat("<x>", 3000), strings.Repeat("&a;", 3000)) {
			m := spoilt(sample, h)
			document := build(t, m, chamber)
			documents = append(documents, document)
			if err := sameTree(document, clean); err != nil {
				t.Errorf("%s, %.30q: %v", chamber, h, err)
			}
			var back struct {
				Name string `xml:"Constituent>LastName"`
				Text string `xml:"Message>ConstituentMessage"`
			}
			if err := xml.Unmarshal(document, &back); err != nil {
				t.Errorf("%s, %.30q: %v", chamber, h, err)
			}
			want := m.Clean(chamber)
			if back.Name != want.Constituent.LastName || back.Text != want.Letter.ConstituentMessage {
				t.Errorf("%s, %.30q comes back as %.60q and %.60q", chamber, h, back.Name, back.Text)
			}
		}
		if err := wellFormed(t, documents); err != nil {
			t.Error(err)
		}
		began := time.Now()
		if _, err := cwc.Build(spoilt(sample, strings.Repeat("</ConstituentMessage><X>", 50_000)), chamber); err == nil || time.Since(began) > 5*time.Second {
			t.Errorf("a megabyte gives %v after %s", err, time.Since(began))
		}
	}
}

// TestSEC_XML_1_Control: a document that was written without escaping does not pass.
func TestSEC_XML_1_Control(t *testing.T) {
	clean := build(t, sample(), congress.House)
	for _, h := range []string{"</ConstituentMessage><X>", "<X/>", "</ConstituentMessage><ConstituentMessage>", "&xxe;"} {
		careless := replaced(t, clean, "<ConstituentMessage>", "<ConstituentMessage>"+h)
		if sameTree(careless, clean) == nil {
			t.Errorf("%q goes unnoticed", h)
		}
	}
}

// TestSEC_XML_2_HostileAnswers: nothing that an office system answers makes us fetch
// anything, costs much memory or time, or ends a letter that may have arrived.
func TestSEC_XML_2_HostileAnswers(t *testing.T) {
	var fetched atomic.Int64
	bait := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { fetched.Add(1) }))
	defer bait.Close()
	laughs := []string{`<?xml version="1.0"?><!DOCTYPE Errors [<!ENTITY a "lol">`}
	for i := 'b'; i <= 'k'; i++ {
		laughs = append(laughs, "<!ENTITY "+string(i)+` "`+strings.Repeat("&"+string(i-1)+";", 10)+`">`)
	}
	for name, body := range map[string]string{
		"billion laughs":     strings.Join(laughs, "") + "]><Errors><Error>&k;</Error></Errors>",
		"external entity":    `<!DOCTYPE Errors [<!ENTITY x SYSTEM "` + bait.URL + `">]><Errors><Error>&x;</Error></Errors>`,
		"external DTD":       `<!DOCTYPE Errors SYSTEM "` + bait.URL + `"><Errors><Error>no</Error></Errors>`,
		"parameter entity":   `<!DOCTYPE Errors [<!ENTITY % p SYSTEM "` + bait.URL + `"> %p;]><Errors><Error>no</Error></Errors>`,
		"100 MB":             strings.Repeat("<Errors><Error>no</Error></Errors>", 100<<20/34),
		"depth of 100,000":   strings.Repeat("<a>", 100_000),
		"another encoding":   "\xff\xfe<\x00E\x00r\x00r\x00o\x00r\x00s\x00>\x00",
		"encoding that lies": "<?xml version=\"1.0\" encoding=\"UTF-16\"?>\x00<\x00E\x00r\x00r",
	} {
		for _, status := range []int{http.StatusOK, http.StatusCreated, http.StatusBadRequest, http.StatusInternalServerError} {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "application/xml")
				w.WriteHeader(status)
				_, _ = io.WriteString(w, body)
			}))
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			began := time.Now()
			house := clientOf(server.URL).Send(t.Context(), []byte("<CWC/>"))
			senate := senateOf(server.URL).Send(t.Context(), []byte("<CWC/>"))
			_, err := clientOf(server.URL).Offices(t.Context())
			took := time.Since(began)
			runtime.ReadMemStats(&after)
			server.Close()
			created := status == http.StatusCreated && name != "100 MB" // the status alone says so, whatever the body
			if house.Result != cwc.Unknown || senate.Result != cwc.Unknown && (!created || senate.Result != cwc.Accepted) || err == nil {
				t.Errorf("%s behind a %d: %+v, %+v, %v", name, status, house, senate, err)
			}
			if grown := after.TotalAlloc - before.TotalAlloc; grown > 32<<20 || took > 5*time.Second {
				t.Errorf("%s behind a %d took %d bytes and %s", name, status, grown, took)
			}
		}
	}
	if n := fetched.Load(); n != 0 {
		t.Errorf("%d fetches were made", n)
	}
}

// TestSEC_XML_2_Bomb: a small answer that unpacks to much is not unpacked.
func TestSEC_XML_2_Bomb(t *testing.T) {
	var bomb bytes.Buffer
	z := gzip.NewWriter(&bomb)
	for range 100 {
		_, _ = z.Write(bytes.Repeat([]byte(" "), 1<<20))
	}
	_ = z.Close()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		w.WriteHeader(http.StatusBadRequest)
		_, _ = w.Write(bomb.Bytes())
	}))
	defer server.Close()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	o := clientOf(server.URL).Send(t.Context(), []byte("<CWC/>"))
	runtime.ReadMemStats(&after)
	if grown := after.TotalAlloc - before.TotalAlloc; o.Result != cwc.Unknown || grown > 8<<20 {
		t.Errorf("%+v after %d bytes", o, grown)
	}
}

// TestSEC_XML_2_Control: an honest refusal is read, and the bait does notice a fetch.
func TestSEC_XML_2_Control(t *testing.T) {
	var fetched atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fetched.Add(1)
		w.WriteHeader(http.StatusBadRequest)
		_, _ = io.WriteString(w, "<Errors><Error>Out of order</Error></Errors>")
	}))
	defer server.Close()
	for _, o := range []cwc.Outcome{
		clientOf(server.URL).Send(t.Context(), []byte("<CWC/>")), senateOf(server.URL).Send(t.Context(), []byte("<CWC/>")),
	} {
		if o.Result != cwc.Refused || !slices.Equal(o.Reasons, []string{"Out of order"}) {
			t.Errorf("an honest refusal gives %+v", o)
		}
	}
	if fetched.Load() != 2 {
		t.Error("the bait does not count")
	}
}

// TestSEC_NET_1_TheProxyOfAChannel sends through a real proxy: only what was given to the
// channel goes through it, and a proxy that fails has sent nothing and tells no secret. That
// none comes from the environment is TestNoProxyFromTheEnvironment's: Go asks no proxy of the
// environment about this machine, where all of a test's servers are.
func TestSEC_NET_1_TheProxyOfAChannel(t *testing.T) {
	capitol := startCapitol(t)
	var through atomic.Int64
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		through.Add(1)
		r.RequestURI = ""
		answer, err := http.DefaultTransport.RoundTrip(r)
		if err != nil {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		defer answer.Body.Close()
		w.WriteHeader(answer.StatusCode)
		_, _ = io.Copy(w, answer.Body)
	}))
	defer proxy.Close()
	address, err := url.Parse(proxy.URL)
	if err != nil {
		t.Fatal(err)
	}
	client := senateOf(capitol.URL)
	client.HTTP = &http.Client{Transport: cwc.Transport(address)}
	if o := client.Send(t.Context(), build(t, senateSample(), congress.Senate)); o.Result != cwc.Accepted || through.Load() != 1 {
		t.Errorf("through the proxy: %+v, %d requests", o, through.Load())
	}
	if o := clientOf(capitol.URL).Send(t.Context(), build(t, sample(), congress.House)); o.Result != cwc.Accepted || through.Load() != 1 {
		t.Errorf("without a proxy of its own: %+v, %d requests", o, through.Load())
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = listener.Close() // nobody answers there now
	client.HTTP = &http.Client{Transport: cwc.Transport(&url.URL{Scheme: "http", Host: listener.Addr().String(), User: url.UserPassword("franklin", testKey)})}
	dead := &cwc.SenateClient{BaseURL: capitol.URL + "/api", Key: cwc.NewKey(testKey), HTTP: client.HTTP, Timeout: time.Second}
	o := dead.Send(t.Context(), []byte("x"))
	if o.Result != cwc.NotSent {
		t.Errorf("a dead proxy gives %+v", o)
	}
	hidesKey(t, "an outcome of a dead proxy", o)
}

// TestSEC_NET_1_TLSAndRedirects: a stranger's certificate sends nothing, and the key does
// not follow a redirect.
func TestSEC_NET_1_TLSAndRedirects(t *testing.T) {
	var seen atomic.Int64
	stranger := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { seen.Add(1) }))
	defer stranger.Close()
	for name, send := range map[string]func() cwc.Outcome{
		"House":  func() cwc.Outcome { return clientOf(stranger.URL).Send(t.Context(), []byte("x")) },
		"Senate": func() cwc.Outcome { return senateOf(stranger.URL).Send(t.Context(), []byte("x")) },
	} {
		if o := send(); o.Result != cwc.Misconfigured || seen.Load() != 0 {
			t.Errorf("%s: a stranger's certificate gives %+v, and %d requests arrived", name, o, seen.Load())
		}
	}
	known := senateOf(stranger.URL)
	known.HTTP = stranger.Client()
	if known.Send(t.Context(), []byte("x")); seen.Load() != 1 { // the control: it is the certificate that stopped the others
		t.Errorf("with a known certificate %d requests arrived", seen.Load())
	}
	target := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { seen.Add(1) }))
	defer target.Close()
	seen.Store(0)
	for _, status := range []int{301, 302, 303, 307, 308} {
		from := httptest.NewServer(http.RedirectHandler(target.URL, status))
		house, senate := clientOf(from.URL).Send(t.Context(), []byte("x")), senateOf(from.URL).Send(t.Context(), []byte("x"))
		from.Close()
		if house.Result != cwc.Unknown || senate.Result != cwc.Unknown || seen.Load() != 0 {
			t.Errorf("%d gives %+v and %+v, and %d requests followed", status, house, senate, seen.Load())
		}
	}
}
