package app

import (
	"context"
	"errors"
	"time"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/jobs"
	"github.com/franklin-letters/franklin/internal/seal"
)

// OpenSealed opens the database with the key ring of a file, which need not be there yet.
// The database's Establish or Unlock then tells whether the one fits the other.
func OpenSealed(ctx context.Context, url, keyring string, opts ...db.Option) (*db.DB, error) {
	ring, err := seal.At(keyring)
	if err != nil {
		return nil, err
	}
	return OpenDatabase(ctx, url, append(opts, db.Sealed(ring))...)
}

// followEvery is how often a node looks whether another key has become the current one.
const followEvery = 5 * time.Second

// followKeys takes up another current key when an operator has chosen one, until ctx ends.
func (a *App) followKeys(ctx context.Context) {
	every(ctx, followEvery, func() {
		if err := a.db.FollowKeys(ctx); err != nil && ctx.Err() == nil {
			a.options.Log.Error("this node cannot take up the current key: copy the newest key ring to it", "error", err.Error())
		}
	})
}

// resealJob asks to seal anew what is not sealed under the current key.
type resealJob struct{}

// Kind is the name under which the queue keeps the job.
func (resealJob) Kind() string { return "reseal" }

// Sealing anew looks every resealEvery, works for resealFor at a time, and lets others write
// for resealPause after each of its small transactions.
const (
	resealEvery = time.Minute
	resealFor   = 50 * time.Second
	resealPause = 50 * time.Millisecond
)

func (a *App) registerReseal(registry *jobs.Registry) error {
	return errors.Join(
		jobs.Register(registry, func(ctx context.Context, _ resealJob) error {
			ctx, cancel := context.WithTimeout(ctx, resealFor)
			defer cancel()
			_, err := a.db.Reseal(ctx, a.options.Clock(), resealPause)
			return err
		}, jobs.Options{MaxAttempts: 1, Timeout: time.Minute + resealFor, Unique: true}),
		registry.Every(resealEvery, resealJob{}),
	)
}
