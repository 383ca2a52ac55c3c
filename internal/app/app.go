// Package app puts the parts together and runs them: settings, database, domain, jobs,
// pages. It is the whole program but for the command line, so a test can start all of it
// on port 0 in a temporary folder.
package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/franklin-letters/franklin/internal/campaign"
	"github.com/franklin-letters/franklin/internal/config"
	"github.com/franklin-letters/franklin/internal/datasync/inuse"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/guard"
	"github.com/franklin-letters/franklin/internal/jobs"
	"github.com/franklin-letters/franklin/internal/letter"
	"github.com/franklin-letters/franklin/internal/obs"
)

// App is one running node.
type App struct {
	settings config.Settings
	options  Options

	db        *db.DB
	queue     *jobs.Queue
	campaigns *campaign.Store
	desk      *letter.Desk
	data      *inuse.Live
	metrics   *obs.Metrics
	guard     *guard.Guard
	proxies   guard.Proxies

	public, ops   *http.Server
	publicL, opsL net.Listener
}

// Options are what the program passes in from the world.
type Options struct {
	Clock   func() time.Time
	Log     *slog.Logger
	Version string
	// Backoff is the wait after the first failed attempt at a letter or a mail; 30 seconds
	// unless told.
	Backoff time.Duration
	// Grace is how long requests and jobs in hand may take to finish when Run ends; 15
	// seconds unless told. Each gets half of it.
	Grace time.Duration
	// LookForData is how often the server looks whether newer lines or a newer roster were
	// synced; a minute unless told.
	LookForData time.Duration
}

// New opens the database, brings it to this program's schema, and listens. Nothing is
// served and no job runs before Run.
func New(ctx context.Context, s config.Settings, o Options) (_ *App, err error) {
	if o.Backoff == 0 {
		o.Backoff = 30 * time.Second
	}
	if o.Grace == 0 {
		o.Grace = 15 * time.Second
	}
	if o.LookForData == 0 {
		o.LookForData = time.Minute
	}
	a := &App{settings: s, options: o, metrics: obs.New()}
	defer func() {
		if err != nil {
			a.close()
		}
	}()
	if a.data, err = inuse.OpenLive(s.DataDir, o.Log); err != nil {
		return nil, err
	}
	if a.db, err = OpenDatabase(ctx, s.DB); err != nil {
		return nil, err
	}
	if err = a.db.Migrate(ctx); err != nil {
		return nil, err
	}
	secret, err := loadSecret(s.Secret.File)
	if err != nil {
		return nil, err
	}
	a.campaigns = campaign.NewStore(a.db, o.Clock)
	if err = errors.Join(a.newGuard(secret), a.checkConfirmations(ctx)); err != nil {
		return nil, err
	}
	if err = a.listen(ctx); err != nil {
		return nil, err
	}
	if err = a.letters(ctx, letter.NewKeys(secret)); err != nil {
		return nil, err
	}
	a.dataMetrics()
	a.public = a.server(a.publicHandler())
	ops, err := a.opsHandler()
	if err != nil {
		return nil, err
	}
	a.ops = a.server(ops)
	return a, nil
}

// OpenDatabase opens the database and makes the folder of a SQLite file.
func OpenDatabase(ctx context.Context, url string, opts ...db.Option) (*db.DB, error) {
	if !strings.Contains(url, "://") {
		if err := os.MkdirAll(filepath.Dir(strings.TrimPrefix(url, "sqlite:")), 0o700); err != nil {
			return nil, fmt.Errorf("make a folder for the database: %w", err)
		}
	}
	return db.Open(ctx, url, opts...)
}

// listen takes the two addresses, so that a wrong one is found before anything runs.
func (a *App) listen(ctx context.Context) (err error) {
	var c net.ListenConfig
	if a.publicL, err = c.Listen(ctx, "tcp", a.settings.Addr); err != nil {
		return fmt.Errorf("serve the public pages: %w", err)
	}
	if a.opsL, err = c.Listen(ctx, "tcp", a.settings.OpsAddr); err != nil {
		return fmt.Errorf("serve the operator's page: %w", err)
	}
	if a.settings.BaseURL == "http://"+a.settings.Addr { // links must name the port that was found
		a.settings.BaseURL = a.URL()
	}
	return nil
}

// server has limits that a slow or hostile client cannot stretch.
func (a *App) server(h http.Handler) *http.Server {
	return &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       20 * time.Second,
		WriteTimeout:      40 * time.Second,
		IdleTimeout:       60 * time.Second,
		MaxHeaderBytes:    32 << 10,
		ErrorLog:          slog.NewLogLogger(a.options.Log.Handler(), slog.LevelDebug),
	}
}

// URL is where the public pages are served on this machine.
func (a *App) URL() string { return "http://" + a.publicL.Addr().String() }

// OpsURL is where the operator's page is served.
func (a *App) OpsURL() string { return "http://" + a.opsL.Addr().String() }

// Campaigns gives the commands that run beside the server, such as the demo, the store.
func (a *App) Campaigns() *campaign.Store { return a.campaigns }

// Run serves until ctx ends or something breaks, then stops in order: no new requests,
// the answers in hand, the desk, the jobs, the database.
func (a *App) Run(ctx context.Context) error {
	defer a.close()
	if err := a.takeOver(ctx); err != nil {
		a.desk.Close()
		if ctx.Err() != nil { // stopped before it had begun
			return nil
		}
		return err
	}
	go a.warm()
	go a.data.Watch(ctx, a.options.Clock, a.options.LookForData)
	failed := make(chan error, 2)
	for server, listener := range map[*http.Server]net.Listener{a.public: a.publicL, a.ops: a.opsL} {
		go func() { failed <- server.Serve(listener) }()
	}
	a.options.Log.Info("ready", "pages", a.settings.BaseURL, "address", a.URL(), "operator", a.OpsURL(), "database", string(a.db.Engine()))
	var cause error
	select {
	case <-ctx.Done():
	case cause = <-failed:
	case <-a.db.Failed():
		cause = errors.New("the disk under the database failed; start again to find out what it holds")
	}
	return errors.Join(cause, a.shutdown(context.WithoutCancel(ctx)))
}

// takeOver begins where the program's last run ended, however it ended.
func (a *App) takeOver(ctx context.Context) error {
	if err := a.desk.Reconcile(ctx, 0, a.db.Owner()); err != nil {
		return fmt.Errorf("look for letters that a crash left behind: %w", err)
	}
	return a.queue.Start(ctx)
}

func (a *App) shutdown(ctx context.Context) error {
	err := a.drain(ctx, a.public, a.ops)
	a.desk.Close()
	ctx, cancel := context.WithTimeout(ctx, a.options.Grace)
	defer cancel()
	return errors.Join(err, a.queue.Stop(ctx))
}

// drain lets the servers answer what they have in hand. A client that takes too long is
// cut off: it cannot keep the jobs from their end in order.
func (a *App) drain(ctx context.Context, servers ...*http.Server) error {
	ctx, cancel := context.WithTimeout(ctx, a.options.Grace/2)
	defer cancel()
	var errs []error
	for _, s := range servers {
		err := s.Shutdown(ctx)
		if errors.Is(err, context.DeadlineExceeded) {
			a.options.Log.Warn("requests took too long to end and were cut off")
			err = s.Close()
		}
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// close gives back what New took. It may be called half-way through New.
func (a *App) close() {
	for _, l := range []net.Listener{a.publicL, a.opsL} {
		if l != nil {
			_ = l.Close()
		}
	}
	if a.db != nil {
		_ = a.db.Close()
	}
}

// warm makes the polygon index ready before the first person offers a position.
func (a *App) warm() {
	if err := a.data.Warm(a.options.Clock()); err != nil {
		a.options.Log.Warn("the district lines cannot answer", "error", err.Error())
	}
}
