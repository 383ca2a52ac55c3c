package campaign_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/franklin-letters/franklin/internal/campaign"
)

func TestLife(t *testing.T) {
	const published = "status: published\n"
	for name, c := range map[string]struct {
		head string
		at   string // in UTC
		want campaign.Life
	}{
		"draft":                     {"", "2026-03-02T17:00:00Z", campaign.Draft},
		"draft with dates":          {"opens: 2026-01-01\n", "2026-03-02T17:00:00Z", campaign.Draft},
		"draft with outcome":        {"outcome: {date: 2026-01-01, summary: Over.}\n", "2026-03-02T17:00:00Z", campaign.Draft},
		"published":                 {published, "2026-03-02T17:00:00Z", campaign.Open},
		"before its day":            {published + "opens: 2026-03-03\n", "2026-03-03T04:59:59Z", campaign.Scheduled},
		"on its day":                {published + "opens: 2026-03-03\n", "2026-03-03T05:00:00Z", campaign.Open},
		"before its hour":           {published + "opens: 2026-07-04 09:00\n", "2026-07-04T12:59:59Z", campaign.Scheduled},
		"at its hour, summer time":  {published + "opens: 2026-07-04 09:00\n", "2026-07-04T13:00:00Z", campaign.Open},
		"at an hour elsewhere":      {published + "opens: 2026-07-04T09:00:00-07:00\n", "2026-07-04T15:59:59Z", campaign.Scheduled},
		"before it closes":          {published + "closes: 2026-12-31\n", "2026-12-31T04:59:59Z", campaign.Open},
		"when it closes":            {published + "closes: 2026-12-31\n", "2026-12-31T05:00:00Z", campaign.Closed},
		"the night summer ends":     {published + "closes: 2026-11-01 01:30\n", "2026-11-01T05:30:00Z", campaign.Closed},
		"with an outcome":           {published + "outcome: {date: 2026-03-01, summary: Over.}\n", "2026-03-02T17:00:00Z", campaign.Closed},
		"outcome before it opens":   {published + "opens: 2027-01-01\noutcome: {date: 2026-03-01, summary: Over.}\n", "2026-03-02T17:00:00Z", campaign.Closed},
		"an outcome of another day": {published + "outcome: {date: 2030-03-01, summary: Over.}\n", "2026-03-02T17:00:00Z", campaign.Closed},
	} {
		t.Run(name, func(t *testing.T) {
			at, err := time.Parse(time.RFC3339, c.at)
			if err != nil {
				t.Fatal(err)
			}
			if got := parse(t, strings.Replace(small, "goal:", c.head+"goal:", 1)).Life(at); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func TestGoalAt(t *testing.T) {
	c := parse(t, strings.Replace(small, "goal: 10", "goal: 3000\nsteps: [500, 1000]", 1))
	for n, want := range map[int]int{0: 500, 499: 500, 500: 1000, 999: 1000, 1000: 3000, 2999: 3000, 3000: 3000, 5000: 3000} {
		if got := c.GoalAt(n); got != want {
			t.Errorf("with %d letters: %d, want %d", n, got, want)
		}
	}
	if got := parse(t, small).GoalAt(3); got != 10 {
		t.Errorf("without steps: %d", got)
	}
}

// TestGoalAtGrows: more letters never show a smaller goal, and the goal shown is above the
// letters until the last one is reached.
func TestGoalAtGrows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var steps []string
		last := 0
		for range rapid.IntRange(0, 5).Draw(t, "steps") {
			last += rapid.IntRange(1, 50).Draw(t, "step")
			steps = append(steps, strconv.Itoa(last))
		}
		goal := last + rapid.IntRange(1, 50).Draw(t, "goal")
		source := strings.Replace(small, "goal: 10", fmt.Sprintf("goal: %d\nsteps: [%s]", goal, strings.Join(steps, ", ")), 1)
		c, err := campaign.Parse([]byte(source), now)
		if err != nil {
			t.Fatal(err)
		}
		before := 0
		for n := range goal + 10 {
			shown := c.GoalAt(n)
			if shown < before || n < goal && shown <= n || n >= goal && shown != goal {
				t.Fatalf("%d letters of %d by %v: %d after %d", n, goal, steps, shown, before)
			}
			before = shown
		}
	})
}
