package campaign

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/query"
)

// OtherSource stands for all sources of a campaign that found no place among those that are
// counted. No source is written like it.
const OtherSource = "(other)"

// maxSources is how many sources of a campaign find a place, because strangers can make up
// any number. One from which a letter came always finds one.
const maxSources = 200

// Views counts how often the forms of campaigns are looked at, by from where the visitors
// come. Counting costs no more than raising a number in memory; Flush writes it down. What
// was not written yet is lost when the program is killed.
type Views struct {
	db *db.DB

	mu   sync.Mutex
	seen views

	writing sync.Mutex // one at a time: who comes next finds what the one before could not write
}

// views are numbers of views by campaign and source.
type views map[string]map[string]int64

// NewViews returns a counter that has seen nothing yet.
func NewViews(d *db.DB) *Views {
	return &Views{db: d, seen: views{}}
}

// Count counts one view.
func (v *Views) Count(campaignID, source string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.seen.add(campaignID, source, 1)
}

func (v views) add(campaignID, source string, n int64) {
	of := v[campaignID]
	if of == nil {
		of = map[string]int64{}
		v[campaignID] = of
	}
	if _, known := of[source]; !known && len(of) >= maxSources {
		source = OtherSource
	}
	of[source] += n
}

// Flush writes down what was counted since the last time. What the database does not take is
// kept for the next time, unless it may have taken it.
func (v *Views) Flush(ctx context.Context) error {
	v.writing.Lock()
	defer v.writing.Unlock()
	v.mu.Lock()
	seen := v.seen
	v.seen = views{}
	v.mu.Unlock()
	if len(seen) == 0 {
		return nil
	}
	err := v.db.Tx(ctx, func(ctx context.Context, tx *db.Tx) error { return write(ctx, tx, seen) })
	if err == nil {
		return nil
	}
	if !errors.Is(err, db.ErrCommitUnknown) {
		v.restore(seen)
	}
	return fmt.Errorf("write down how often pages were looked at: %w", err)
}

func (v *Views) restore(seen views) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for campaignID, of := range seen {
		for source, n := range of {
			v.seen.add(campaignID, source, n)
		}
	}
}

func write(ctx context.Context, tx *db.Tx, seen views) error {
	var rows [][]any
	for campaignID, of := range seen {
		placed, err := place(ctx, tx, campaignID, of)
		if err != nil {
			return err
		}
		for source, n := range placed {
			rows = append(rows, []any{campaignID, source, n})
		}
	}
	slices.SortFunc(rows, func(a, b []any) int { // two nodes take the rows in one order
		return cmp.Or(cmp.Compare(a[0].(string), b[0].(string)), cmp.Compare(a[1].(string), b[1].(string))) //nolint:forcetypeassert // made above
	})
	_, err := tx.InsertRows(ctx, db.Insert{
		Table: "view_counts", Columns: []string{"campaign_id", "source", "views"},
		Suffix: "ON CONFLICT (campaign_id, source) DO UPDATE SET views = view_counts.views + excluded.views",
	}, rows)
	return err
}

// place gives the views from sources without a place to the others.
func place(ctx context.Context, tx *db.Tx, campaignID string, of map[string]int64) (map[string]int64, error) {
	known, err := tx.ListViewSources(ctx, campaignID)
	if err != nil {
		return nil, err
	}
	placed := map[string]int64{}
	room := maxSources - len(known)
	for source, n := range of {
		if !slices.Contains(known, source) {
			if room--; room < 0 {
				if source, err = withoutRoom(ctx, tx, campaignID, source); err != nil {
					return nil, err
				}
			}
		}
		placed[source] += n
	}
	return placed, nil
}

// withoutRoom is under which source views are counted whose own has no place yet, when there
// is no room any more.
func withoutRoom(ctx context.Context, tx *db.Tx, campaignID, source string) (string, error) {
	letters, err := tx.SourceThatWrote(ctx, query.SourceThatWroteParams{Source: source, CampaignID: campaignID})
	if err != nil || len(letters) > 0 {
		return source, err
	}
	return OtherSource, nil
}
