package mailing

import (
	"context"
	"fmt"
	"hash/fnv"
	"time"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/db/stamp"
	"github.com/franklin-letters/franklin/internal/washington"
)

// filled is what came of writing a page of a mailing's people down.
type filled struct {
	page
	to   string // the last of them
	all  bool   // nobody is behind them
	over bool   // nothing was written: the mailing was stopped meanwhile, or another node has it
	err  error
}

// page is people as they were at a moment.
type page struct {
	people map[string]mailable
	at     time.Time
}

// freshFor is how long what was read of people to put them in line is good enough to write to
// them: whether they may be mailed is asked again anyway.
const freshFor = 10 * time.Second

// fill writes the next page of a mailing's people down, or waits until that is done.
func (p *Post) fill(ctx context.Context, l *line) error {
	p.fillAhead(ctx, l)
	return l.take(<-l.filling)
}

// fillAhead writes the next page down while those at hand get their mail.
func (p *Post) fillAhead(ctx context.Context, l *line) {
	if l.Filled || l.filling != nil {
		return
	}
	l.filling = make(chan filled, 1)
	as, done := *l, l.filling // the line goes on changing
	p.fillers.Go(func() { done <- p.fillPage(ctx, &as) })
}

// take takes in what was written down.
func (l *line) take(f filled) error {
	l.filling = nil
	switch {
	case f.err != nil:
		return f.err
	case f.over:
		l.over = true
	default:
		l.FilledTo, l.Filled, l.page = f.to, f.all, f.page
	}
	return nil
}

// fillPage writes a page of people down. A crash leaves it whole or not at all, and the next one
// begins behind it.
func (p *Post) fillPage(ctx context.Context, l *line) (f filled) {
	audience, err := p.audience(ctx, l.File)
	if err != nil {
		return filled{err: err}
	}
	ids, err := audience.Page(ctx, l.FilledTo, fillPage)
	if err != nil {
		return filled{err: err}
	}
	people, err := mailableOf(ctx, p.DB, ids)
	if err != nil {
		return filled{err: err}
	}
	f.page = page{make(map[string]mailable, len(people)), p.Clock()}
	for _, who := range people {
		f.people[who.ID] = who
	}
	f.to, f.all = l.FilledTo, len(ids) == 0
	if !f.all {
		f.to = ids[len(ids)-1]
	}
	err = p.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		n, err := tx.FillMailing(ctx, query.FillMailingParams{ID: l.ID, FilledTo: f.to, Filled: f.all, FromFilled: l.FilledTo})
		if f.over = n == 0; err != nil || f.over {
			return err
		}
		return p.write(ctx, tx, l, people)
	})
	if err != nil {
		f.err = fmt.Errorf("write a mailing's people down: %w", err)
	}
	return f
}

// write writes people down. Nobody stands there already: each page begins behind the last one.
func (p *Post) write(ctx context.Context, tx *db.Tx, l *line, people []mailable) error {
	look := p.bars
	if l.File.Audience == "" { // they come from the list itself
		look = p.barsOnList
	}
	bars, err := look(ctx, tx.Queries, l.File, l.campaign, people)
	if err != nil || len(bars) == len(people) {
		return err
	}
	rows := make([][]any, 0, len(people))
	for _, who := range people {
		if bars[who.ID] != "" {
			continue
		}
		variant := l.variantOf(who.ID)
		rows = append(rows, []any{who.ID, variant, l.due(who, variant)})
	}
	n, err := tx.InsertRows(ctx, db.Insert{
		Table: "mailing_recipients", Columns: []string{"supporter_id", "variant", "due_at", "mailing_id", "state"}, Same: []any{l.ID, rowQueued},
	}, rows)
	if err != nil {
		return err
	}
	return tx.AddMailingCounts(ctx, query.AddMailingCountsParams{MailingID: l.ID, Shard: tx.Shard(), Queued: n})
}

// variantOf says whether somebody is in the test of two subjects, and in which half. It
// follows from who they are alone, so that it is the same again.
func (l *line) variantOf(supporterID string) string {
	if l.File.Test == nil || l.Winner != "" {
		return ""
	}
	h := fnv.New32a()
	_, _ = h.Write([]byte(l.ID + supporterID)) // never fails
	switch n := int(h.Sum32() % 200); {
	case n >= 2*l.File.Test.Share:
		return ""
	case n%2 == 0:
		return variantA
	}
	return variantB
}

// due is when somebody's message may go: at once, when the better subject is known, or when
// it is the same time of day where they live.
func (l *line) due(who mailable, variant string) stamp.Time {
	start := l.StartsAt.Time()
	switch {
	case l.File.Test != nil && variant == "":
		return stamp.Of(l.decides())
	case l.File.LocalTime:
		return stamp.Of(localTime(start, who))
	}
	return atOnce
}

// atOnce is a due time that has come on every clock.
const atOnce stamp.Time = 1

// decides is when the better subject is chosen.
func (l *line) decides() time.Time { return l.StartsAt.Time().Add(l.File.Test.After) }

// localTime is the moment at which it is the time of day at somebody's place that it is in
// Washington at the given one. Without a known place it is Washington's.
func localTime(at time.Time, who mailable) time.Time {
	seat, err := congress.ParseSeat(who.Seat)
	if who.Seat == "" || err != nil {
		return at
	}
	there, err := time.LoadLocation(zoneOf(seat.State))
	if err != nil {
		return at
	}
	here := at.In(washington.Zone())
	local := time.Date(here.Year(), here.Month(), here.Day(), here.Hour(), here.Minute(), here.Second(), here.Nanosecond(), there)
	return local
}

// zoneOf is the time zone in which most people of a state live.
func zoneOf(s congress.State) string {
	if zone, ok := zones[s]; ok {
		return zone
	}
	return washington.ZoneName
}

// Only those that differ from Washington's.
var zones = func() map[congress.State]string {
	all := map[congress.State]string{
		"AZ": "America/Phoenix", "AK": "America/Anchorage", "HI": "Pacific/Honolulu", "PR": "America/Puerto_Rico", "VI": "America/Puerto_Rico",
		"GU": "Pacific/Guam", "MP": "Pacific/Guam", "AS": "Pacific/Pago_Pago", "ID": "America/Boise",
	}
	for zone, states := range map[string][]congress.State{
		"America/Chicago":     {"AL", "AR", "IA", "IL", "KS", "LA", "MN", "MO", "MS", "ND", "NE", "OK", "SD", "TN", "TX", "WI"},
		"America/Denver":      {"CO", "MT", "NM", "UT", "WY"},
		"America/Los_Angeles": {"CA", "NV", "OR", "WA"},
	} {
		for _, s := range states {
			all[s] = zone
		}
	}
	return all
}()
