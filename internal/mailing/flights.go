package mailing

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/query"
)

// aloft is who is being sent to of a mailing, as it stands in the database: nobody else is. The
// fence is the one under which it was written.
type aloft struct {
	fence  int64
	people map[string]bool
}

// after is who is being sent to when a batch is done.
func (a aloft) after(b *batch) aloft {
	people := maps.Clone(a.people)
	if people == nil {
		people = map[string]bool{}
	}
	for _, r := range b.results {
		delete(people, r.who.ID)
	}
	for _, f := range b.cleared {
		people[f.who.ID] = true
	}
	return aloft{a.fence, people}
}

// String writes the ids with blanks between.
func (a aloft) String() string { return strings.Join(slices.Collect(maps.Keys(a.people)), " ") }

// inherit takes over what the senders before us had in hand.
func (p *Post) inherit(ctx context.Context, fence int64) error {
	p.lines, p.domains, p.relay = nil, map[string]*domain{}, trouble{}
	rows, err := p.DB.Read().ListFlights(ctx)
	if err != nil {
		return fmt.Errorf("look what is under way: %w", db.Fault(err))
	}
	for _, row := range rows {
		if err := p.take(ctx, row.ID, row.Name, fence); err != nil && !errors.Is(err, errOvertaken) {
			return err
		}
	}
	err = p.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.DropFlights(ctx)
		return err
	})
	if err != nil {
		return fmt.Errorf("forget what was under way: %w", err)
	}
	return nil
}

// errOvertaken says that a later sender has the mailing.
var errOvertaken = errors.New("another sender has taken the mailing over")

// take takes a mailing over, and gives those up whom the sender before us left in doubt: it may
// have died right before or right after their message left. From then on that one begins no
// message.
func (p *Post) take(ctx context.Context, id, name string, fence int64) error {
	if p.aloft[id].fence == fence {
		return nil
	}
	var n int64
	err := p.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		before, err := tx.TakeFlights(ctx, query.TakeFlightsParams{MailingID: id, Fence: fence})
		if err != nil {
			return err
		}
		if len(before) == 0 {
			return errOvertaken
		}
		if n, err = tx.LoseRecipients(ctx, query.LoseRecipientsParams{MailingID: id, People: strings.Fields(before[0])}); err != nil {
			return err
		}
		if _, err := tx.PutFlights(ctx, query.PutFlightsParams{MailingID: id, Fence: fence}); err != nil || n == 0 {
			return err
		}
		return tx.AddMailingCounts(ctx, counts{MailingID: id, Shard: tx.Shard(), Unknown: n})
	})
	if err != nil {
		return fmt.Errorf("look whom a crash left in doubt: %w", err)
	}
	if n > 0 {
		p.Log.Warn("the sender before ended in the middle of messages; they are not sent again", "mailing", name, "messages", n)
	}
	p.aloft[id] = aloft{fence: fence}
	return nil
}
