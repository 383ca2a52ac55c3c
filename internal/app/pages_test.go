package app_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/congress/roster"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
)

func TestFactsOnTheOperatorsPage(t *testing.T) {
	t.Parallel()
	people, err := roster.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	asOf, err := time.Parse(time.DateOnly, string(people.AsOf()))
	if err != nil {
		t.Fatal(err)
	}
	const attention = `<td class="warn">Attention: `
	for name, c := range map[string]struct {
		at          time.Time
		mail, key   bool
		want, never []string
	}{
		"all in order": {asOf.AddDate(0, 0, 1), true, true, []string{
			"<td>1.2.3</td>", "<td>sqlite</td>", "to the House's mail system at http://127.0.0.1:", `as "` + agent + `", at most 200 letters a second`,
			"sent through 127.0.0.1", "those of the 119th Congress", "as of " + string(people.AsOf()),
		}, []string{attention}},
		"no key and no relay": {asOf.AddDate(0, 0, 1), false, false, []string{"by the supporters' own hands", "no relay is set"}, []string{attention}},
		"stale roster":        {asOf.AddDate(0, 0, 40), true, true, []string{`Roster</th>` + attention}, []string{`District lines</th>` + attention}},
		"after the swearing-in": {
			time.Date(2027, time.January, 3, 17, 0, 1, 0, time.UTC), true, true,
			[]string{`Roster</th>` + attention, `District lines</th>` + attention},
			nil,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := build(t, dbtest.SQLiteURL(t))
			w.clock.at = c.at
			if !c.key {
				w.settings.CWC.Key = ""
			}
			if !c.mail {
				w.settings.Mail.Host = ""
			}
			p := w.start()
			page := p.until(p.OpsURL(), "<td>"+p.URL()+"</td>")
			for _, want := range c.want {
				if !strings.Contains(page, want) {
					t.Errorf("the page lacks %q:\n%s", want, page)
				}
			}
			for _, never := range append(c.never, apiKey) {
				if strings.Contains(page, never) {
					t.Errorf("the page holds %q:\n%s", never, page)
				}
			}
		})
	}
}

// When the lines and the roster have run out nobody is sent to a wrong member.
func TestAfterTheSwearingInNoLetterIsTaken(t *testing.T) {
	t.Parallel()
	w := build(t, dbtest.SQLiteURL(t))
	w.clock.at = time.Date(2027, time.January, 3, 17, 0, 1, 0, time.UTC)
	p := w.start()
	p.read(p.URL() + "/c/loophole")
	if a := p.do(http.MethodPost, p.URL()+"/c/loophole/send", typed()); a.status != http.StatusServiceUnavailable {
		t.Errorf("a letter is answered %d", a.status)
	}
}

func TestTheTwoAddressesAreApart(t *testing.T) {
	t.Parallel()
	p := build(t, dbtest.SQLiteURL(t)).start()
	for _, target := range []string{p.URL() + "/metrics", p.URL() + "/readyz", p.OpsURL() + "/c/loophole", p.OpsURL() + "/nothing"} {
		if a := p.do(http.MethodGet, target, nil); a.status != http.StatusNotFound {
			t.Errorf("%s is answered %d", target, a.status)
		}
	}
	for _, path := range []string{"/", "/healthz", "/readyz", "/metrics"} {
		if a := p.do(http.MethodPost, p.OpsURL()+path, nil); a.status != http.StatusMethodNotAllowed {
			t.Errorf("a post to the operator's %s is answered %d", path, a.status)
		}
	}
}
