package campaign

import (
	"context"
	"fmt"
	"time"

	"github.com/franklin-letters/franklin/internal/db"
)

// liveFor is how long a page may show an older version or count. A second is nothing to a
// reader and spares the database under a rush.
const liveFor = time.Second

// maxLive bounds the memory: far more campaigns than an organisation runs at once.
const maxLive = 1000

type liveEntry struct {
	listed Listed
	at     time.Time
	asking bool // somebody is asking the database; others take the old answer
}

// Live returns the current version of a campaign and its counts, at most a second old. The
// slug may be one that the campaign had before: the answer holds the present one, to which
// the caller redirects. It returns a not-found fault for a slug nobody ever had.
func (s *Store) Live(ctx context.Context, slug string) (Listed, error) {
	now := s.clock()
	s.mu.Lock()
	entry, known := s.live[slug]
	if known && (entry.asking || now.Sub(entry.at) < liveFor) {
		defer s.mu.Unlock()
		return entry.listed, nil
	}
	if known {
		entry.asking = true
	}
	s.mu.Unlock()

	listed, err := s.current(ctx, slug)

	s.mu.Lock()
	defer s.mu.Unlock()
	if err != nil {
		delete(s.live, slug)
		return Listed{}, err
	}
	if len(s.live) >= maxLive {
		clear(s.live)
	}
	s.live[slug] = &liveEntry{listed: listed, at: now}
	return listed, nil
}

func (s *Store) current(ctx context.Context, slug string) (Listed, error) {
	row, err := s.db.Read().CampaignBySlug(ctx, slug)
	if err != nil {
		return Listed{}, fmt.Errorf("find campaign: %w", db.Fault(err))
	}
	c, err := s.parsed(versionKey{row.ID, row.Version}, row.Source, row.UpdatedAt)
	if err != nil {
		return Listed{}, err
	}
	n, err := s.db.Read().CampaignCounts(ctx, row.ID)
	if err != nil {
		return Listed{}, fmt.Errorf("count letters: %w", db.Fault(err))
	}
	return Listed{c, Counts{int(n.Submitted), int(n.Delivered), int(n.Joined)}}, nil
}

// forget makes the next page view read the database, after a change made here.
func (s *Store) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.live)
}
