package guard

import (
	"context"
	"fmt"
	"time"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/fault"
)

// The buckets of the mails to mailboxes that have not answered: of all, and of the links to data.
const (
	unanswered = "mails-unanswered"
	ofData     = "mails-data"
)

// dataShare is what part of an hour's mails the links to data may have, as 1 in so many: nobody
// has to wait for them behind the letters of a busy hour, and whoever asks for those of many
// people keeps no letter from its confirmation.
const dataShare = 4

// Mails counts mails to mailboxes that have not answered, in the transaction that asks for
// them, and returns how long each has to wait, so that all of them, of whatever kind and from
// whatever node, stay below what the operator allows: an hour's mails may leave in one go, and
// from then on one after the other. The bucket is a row of the database, and this is the last
// that a transaction does: others wait for the row until its end.
func (g *Guard) Mails(ctx context.Context, tx *db.Tx, mails int, now time.Time) ([]time.Duration, error) {
	waits := make([]time.Duration, mails)
	if g.config.Confirmations == 0 || mails == 0 {
		return waits, nil
	}
	each := g.eachMail()
	full, err := tx.FillBucket(ctx, query.FillBucketParams{Name: unanswered, Now: now.UnixMicro(), Added: (time.Duration(mails) * each).Microseconds()})
	if err != nil {
		return nil, fmt.Errorf("count mails: %w", err)
	}
	over := beyond(full, now) // of the last of them
	for i := range waits {
		waits[i] = min(max(0, over-time.Duration(mails-1-i)*each), longestAfter)
	}
	if last := g.told.Load(); over > 0 && now.Unix()-last >= int64(time.Hour/time.Second) && g.told.CompareAndSwap(last, now.Unix()) {
		g.config.Log.Warn("very many mails go to mailboxes that have not answered; they are sent more slowly", "limit", g.config.Confirmations)
	}
	return waits, nil
}

// DataMail counts a link to somebody's data, which strangers can ask for too, in the transaction
// that asks for its mail, and returns how long it has to wait for those before it. One that does
// not wait, or has waited, counts by Mails as well.
func (g *Guard) DataMail(ctx context.Context, tx *db.Tx, now time.Time) (time.Duration, error) {
	if g.config.Confirmations == 0 {
		return 0, nil
	}
	each := min(dataShare*g.eachMail(), time.Hour) // one an hour at least
	full, err := tx.FillBucket(ctx, query.FillBucketParams{Name: ofData, Now: now.UnixMicro(), Added: each.Microseconds()})
	if err != nil {
		return 0, fmt.Errorf("count links to data: %w", err)
	}
	return min(max(0, beyond(full, now)), longestAfter), nil
}

// mailsWait returns how long one more mail to a mailbox that has not answered would have to
// wait.
func (g *Guard) mailsWait(ctx context.Context, d *db.DB, now time.Time) (time.Duration, error) {
	if g.config.Confirmations == 0 {
		return 0, nil
	}
	full, err := d.Read().BucketFull(ctx, unanswered)
	if err = db.Fault(err); fault.Is(err, fault.NotFound) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("look how many mails the hour has had: %w", err)
	}
	return max(0, beyond(full, now)+g.eachMail()), nil
}

// Spare is for one mail to a mailbox that has not answered which comes after those that have
// their place in the hour. When there is room it calls take, which says whether the mail is
// to be sent, or how long it has to wait for another reason, and counts it.
func (g *Guard) Spare(ctx context.Context, d *db.DB, now time.Time, take func() (bool, time.Duration, error)) (taken bool, wait time.Duration, err error) {
	if wait, err = g.mailsWait(ctx, d, now); err != nil || wait > 0 {
		return false, wait, err
	}
	if taken, wait, err = take(); err != nil || !taken {
		return false, wait, err
	}
	err = d.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		_, err := g.Mails(ctx, tx, 1, now)
		return err
	})
	return err == nil, 0, err
}

// beyond is how long the last of the mails that were counted has to wait, when it is positive.
func beyond(full int64, now time.Time) time.Duration {
	return time.UnixMicro(full).Sub(now) - time.Hour
}

// eachMail is how long it takes until there is room for a mail more.
func (g *Guard) eachMail() time.Duration {
	return max(time.Hour/time.Duration(g.config.Confirmations), time.Microsecond)
}
