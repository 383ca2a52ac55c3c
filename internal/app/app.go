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
	"runtime/debug"
	"sync/atomic"
	"time"

	"github.com/franklin-letters/franklin/internal/campaign"
	"github.com/franklin-letters/franklin/internal/config"
	"github.com/franklin-letters/franklin/internal/datasync/inuse"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/guard"
	"github.com/franklin-letters/franklin/internal/inbox"
	"github.com/franklin-letters/franklin/internal/jobs"
	"github.com/franklin-letters/franklin/internal/journey"
	"github.com/franklin-letters/franklin/internal/letter"
	"github.com/franklin-letters/franklin/internal/mail"
	"github.com/franklin-letters/franklin/internal/mail/listen"
	"github.com/franklin-letters/franklin/internal/mail/returnpath"
	"github.com/franklin-letters/franklin/internal/mailing"
	"github.com/franklin-letters/franklin/internal/obs"
)

// App is one running node.
type App struct {
	settings config.Settings
	options  Options

	db        *db.DB
	queue     *jobs.Queue
	campaigns *campaign.Store
	views     *campaign.Views
	desk      *letter.Desk
	delivery  delivery
	data      *inuse.Live
	metrics   *obs.Metrics
	guard     *guard.Guard
	proxies   guard.Proxies
	clock     atomic.Pointer[obs.Finding] // what the last comparison found
	lineSeen  lineHealth

	journeys    *journey.Desk // nil where no mail leaves
	mailPool    *mail.Pool    // for the mails that nobody waits for
	mailings    *mailing.Store
	rates       *mailing.Rates
	post        *mailing.Post // nil when no mail leaves
	mailingsRun delivery

	inbox  *inbox.Inbox
	mailIn *listen.Server   // nil when no mail is taken in
	paths  returnpath.Paths // to which failed mail comes back

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
	// TimeFrom is the address of a web server with whose clock this node's is compared: that
	// of the House's system unless told, when letters go live.
	TimeFrom string
	// Tidy keeps the memory of the process small: garbage is collected earlier than Go's
	// collector would.
	Tidy bool
}

// firstBackoff is the wait after the first failed attempt unless told.
const firstBackoff = 30 * time.Second

// New opens the database, brings it to this program's schema, and listens. Nothing is
// served and no job runs before Run.
func New(ctx context.Context, s config.Settings, o Options) (_ *App, err error) {
	if o.Backoff == 0 {
		o.Backoff = firstBackoff
	}
	if o.Grace == 0 {
		o.Grace = 15 * time.Second
	}
	if o.LookForData == 0 {
		o.LookForData = time.Minute
	}
	if o.TimeFrom == "" && s.Live() {
		o.TimeFrom = s.CWC.URL
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
	if a.db, err = OpenSealed(ctx, s.DB, s.Keyring); err != nil {
		return nil, err
	}
	if err = a.db.Migrate(ctx); err != nil {
		return nil, err
	}
	if err = a.db.Establish(ctx, o.Clock()); err != nil {
		return nil, err
	}
	secrets, err := loadSecrets(s.Secret.File)
	if err != nil {
		return nil, err
	}
	a.campaigns, a.views = campaign.NewStore(a.db, o.Clock), campaign.NewViews(a.db)
	if err = errors.Join(a.newGuard(secrets[0]), a.checkConfirmations(ctx)); err != nil {
		return nil, err
	}
	if err = a.listen(ctx); err != nil {
		return nil, err
	}
	a.paths, a.rates = a.returnPaths(secrets[0]), mailing.NewRates(s.Mailing.DomainRate)
	if err = a.letters(ctx, secrets); err != nil {
		return nil, err
	}
	if err = errors.Join(a.listenForMail(ctx, secrets[0]), a.measure()); err != nil {
		return nil, err
	}
	public, err := a.publicHandler() //nolint:contextcheck // pages are drawn with the context of their request
	if err != nil {
		return nil, err
	}
	a.public = a.server(public)
	ops, err := a.opsHandler()
	if err != nil {
		return nil, err
	}
	a.ops = a.server(ops)
	return a, nil
}

// OpenDatabase opens the database and makes the folder of a SQLite file.
func OpenDatabase(ctx context.Context, url string, opts ...db.Option) (*db.DB, error) {
	if path, ok := db.File(url); ok {
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
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
	go a.keepTidy(ctx)
	go a.shareCounts(ctx)
	go a.keepViews(ctx)
	go a.watchClock(ctx)
	go a.followKeys(ctx)
	go a.data.Watch(ctx, a.options.Clock, a.options.LookForData)
	failed := make(chan error, 3)
	for server, listener := range map[*http.Server]net.Listener{a.public: a.publicL, a.ops: a.opsL} {
		go func() { failed <- server.Serve(listener) }()
	}
	if a.mailIn != nil {
		go func() { failed <- a.mailIn.Serve() }()
	}
	a.options.Log.Info("ready", "pages", a.settings.BaseURL, "address", a.URL(), "operator", a.OpsURL(), "database", string(a.db.Engine()))
	var cause error
	grace := a.options.Grace
	select {
	case <-ctx.Done():
	case cause = <-failed:
	case <-a.db.Failed():
		cause = errors.New("the disk under the database failed; start again to find out what it holds")
		grace = min(grace, lastWords)
	}
	return errors.Join(cause, a.shutdown(context.WithoutCancel(ctx), grace))
}

// lastWords is the grace after the disk has failed: enough to answer with 503. What is in
// hand cannot be saved any more, and whoever watches the process shall start it again soon.
const lastWords = time.Second

// takeOver begins where the program's last run ended, however it ended.
func (a *App) takeOver(ctx context.Context) error {
	if err := a.eraseAgain(ctx); err != nil {
		return err
	}
	if err := a.desk.Reconcile(ctx, a.db.Owner()); err != nil {
		return fmt.Errorf("look for letters that a crash left behind: %w", err)
	}
	if err := a.queue.Start(ctx); err != nil {
		return err
	}
	a.startDelivery(ctx)
	a.startMailings(ctx)
	return nil
}

func (a *App) shutdown(ctx context.Context, grace time.Duration) error {
	a.delivery.stop() // no new letters and mails, while the requests end
	a.mailingsRun.stop()
	err := errors.Join(a.drain(ctx, grace/2, a.public, a.ops), a.endMailIn(ctx))
	a.flushViews(ctx)
	a.desk.Close()
	ctx, cancel := context.WithTimeout(ctx, grace)
	defer cancel()
	return errors.Join(err, a.delivery.end(ctx), a.mailingsRun.end(ctx), a.queue.Stop(ctx))
}

// drain lets the servers answer what they have in hand. A client that takes too long is
// cut off: it cannot keep the jobs from their end in order.
func (a *App) drain(ctx context.Context, within time.Duration, servers ...*http.Server) error {
	ctx, cancel := context.WithTimeout(ctx, within)
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
	if a.mailIn != nil {
		_ = a.mailIn.Close()
	}
	if a.db != nil {
		_ = a.db.Close()
	}
}

// warm makes the polygon index ready before the first person offers a position, and gives
// back the memory that building it took.
func (a *App) warm() {
	if err := a.data.Warm(a.options.Clock()); err != nil {
		a.options.Log.Warn("the district lines cannot answer", "error", err.Error())
	}
	debug.FreeOSMemory()
}
