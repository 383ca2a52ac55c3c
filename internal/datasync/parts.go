package datasync

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/franklin-letters/franklin/congress/district"
	"github.com/franklin-letters/franklin/congress/roster"
	"github.com/franklin-letters/franklin/internal/databuild"
	"github.com/franklin-letters/franklin/internal/databuild/rosterdata"
	"github.com/franklin-letters/franklin/internal/datasync/inuse"
)

// districts fetches, compiles and tries the district lines and the ZIP codes.
func (r *run) districts(ctx context.Context, into string) (Result, error) {
	raw, err := newRawFolder(filepath.Join(r.path, ".raw-districts"))
	if err != nil {
		return Kept, err
	}
	defer func() { _ = os.RemoveAll(raw.dir) }() // also swept at the next start
	if err := r.gather(ctx, raw); err != nil {
		return Kept, err
	}
	streets, err := r.gatherStreets(ctx, raw)
	if err != nil {
		return Kept, err
	}
	r.made.Districts = raw.digest(fmt.Sprintf("districts %d", district.ManifestFormat))
	if r.made.Districts == r.was.Districts && r.base.Lines.Synced && len(r.base.LeftOut) == 0 {
		r.Progress.Say("district lines: those in use are the newest")
		for _, s := range r.base.Streets() {
			if gap := s.Gap(); gap != "" {
				r.Progress.Say("streets: " + gap)
			}
		}
		return Unchanged, nil
	}
	if err := databuild.DistrictsOver(ctx, r.base.Files, raw.dir, into, progressLines(r.Progress)); err != nil {
		return Kept, rejected(ctx, raw, err, "the fetched files cannot be compiled")
	}
	if err := r.compileStreets(ctx, raw, into, streets); err != nil {
		return Kept, rejected(ctx, raw, err, "the fetched streets cannot be compiled")
	}
	fresh, err := inuse.OpenDistricts(into)
	if err == nil {
		err = verifyStreets(os.DirFS(into), r.base.Files)
	}
	if err == nil {
		err = verifyDistricts(fresh, r.base.Districts, r.landmarks(), r.made.Made)
	}
	if err != nil {
		return Kept, rejected(ctx, raw, err, "the new lines do not hold up")
	}
	return Updated, nil
}

func (r *run) landmarks() []Landmark {
	if r.Landmarks == nil {
		return Landmarks()
	}
	return r.Landmarks
}

// roster fetches, compiles and tries the list of members.
func (r *run) roster(ctx context.Context, into string) (Result, error) {
	raw, err := newRawFolder(filepath.Join(r.path, ".raw-roster"))
	if err != nil {
		return Kept, err
	}
	defer func() { _ = os.RemoveAll(raw.dir) }() // also swept at the next start
	dated, err := r.members(ctx, raw)
	if err != nil {
		return Kept, err
	}
	if r.made.Roster = raw.digest(roster.Format + "\n" + dated.page); r.made.Roster == r.was.Roster && r.base.People.Synced {
		r.Progress.Say("roster: the one in use is the newest")
		return Unchanged, nil
	}
	if err := rosterdata.Build(ctx, raw.dir, into, progressLines(r.Progress)); err != nil {
		return Kept, rejected(ctx, raw, err, "the fetched list of members cannot be compiled")
	}
	fresh, err := inuse.OpenRoster(into)
	if err == nil {
		if why := dated.older(fresh, r.base.Roster, r.source.where()); why != "" {
			r.Progress.Say("roster: " + why)
			return Unchanged, nil
		}
		err = verifyRoster(fresh, r.base.Roster, r.made.Made)
	}
	if err != nil {
		return Kept, rejected(ctx, raw, err, "the new list of members does not hold up")
	}
	return Updated, nil
}

// progressLines passes on the lines that a compiler writes.
func progressLines(p Progress) io.Writer { return lineWriter{p} }

type lineWriter struct{ Progress }

// Write says each line.
func (w lineWriter) Write(text []byte) (int, error) {
	for line := range strings.Lines(string(text)) {
		w.Say(strings.TrimRight(line, "\n"))
	}
	return len(text), nil
}

// rejected explains why fetched files are of no use, unless we were interrupted.
func rejected(ctx context.Context, raw *rawFolder, err error, what string) error {
	if ctx.Err() != nil {
		return failed("Run the command again: nothing in use has changed", err, "stopped while compiling")
	}
	raw.distrust()
	return failed(advicePublish, err, "%s", what)
}
