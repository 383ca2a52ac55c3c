package mailing

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/query"
)

func itoa(n int) string { return strconv.Itoa(n) }

// batch is what one transaction does for one mailing.
type batch struct {
	line    *line
	results []result
	picks   []flight
	cleared []flight // those of the picks whose messages may go
	strays  []flight
}

// counts is what a transaction adds to a mailing's numbers.
type counts = query.AddMailingCountsParams

// commit records what came back, and marks those as being sent to whose messages begin now.
// When it returns without an error, both are durable and the messages are on their way.
func (p *Post) commit(ctx context.Context, picks []flight) error {
	now := p.Clock()
	batches := p.batches(picks)
	settled := settle{refused: map[string]string{}}
	err := p.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		for _, b := range batches {
			if err := p.carryOut(ctx, tx, b, now); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil { // what was marked was not sent: it goes back into line
		for _, f := range picks {
			p.ground(f)
		}
		p.strays = append(p.strays, picks...)
		return fmt.Errorf("record what was sent: %w", err)
	}
	for _, r := range p.results {
		settled.add(string(r.who.Email), r.err)
	}
	p.results, p.strays = nil, nil
	for _, b := range batches {
		p.launch(b)
	}
	settled.follow(ctx, p.People, p.Log)
	return nil
}

// carryOut does what there is to do for one mailing. The transaction may be run again.
func (p *Post) carryOut(ctx context.Context, tx *db.Tx, b *batch, now time.Time) (err error) {
	none := counts{MailingID: b.line.ID, Shard: tx.Shard()}
	n := none
	if err := p.record(ctx, tx, b, now, &n); err != nil {
		return err
	}
	if b.cleared, err = p.claim(ctx, tx, b, &n); err != nil || n == none {
		return err
	}
	return tx.AddMailingCounts(ctx, n)
}

// launch lets the messages go that were cleared, and takes the others back.
func (p *Post) launch(b *batch) {
	for _, f := range b.picks {
		if slices.ContainsFunc(b.cleared, func(c flight) bool { return c.who.ID == f.who.ID }) {
			p.starting <- f // it has room for all
		} else {
			p.ground(f)
		}
	}
}

// ground takes back that somebody's message is under way.
func (p *Post) ground(f flight) {
	p.flying--
	f.line.flying--
	if d := p.domains[f.domain]; d != nil {
		d.flying = max(0, d.flying-1)
	}
}

// batches sorts what is to be done by its mailing.
func (p *Post) batches(picks []flight) []*batch {
	var all []*batch
	of := func(l *line) *batch {
		for _, b := range all {
			if b.line.ID == l.ID {
				return b
			}
		}
		all = append(all, &batch{line: l})
		return all[len(all)-1]
	}
	for _, r := range p.results {
		b := of(r.line)
		b.results = append(b.results, r)
	}
	for _, f := range p.strays {
		b := of(f.line)
		b.strays = append(b.strays, f)
	}
	for _, f := range picks {
		b := of(f.line)
		b.line = f.line // a line that was opened anew is the one that counts
		b.picks = append(b.picks, f)
	}
	return all
}

// record writes down what came of messages.
func (p *Post) record(ctx context.Context, tx *db.Tx, b *batch, now time.Time, n *counts) error {
	sent := make([]string, 0, len(b.results))
	for _, r := range b.results {
		v := p.judgeResult(r, now)
		if v.state == rowSent {
			sent = append(sent, r.who.ID)
			continue
		}
		if err := p.recordOther(ctx, tx, r, v, n); err != nil {
			return err
		}
	}
	for _, f := range b.strays {
		_, err := tx.ReturnRecipient(ctx, query.ReturnRecipientParams{MailingID: b.line.ID, SupporterID: f.who.ID, DueAt: p.now(), Attempts: f.attempts})
		if err != nil {
			return err
		}
	}
	if len(sent) == 0 {
		return nil
	}
	known, err := tx.SentRecipients(ctx, query.SentRecipientsParams{MailingID: b.line.ID, SentAt: p.now(), People: sent})
	n.Sent += known
	return err
}

func (p *Post) recordOther(ctx context.Context, tx *db.Tx, r result, v verdict, n *counts) error {
	if v.state == rowQueued {
		attempts := r.attempts
		if !v.whole {
			attempts++
		}
		_, err := tx.ReturnRecipient(ctx, query.ReturnRecipientParams{
			MailingID: r.line.ID, SupporterID: r.who.ID, DueAt: stampOf(v.due), Attempts: attempts, Reason: v.reason,
		})
		return err
	}
	changed, err := tx.EndRecipient(ctx, query.EndRecipientParams{MailingID: r.line.ID, SupporterID: r.who.ID, State: v.state, Reason: v.reason})
	if err != nil || changed == 0 {
		return err
	}
	switch v.state {
	case rowFailed:
		n.Failed++
	case rowUnknown:
		n.Unknown++
	case rowSkipped:
		n.Skipped++
	}
	return nil
}

// claim marks the picked as being sent to, if the mailing still runs and they may still be
// mailed, and returns whose messages may go.
func (p *Post) claim(ctx context.Context, tx *db.Tx, b *batch, n *counts) ([]flight, error) {
	if len(b.picks) == 0 {
		return nil, nil
	}
	ids := make([]string, len(b.picks))
	for i, f := range b.picks {
		ids[i] = f.who.ID
	}
	claimed, err := tx.ClaimRecipients(ctx, query.ClaimRecipientsParams{MailingID: b.line.ID, People: ids})
	if err != nil {
		return nil, err
	}
	if b.line.over = false; len(claimed) == 0 { // is it no longer being sent?
		state, err := tx.MailingState(ctx, b.line.ID)
		b.line.over = State(state) != Sending
		return nil, err
	}
	cleared := slices.DeleteFunc(slices.Clone(b.picks), func(f flight) bool { return !slices.Contains(claimed, f.who.ID) })
	people := make([]mailable, len(cleared))
	for i, f := range cleared {
		people[i] = f.who
	}
	bars, err := p.bars(ctx, tx, b.line.File, b.line.campaign, people)
	if err != nil || len(bars) == 0 {
		return cleared, err
	}
	for id, why := range bars {
		if _, err := tx.EndRecipient(ctx, query.EndRecipientParams{MailingID: b.line.ID, SupporterID: id, State: rowSkipped, Reason: why}); err != nil {
			return nil, err
		}
		n.Skipped++
	}
	return slices.DeleteFunc(cleared, func(f flight) bool { return bars[f.who.ID] != "" }), nil
}
