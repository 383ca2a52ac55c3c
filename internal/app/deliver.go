package app

import (
	"context"
)

// delivery is the sending of letters by this node, when it is its turn.
type delivery struct {
	stop  context.CancelFunc
	ended chan error
}

// startDelivery begins to send letters. Only end stops it.
func (a *App) startDelivery(ctx context.Context) {
	ctx, stop := context.WithCancel(context.WithoutCancel(ctx))
	a.delivery = delivery{stop, make(chan error, 1)}
	go func() { a.delivery.ended <- a.desk.Deliver(ctx) }()
}

// end waits until no letter of this node is on its way, or ctx ends: what is on its way
// then is for the next start to find.
func (d delivery) end(ctx context.Context) error {
	d.stop()
	select {
	case err := <-d.ended:
		return err
	case <-ctx.Done():
		return nil
	}
}
