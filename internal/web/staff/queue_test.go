package staff_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/franklin-letters/franklin/internal/account"
	"github.com/franklin-letters/franklin/internal/audit"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
	"github.com/franklin-letters/franklin/internal/letter"
)

func TestPausingAChannel(t *testing.T) {
	each(t, func(o *office) {
		o.write("", "")
		b := o.member(account.Owner)
		b.get("/staff/queue", "cwc-house", "1 letter in line", "nobody delivers")
		b.want(b.do("POST", "/staff/queue/cwc-house/pause", url.Values{"why": {" "}}), http.StatusUnprocessableEntity, "Error: Queue", "Say the reason in a sentence.", `href="#f-why-cwc-house"`)
		b.post("/staff/queue/cwc-house/pause", url.Values{"why": {"The House asked us to"}}, "is paused on all nodes", "by owner (staff):", "The House asked us to")
		pause, paused, err := letter.PauseOf(o.Context(), o.db, letter.ChannelHouse)
		if err != nil || !paused || pause.Who != "owner (staff)" || pause.Why != "The House asked us to" {
			t.Errorf("the pause is %+v, %t, %v", pause, paused, err)
		}
		o.member(account.Viewer).get("/staff/", "paused", "The House asked us to")
		b.post("/staff/queue/cwc-house/resume", url.Values{}, "sends again")
		if _, paused, err := letter.PauseOf(o.Context(), o.db, letter.ChannelHouse); err != nil || paused {
			t.Errorf("still paused: %t, %v", paused, err)
		}
		b.want(b.do("POST", "/staff/queue/pigeon/pause", url.Values{"why": {"x"}}), http.StatusBadRequest)
		if got := slices.Concat(o.acts(audit.QueuePause), o.acts(audit.QueueResume)); !slices.Equal(got, []string{"owner (staff) cwc-house", "owner (staff) cwc-house"}) {
			t.Errorf("the log says %q", got)
		}
	})
}

// TestJobsAreGuarded: who looks at single jobs and who does something to them; what is done
// is logged, and reaches the library whole.
func TestJobsAreGuarded(t *testing.T) {
	t.Parallel()
	o := newOffice(t, dbtest.New(t))
	var got []string
	o.site.Jobs = http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		got = append(got, r.Method+" "+r.URL.Path+" "+string(body))
	})
	owner, moderator := o.member(account.Owner), o.member(account.Moderator)
	w := moderator.do("GET", "/staff/jobs/api/jobs", nil)
	if policy := w.Header().Get("Content-Security-Policy"); w.Code != http.StatusOK || !strings.Contains(policy, "script-src 'self';") || !strings.Contains(policy, "frame-ancestors 'none'") {
		t.Errorf("status %d, policy %q", w.Code, policy)
	}
	if policy := moderator.do("GET", "/staff/queue", nil).Header().Get("Content-Security-Policy"); strings.Contains(policy, "unsafe-inline") {
		t.Errorf("another page's policy is %q", policy)
	}
	moderator.want(moderator.do("POST", "/staff/jobs/api/jobs/retry", url.Values{"ids": {"7"}}), http.StatusForbidden)
	owner.want(owner.do("POST", "/staff/jobs/api/jobs/retry", url.Values{"ids": {"7"}}, "Sec-Fetch-Site", "cross-site"), http.StatusForbidden)
	owner.want(owner.do("POST", "/staff/jobs/api/jobs/retry", url.Values{"ids": {"7"}}, "Sec-Fetch-Site", "same-origin"), http.StatusOK)
	if want := []string{"GET /staff/jobs/api/jobs ", "POST /staff/jobs/api/jobs/retry ids=7"}; !slices.Equal(got, want) {
		t.Errorf("the library got %q, want %q", got, want)
	}
	if log := o.acts(audit.QueueJobs); !slices.Equal(log, []string{"owner (staff) jobs/retry"}) {
		t.Errorf("the log says %q", log)
	}
	// A page's script is told, and not sent to another page.
	nobody := o.open()
	nobody.want(nobody.do("GET", "/staff/jobs/api/jobs", nil, "Sec-Fetch-Dest", "empty"), http.StatusForbidden)
	nobody.leads(nobody.do("GET", "/staff/jobs/", nil, "Sec-Fetch-Dest", "document"), "/staff/sign-in")
}

// TestTheLogNamesEachJob, whatever stands before the ids; what is longer than it keeps is not
// done.
func TestTheLogNamesEachJob(t *testing.T) {
	each(t, func(o *office) {
		done := 0
		o.site.Jobs = http.HandlerFunc(func(http.ResponseWriter, *http.Request) { done++ })
		owner := o.member(account.Owner)
		act := url.Values{"before": {strings.Repeat("x", 20_000)}, "ids": {"4711"}}
		owner.want(owner.do("POST", "/staff/jobs/api/jobs/delete", act), http.StatusOK)
		act.Set("before", strings.Repeat("x", 40_000))
		owner.want(owner.do("POST", "/staff/jobs/api/jobs/delete", act), http.StatusRequestEntityTooLarge)
		log, err := audit.List(o.Context(), o.db, audit.Page{Limit: 1})
		if err != nil || len(log) != 1 || log[0].Action != audit.QueueJobs || !strings.HasSuffix(log[0].Detail, "ids=4711") || done != 1 {
			o.Errorf("done %d times, the log says %+v, %v", done, log, err)
		}
	})
}

// TestJobsAreNotStored, though the library takes the header away from some of its answers.
func TestJobsAreNotStored(t *testing.T) {
	t.Parallel()
	o := newOffice(t, dbtest.New(t))
	o.site.Jobs = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "no", http.StatusMethodNotAllowed) })
	owner := o.member(account.Owner)
	if w := owner.do("GET", "/staff/jobs/", nil); w.Code != http.StatusMethodNotAllowed || w.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("status %d, Cache-Control %q", w.Code, w.Header().Get("Cache-Control"))
	}
}

// TestTheLogOfJobsHoldsText, whatever was posted: PostgreSQL keeps no half characters.
func TestTheLogOfJobsHoldsText(t *testing.T) {
	each(t, func(o *office) {
		o.site.Jobs = http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})
		owner := o.member(account.Owner)
		for _, ids := range []string{"x" + strings.Repeat("é", 300), "\xff\x00"} {
			r := httptest.NewRequest("PUT", home+"/staff/jobs/api/queues/a/pause", strings.NewReader(ids))
			r.AddCookie(&http.Cookie{Name: "__Host-staff", Value: owner.cookies["__Host-staff"]})
			w := httptest.NewRecorder()
			o.handler.ServeHTTP(w, r)
			owner.want(w, http.StatusOK)
		}
		if log := o.acts(audit.QueueJobs); len(log) != 2 {
			o.Errorf("the log says %q", log)
		}
	})
}
