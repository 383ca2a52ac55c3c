package app

import (
	"context"
	"path/filepath"
	"time"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/db/stamp"
	"github.com/franklin-letters/franklin/internal/doctor"
	"github.com/franklin-letters/franklin/internal/obs"
)

// compareClocks is how often a node compares its clock with that of the mail system.
const compareClocks = time.Hour

// health is whether this node can take a letter right now, and what needs a person.
func (a *App) health(ctx context.Context) []obs.Finding {
	found := []obs.Finding{a.databaseHealth(ctx), a.lineHealth(ctx)}
	if path, ok := db.File(a.settings.DB); ok {
		found = append(found, obs.Disk(filepath.Dir(path)))
	}
	switch clock := a.clock.Load(); {
	case clock != nil:
		found = append(found, *clock)
	case a.options.TimeFrom == "":
		found = append(found, obs.Finding{Check: "clock", Level: obs.OK, Detail: "not compared with any: no letters leave to the House's live system"})
	}
	return append(found, doctor.Data(a.data.Data(), a.options.Clock())...)
}

// writeProbe is the setting that a look at the node's health writes.
const writeProbe = "last-health-check"

// databaseHealth asks the database to answer and to keep something, as it would a letter:
// a disk that is full or read-only still answers.
func (a *App) databaseHealth(ctx context.Context) obs.Finding {
	f := obs.Finding{Check: "database", Level: obs.OK, Detail: string(a.db.Engine()) + " answers and keeps what it is given"}
	err := a.db.Ping(ctx)
	if err == nil {
		err = a.db.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
			return tx.PutSetting(ctx, query.PutSettingParams{Name: writeProbe, Value: stamp.Of(a.options.Clock()).Time().Format(time.RFC3339)})
		})
	}
	if err != nil {
		f.Level, f.Detail, f.Do = obs.Fail, err.Error(), "No letter is taken in until the database keeps it: look at its disk and its log"
	}
	return f
}

// watchClock compares this node's clock with a web server's, now and then, until ctx ends.
func (a *App) watchClock(ctx context.Context) {
	if a.options.TimeFrom == "" {
		return
	}
	d := doctor.Doctor{Settings: a.settings, Clock: a.options.Clock}
	for {
		f := d.CompareClock(ctx, a.options.TimeFrom)
		a.clock.Store(&f)
		if f.Level == obs.Fail {
			a.options.Log.Error("this node's clock is wrong", "detail", f.Detail)
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(compareClocks):
		}
	}
}
