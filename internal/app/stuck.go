package app

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/franklin-letters/franklin/internal/jobs"
	"github.com/franklin-letters/franklin/internal/letter"
	"github.com/franklin-letters/franklin/internal/obs"
)

// stuckJob asks to tell the log of letters that nobody works on.
type stuckJob struct{}

// Kind is the name under which the queue keeps the job.
func (stuckJob) Kind() string { return "report_stuck_letters" }

// reportStuckEvery is how often the log tells of them, once for all nodes together.
const reportStuckEvery = time.Hour

func (a *App) registerStuck(registry *jobs.Registry) error {
	err := jobs.Register(registry, func(ctx context.Context, _ stuckJob) error { return a.reportStuck(ctx) }, jobs.Options{MaxAttempts: 1})
	if err != nil {
		return err
	}
	return registry.Every(reportStuckEvery, stuckJob{})
}

// reportStuck writes one line to the log for each channel with stuck letters.
func (a *App) reportStuck(ctx context.Context) error {
	_, stuck, err := a.line(ctx)
	if err != nil {
		return err
	}
	for _, s := range stuck {
		a.options.Log.Error("letters are stuck", "channel", s.Channel, "letters", s.Letters, "oldest", s.Oldest, "why", unexplained(s))
	}
	return nil
}

func (a *App) line(ctx context.Context) ([]letter.Overview, []letter.Stuck, error) {
	overview, err := a.desk.Overview(ctx)
	if err != nil {
		return nil, nil, err
	}
	stuck, err := a.desk.Stuck(ctx, overview)
	return overview, stuck, err
}

func unexplained(s letter.Stuck) string {
	if s.Why == "" {
		return "nothing explains it"
	}
	return s.Why
}

// lineCheckEvery is how often a look at the node's health counts the letters in line at
// most: load balancers look often, and a long line takes a while to count.
const lineCheckEvery = 15 * time.Second

// lineHealth remembers what the last count found.
type lineHealth struct {
	mu    sync.Mutex
	at    time.Time
	found obs.Finding
}

// lineHealth says whether the letters of all nodes leave. It never fails: the line is the
// same for all nodes, and one that delivers nothing can still take letters in.
func (a *App) lineHealth(ctx context.Context) obs.Finding {
	l, now := &a.lineSeen, a.options.Clock()
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.at.IsZero() || now.Sub(l.at) >= lineCheckEvery {
		l.at, l.found = now, a.lineFinding(ctx, now)
	}
	return l.found
}

func (a *App) lineFinding(ctx context.Context, now time.Time) obs.Finding {
	f := obs.Finding{Check: "line", Level: obs.OK, Detail: "no letter is in line"}
	overview, stuck, err := a.line(ctx)
	if err != nil {
		f.Level, f.Detail = obs.Warn, "it cannot be read: "+err.Error()
		return f
	}
	var words []string
	for _, s := range stuck {
		words = append(words, fmt.Sprintf("%d letters on %s are overdue, the first for %s: %s", s.Letters, s.Channel, past(now, s.Oldest), unexplained(s)))
	}
	if len(words) > 0 {
		f.Level, f.Do = obs.Warn, "Look at the operator's page; if nothing explains it, keep the log, restart and report it"
	}
	for _, o := range overview {
		if o.Paused != nil {
			f.Level = obs.Warn
			words = append(words, o.Channel+" is paused by "+o.Paused.Who)
		}
		if o.Waiting > 0 {
			words = append(words, fmt.Sprintf("%d letters in line on %s, the first due for %s", o.Waiting, o.Channel, past(now, o.Oldest)))
		}
	}
	if len(words) > 0 {
		f.Detail = strings.Join(words, "; ")
	}
	return f
}

// past is how long ago a moment was, to the second.
func past(now, moment time.Time) time.Duration { return max(now.Sub(moment), 0).Round(time.Second) }
