package app

import (
	"context"
	"time"
)

// flushViewsEvery is how often it is written down how many people looked at the pages. What
// was not written yet is lost when the program is killed.
const flushViewsEvery = 10 * time.Second

// flushViewsWithin is how long a database that does not answer is waited for.
const flushViewsWithin = 5 * time.Second

// keepViews writes it down now and then, until ctx ends.
func (a *App) keepViews(ctx context.Context) {
	every(ctx, flushViewsEvery, func() { a.flushViews(context.WithoutCancel(ctx)) }) // the end waits for what has begun
}

func (a *App) flushViews(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, flushViewsWithin)
	defer cancel()
	if err := a.views.Flush(ctx); err != nil {
		a.options.Log.Warn("views are not written down yet", "error", err.Error())
	}
}
