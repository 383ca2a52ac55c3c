package mailing

import (
	"context"
	"fmt"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/internal/campaign"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/supporter"
)

// Audience is a set of people, by the order of their ids. It may hold people to whom no
// mail may go: what every mailing looks at is looked at elsewhere.
type Audience interface {
	// Page returns the next people behind an id, at most so many; fewer at the end.
	Page(ctx context.Context, after string, limit int) ([]string, error)
	// Count returns how many there are.
	Count(ctx context.Context) (int64, error)
	// String says in words who they are, also when the file only names a saved segment.
	String() string
}

// subscribers are all who are on a list by their own confirmation.
type subscribers struct {
	db   *db.DB
	list supporter.List
}

// Page implements Audience.
func (a subscribers) Page(ctx context.Context, after string, limit int) ([]string, error) {
	ids, err := a.db.Read().ListAudience(ctx, query.ListAudienceParams{List: string(a.list), After: after, MaxRows: int64(limit)})
	if err != nil {
		return nil, fmt.Errorf("list who is on the list: %w", db.Fault(err))
	}
	return ids, nil
}

// Count implements Audience.
func (a subscribers) Count(ctx context.Context) (int64, error) {
	n, err := a.db.Read().CountAudience(ctx, string(a.list))
	if err != nil {
		return 0, fmt.Errorf("count who is on the list: %w", db.Fault(err))
	}
	return n, nil
}

// String implements Audience.
func (a subscribers) String() string { return "" }

// audience returns the people whom a file names.
func (s *Store) audience(ctx context.Context, f *File) (Audience, error) {
	if f.Audience == "" {
		return subscribers{s.DB, f.List}, nil
	}
	if s.Filter == nil {
		return nil, errNoFilter
	}
	return s.Filter(ctx, f.Audience)
}

// Why somebody does not get a mailing, in the words of the command line.
const (
	NotOnList  = "not on the list"
	Suppressed = "must not be mailed"
	HasActed   = "has acted"
	NoTarget   = "nobody to write to"
)

// mailable is a person as far as a mail to them needs it. Seat is the one that they were last
// known to live under, such as "AZ-04"; "" when none is known.
type mailable = query.ListMailableOfRow

// mailableOf returns the people behind the ids.
func mailableOf(ctx context.Context, d *db.DB, ids []string) ([]mailable, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	people, err := d.Read().ListMailableOf(ctx, ids)
	if err != nil {
		return nil, fmt.Errorf("read people: %w", db.Fault(err))
	}
	return people, nil
}

// bars looks who of the people must not get a mailing, and why. What lets messages go asks by
// the queries of its transaction, what counts by those that only read.
func (s *Store) bars(ctx context.Context, q *query.Queries, f *File, c *campaign.Listed, people []mailable) (map[string]string, error) {
	out, err := s.barsOnList(ctx, q, f, c, people)
	if err != nil || len(people) == 0 {
		return out, err
	}
	subscribed, err := q.ListSubscribedOf(ctx, query.ListSubscribedOfParams{People: idsOf(people), List: string(f.List)})
	if err != nil {
		return nil, err
	}
	on := make(map[string]bool, len(subscribed))
	for _, id := range subscribed {
		on[id] = true
	}
	for _, p := range people {
		if !on[p.ID] && out[p.ID] != HasActed {
			out[p.ID] = NotOnList
		}
	}
	return out, nil
}

// barsOnList is bars of people of whom it is known that they are on the list, as those are who
// have just been found there to put them in line.
func (s *Store) barsOnList(ctx context.Context, q *query.Queries, f *File, c *campaign.Listed, people []mailable) (map[string]string, error) {
	out := map[string]string{}
	if len(people) == 0 {
		return out, nil
	}
	addresses := make([]string, len(people))
	for i, p := range people {
		addresses[i] = string(p.Email)
	}
	suppressed, err := s.People.SuppressedAmong(ctx, q, addresses, f.List)
	if err != nil {
		return nil, err
	}
	for _, p := range people {
		switch {
		case suppressed[string(p.Email)]:
			out[p.ID] = Suppressed
		case f.Kind == Alert && !s.canWrite(c, p):
			out[p.ID] = NoTarget
		}
	}
	if f.Kind != Alert || c == nil {
		return out, nil
	}
	acted, err := q.ListActedOf(ctx, query.ListActedOfParams{People: idsOf(people), CampaignID: c.ID})
	for _, id := range acted {
		out[id] = HasActed
	}
	return out, err
}

func idsOf(people []mailable) []string {
	ids := make([]string, len(people))
	for i, p := range people {
		ids[i] = p.ID
	}
	return ids
}

// canWrite reports whether somebody has a member of Congress to whom the campaign writes.
// Of whom no district is known has one, as far as anybody knows.
func (s *Store) canWrite(c *campaign.Listed, who mailable) bool {
	if who.Seat == "" || s.Held == nil || c == nil {
		return true
	}
	seat, err := congress.ParseSeat(who.Seat)
	if err != nil {
		return true
	}
	if c.Writes(campaign.Senators) && len(seat.State.SenateSeats()) > 0 {
		return true
	}
	return c.Writes(campaign.Representative) && seat.Voting() && s.Held(seat)
}

// Counted is how many people a mailing would go to now, and how many of its audience are
// left out, by the reason.
type Counted struct {
	People  int64            `json:"people"`
	LeftOut map[string]int64 `json:"left_out"`
}

// Reach returns how many people are in a mailing's audience, whether mail may go to them or not.
func (s *Store) Reach(ctx context.Context, m Mailing) (int64, error) {
	audience, err := s.audience(ctx, m.File)
	if err != nil {
		return 0, err
	}
	return audience.Count(ctx)
}

// fillPage is how many people are looked at and written down at once.
const fillPage = 500

// Count looks at everybody in a mailing's audience. With an error it returns how far it came.
func (s *Store) Count(ctx context.Context, m Mailing) (n Counted, err error) {
	n.LeftOut = map[string]int64{}
	err = s.walk(ctx, m, func(people []mailable, bars map[string]string) bool {
		for _, why := range bars {
			n.LeftOut[why]++
		}
		n.People += int64(len(people) - len(bars))
		return true
	})
	return n, err
}

// anybody reports whether a mailing would go to somebody now.
func (s *Store) anybody(ctx context.Context, m Mailing) (some bool, err error) {
	err = s.walk(ctx, m, func(people []mailable, bars map[string]string) bool {
		some = len(people) > len(bars)
		return !some
	})
	return some, err
}

// walk goes through a mailing's audience, page by page, as long as each returns true.
func (s *Store) walk(ctx context.Context, m Mailing, each func([]mailable, map[string]string) bool) error {
	audience, err := s.audience(ctx, m.File)
	if err != nil {
		return err
	}
	c, err := s.campaignOf(ctx, m.File)
	if err != nil {
		return err
	}
	for after := ""; ; {
		ids, err := audience.Page(ctx, after, fillPage)
		if err != nil || len(ids) == 0 {
			return err
		}
		people, err := mailableOf(ctx, s.DB, ids)
		if err != nil {
			return err
		}
		bars, err := s.bars(ctx, s.DB.Read(), m.File, c, people)
		if err != nil {
			return fmt.Errorf("look who may be mailed: %w", db.Fault(err))
		}
		if !each(people, bars) {
			return nil
		}
		after = ids[len(ids)-1]
	}
}
