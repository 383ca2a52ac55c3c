package campaign

import (
	"context"
	"fmt"
	"time"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/fault"
)

// liveFor is how long a page may show an older version or count. A second is nothing to a
// reader and spares the database under a rush.
const liveFor = time.Second

// maxLive bounds the memory: far more campaigns than an organisation runs at once.
const maxLive = 1000

// liveTimeout bounds one question to the database, for which many readers may wait.
const liveTimeout = 5 * time.Second

// liveEntry is what is known under one slug. It is guarded by the store's lock.
type liveEntry struct {
	listed *Listed // nil until the database has answered once
	at     time.Time
	err    error // of the last question
	asking chan struct{}
}

// Live returns the current version of a campaign and its counts, at most a second old. The
// slug may be one that the campaign had before: the answer holds the present one, to which
// the caller redirects. It returns a not-found fault for a slug nobody ever had.
//
// However many ask, one at a time asks the database. Meanwhile the others get the answer
// of a second ago, or wait when there is none.
func (s *Store) Live(ctx context.Context, slug string) (Listed, error) {
	now := s.clock()
	s.mu.Lock()
	entry := s.live[slug]
	if entry == nil {
		if len(s.live) >= maxLive {
			clear(s.live)
		}
		entry = &liveEntry{}
		s.live[slug] = entry
	}
	asking := entry.asking
	switch {
	case entry.listed != nil && (asking != nil || now.Sub(entry.at) < liveFor):
		defer s.mu.Unlock()
		return *entry.listed, nil
	case asking == nil:
		entry.asking = make(chan struct{})
		s.mu.Unlock()
		return s.ask(ctx, slug, entry, now)
	}
	s.mu.Unlock()
	select {
	case <-asking:
	case <-ctx.Done():
		return Listed{}, fault.Retry(liveFor, ctx.Err(), "")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if entry.err != nil {
		return Listed{}, entry.err
	}
	return *entry.listed, nil
}

// ask asks the database on behalf of all who wait, so the end of one reader's request does
// not end it. What is not there is not remembered.
func (s *Store) ask(ctx context.Context, slug string, entry *liveEntry, now time.Time) (Listed, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), liveTimeout)
	defer cancel()
	listed, err := s.current(ctx, slug)
	s.mu.Lock()
	defer s.mu.Unlock()
	close(entry.asking)
	entry.asking, entry.err = nil, err
	if err != nil {
		if s.live[slug] == entry {
			delete(s.live, slug)
		}
		return Listed{}, err
	}
	entry.listed, entry.at = &listed, now
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
	return Listed{c, Counts{int(n.Submitted), int(n.Delivered), int(n.Joined), int(n.Disowned)}}, nil
}

// forget makes the next page view read the database, after a change made here. Whoever
// asked before the change keeps an entry that nobody finds any more.
func (s *Store) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.live)
}
