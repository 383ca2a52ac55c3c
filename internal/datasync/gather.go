package datasync

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/franklin-letters/franklin/congress"
)

// collect fetches items into a raw folder. Where the source lacks an optional one, it goes
// without. It returns how many there were.
func (r *run) collect(ctx context.Context, raw *rawFolder, items ...item) (found int, err error) {
	for _, i := range items {
		form, got, err := r.item(ctx, r.source, i)
		if errors.Is(err, errNotThere) && i.optional {
			continue
		}
		if errors.Is(err, errNotThere) {
			return found, failed(adviceMissing(r.source, i), nil, "%s", strings.TrimSuffix(err.Error(), ": "+errNotThere.Error()))
		}
		if err != nil {
			return found, err
		}
		if err := raw.put(form, got); err != nil {
			return found, err
		}
		found++
	}
	return found, nil
}

func adviceMissing(s *source, i item) string {
	switch {
	case s.official:
		return "The publisher may have moved it: look for a newer version of this program, or use --from with a copy"
	case strings.HasPrefix(i.forms[0].name, "legislators"):
		return "Put it there, or use --only districts to leave the roster as it is"
	}
	return "Put it there, or use --only roster to leave the district lines as they are"
}

// gather fetches all that the district data are made from.
func (r *run) gather(ctx context.Context, raw *rawFolder) error {
	for _, items := range [][]item{lineItems(), {relationItem(baseCongress)}, zipListItems(), pastItems()} {
		if _, err := r.collect(ctx, raw, items...); err != nil {
			return err
		}
	}
	for n := baseCongress + 1; n <= congress.CongressAt(r.made.Made)+1; n++ {
		if err := r.gatherNext(ctx, raw, n); err != nil {
			return err
		}
	}
	return r.gatherOverrides(raw)
}

// gatherNext fetches the lines of a later Congress. Where the addresses are only guessed
// at, the first state's file shows whether they are out.
func (r *run) gatherNext(ctx context.Context, raw *rawFolder, n congress.Number) error {
	items := nextItems(n)
	if r.source.index == nil {
		found, err := r.collect(ctx, raw, items[0])
		if err != nil || found == 0 {
			return err
		}
		items = items[1:]
	}
	found, err := r.collect(ctx, raw, items...)
	if err != nil || found == 0 {
		return err
	}
	found, err = r.collect(ctx, raw, relationItem(n))
	if err != nil || found > 0 {
		return err
	}
	// Without a relation, blocks tell which districts a ZIP code may lie in.
	_, err = r.collect(ctx, raw, blockItem(baseCongress), blockItem(n))
	return err
}

// overridesName is the operator's own list of plans, beside the cache, see
// docs/districts.md. The files that it names lie beside it.
const overridesName = "plans.json"

func (r *run) gatherOverrides(raw *rawFolder) error {
	text, err := os.ReadFile(filepath.Join(r.Dir, overridesName))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	var plans []struct {
		File string `json:"file"`
	}
	if err == nil {
		err = json.Unmarshal(text, &plans)
	}
	if err != nil {
		return failed("Mend it or remove it", err, "your own list of plans, %s, cannot be read", filepath.Join(r.Dir, overridesName))
	}
	names := []string{overridesName}
	for _, p := range plans {
		if p.File != "" && filepath.IsLocal(filepath.FromSlash(p.File)) { // the compiler refuses others
			names = append(names, p.File)
		}
	}
	for _, name := range names {
		got, err := local(name, place{path: filepath.Join(r.Dir, filepath.FromSlash(name))}, maxLines)
		if err == nil {
			err = raw.put(form{name: name, raw: name}, got)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// members brings the list of members, and a mirror's changes to it, into a raw folder, and
// says of which day they are.
func (r *run) members(ctx context.Context, raw *rawFolder) (dating, error) {
	i := rosterItem()
	form, list, err := r.item(ctx, r.source, i)
	if errors.Is(err, errNotThere) {
		return dating{}, failed(adviceMissing(r.source, i), nil, "%s", strings.TrimSuffix(err.Error(), ": "+errNotThere.Error()))
	}
	if err == nil {
		err = raw.put(form, list)
	}
	if err != nil {
		return dating{}, err
	}
	d, err := r.dateMembers(ctx, raw, list)
	if err == nil {
		err = raw.indexRoster(d.page)
	}
	return d, err
}
