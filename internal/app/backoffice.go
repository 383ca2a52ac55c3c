package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"time"

	"github.com/franklin-letters/franklin/internal/campaign"
	"github.com/franklin-letters/franklin/internal/config"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/jobs"
	"github.com/franklin-letters/franklin/internal/letter"
)

// BackOffice is a desk for short commands beside a running server, on the same database
// and with the same settings. It moves letters and asks the queue for work; it delivers
// nothing itself.
type BackOffice struct {
	DB        *db.DB
	Campaigns *campaign.Store
	Desk      *letter.Desk
	// KnowsMailboxes is false when the installation's secret is not at hand, without which
	// no mailbox can be found again.
	KnowsMailboxes bool

	queue *jobs.Queue
}

// ErrNotSetUp says that no server has used the database yet.
var ErrNotSetUp = errors.New("the database is empty: it is set up when the server first starts")

// OpenBackOffice opens the desk. The database must have been set up by a server of this
// program's release.
func OpenBackOffice(ctx context.Context, s config.Settings, clock func() time.Time) (_ *BackOffice, err error) {
	a := &App{settings: s, options: Options{Clock: clock, Log: slog.New(slog.DiscardHandler)}}
	if a.db, err = OpenDatabase(ctx, s.DB, db.Alongside()); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			a.close()
		}
	}()
	if err := ready(ctx, a.db); err != nil {
		return nil, err
	}
	b := &BackOffice{DB: a.db, Campaigns: campaign.NewStore(a.db, clock)}
	keys, err := b.keys(s.Secret.File)
	if err != nil {
		return nil, err
	}
	registry := jobs.NewRegistry()
	none := func(context.Context, deliverJob) error { return nil } // without workers it never runs
	if err := jobs.Register(registry, none, jobs.Options{Queue: deliverQueue, Timeout: 2 * time.Minute}); err != nil {
		return nil, err
	}
	if a.queue, err = jobs.New(ctx, a.db, registry, jobs.Config{Node: nodeName(), Clock: clock}); err != nil {
		return nil, err
	}
	b.queue = a.queue
	b.Desk = letter.NewDesk(letter.Options{ //nolint:contextcheck // the desk ends with Close
		DB: a.db, Campaigns: b.Campaigns, Keys: keys, Clock: clock, Log: a.options.Log, Node: nodeName(), Enqueue: a.enqueue,
		Taken: func(context.Context, *db.Tx, []string) error { return nil },
		House: &letter.House{
			DB: a.db, Clock: clock, Sender: senderOf(s.CWC, s.Org, s.BaseURL), ResendUnknown: s.CWC.ResendUnknown,
		},
	})
	return b, nil
}

// ready reports why commands cannot work on the database.
func ready(ctx context.Context, d *db.DB) error {
	version, err := d.SchemaVersion(ctx)
	if err != nil {
		return err
	}
	if version == 0 {
		return ErrNotSetUp
	}
	current, err := d.Current(ctx)
	if err != nil {
		return err
	}
	if !current {
		return errors.New("the database is of an older release: start the server of this release first, or run franklin migrate")
	}
	return nil
}

// keys reads the secret, and makes none when there is none: that is for the server to do.
func (b *BackOffice) keys(file string) (letter.Keys, error) {
	secret, err := readSecret(file)
	if errors.Is(err, fs.ErrNotExist) {
		return letter.NewKeys(nil), nil
	}
	b.KnowsMailboxes = err == nil
	return letter.NewKeys(secret), err
}

// Close ends the desk and closes the database.
func (b *BackOffice) Close(ctx context.Context) error {
	b.Desk.Close()
	if err := errors.Join(b.queue.Stop(ctx), b.DB.Close()); err != nil {
		return fmt.Errorf("close the desk: %w", err)
	}
	return nil
}
