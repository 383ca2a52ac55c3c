package datasync

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/internal/datasync/inuse"
)

// Options say what to bring up to date, from where, and how.
type Options struct {
	Dir  string // the data folder
	From string // a folder or the address of a mirror; the official addresses when empty
	Only string // OnlyDistricts or OnlyRoster; both when empty
	// Streets are the states whose street tables are made besides those in use.
	Streets []congress.State
	// Landmarks and BuiltIn are the real ones unless told: Landmarks() and the data built
	// into the program.
	Landmarks []Landmark
	BuiltIn   *inuse.BuiltIn

	Agent    string // how this program names itself to servers
	Client   *http.Client
	Clock    func() time.Time
	Wait     func(context.Context, time.Duration) error // returns early with an error when the context ends
	Jitter   func() float64                             // in [0,1), so that not all of us come back at once
	Stall    time.Duration                              // without a byte for so long a connection is given up; a minute unless told
	Progress Progress
}

// The two parts, for Options.Only.
const (
	OnlyDistricts = "districts"
	OnlyRoster    = "roster"
)

// Outcome says what is in use after a sync.
type Outcome struct {
	Set       string `json:"set"`     // in use now; empty when nothing was ever synced
	Changed   bool   `json:"changed"` // another set than before is in use
	Districts Result `json:"districts"`
	Roster    Result `json:"roster"`
	Fetched   int64  `json:"fetched_bytes"`
}

// Result is what happened to one part.
type Result string

// The results.
const (
	Updated   Result = "updated"
	Unchanged Result = "unchanged" // newer data are not there
	Kept      Result = "kept"      // it failed, and what was in use stays
	Skipped   Result = "skipped"   // it was not asked for
)

// run is one sync.
type run struct {
	Options
	*fetcher

	folder *folder
	source *source
	base   *inuse.Data
	was    about // of the set in use
	made   about // of the set being made
	set    string
	path   string
}

// Sync brings the data in a folder up to date. Each part stands by itself: when the
// roster comes and the lines do not, the new roster is used with the lines as they were.
// What failed is the error; what is in use then is as it was.
func Sync(ctx context.Context, o Options) (_ Outcome, err error) {
	r := &run{Options: o}
	if r.folder, err = openFolderOf(o.Dir); err != nil {
		return Outcome{}, err
	}
	defer func() { err = errors.Join(err, r.folder.sweep(), r.folder.close()) }()
	r.fetcher = o.fetcher()
	if r.BuiltIn == nil {
		b, err := inuse.Program()
		if err != nil {
			return Outcome{}, err
		}
		r.BuiltIn = &b
	}
	r.base = r.BuiltIn.Open(o.Dir)
	current, err := inuse.Pointed(o.Dir)
	if err != nil {
		current = "" // damaged: everything is made anew
	}
	r.was = aboutSet(o.Dir, current)
	out := Outcome{Set: current}
	if r.source, err = r.openSource(ctx, o.From); err != nil {
		return out, err
	}
	r.made = about{Made: o.Clock().UTC(), From: r.source.String()}
	if r.set, r.path, err = r.folder.newSet(r.made.Made); err != nil {
		return out, err
	}
	var errs [2]error
	out.Districts, errs[0] = r.part(ctx, OnlyDistricts, inuse.DistrictsName, r.districts)
	out.Roster, errs[1] = r.part(ctx, OnlyRoster, inuse.RosterName, r.roster)
	out.Fetched = r.bytes
	if out.Districts == Updated || out.Roster == Updated {
		if err := r.finish(&out); err != nil {
			return out, errors.Join(errs[0], errs[1], err)
		}
	}
	return out, errors.Join(errs[:]...)
}

func (o Options) fetcher() *fetcher {
	f := &fetcher{
		cache: filepath.Join(o.Dir, cacheName), client: o.Client, agent: o.Agent,
		now: o.Clock, wait: o.Wait, jitter: o.Jitter, stall: o.Stall, show: o.Progress,
	}
	if f.client == nil {
		f.client = newClient()
	}
	if f.stall == 0 {
		f.stall = time.Minute
	}
	return f
}

// part runs one part unless it was not asked for, or the other one was interrupted.
func (r *run) part(ctx context.Context, name, dir string, work func(ctx context.Context, into string) (Result, error)) (Result, error) {
	if r.Only != "" && r.Only != name {
		return Skipped, nil
	}
	select {
	case <-ctx.Done():
		return Kept, nil // the other part has said so
	default:
	}
	into := filepath.Join(r.path, dir)
	result, err := work(ctx, into)
	if result != Updated { // nothing half made or not believed may get into a set
		err = errors.Join(err, os.RemoveAll(into))
	}
	if err != nil {
		return Kept, fmt.Errorf("%s: %w", name, err)
	}
	return result, nil
}

// finish fills the set with the parts that stay, and puts it into use.
func (r *run) finish(out *Outcome) error {
	for _, part := range []struct {
		result Result
		from   inuse.Part
		dir    string
		digest *string
		was    string
	}{
		{out.Districts, r.base.Lines, inuse.DistrictsName, &r.made.Districts, r.was.Districts},
		{out.Roster, r.base.People, inuse.RosterName, &r.made.Roster, r.was.Roster},
	} {
		if part.result == Updated || !part.from.Synced {
			continue
		}
		*part.digest = part.was
		if err := carry(filepath.Join(inuse.SetDir(r.Dir, part.from.Set), part.dir), filepath.Join(r.path, part.dir)); err != nil {
			return localFailure("cannot take over the data in use", err)
		}
	}
	if err := r.folder.adopt(r.set, r.path, r.made); err != nil {
		return err
	}
	out.Set, out.Changed = r.set, true
	return nil
}

// String tells the outcome in a line.
func (o Outcome) String() string {
	if !o.Changed {
		return fmt.Sprintf("Nothing has changed (district lines %s, roster %s).", o.Districts, o.Roster)
	}
	return fmt.Sprintf("In use from now on: the data of %s (district lines %s, roster %s). A running server takes them up within a minute.", o.Set, o.Districts, o.Roster)
}
