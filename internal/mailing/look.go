package mailing

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/franklin-letters/franklin/internal/campaign"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/db/stamp"
)

// lookAround finds out which mailings are being sent now, begins those whose time has come,
// and ends or stops others.
func (p *Post) lookAround(ctx context.Context, now time.Time) error {
	if err := p.begun(ctx, now); err != nil {
		return err
	}
	rows, err := p.DB.Read().ListMailingsIn(ctx, string(Sending))
	if err != nil {
		return fmt.Errorf("look for mailings: %w", db.Fault(err))
	}
	if err := p.refusals(ctx, now); err != nil {
		return err
	}
	old := p.lines
	p.lines = nil
	for _, row := range rows {
		at := slices.IndexFunc(old, func(l *line) bool { return l.ID == row.ID && !l.over })
		var l *line
		if at >= 0 {
			l = old[at]
			l.renew(row)
		} else if l, err = p.open(ctx, row); errors.Is(err, errOvertaken) {
			continue
		} else if err != nil {
			return err
		}
		if stopped, err := p.judge(ctx, l, now); err != nil || stopped {
			if err != nil {
				return err
			}
			continue
		}
		p.lines = append(p.lines, l)
	}
	return nil
}

// open makes a mailing ready to be sent.
func (p *Post) open(ctx context.Context, row query.Mailing) (*line, error) {
	if err := p.take(ctx, row.ID, row.Name, p.fence); err != nil {
		return nil, err
	}
	file, err := Stored([]byte(row.Source))
	if err != nil {
		return nil, fmt.Errorf("the file of the mailing %s: %w", row.Name, err)
	}
	m := Mailing{row, file}
	c, err := p.composer(ctx, m)
	if err != nil {
		return nil, err
	}
	return &line{Mailing: m, composer: c, pace: newPace(file.Rate)}, nil
}

// renew takes in what the database says now of a mailing. Messages under way keep what they
// began with.
func (l *line) renew(row query.Mailing) {
	words := *l.composer
	words.row = row
	l.Mailing.Mailing, l.composer = row, &words
}

// judge ends a mailing that is done, and stops one that would do harm.
func (p *Post) judge(ctx context.Context, l *line, now time.Time) (stopped bool, err error) {
	if l.File.Kind == Alert {
		c, err := p.campaignOf(ctx, l.File)
		if err != nil {
			return false, err
		}
		if c.Life(now) != campaign.Open {
			return true, p.brake(ctx, l.Mailing.Mailing, "the campaign is not open any more, so nobody could act on the alert")
		}
	}
	if why, err := complaints(ctx, p.DB.Read(), l.Mailing.Mailing); err != nil || why != "" {
		if err != nil {
			return false, err
		}
		return true, p.brake(ctx, l.Mailing.Mailing, why)
	}
	if err := p.choose(ctx, l, now); err != nil {
		return false, err
	}
	return p.finished(ctx, l)
}

// finished ends a mailing when everybody has got it or cannot.
func (p *Post) finished(ctx context.Context, l *line) (bool, error) {
	if !l.Filled || l.flying > 0 || len(l.waiting) > 0 || len(p.results)+len(p.strays) > 0 {
		return false, nil
	}
	next, err := p.DB.Read().NextInMailingLine(ctx, l.ID)
	if err != nil {
		return false, fmt.Errorf("look who is in line: %w", db.Fault(err))
	}
	if next != 0 {
		return false, nil
	}
	p.Log.Info("a mailing is done", "mailing", l.Name)
	return true, gone(p.move(ctx, l.Mailing.Mailing, move{to: Done, by: BySending, who: string(BySending)}))
}

// read reads the next people of each mailing that has none at hand.
func (p *Post) read(ctx context.Context, now time.Time) error {
	for _, l := range p.lines {
		for len(l.waiting) == 0 && !l.over {
			more, err := p.next(ctx, l, now)
			if err != nil {
				return err
			}
			if !more {
				break
			}
		}
	}
	return nil
}

// next reads people, or writes more of them down. It returns false when there is nobody
// whose turn has come.
func (p *Post) next(ctx context.Context, l *line, now time.Time) (bool, error) {
	if now.Before(l.quiet) {
		return false, nil
	}
	select {
	case f := <-l.filling:
		if err := l.take(f); err != nil {
			return false, err
		}
	default:
	}
	aloft := p.aloft[l.ID].people
	rows, err := p.DB.Read().ListMailingLine(ctx, query.ListMailingLineParams{MailingID: l.ID, Until: stamp.Of(now), MaxRows: lineAhead + int64(len(aloft))})
	if err != nil {
		return false, fmt.Errorf("read who is in line: %w", db.Fault(err))
	}
	rows = slices.DeleteFunc(rows, func(r query.ListMailingLineRow) bool { return aloft[r.SupporterID] })
	if len(rows) == 0 {
		if l.Filled {
			l.quiet = now.Add(lookEvery)
			return false, nil
		}
		return true, p.fill(ctx, l)
	}
	p.fillAhead(ctx, l)
	return true, p.candidates(ctx, l, rows)
}

// candidates puts people at hand, whom it reads unless they have just been read.
func (p *Post) candidates(ctx context.Context, l *line, rows []query.ListMailingLineRow) error {
	people, unread := map[string]mailable{}, make([]string, 0, len(rows))
	if p.Clock().Sub(l.page.at) < freshFor {
		people = l.page.people
	}
	for _, r := range rows {
		if _, known := people[r.SupporterID]; !known {
			unread = append(unread, r.SupporterID)
		}
	}
	more, err := mailableOf(ctx, p.DB, unread)
	if err != nil {
		return err
	}
	for _, who := range more {
		people[who.ID] = who
	}
	for _, r := range rows {
		who, known := people[r.SupporterID]
		if !known { // forgotten meanwhile; the transaction finds that they are on no list
			who.ID = r.SupporterID
		}
		l.waiting = append(l.waiting, candidate{who, r.Variant, domainOf(string(who.Email))})
	}
	l.page = page{}
	return nil
}
