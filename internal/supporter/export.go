package supporter

import (
	"context"
	"encoding/json"
	"fmt"
	"runtime"

	"github.com/franklin-letters/franklin/internal/audit"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/supporter/peoplefile"
	"github.com/franklin-letters/franklin/internal/supporter/segment"
)

// exportAtOnce is how many people one worker looks up before it hands them on.
const exportAtOnce = 2000

// Export hands the people of a segment to write, in the order of their ids, and returns how
// many there were. Who exported which segment is logged before the first person leaves.
func (p *People) Export(ctx context.Context, segments *segment.People, s segment.Segment, who string, write func([]peoplefile.Record) error) (n int64, err error) {
	if p.Keys.none() {
		return 0, ErrNoSecret
	}
	err = p.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		return audit.Record(ctx, tx, audit.Entry{At: p.Clock(), Who: who, Action: audit.PeopleExport, Detail: s.String()})
	})
	if err != nil {
		return 0, fmt.Errorf("log who exports: %w", err)
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	for page := range p.pages(ctx, segments, s) {
		got := <-page
		if got.err != nil {
			return n, got.err
		}
		n += int64(len(got.people))
		if err := write(got.people); err != nil {
			return n, err
		}
	}
	return n, ctx.Err()
}

// exportPage are some people, or what went wrong.
type exportPage struct {
	people []peoplefile.Record
	err    error
}

// pages looks people up ahead of who writes them, several pages at once and in order: most of
// the time goes into opening what is sealed.
func (p *People) pages(ctx context.Context, segments *segment.People, s segment.Segment) <-chan chan exportPage {
	pages := make(chan chan exportPage, runtime.GOMAXPROCS(0))
	go func() {
		defer close(pages)
		hand := func(page chan exportPage) error {
			select {
			case pages <- page:
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		err := segments.Each(ctx, s, exportAtOnce, func(ids []string) error {
			page := make(chan exportPage, 1)
			go func() {
				people, err := p.records(ctx, ids)
				page <- exportPage{people, err}
			}()
			return hand(page)
		})
		if err != nil && ctx.Err() == nil {
			page := make(chan exportPage, 1)
			page <- exportPage{err: err}
			_ = hand(page) // nobody waits any more
		}
	}()
	return pages
}

// records looks people up.
func (p *People) records(ctx context.Context, ids []string) ([]peoplefile.Record, error) {
	q := p.DB.Read()
	rows, err := q.ListPeopleOf(ctx, ids)
	if err != nil {
		return nil, fmt.Errorf("look people up: %w", db.Fault(err))
	}
	all := make([]peoplefile.Record, len(rows))
	at := make(map[string]int, len(rows))
	for i, r := range rows {
		at[r.ID] = i
		if all[i], err = recordOf(r); err != nil {
			return nil, err
		}
	}
	if err := sortIn(ctx, q, ids, all, at); err != nil {
		return nil, err
	}
	return all, p.kept(ctx, q, all)
}

// sortIn adds tags and lists of people who stand at places of all.
func sortIn(ctx context.Context, q *query.Queries, ids []string, all []peoplefile.Record, at map[string]int) error {
	tags, err := q.ListFaceTagsOf(ctx, ids)
	if err != nil {
		return fmt.Errorf("look tags up: %w", db.Fault(err))
	}
	for _, t := range tags {
		if i, ok := at[t.SupporterID]; ok {
			all[i].Tags = append(all[i].Tags, t.Tag)
		}
	}
	lists, err := q.ListFaceListsOf(ctx, ids)
	if err != nil {
		return fmt.Errorf("look lists up: %w", db.Fault(err))
	}
	for _, l := range lists {
		if i, ok := at[l.SupporterID]; ok && l.List == string(Updates) {
			all[i].Status, all[i].Joined = peoplefile.Fine, l.ConfirmedAt.Time()
		}
	}
	return nil
}

func recordOf(r query.ListPeopleOfRow) (peoplefile.Record, error) {
	one := peoplefile.Record{
		ID: r.ID, District: r.Seat, Created: r.CreatedAt.Time(),
		Person: peoplefile.Person{
			Email: string(r.Email), First: string(r.FirstName), Last: string(r.LastName), State: r.State, ZIP: r.Zip, Lang: r.Lang, Source: r.Source,
			Status: peoplefile.Outside,
		},
	}
	if r.Custom != "" {
		if err := json.Unmarshal([]byte(r.Custom), &one.Custom); err != nil {
			return one, fmt.Errorf("read the fields of a person: %w", err)
		}
	}
	return one, nil
}

// kept finds out from whom mail is kept, and why.
func (p *People) kept(ctx context.Context, q *query.Queries, people []peoplefile.Record) error {
	byHash := map[string]*peoplefile.Record{}
	var hashes []string
	for i := range people {
		for _, h := range p.Keys.mailboxes(people[i].Email) {
			byHash[h] = &people[i]
			hashes = append(hashes, h)
		}
	}
	rows, err := q.ListSuppressionsOf(ctx, hashes)
	if err != nil {
		return fmt.Errorf("look whether mail may go: %w", db.Fault(err))
	}
	for _, s := range rows {
		if !(Suppression{List: List(s.List), Reason: Reason(s.Reason)}).bars(Updates) {
			continue
		}
		one := byHash[s.Address]
		switch Reason(s.Reason) {
		case HardBounce:
			one.Status = peoplefile.Bounced
		case Complaint:
			one.Status = peoplefile.Complained
		default:
			one.Status = peoplefile.Unsubscribed
		}
	}
	return nil
}
