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
	cleared []flight        // those of the picks whose messages may go
	ours    map[string]bool // who was being sent to, as long as it is for us to say
	counts  counts
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
	b.ours = p.aloft[b.line.ID].people
	if held == 0 { // another sender has it, and those under way are of unknown fate to it
		b.line.over, b.cleared, b.ours, bars = true, nil, nil, nil
	}
	none := counts{MailingID: b.line.ID, Shard: tx.Shard()}
	b.counts = none
	if err := p.record(ctx, tx, b, now); err != nil {
		return err
	}
	for id, why := range bars {
		if err := b.end(ctx, tx, id, rowQueued, verdict{state: rowSkipped, reason: why}); err != nil {
			return err
		}
	}
	if b.counts == none {
		return nil
	}
	return tx.AddMailingCounts(ctx, b.counts)
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
	bars, err := p.bars(ctx, tx.Queries, b.line.File, b.line.campaign, people)
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
func (p *Post) record(ctx context.Context, tx *db.Tx, b *batch, now time.Time) error {
	sent := map[string][]string{}
	for _, r := range b.results {
		v, from := p.judgeResult(r, now), b.stands(r.who.ID)
		if v.state == rowSent {
			sent[from] = append(sent[from], r.who.ID)
			continue
		}
		if err := b.recordOther(ctx, tx, r.who.ID, from, v); err != nil {
			return err
		}
	}
	for from, people := range sent {
		n, err := tx.SentRecipients(ctx, query.SentRecipientsParams{MailingID: b.line.ID, FromState: from, SentAt: p.now(), People: people})
		if err != nil {
			return err
		}
		b.count(from, rowSent, n)
	}
	return nil
}

// stands is where the row of somebody stands whose message was under way.
func (b *batch) stands(id string) string {
	if b.ours[id] {
		return rowQueued
	}
	return rowUnknown // they were given up when the mailing was taken over
}

func (b *batch) recordOther(ctx context.Context, tx *db.Tx, id, from string, v verdict) error {
	if v.state != rowQueued {
		return b.end(ctx, tx, id, from, v)
	}
	off := query.PutRecipientOffParams{MailingID: b.line.ID, SupporterID: id, DueAt: stampOf(v.due), Reason: v.reason}
	if !v.whole {
		off.Tried = 1
	}
	_, err := tx.PutRecipientOff(ctx, off)
	return err
}

// end records that somebody does not get a mailing.
func (b *batch) end(ctx context.Context, tx *db.Tx, id, from string, v verdict) error {
	n, err := tx.EndRecipient(ctx, query.EndRecipientParams{MailingID: b.line.ID, SupporterID: id, FromState: from, State: v.state, Reason: v.reason})
	b.count(from, v.state, n)
	return err
}

// count counts so many rows that went from one state to another.
func (b *batch) count(from, to string, n int64) {
	if from == rowUnknown {
		b.counts.Unknown -= n
	}
	switch to {
	case rowSent:
		b.counts.Sent += n
	case rowFailed:
		b.counts.Failed += n
	case rowUnknown:
		b.counts.Unknown += n
	case rowSkipped:
		b.counts.Skipped += n
	}
}
