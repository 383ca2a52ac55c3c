package datasync

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/roster"
	"github.com/franklin-letters/franklin/internal/databuild/rosterdata"
)

// dating says of which day a list of members is, and how that is known. The time of a file
// says only when it was copied, so it never counts.
type dating struct {
	page string // as PROVENANCE.md has it
	// firm means that the publisher, or a mirror's own page about files that it has
	// checksums of, says so.
	firm bool
	// shown is the newest day that the content shows, unless firm. The list may have been
	// written later, but nothing proves that.
	shown roster.Date
}

// says words the day of a roster.
func (d dating) says(day roster.Date) string {
	if !d.firm && day == d.shown {
		return fmt.Sprintf("of %s at the latest", day)
	}
	return fmt.Sprintf("of %s", day)
}

// dateMembers finds out of which day the list in the raw folder is, and takes the table of
// changes along that belongs to it.
func (r *run) dateMembers(ctx context.Context, raw *rawFolder, list fetched) (dating, error) {
	page, err := r.provenance(ctx)
	if err != nil {
		return dating{}, err
	}
	if changes, ok := changesItem(r.source.names()); ok && strings.Contains(page, "`"+changes.forms[0].raw+"`") {
		if _, err := r.collect(ctx, raw, changes); err != nil {
			return dating{}, err
		}
	}
	if strings.Contains(page, "`"+rosterRaw+"`") {
		return dating{page: page, firm: true}, nil
	}
	if r.source.official && !list.published.IsZero() {
		return dating{page: row(rosterRaw, list, list.published.Format(time.DateOnly)), firm: true}, nil
	}
	return r.dateByContent(ctx, raw, list)
}

// provenance is the page of a mirror about itself. It counts beside checksums only, which
// tie it to the files.
func (r *run) provenance(ctx context.Context) (string, error) {
	p, ok := r.source.index[provenanceName]
	if !ok || !r.source.checked {
		return "", nil
	}
	got, err := r.fetch(ctx, provenanceName, p, maxSums)
	if errors.Is(err, errNotThere) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	text, err := os.ReadFile(got.path)
	return string(text), localFailure("cannot read "+provenanceName, err)
}

// dateByContent goes by the newest term, by the table of changes beside the list, or by what
// a mirror's server says of the file, as long as that does not contradict the roster in use.
func (r *run) dateByContent(ctx context.Context, raw *rawFolder, list fetched) (dating, error) {
	packed, err := os.ReadFile(filepath.Join(raw.dir, filepath.FromSlash(rosterRaw)))
	if err != nil {
		return dating{}, localFailure("cannot read the list of members", err)
	}
	shown, err := rosterdata.LatestStart(ctx, packed, roster.Date(r.made.Made.Format(time.DateOnly)))
	if err != nil {
		return dating{}, failed(advicePublish, err, "%s is not what it should be", list.source)
	}
	if changes, ok := changesItem(r.source.names()); ok {
		from, to := changesSpan(changes)
		if shown <= from {
			_, err := r.collect(ctx, raw, changes)
			page := row(rosterRaw, list, string(from)) + row(changes.forms[0].raw, fetched{source: changes.forms[0].name}, string(to))
			return dating{page: page, shown: to}, err
		}
		r.Progress.Say(fmt.Sprintf("roster: %s is left out, because the list beside it is newer", changes.forms[0].name))
	}
	day := string(shown)
	if list.modified {
		day = max(day, list.published.Format(time.DateOnly))
	}
	return dating{page: row(rosterRaw, list, day), shown: shown}, nil
}

// row is one of PROVENANCE.md.
func row(name string, file fetched, day string) string {
	cell := strings.NewReplacer("|", "/", "\n", " ")
	return fmt.Sprintf("| `%s` | members of Congress | %s | %s | CC0 1.0 | %s | |\n", name, cell.Replace(file.source), cell.Replace(file.version), day)
}

// older says why a roster must not take the place of the one in use; "" when it may. A day
// that only a mirror's server gives is not enough to unseat anybody: it may be that of a copy.
func (d dating) older(fresh, inUse *roster.Roster, where string) string {
	if fresh.AsOf() < inUse.AsOf() {
		return fmt.Sprintf("the roster %s is %s; the one in use is of %s and stays", where, d.says(fresh.AsOf()), inUse.AsOf())
	}
	if d.firm || d.shown > inUse.AsOf() {
		return ""
	}
	if seats := unseated(fresh, inUse); len(seats) > 0 {
		return fmt.Sprintf("the roster %s holds nothing newer than %s and lacks the present state of %s; the one in use is of %s and stays. A SHA256SUMS and a PROVENANCE.md beside the list say of which day it is",
			where, d.shown, strings.Join(seats, " "), inUse.AsOf())
	}
	return ""
}

// unseated returns the seats of which a roster knows less than the one in use: it calls them
// vacant although somebody sits there, or names somebody whose term began before.
func unseated(fresh, inUse *roster.Roster) []string {
	if fresh.Congress() != inUse.Congress() {
		return nil
	}
	var seats []string
	for _, seat := range slices.Concat(congress.AllHouseSeats(), congress.AllSenateSeats()) {
		was, wasErr := inUse.Holder(seat, evening(inUse))
		is, isErr := fresh.Holder(seat, evening(fresh))
		if wasErr != nil || isErr != nil {
			continue
		}
		same := was.Seated() && is.Seated() && was.Member.Bioguide == is.Member.Bioguide
		since := was.Since
		if since == "" {
			since = inUse.AsOf()
		}
		if was.Seated() && !is.Seated() || is.Seated() && !same && is.Since < since {
			seats = append(seats, seat.String())
		}
	}
	return seats
}

// evening is a moment of the day of a roster, in all of the country.
func evening(r *roster.Roster) time.Time {
	day, _ := r.AsOf().Time() // checked when it was opened
	return day.Add(18 * time.Hour)
}
