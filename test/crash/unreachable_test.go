package crash

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/internal/db/dbtest"
)

// answerWithin is how long a post may wait while the database does not answer: a commit's
// time, and the time of one that was under way before it.
const answerWithin = 45 * time.Second

// TestNobodyWaitsForADatabaseThatIsGone: the line to PostgreSQL swallows everything while
// forms come in. Each is answered with 503 and what was typed, none is acknowledged, the
// campaign's page stays, and when the line is back letters are taken at once.
func TestNobodyWaitsForADatabaseThatIsGone(t *testing.T) {
	w := newWorld(t, plan{database: postgres(t), clients: 1, rate: 1})
	line, address := dbtest.NewLine(t, w.database)
	for i, flag := range w.node.flags {
		if flag == "--db" {
			w.node.flags[i+1] = address
		}
	}
	w.start(0)
	server, _ := w.node.where()
	client := &http.Client{Timeout: 5 * time.Minute, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	send := func(n int) (status int, took time.Duration, kept bool) {
		a := &attempt{key: fmt.Sprintf("%032x", n+1), email: fmt.Sprintf("p%d@mail.example", n), words: w.crowd.text}
		form := a.form(strconv.Itoa(n), places[n%len(places)])
		begin := time.Now()
		answer, err := client.Post(server+"/c/"+slug+"/send?"+url.Values{}.Encode(), "application/x-www-form-urlencoded", strings.NewReader(form.Encode()))
		if err != nil {
			return 0, time.Since(begin), false
		}
		defer func() { _ = answer.Body.Close() }()
		page, _ := io.ReadAll(answer.Body)
		return answer.StatusCode, time.Since(begin), strings.Contains(string(page), a.email) && answer.Header.Get("Retry-After") != ""
	}
	if status, _, _ := send(0); status != http.StatusSeeOther { // the control
		t.Fatalf("answered with %d", status)
	}
	line.Cut(true)
	begin := time.Now()
	var all sync.WaitGroup
	var bare atomic.Int32
	for n := range 40 {
		all.Go(func() {
			<-time.After(time.Duration(n) * 10 * time.Millisecond)
			status, took, kept := send(1 + n)
			t.Logf("form %d: %d after %v, text kept: %v", n, status, took.Round(time.Millisecond), kept)
			if status != http.StatusServiceUnavailable || took > answerWithin {
				t.Errorf("form %d is answered with %d after %v", n, status, took.Round(time.Millisecond))
			}
			if !kept {
				bare.Add(1)
			}
		})
	}
	done := make(chan struct{})
	go func() { all.Wait(); close(done) }()
	select {
	case <-done:
	case <-time.After(90 * time.Second):
		t.Error("after 90 s some forms are not answered yet")
	}
	t.Logf("all answered %v after the cut", time.Since(begin).Round(time.Millisecond))
	if page, err := client.Get(server + "/c/" + slug); err != nil || page.StatusCode != http.StatusOK {
		t.Errorf("the campaign's page is gone: %+v, %v", page, err)
	} else {
		_ = page.Body.Close()
	}
	if n := bare.Load(); n > 0 {
		t.Errorf("%d answers do not bring back what was typed", n)
	}
	if t.Failed() {
		t.Log(w.node.lastWords())
	}
	line.Cut(false)
	healed := time.Now()
	w.until("letters are taken again", 30*time.Second, func() bool { status, _, _ := send(1000); return status == http.StatusSeeOther })
	t.Logf("letters are taken again %v after the line came back", time.Since(healed).Round(time.Millisecond))
	<-done
}
