package main

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/congress/district"
)

func TestMedian(t *testing.T) {
	for _, test := range []struct {
		values []float64
		want   float64
	}{{nil, 0}, {[]float64{3}, 3}, {[]float64{9, 1, 5}, 5}, {[]float64{4, 1, 3, 2}, 2.5}} {
		if got := median(test.values); got != test.want {
			t.Errorf("median(%v) = %v, want %v", test.values, got, test.want)
		}
	}
}

func TestRatioIsToTheSlowerOfEachRound(t *testing.T) {
	measured := &series{rates: []float64{50, 60, 10}}
	fast, slow := &series{rates: []float64{100, 100, 100}}, &series{rates: []float64{200, 80, 20}}
	r := ratio("x", 0.5, measured, fast, slow)
	if r.Value != 0.5 || !*r.Met {
		t.Errorf("ratio %v of rounds %v, met %t", r.Value, r.Rounds, *r.Met)
	}
	if missed := (section{Lines: []result{ratio("y", 0.51, measured, fast, slow), {Name: "rate"}}}).missed(); len(missed) != 1 || missed[0] != "y" {
		t.Errorf("missed %v", missed)
	}
}

func TestReadAnswer(t *testing.T) {
	for _, test := range []struct {
		name, text string
		status     int
		bad        bool
	}{
		{"OK", "HTTP/1.1 200 OK\r\nA: b\r\nContent-Length: 3\r\n\r\nabc", 200, false},
		{"empty", "HTTP/1.1 303 See Other\r\nContent-Length: 0\r\n\r\n", 303, false},
		{"cut off", "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nab", 200, true},
		{"chunked", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 200, true},
		{"no status", "HTTP/1.1 ???\r\n\r\n", 0, true},
		{"short", "HTTP\r\n", 0, true},
		{"closed", "", 0, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			status, err := readAnswer(bufio.NewReader(strings.NewReader(test.text)))
			if (err != nil) != test.bad || !test.bad && status != test.status {
				t.Errorf("status %d, %v", status, err)
			}
		})
	}
}

// TestClientsCountGoodAnswers lets the clients of a plan meet a server that fails once.
func TestClientsCountGoodAnswers(t *testing.T) {
	var mu sync.Mutex
	keys, bad := map[string]bool{}, 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		mu.Lock()
		defer mu.Unlock()
		_, after, _ := strings.Cut(string(body), "key=")
		if keys[after[:32]] {
			t.Errorf("the key %s came twice", after[:32])
		}
		keys[after[:32]] = true
		if bad == 0 {
			bad++
			w.WriteHeader(http.StatusTeapot)
			return
		}
		http.Redirect(w, r, "/receipt", http.StatusSeeOther)
	}))
	defer server.Close()
	r, err := plan{URL: server.URL + "/c/x/send", Kind: "form", Clients: 4, Length: 100 * time.Millisecond}.run()
	if err != nil {
		t.Fatal(err)
	}
	if r.Failed != 1 || !strings.Contains(r.Fault, "418") || r.All != len(keys)-1 || r.Done == 0 || r.Done > r.All || r.P50 <= 0 || r.P99 < r.P50 {
		t.Errorf("%+v of %d posts", r, len(keys))
	}
}

// TestPeopleAreReal holds the made-up people to the rules of the form, and their places to
// the lines: a form that were refused would measure nothing.
func TestPeopleAreReal(t *testing.T) {
	lines, err := district.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := seatsOf(lines, clock()()); err != nil {
		t.Error(err)
	}
	seen := map[string]bool{}
	for number := range 2 * len(places) {
		f := decode(newPerson(7, 3, number).form())
		if problems := f.Problems(); len(problems) > 0 || !f.KeyValid() || seen[f.Key] || seen[f.Email] {
			t.Errorf("%+v: %v", f, problems)
		}
		seen[f.Key], seen[f.Email] = true, true
	}
}

func TestTheHandlerThatDoesNothingChecksAllTheSame(t *testing.T) {
	h, err := nothing()
	if err != nil {
		t.Fatal(err)
	}
	good, bad := newPerson(1, 1, 1).form(), newPerson(1, 1, 2).form()
	bad.Set("zip", "99999")
	for body, want := range map[string]int{good.Encode(): http.StatusSeeOther, bad.Encode(): http.StatusUnprocessableEntity} {
		r := httptest.NewRequest(http.MethodPost, send, strings.NewReader(body))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != want {
			t.Errorf("status %d, want %d", w.Code, want)
		}
	}
}

func TestReportInPlainText(t *testing.T) {
	measured := &series{name: "ours"}
	measured.add(loadResult{Done: 900, All: 1000, Seconds: 3, P50: time.Millisecond, P99: 2 * time.Millisecond})
	var out bytes.Buffer
	section{Title: "Pages", Lines: []result{measured.result(), ratio("ours against theirs", 0.8, measured, &series{rates: []float64{400}})}}.print(&out)
	for _, want := range []string{"Pages", "300 /s", "p50   1.00 ms", "0.75 x", "MISSED"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q does not say %q", out.String(), want)
		}
	}
}

func TestUnknownPartsAreRefused(t *testing.T) {
	if err := run(context.Background(), []string{"everything"}); err == nil {
		t.Error("an unknown part was measured")
	}
}
