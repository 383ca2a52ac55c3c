package app

import (
	"context"
	"time"
)

// every does something again and again until ctx ends.
func every(ctx context.Context, wait time.Duration, do func()) {
	tick := time.NewTicker(wait)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			do()
		}
	}
}
