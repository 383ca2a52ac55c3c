package supporter

import (
	"context"
	"fmt"
	"hash/maphash"
	"slices"
	"strings"

	"github.com/franklin-letters/franklin/internal/audit"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/supporter/peoplefile"
	"github.com/franklin-letters/franklin/internal/supporter/segment"
)

// Duplicates returns groups of people of a segment who have the same name and ZIP code, at
// most so many groups. Names are sealed, so it opens those of all people: once to find which
// occur twice, and once more for who has them. Who looked is logged.
func (p *People) Duplicates(ctx context.Context, segments *segment.People, s segment.Segment, most int, who string) ([][]peoplefile.Record, error) {
	err := p.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		return audit.Record(ctx, tx, audit.Entry{At: p.Clock(), Who: who, Action: audit.PersonFind, Detail: "duplicates: " + s.String()})
	})
	if err != nil {
		return nil, fmt.Errorf("log who looks: %w", err)
	}
	seed := maphash.MakeSeed()
	var all []uint64 // eight bytes a person
	err = p.named(ctx, segments, s, func(_ peoplefile.Record, name string) { all = append(all, maphash.String(seed, name)) })
	if err != nil {
		return nil, err
	}
	slices.Sort(all)
	twice := map[uint64]bool{}
	for i := 1; i < len(all) && len(twice) < most; i++ {
		if all[i] == all[i-1] {
			twice[all[i]] = true
		}
	}
	if len(twice) == 0 {
		return nil, nil
	}
	groups := map[string][]peoplefile.Record{}
	var order []string
	err = p.named(ctx, segments, s, func(one peoplefile.Record, name string) {
		if !twice[maphash.String(seed, name)] {
			return
		}
		if groups[name] == nil {
			order = append(order, name)
		}
		groups[name] = append(groups[name], one)
	})
	var found [][]peoplefile.Record
	for _, name := range order {
		if len(groups[name]) > 1 {
			found = append(found, groups[name])
		}
	}
	return found, err
}

// named calls f for everybody of a segment whose name and ZIP code are known.
func (p *People) named(ctx context.Context, segments *segment.People, s segment.Segment, f func(one peoplefile.Record, name string)) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	for page := range p.pages(ctx, segments, s) {
		got := <-page
		if got.err != nil {
			return got.err
		}
		for _, one := range got.people {
			if one.Last != "" && one.ZIP != "" {
				f(one, strings.ToLower(one.First+"\x00"+one.Last+"\x00"+one.ZIP))
			}
		}
	}
	return ctx.Err()
}
