package app_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/internal/app"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
	"github.com/franklin-letters/franklin/internal/letter"
)

// TestMetrics: what becomes of letters can be seen from outside, by channel, and holds
// nobody's data.
func TestMetrics(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, database string) {
		p := build(t, database).start()
		settings := p.settings
		settings.BaseURL = p.URL()
		office, err := app.OpenBackOffice(t.Context(), settings, p.clock.now)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = office.Close(t.Context()) }()
		p.until(p.send(typed()), "Accepted by the House mail system")
		for _, want := range []string{
			`franklin_letters_moved_total{channel="cwc-house",from="sending",to="accepted"} 1`, `franklin_channel_paused{channel="cwc-house"} 0`,
			"franklin_delivery_nodes 1", "franklin_delivery_here 1", "franklin_metrics_failed 0", "franklin_lines_synced 0", `franklin_channel_pace{channel="cwc-house"} 200`,
			`franklin_jobs{state="given-up"} 0`, `franklin_line_stuck_letters{channel="cwc-house"} 0`, `franklin_channel_breaker{channel="cwc-house"} 0`,
		} {
			p.until(p.OpsURL()+"/metrics", want)
		}
		if err := office.Desk.Pause(t.Context(), letter.ChannelHouse, "ada", "for a moment"); err != nil {
			t.Fatal(err)
		}
		p.send(typed("first_name", "Bob", "email", "bob@example.org"))
		p.clock.forward(30 * time.Minute)
		text := p.until(p.OpsURL()+"/metrics", `franklin_line_letters{channel="cwc-house"} 1`)
		for _, want := range []string{`franklin_letters{state="ready"} 1`, `franklin_channel_paused{channel="cwc-house"} 1`, `franklin_line_oldest_seconds{channel="cwc-house"} 18`} {
			if !strings.Contains(text, want) {
				t.Errorf("the metrics lack %s", want)
			}
		}
		for _, personal := range []string{"example.org", "Bob", "Muñoz", "for a moment"} {
			if strings.Contains(text, personal) {
				t.Errorf("the metrics hold %s", personal)
			}
		}
	})
}

// TestMetricsAreDocumented compares what is served with the table in docs/operations.md.
func TestMetricsAreDocumented(t *testing.T) {
	t.Parallel()
	p := build(t, dbtest.SQLiteURL(t)).start()
	p.until(p.send(typed()), "Accepted by the House mail system")
	page, err := os.ReadFile("../../docs/operations.md")
	if err != nil {
		t.Fatal(err)
	}
	named := func(pattern, text string) []string {
		var names []string
		for _, m := range regexp.MustCompile(pattern).FindAllStringSubmatch(text, -1) {
			names = append(names, m[1])
		}
		slices.Sort(names)
		return slices.Compact(names)
	}
	documented := named("(?m)^\\| `(franklin_\\w+)", string(page))
	served := named(`(?m)^# HELP (franklin_\w+)`, p.until(p.OpsURL()+"/metrics", "franklin_job_seconds_count"))
	for _, name := range served {
		if !slices.Contains(documented, name) {
			t.Errorf("%s is not in docs/operations.md", name)
		}
	}
	for _, name := range documented {
		if !slices.Contains(served, name) {
			if name != "franklin_letters" && name != "franklin_letters_oldest_seconds" { // nothing is in line now
				t.Errorf("docs/operations.md names %s, which is not served", name)
			}
		}
	}
}
