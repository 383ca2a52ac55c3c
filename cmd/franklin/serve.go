package main

import (
	"context"
	"io"
	"log/slog"
	"os"
	"runtime"

	"github.com/lmittmann/tint"

	"github.com/franklin-letters/franklin/internal/app"
	"github.com/franklin-letters/franklin/internal/config"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/doctor"
)

type serveCommand struct {
	config.Settings `embed:""`

	Log string   `help:"Form of the log on standard error." enum:"json,text" default:"json"`
	At  dateFlag `hidden:"" help:"Moment at which the clock starts, for rehearsals and tests."`
}

// Run serves until it is interrupted.
func (c *serveCommand) Run(ctx context.Context, con console) error {
	if err := c.Load(); err != nil {
		return err
	}
	beside()
	clock := c.At.clock(con.now)
	if err := fitToServe(ctx, doctor.Doctor{Settings: c.Settings, Clock: clock, Offline: !c.At.IsZero()}); err != nil {
		return err
	}
	a, err := app.New(ctx, c.Settings, app.Options{
		Clock: clock, Log: logger(con.err, c.Log), Version: version,
		Tidy: os.Getenv("GOGC") == "", // who sets it knows better
	})
	if err != nil {
		return err
	}
	return a.Run(ctx)
}

// beside lets one goroutine more run at once than there are processors. SQLite waits for the
// disk in a system call, which keeps its place for up to ten milliseconds; where there is one
// processor nobody else was served meanwhile. Who sets GOMAXPROCS knows better.
func beside() {
	if os.Getenv("GOMAXPROCS") == "" {
		runtime.GOMAXPROCS(runtime.GOMAXPROCS(0) + 1)
	}
}

func logger(w io.Writer, form string) *slog.Logger {
	if form == "text" {
		file, isFile := w.(*os.File)
		return slog.New(tint.NewTextHandler(w, &tint.Options{NoColor: !isFile || file == nil}))
	}
	return slog.New(slog.NewJSONHandler(w, nil))
}

// silent drops the log, for a terminal that shows only links.
func silent() *slog.Logger { return slog.New(slog.DiscardHandler) }

type migrateCommand struct {
	DB string `help:"Database: a SQLite file or a postgres:// address." default:"data/franklin.db" env:"FRANKLIN_DB"`
}

// Run brings the database to this program's schema.
func (c migrateCommand) Run(ctx context.Context, con console) (err error) {
	d, err := app.OpenDatabase(ctx, c.DB)
	if err != nil {
		return err
	}
	defer func() { err = firstError(err, d.Close()) }()
	if err := d.Migrate(ctx); err != nil {
		return err
	}
	v, err := d.SchemaVersion(ctx)
	if err != nil {
		return err
	}
	con.print("The database is at version %d of the schema.\n", v)
	return nil
}

// openBeside opens the database for a short command, also while the server runs.
func openBeside(ctx context.Context, url string) (*db.DB, error) {
	return app.OpenDatabase(ctx, url, db.Alongside())
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
