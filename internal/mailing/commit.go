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
}

// counts is what a transaction adds to a mailing's numbers.
type counts = query.AddMailingCountsParams

// commit records what came back, and writes down whose messages begin now. When it returns
// without an error, both are durable and the messages are on their way.
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
	if err != nil { // they may stand there as under way, and are not
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
func (p *Post) carryOut(ctx context.Context, tx *db.Tx, b *batch, now time.Time) error {
	bars, err := p.clear(ctx, tx, b)
	if err != nil {
		return err
	}
	after := p.aloft[b.line.ID].after(b)
	held, err := tx.PutFlights(ctx, query.PutFlightsParams{MailingID: b.line.ID, Fence: after.fence, People: after.String()})
	if err != nil {
		return err
	}
	if held == 0 { // another sender has it, and those under way are of unknown fate to it
		b.line.over, b.cleared, bars = true, nil, nil
	}
	none := counts{MailingID: b.line.ID, Shard: tx.Shard()}
	n := none
	if err := p.record(ctx, tx, b, now, &n); err != nil {
		return err
	}
	for id, why := range bars {
		if err := p.end(ctx, tx, b.line, id, verdict{state: rowSkipped, reason: why}, &n); err != nil {
			return err
		}
	}
	if n == none {
		return nil
	}
	return tx.AddMailingCounts(ctx, n)
}

// clear looks whose messages may go, in the transaction right before them: if the mailing still
// runs, all of the picked but those who must not be mailed, whom it returns with the reason.
func (p *Post) clear(ctx context.Context, tx *db.Tx, b *batch) (map[string]string, error) {
	b.cleared = nil
	if len(b.picks) == 0 {
		return nil, nil
	}
	state, err := tx.MailingState(ctx, b.line.ID)
	if err != nil {
		return nil, err
	}
	if b.line.over = State(state) != Sending; b.line.over {
		return nil, nil
	}
	people := make([]mailable, len(b.picks))
	for i, f := range b.picks {
		people[i] = f.who
	}
	bars, err := p.bars(ctx, tx, b.line.File, b.line.campaign, people)
	b.cleared = slices.DeleteFunc(slices.Clone(b.picks), func(f flight) bool { return bars[f.who.ID] != "" })
	return bars, err
}

// launch lets the messages go that were cleared, and takes the others back.
func (p *Post) launch(b *batch) {
	p.aloft[b.line.ID] = p.aloft[b.line.ID].after(b)
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
		of(f.line) // writes down anew who is under way
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
	if len(sent) == 0 {
		return nil
	}
	known, err := tx.SentRecipients(ctx, query.SentRecipientsParams{MailingID: b.line.ID, SentAt: p.now(), People: sent})
	n.Sent += known
	return err
}

func (p *Post) recordOther(ctx context.Context, tx *db.Tx, r result, v verdict, n *counts) error {
	if v.state != rowQueued {
		return p.end(ctx, tx, r.line, r.who.ID, v, n)
	}
	off := query.PutRecipientOffParams{MailingID: r.line.ID, SupporterID: r.who.ID, DueAt: stampOf(v.due), Reason: v.reason}
	if !v.whole {
		off.Tried = 1
	}
	_, err := tx.PutRecipientOff(ctx, off)
	return err
}

// end records that somebody does not get a mailing.
func (p *Post) end(ctx context.Context, tx *db.Tx, l *line, id string, v verdict, n *counts) error {
	changed, err := tx.EndRecipient(ctx, query.EndRecipientParams{MailingID: l.ID, SupporterID: id, State: v.state, Reason: v.reason})
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
