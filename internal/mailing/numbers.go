package mailing

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/db/stamp"
	"github.com/franklin-letters/franklin/internal/fault"
	"github.com/franklin-letters/franklin/internal/inbox"
	"github.com/franklin-letters/franklin/internal/letter"
	"github.com/franklin-letters/franklin/internal/mail/returnpath"
	"github.com/franklin-letters/franklin/internal/supporter"
)

func stampOf(t time.Time) stamp.Time { return stamp.Of(t) }

// The complaint brake: so many complaints for each message that arrived, once so many have.
const (
	brakeAfter = 1000
	brakeShare = 0.002
)

// Numbers are what became of a mailing.
type Numbers struct {
	query.MailingCountsRow

	// InLine is how many have not got it yet; Delivered how many messages the relay took and
	// nobody sent back.
	InLine, Delivered int64
}

// numbersOf reads the numbers of a mailing.
func numbersOf(ctx context.Context, q *query.Queries, m query.Mailing) (Numbers, error) {
	row, err := q.MailingCounts(ctx, m.ID)
	if err != nil {
		return Numbers{}, fmt.Errorf("read a mailing's numbers: %w", db.Fault(err))
	}
	n := Numbers{MailingCountsRow: row}
	n.InLine = row.Queued - row.Sent - row.Failed - row.Unknown - row.Skipped
	if State(m.State) == Done { // who was erased meanwhile was in line for ever
		n.InLine = 0
	}
	n.Delivered = max(0, row.Sent-row.Hard-row.Soft)
	return n, nil
}

// Numbers returns what became of a mailing so far.
func (s *Store) Numbers(ctx context.Context, m Mailing) (Numbers, error) {
	return numbersOf(ctx, s.DB.Read(), m.Mailing)
}

// Tried is how one of two subjects did among those who got it to try.
type Tried = query.CountVariantsRow

// Subjects returns how the first and the second subject did, as long as it is known who got
// which.
func (s *Store) Subjects(ctx context.Context, m Mailing) (first, second Tried, err error) {
	rows, err := s.DB.Read().CountVariants(ctx, m.ID)
	if err != nil {
		return first, second, fmt.Errorf("compare the subjects: %w", db.Fault(err))
	}
	first, second = halves(rows)
	return first, second, nil
}

// halves tells the two subjects apart.
func halves(rows []query.CountVariantsRow) (first, second Tried) {
	for _, r := range rows {
		if r.Variant == variantB {
			second = r
		} else {
			first = r
		}
	}
	return first, second
}

// Brake returns why mails of one kind must stop because of how many people called them spam; ""
// when they need not.
func Brake(delivered, complained int64) string {
	if delivered < brakeAfter || float64(complained) < brakeShare*float64(delivered) {
		return ""
	}
	return fmt.Sprintf("%d of %d people who got it called it spam; mailbox providers block senders from 3 in 1000 on", complained, delivered)
}

// complaints returns why a mailing must stop because of complaints; "" when it need not. What a
// person had heard of who let it go on counts no more.
func complaints(ctx context.Context, q *query.Queries, row query.Mailing) (string, error) {
	n, err := numbersOf(ctx, q, row)
	if err != nil {
		return "", err
	}
	return Brake(n.Delivered-row.HeardDelivered, n.Complained-row.HeardComplained), nil
}

// Counted notes a report about a message of a mailing, in the transaction that records the
// report. What other mails' reports say is left alone.
func (s *Store) Counted(ctx context.Context, tx *db.Tx, e inbox.Event) error {
	if e.Ref.Kind != returnpath.Supporter || e.Ref.Part == 0 {
		return nil
	}
	row, err := tx.MailingByNumber(ctx, int64(e.Ref.Part))
	if fault.Is(db.Fault(err), fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	n := counts{MailingID: row.ID, Shard: tx.Shard()}
	var changed int64
	who := e.Ref.ID.String()
	switch e.Kind { //nolint:exhaustive // the others are no news about a message
	case inbox.Hard, inbox.Soft, inbox.Policy:
		changed, err = tx.NoteBounce(ctx, query.NoteBounceParams{MailingID: row.ID, SupporterID: who, At: s.now(), Reason: string(e.Kind)})
		if e.Kind == inbox.Hard {
			n.Hard = changed
		} else {
			n.Soft = changed
		}
	case inbox.Complaint:
		changed, err = tx.NoteComplaint(ctx, query.NoteComplaintParams{MailingID: row.ID, SupporterID: who, At: s.now()})
		n.Complained = changed
	}
	if err != nil || changed == 0 {
		return err
	}
	if err := tx.AddMailingCounts(ctx, n); err != nil {
		return err
	}
	if e.Kind != inbox.Complaint || State(row.State) != Sending {
		return nil
	}
	why, err := complaints(ctx, tx.Queries, row)
	if err != nil || why == "" {
		return err
	}
	return ignoreMoved(s.carry(ctx, tx, row, move{to: Paused, by: ByBrake, who: string(ByBrake), reason: why}))
}

func ignoreMoved(err error) error {
	if errors.Is(err, ErrMoved) {
		return nil
	}
	return err
}

// Left notes that somebody left by a link in a mailing, in the transaction in which they do.
func (s *Store) Left(ctx context.Context, tx *db.Tx, who supporter.Link) error {
	if who.Supporter == "" {
		return nil
	}
	n, err := tx.NoteUnsubscribe(ctx, query.NoteUnsubscribeParams{MailingID: who.Mailing, SupporterID: who.Supporter, At: s.now()})
	if err != nil || n == 0 {
		return err
	}
	return tx.AddMailingCounts(ctx, counts{MailingID: who.Mailing, Shard: tx.Shard(), Unsubscribed: n})
}

// Acted notes letters that were written by links of mailings, in the transaction that takes
// them in. Whoever got the link passed on counts for the mailing too, and for themselves.
func (s *Store) Acted(ctx context.Context, tx *db.Tx, acts []letter.FromMailing) error {
	for _, a := range acts {
		_, err := tx.NoteAct(ctx, query.NoteActParams{MailingID: a.Mailing, SupporterID: a.Supporter, At: s.now()})
		if err != nil {
			return err
		}
		n := counts{MailingID: a.Mailing, Shard: tx.Shard(), Acted: 1}
		if a.Joined {
			n.Joined = 1
		}
		if err := tx.AddMailingCounts(ctx, n); err != nil {
			return err
		}
	}
	return nil
}

// choose picks the better of two subjects when their time is over: the one that more people
// acted on, or else the one that fewer left by. Nobody counts who opens a mail.
func (p *Post) choose(ctx context.Context, l *line, now time.Time) error {
	if l.File.Test == nil || l.Winner != "" || now.Before(l.decides()) {
		return nil
	}
	rows, err := p.DB.Read().CountVariants(ctx, l.ID)
	if err != nil {
		return fmt.Errorf("compare the subjects: %w", db.Fault(err))
	}
	winner := better(rows)
	err = p.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.DecideMailing(ctx, query.DecideMailingParams{ID: l.ID, Winner: winner})
		return err
	})
	if err != nil {
		return fmt.Errorf("choose a subject: %w", err)
	}
	l.Winner, l.row.Winner = winner, winner
	p.Log.Info("the better subject is chosen", "mailing", l.Name, "subject", winner)
	return nil
}

// better compares by shares, because the halves may differ in size. The first wins a tie.
func better(rows []query.CountVariantsRow) string {
	a, b := halves(rows)
	switch acted := a.Acted*b.Sent - b.Acted*a.Sent; {
	case acted > 0:
		return variantA
	case acted < 0:
		return variantB
	case a.Lost*b.Sent > b.Lost*a.Sent:
		return variantB
	}
	return variantA
}
