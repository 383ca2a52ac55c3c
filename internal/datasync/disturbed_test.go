package datasync

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/internal/databuild/rawtest"
	"github.com/franklin-letters/franklin/internal/datasync/inuse"
)

// status answers with a code and, if it is given, a Retry-After.
func status(code int, after string) func(http.ResponseWriter, *http.Request, int) bool {
	return func(w http.ResponseWriter, _ *http.Request, _ int) bool {
		if after != "" {
			w.Header().Set("Retry-After", after)
		}
		http.Error(w, "no", code)
		return true
	}
}

// body answers with other content.
func body(content string) func(http.ResponseWriter, *http.Request, int) bool {
	return func(w http.ResponseWriter, _ *http.Request, _ int) bool {
		_, _ = w.Write([]byte(content))
		return true
	}
}

// TestDataInUseStay lets everything go wrong, one thing at a time, and looks that the data
// in use stay and that the message says what to do.
func TestDataInUseStay(t *testing.T) {
	t.Parallel()
	b, files := country(t)
	arizona := rawtest.Lines("AZ")
	fewer := bytes.Join(bytes.SplitAfter(files[rawtest.Relation], []byte("\n"))[:400], nil)
	for name, c := range map[string]struct {
		path    string
		odd     func(http.ResponseWriter, *http.Request, int) bool
		content []byte // or this in place of the file
		lacks   bool   // or nothing
		want    []string
	}{
		"captive portal":       {path: arizona, odd: body("<html>Please log in</html>"), want: []string{"tl_2025_04_cd119.zip is damaged", "Run the command again later", "--from DIR"}},
		"empty file":           {path: rawtest.Relation, odd: body(""), want: []string{"it is empty", "Run the command again later"}},
		"web page as a table":  {path: rawtest.Relation, odd: body("<!DOCTYPE html><html></html>"), want: []string{"it is a web page"}},
		"noise":                {path: arizona, odd: body(strings.Repeat("\x00\xff", 5000)), want: []string{"is damaged"}},
		"file without its end": {path: arizona, content: files[arizona][:len(files[arizona])/2], want: []string{"is damaged", "Run the command again later"}},
		"error":                {path: arizona, odd: status(500, ""), want: []string{`"500 Internal Server Error"`, "Run the command again later"}},
		"busy":                 {path: arizona, odd: status(503, "1"), want: []string{`"503 Service Unavailable"`}},
		"busy for long":        {path: arizona, odd: status(503, "7200"), want: []string{"Run the command again in 2h0m0s"}},
		"busy until a day":     {path: arizona, odd: status(429, now.Add(time.Hour).Format(http.TimeFormat)), want: []string{"Run the command again in 1h0m0s"}},
		"forbidden":            {path: arizona, odd: status(403, ""), want: []string{`"403 Forbidden"`, "--from DIR"}},
		"gone":                 {path: arizona, lacks: true, want: []string{"lines of Arizona, 119th Congress (tl_2025_04_cd119.zip) is not at", "newer version of this program"}},
		"another state":        {path: arizona, content: files[rawtest.Lines("CO")], want: []string{"not in AZ", "--from with a copy"}},
		"swapped districts":    {path: rawtest.Lines("TX"), content: swapped(t, "TX"), want: []string{"119th", "TX", "try again tomorrow"}},
		"half a relation":      {path: rawtest.Relation, content: fewer, want: []string{"no area lies in", "try again tomorrow"}},
		"other columns":        {path: rawtest.Relation, content: []byte("A|B\n1|2\n"), want: []string{"no columns"}},
		"too long": {path: arizona, odd: func(w http.ResponseWriter, _ *http.Request, _ int) bool {
			w.Header().Set("Content-Length", strconv.Itoa(maxLines+1))
			return true
		}, want: []string{"longer than the 67108864 bytes"}},
		"half a list of members": {path: rawtest.Members, content: rawtest.Roster(t, congress.AllHouseSeats()[:100]), want: []string{"the list cannot be complete"}},
		"members that are none":  {path: rawtest.Members, odd: body("[{]"), want: []string{"it is not JSON", "Run the command again later"}},
		"members of the future": {path: rawtest.Members, odd: func(w http.ResponseWriter, _ *http.Request, _ int) bool {
			w.Header().Set("Last-Modified", now.AddDate(0, 0, 9).Format(http.TimeFormat))
			_, _ = w.Write(rawtest.Roster(t, []congress.Seat{{State: "AZ", District: 4}}))
			return true
		}, want: []string{"its day is 2026-12-03, which has not come"}},
		"members of the last Congress": {path: rawtest.Members, content: bytes.ReplaceAll(rawtest.Roster(t, nil), []byte("2027-01-03"), []byte("2025-01-03")), want: []string{"118th Congress"}},
		"no members":                   {path: rawtest.Members, lacks: true, want: []string{"members of Congress (legislators-current.json) is not at"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := publish(t, files)
			dir := t.TempDir()
			o, out := options(dir, b, p)
			first, err := Sync(t.Context(), o)
			if err != nil {
				t.Fatal(err)
			}
			switch {
			case c.odd != nil:
				p.oddly(c.path, c.odd)
			case c.lacks:
				delete(p.files, c.path)
			default:
				p.put(c.path, c.content)
			}
			got, err := Sync(t.Context(), o)
			if err == nil || got.Changed || got.Set != first.Set {
				t.Fatalf("%+v, %v\n%s", got, err, out.text())
			}
			for _, want := range c.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("the message %q lacks %q", err, want)
				}
			}
			still(t, b, dir, first.Set)
			// As soon as all is well again, so is the sync.
			p.oddly(c.path, nil)
			p.put(c.path, files[c.path])
			if got, err = Sync(t.Context(), o); err != nil || got.Districts == Kept || got.Roster == Kept {
				t.Errorf("afterwards: %+v, %v", got, err)
			}
		})
	}
}

// swapped returns a file in which a state's last two districts have changed places.
func swapped(t *testing.T, s congress.State) []byte {
	t.Helper()
	last := uint8(len(s.HouseSeats()))
	return rawtest.Squares(t, 119, s, func(seat congress.Seat) congress.Seat {
		if seat.District >= last-1 {
			seat.District = 2*last - 1 - seat.District
		}
		return seat
	})
}

// still looks that a set is in use, whole, and the only thing that a sync left.
func still(t *testing.T, b *inuse.BuiltIn, dir, set string) {
	t.Helper()
	data := b.Open(dir)
	if set != "" && (!data.Lines.Synced || !data.People.Synced || data.Lines.Set != set) {
		t.Errorf("in use: %+v, %+v", data.Lines, data.People)
	}
	seat := congress.Seat{State: "AZ", District: 4}
	lat, lon := rawtest.Middle(seat)
	if r, err := data.Districts.ByPoint(lat, lon, 0, now); err != nil || r.Seat != seat {
		t.Errorf("the middle of %s: %s, %v", seat, r.Seat, err)
	}
	left, err := os.ReadDir(inuse.SetsDir(dir))
	if set == "" && data.Lines.Synced || err != nil || len(left) > 1 {
		t.Errorf("%d sets are left, %v", len(left), err)
	}
}

// TestOnePartGoesOn takes a new roster while the lines cannot be had.
func TestOnePartGoesOn(t *testing.T) {
	t.Parallel()
	b, files := country(t)
	p := publish(t, files)
	dir := t.TempDir()
	o, _ := options(dir, b, p)
	p.oddly(rawtest.Lines("AZ"), status(500, ""))
	got, err := Sync(t.Context(), o)
	if err == nil || !got.Changed || got.Districts != Kept || got.Roster != Updated {
		t.Fatalf("%+v, %v", got, err)
	}
	if data := b.Open(dir); data.Lines.Synced || data.Lines.Broken || !data.People.Synced {
		t.Errorf("%+v, %+v", data.Lines, data.People)
	}
	p.oddly(rawtest.Lines("AZ"), nil)
	if got, err := Sync(t.Context(), o); err != nil || got.Districts != Updated || got.Roster != Unchanged {
		t.Errorf("%+v, %v", got, err)
	}
	if data := b.Open(dir); !data.Lines.Synced || !data.People.Synced {
		t.Errorf("%+v, %+v", data.Lines, data.People)
	}
}

// TestOlderRosterIsNotTaken: a mirror may be behind.
func TestOlderRosterIsNotTaken(t *testing.T) {
	t.Parallel()
	b, files := country(t)
	p := publish(t, files)
	dir := t.TempDir()
	o, out := options(dir, b, p)
	p.oddly(rawtest.Members, func(w http.ResponseWriter, _ *http.Request, _ int) bool {
		w.Header().Set("Last-Modified", "Mon, 01 Jun 2026 00:00:00 GMT")
		_, _ = w.Write(files[rawtest.Members])
		return true
	})
	got, err := Sync(t.Context(), o)
	if err != nil || got.Roster != Unchanged || !strings.Contains(out.text(), "the one in use is of 2026-06-15 and stays") {
		t.Errorf("%+v, %v\n%s", got, err, out.text())
	}
}

// TestWrongChecksum refuses what a mirror's own list does not vouch for.
func TestWrongChecksum(t *testing.T) {
	t.Parallel()
	b, files := country(t)
	p := publish(t, files)
	p.sums()
	folder := t.TempDir()
	for name, content := range p.files {
		writeFile(t, filepath.Join(folder, name), content)
	}
	other := rawtest.Squares(t, 119, "AZ", func(s congress.Seat) congress.Seat { return s })
	other[len(other)/2] ^= 1
	p.put(rawtest.Lines("AZ"), other)
	writeFile(t, filepath.Join(folder, rawtest.Lines("AZ")), other)
	for from, want := range map[string]string{p.URL: "its checksum is not the one in SHA256SUMS", folder: "The copy is damaged"} {
		o, _ := options(t.TempDir(), b, p)
		o.From = from
		if got, err := Sync(t.Context(), o); err == nil || got.Districts != Kept || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %+v, %v", from, got, err)
		}
		still(t, b, o.Dir, "")
	}
	if err := os.Remove(filepath.Join(folder, rawtest.Lines("AZ"))); err != nil {
		t.Fatal(err)
	}
	writeFile(t, filepath.Join(folder, "x", sumsName), []byte("no list\n"))
	for from, want := range map[string]string{
		folder: "The copy is not complete", filepath.Join(folder, "x"): "SHA256SUMS, line 1", filepath.Join(folder, "none"): "is no folder", "ftp://a/b": "is no folder",
	} {
		o, _ := options(t.TempDir(), b, p)
		o.From = from
		if _, err := Sync(t.Context(), o); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", from, err)
		}
	}
}

// TestHangingServer gives up on a server that says nothing, before and amid a file.
func TestHangingServer(t *testing.T) {
	t.Parallel()
	b, files := country(t)
	for _, begun := range []bool{false, true} {
		p := publish(t, files)
		o, _ := options(t.TempDir(), b, p)
		o.Stall = 50 * time.Millisecond
		big := rawtest.Lines(rawtest.Big)
		p.oddly(big, func(w http.ResponseWriter, r *http.Request, _ int) bool {
			if begun {
				w.Header().Set("Content-Length", strconv.Itoa(len(files[big])))
				_, _ = w.Write(files[big][:1000])
				w.(http.Flusher).Flush()
			}
			<-r.Context().Done()
			return true
		})
		_, err := Sync(t.Context(), o)
		if err == nil || !strings.Contains(err.Error(), "nothing came for 50ms") {
			t.Errorf("begun %t: %v", begun, err)
		}
		still(t, b, o.Dir, "")
	}
}

// TestWaits doubles the pauses, gives chance its share, and obeys Retry-After.
func TestWaits(t *testing.T) {
	t.Parallel()
	b, files := country(t)
	for after, want := range map[string][]time.Duration{
		"":    {time.Second, 2 * time.Second, 4 * time.Second, 8 * time.Second, 16 * time.Second},
		"3":   {3 * time.Second, 3 * time.Second, 4 * time.Second, 8 * time.Second, 16 * time.Second},
		"odd": {time.Second, 2 * time.Second, 4 * time.Second, 8 * time.Second, 16 * time.Second},
	} {
		p := publish(t, files)
		o, out := options(t.TempDir(), b, p)
		o.Only = OnlyRoster
		p.oddly(rawtest.Members, status(503, after))
		if _, err := Sync(t.Context(), o); err == nil || !slices.Equal(out.waits, want) {
			t.Errorf("%q: %v, %v", after, out.waits, err)
		}
	}
}

// TestFolderThatCannotBeWritten says so and what to do.
func TestFolderThatCannotBeWritten(t *testing.T) {
	t.Parallel()
	b, files := country(t)
	p := publish(t, files)
	for _, taken := range []string{"", cacheName, "sets"} {
		dir := filepath.Join(t.TempDir(), "congress")
		writeFile(t, filepath.Join(dir, taken), nil) // a file where a folder should be
		o, _ := options(dir, b, p)
		if _, err := Sync(t.Context(), o); err == nil || !strings.Contains(err.Error(), "cannot make the data folder") {
			t.Errorf("%s: %v", taken, err)
		}
	}
	dir := t.TempDir()
	o, _ := options(dir, b, p)
	if err := os.MkdirAll(filepath.Join(dir, cacheName, "tl_2025_04_cd119.zip.part", "in the way"), 0o755); err != nil {
		t.Fatal(err)
	}
	if _, err := Sync(t.Context(), o); err == nil || !strings.Contains(err.Error(), "cannot write to the cache") {
		t.Errorf("%v", err)
	}
	for cause, want := range map[error]string{
		syscall.ENOSPC: "The disk is full: make room", syscall.EROFS: "--data-dir", os.ErrPermission: "as the user that the server runs as",
	} {
		if err := localFailure("cannot write", &os.PathError{Op: "write", Path: "x", Err: cause}); !strings.Contains(err.Error(), want) || !errors.Is(err, cause) {
			t.Errorf("%v: %v", cause, err)
		}
	}
}

// TestInterrupted stops in the middle and says that it will go on.
func TestInterrupted(t *testing.T) {
	t.Parallel()
	b, files := country(t)
	p := publish(t, files)
	o, _ := options(t.TempDir(), b, p)
	ctx, stop := context.WithCancel(t.Context())
	big := rawtest.Lines(rawtest.Big)
	p.oddly(big, func(w http.ResponseWriter, r *http.Request, _ int) bool {
		w.Header().Set("ETag", `"one"`)
		w.Header().Set("Content-Length", strconv.Itoa(len(files[big])))
		_, _ = w.Write(files[big][:500_000])
		w.(http.Flusher).Flush()
		for !exists(filepath.Join(o.Dir, cacheName, filepath.Base(big)+".part")) {
			time.Sleep(time.Millisecond)
		}
		stop()
		<-r.Context().Done()
		return true
	})
	got, err := Sync(ctx, o)
	if !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), "Run the command again: it goes on from there") || got.Changed {
		t.Errorf("%+v, %v", got, err)
	}
	if strings.Contains(err.Error(), "roster") {
		t.Errorf("the other part complains too: %v", err)
	}
	still(t, b, o.Dir, "")
}

// TestRedirects follows to protected addresses only, and not without end.
func TestRedirects(t *testing.T) {
	t.Parallel()
	open := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/round" {
			http.Redirect(w, r, "/round", http.StatusFound)
			return
		}
		_, _ = w.Write([]byte("open"))
	}))
	defer open.Close()
	safe := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/out":
			http.Redirect(w, r, open.URL, http.StatusFound)
		case "/in":
			http.Redirect(w, r, "/file", http.StatusMovedPermanently)
		default:
			_, _ = w.Write([]byte("safe"))
		}
	}))
	defer safe.Close()
	client := safe.Client()
	client.CheckRedirect = redirect
	for address, want := range map[string]string{
		safe.URL + "/in": "", safe.URL + "/out": "redirects from https to http://", open.URL + "/round": "redirects too often",
	} {
		f := Options{Dir: t.TempDir(), Client: client, Progress: &told{}, Clock: time.Now, Jitter: func() float64 { return 0 }, Wait: func(context.Context, time.Duration) error { return nil }}.fetcher()
		writeFile(t, filepath.Join(f.cache, "x"), nil)
		got, err := f.fetch(t.Context(), "file.txt", place{url: address}, 100)
		if want == "" && (err != nil || got.sum == "") || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: %+v, %v", address, got, err)
		}
	}
}
