package datasync

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/franklin-letters/franklin/internal/datasync/inuse"
)

// fetcher brings files into the cache.
type fetcher struct {
	cache  string
	client *http.Client
	agent  string
	now    func() time.Time
	wait   func(context.Context, time.Duration) error
	jitter func() float64
	stall  time.Duration // without a byte for so long, a connection counts as dead
	show   Progress
	bytes  int64 // fetched over the network by this fetcher
}

// fetched is a file at hand.
type fetched struct {
	path      string
	source    string // where it was published
	sum       string
	version   string    // the server's tag
	published time.Time // as the server says; zero for a file of a folder, whose own time says when it was copied
	modified  bool      // published is the server's Last-Modified
	cached    bool      // in the cache, and not where its owner put it
}

// item brings one thing in the first form that the source has. It returns errNotThere
// when it has none.
func (f *fetcher) item(ctx context.Context, s *source, i item) (form, fetched, error) {
	for _, form := range i.forms {
		where, ok := s.find(form)
		if !ok {
			continue
		}
		got, err := f.fetch(ctx, form.name, where, form.max)
		if errors.Is(err, errNotThere) && where.sum != "" {
			return form, got, failed("The mirror is not complete: ask whoever keeps it", err, "SHA256SUMS at %s names %s, but it is missing", s, form.name)
		}
		if errors.Is(err, errNotThere) {
			continue
		}
		return form, got, err
	}
	return form{}, fetched{}, fmt.Errorf("%s (%s) is not at %s: %w", i.what, i.forms[0].name, s, errNotThere)
}

// fetch returns the file of a place, whole and with the right checksum.
func (f *fetcher) fetch(ctx context.Context, name string, from place, limit int64) (fetched, error) {
	if from.path != "" {
		return local(name, from, limit)
	}
	d := &download{fetcher: f, name: name, from: from, limit: limit, path: filepath.Join(f.cache, name)}
	if kept, ok := d.kept(); ok && from.sum != "" && kept.SHA256 == from.sum {
		return d.result(kept), nil
	}
	r, err := d.persist(ctx)
	if err != nil {
		return fetched{}, err
	}
	return d.result(r), nil
}

// local takes a file where it lies.
func local(name string, from place, limit int64) (fetched, error) {
	info, err := os.Stat(from.path)
	if errors.Is(err, os.ErrNotExist) {
		return fetched{}, failed("The copy is not complete: copy the folder again", err, "the list of checksums names %s, but it is missing", name)
	}
	if err != nil {
		return fetched{}, localFailure("cannot read "+name, err)
	}
	if info.Size() > limit {
		return fetched{}, failed("It is not the official file", nil, "%s has %d bytes, more than the %d that it may have", from.path, info.Size(), limit)
	}
	_, sum, err := sumOf(from.path)
	if err != nil {
		return fetched{}, localFailure("cannot read "+name, err)
	}
	if from.sum != "" && sum != from.sum {
		return fetched{}, failed("The copy is damaged: copy the folder again", nil, "the checksum of %s is not the one in SHA256SUMS", from.path)
	}
	if err := whole(from.path, name); err != nil {
		return fetched{}, failed("The copy is damaged: copy the folder again", err, "%s cannot be used", from.path)
	}
	return fetched{path: from.path, source: from.path, sum: sum}, nil
}

// download is the fetching of one file over the network.
type download struct {
	*fetcher

	name  string
	from  place
	limit int64
	path  string // of the whole file in the cache
}

// recordEnding is how the record of a whole file is named behind it.
const recordEnding = ".json"

func (d *download) part() string       { return d.path + ".part" }
func (d *download) partRecord() string { return d.path + ".part.json" }
func (d *download) fullRecord() string { return d.path + recordEnding }

// kept returns the record of a whole file of this place that is in the cache.
func (d *download) kept() (record, bool) {
	r, ok := readRecord(d.fullRecord())
	if !ok || r.SHA256 == "" {
		return record{}, false
	}
	info, err := os.Stat(d.path)
	return r, err == nil && info.Size() == r.Length
}

func (d *download) result(r record) fetched {
	return fetched{path: d.path, source: r.URL, sum: r.SHA256, version: strings.Trim(r.ETag, `W/"`), published: r.Published, modified: r.LastModified != "", cached: true}
}

// begun returns how much of the file an earlier run left, and of which version.
func (d *download) begun() (record, int64) {
	r, ok := readRecord(d.partRecord())
	info, err := os.Stat(d.part())
	if !ok || err != nil || r.URL != d.from.url || r.validator() == "" || r.Length >= 0 && info.Size() > r.Length {
		return record{}, 0
	}
	return r, info.Size()
}

// discard forgets what an earlier attempt left.
func (d *download) discard() {
	_ = os.Remove(d.partRecord()) // without its record a beginning is not used
	_ = os.Remove(d.part())
}

// finish checks the fetched file and puts it in its place in the cache.
func (d *download) finish(r record) (record, error) {
	length, sum, err := sumOf(d.part())
	if err != nil {
		return record{}, localFailure("cannot read back "+d.name, err)
	}
	if r.Length >= 0 && length != r.Length {
		return record{}, &passing{err: fmt.Errorf("%d of %d bytes came", length, r.Length)}
	}
	if d.from.sum != "" && sum != d.from.sum {
		d.discard()
		return record{}, &passing{err: errors.New("its checksum is not the one in SHA256SUMS")}
	}
	if err := whole(d.part(), d.name); err != nil {
		d.discard()
		return record{}, &passing{err: err}
	}
	r.Length, r.SHA256 = length, sum
	_ = os.Remove(d.fullRecord()) // from here on the old file counts as gone
	if err := os.Rename(d.part(), d.path); err != nil {
		return record{}, localFailure("cannot keep "+d.name, err)
	}
	if err := r.write(d.fullRecord()); err != nil {
		return record{}, localFailure("cannot keep "+d.name, err)
	}
	_ = os.Remove(d.partRecord())
	return r, localFailure("cannot keep "+d.name, inuse.SyncDir(d.cache))
}
