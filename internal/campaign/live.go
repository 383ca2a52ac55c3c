package campaign

import (
	"context"
	"fmt"
	"maps"
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

// staleFor is how long a page may go on showing what was known when the database stopped
// answering. Its form can still be filled in, and what is posted is kept for its writer.
const staleFor = 5 * time.Minute

// liveEntry is what is known under one slug. It is guarded by the store's lock.
type liveEntry struct {
	listed *Listed   // nil until the database has answered once
	at     time.Time // when what is listed was asked for
	asked  time.Time // when the last question was
	err    error     // of the last question
	asking chan struct{}
}

// usable reports whether the entry may still be shown at a moment, if nothing newer is to be had.
func (e *liveEntry) usable(now time.Time) bool { return e.listed != nil && now.Sub(e.at) < staleFor }

// Live returns the current version of a campaign and its counts, at most a second old; while
// the database is away, what it said last, for five minutes. The slug may be one that the
// campaign had before: the answer holds the present one, to which the caller redirects. It
// returns a not-found fault for a slug nobody ever had.
//
// However many ask, one at a time asks the database. Meanwhile the others get the answer
// of a second ago, or wait when there is none.
func (s *Store) Live(ctx context.Context, slug string) (Listed, error) {
	now := s.clock()
	s.mu.Lock()
	entry := s.entry(slug)
	asking := entry.asking
	switch usable := entry.usable(now); {
	case usable && (asking != nil || now.Sub(entry.asked) < liveFor):
		defer s.mu.Unlock()
		return *entry.listed, nil
	case asking == nil:
		entry.asking, entry.asked = make(chan struct{}), now
		listed, away := entry.listed, usable && entry.err != nil
		s.mu.Unlock()
		if away { // nobody waits again and again to hear the same
			go func() { _, _ = s.ask(ctx, slug, entry, now) }() // the entry tells
			return *listed, nil
		}
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
	if entry.err != nil && !entry.usable(now) {
		return Listed{}, entry.err
	}
	return *entry.listed, nil
}

// entry returns the entry of a slug, and makes one if there is none. When there are too many,
// slugs that nobody ever had go first.
func (s *Store) entry(slug string) *liveEntry {
	entry := s.live[slug]
	if entry != nil {
		return entry
	}
	if len(s.live) >= maxLive {
		maps.DeleteFunc(s.live, func(_ string, e *liveEntry) bool { return e.listed == nil })
	}
	if len(s.live) >= maxLive {
		clear(s.live)
	}
	entry = &liveEntry{}
	s.live[slug] = entry
	return entry
}

// ask asks the database on behalf of all who wait, so the end of one reader's request does
// not end it. While it is away, what it said last is the answer. What is not there is not
// remembered.
func (s *Store) ask(ctx context.Context, slug string, entry *liveEntry, now time.Time) (Listed, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), liveTimeout)
	defer cancel()
	listed, err := s.current(ctx, slug)
	s.mu.Lock()
	defer s.mu.Unlock()
	close(entry.asking)
	entry.asking, entry.err = nil, err
	switch {
	case err == nil:
		entry.listed, entry.at = &listed, now
		return listed, nil
	case fault.Is(err, fault.Unavailable) && entry.usable(now):
		return *entry.listed, nil
	}
	entry.listed = nil
	if s.live[slug] == entry {
		delete(s.live, slug)
	}
	return Listed{}, err
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
