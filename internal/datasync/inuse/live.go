package inuse

import (
	"context"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Live are the data of a running server. Newer ones are taken up without a restart. It is
// safe for concurrent use.
type Live struct {
	dir    string
	log    *slog.Logger
	data   atomic.Pointer[Data]
	mu     sync.Mutex // held while looking
	seen   string     // the set last looked at, good or bad
	warned time.Time
}

// OpenLive opens the data in dir and says in the log what about them needs a person.
func OpenLive(dir string, log *slog.Logger) (*Live, error) {
	l := &Live{dir: dir, log: log}
	l.seen, _ = Pointed(dir) // Open tells of a damaged pointer
	data, err := Open(dir)
	if err != nil {
		return nil, err
	}
	l.data.Store(data)
	l.tellDamage(data)
	return l, nil
}

// Data returns what to answer from now. Take it once for one answer, so that lines and
// roster fit each other.
func (l *Live) Data() *Data { return l.data.Load() }

// Warm makes the polygon index ready. Synced lines that fail are put aside for the
// built-in ones.
func (l *Live) Warm(at time.Time) error {
	data := l.Data()
	err := data.Districts.Warm(at)
	if err == nil || !data.Lines.Synced {
		return err
	}
	builtin, openErr := Open("")
	if openErr != nil {
		return openErr
	}
	builtin.Roster, builtin.People = data.Roster, data.People
	builtin.Lines = Part{Set: data.Lines.Set, Reason: err.Error(), Broken: true}
	if l.data.CompareAndSwap(data, builtin) {
		l.tellDamage(builtin)
	}
	return builtin.Districts.Warm(at)
}

// Look takes up newer data if there are any, and repeats once a day what needs a person.
// It costs the reading of one small file.
func (l *Live) Look(at time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if set, err := Pointed(l.dir); err == nil && set != "" && set != l.seen {
		l.seen = set
		l.takeUp(set, at)
	}
	if at.Sub(l.warned) >= 24*time.Hour {
		l.warned = at
		for _, a := range l.Data().Alarms(at) {
			tell := l.log.Info
			if a.Act {
				tell = l.log.Warn
			}
			tell("about the district lines and the roster", "code", a.Code, "text", a.Text, "run", a.Command)
		}
	}
}

// takeUp opens a new set. Damaged parts leave those in use where they are.
func (l *Live) takeUp(set string, at time.Time) {
	next, err := Open(l.dir)
	if err == nil && next.Lines.Synced {
		// The index is built before anybody asks, and damage that only it finds is found.
		if err := next.Districts.Warm(at); err != nil && l.Data().Districts.Warm(at) == nil {
			next.Lines = Part{Set: set, Reason: err.Error(), Broken: true}
		}
	}
	if err != nil {
		l.log.Error("cannot open newer data", "set", set, "error", err.Error())
		return
	}
	old := l.Data()
	if next.Lines.Broken {
		next.Districts, next.Files, next.LeftOut = old.Districts, old.Files, old.LeftOut
	}
	if next.People.Broken {
		next.Roster = old.Roster
	}
	l.data.Store(next)
	l.tellDamage(next)
	l.log.Info("newer district data or roster are in use", "set", set, "lines_synced", next.Lines.Synced, "roster", string(next.Roster.AsOf()))
}

func (l *Live) tellDamage(d *Data) {
	for name, p := range map[string]Part{"district lines": d.Lines, "roster": d.People} {
		if p.Broken {
			l.log.Error("synced data cannot be used; the data before them answer", "data", name, "set", p.Set, "error", p.Reason, "run", syncCommand)
		}
	}
	if len(d.LeftOut) > 0 {
		l.log.Error("street tables are damaged and left out", "files", strings.Join(d.LeftOut, " "), "set", d.Lines.Set, "run", syncCommand)
	}
}

// Watch looks every so often until ctx ends.
func (l *Live) Watch(ctx context.Context, clock func() time.Time, every time.Duration) {
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for {
		l.Look(clock())
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}
