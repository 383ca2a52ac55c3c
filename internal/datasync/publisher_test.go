package datasync

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/roster"
	"github.com/franklin-letters/franklin/internal/databuild"
	"github.com/franklin-letters/franklin/internal/databuild/rawtest"
	"github.com/franklin-letters/franklin/internal/datasync/inuse"
)

// now is the moment of all tests; published is when the servers' files were.
var (
	now       = time.Date(2026, time.November, 24, 12, 0, 0, 0, time.UTC)
	published = time.Date(2026, time.November, 20, 9, 0, 0, 0, time.UTC)
)

// publisher is a server of files that can misbehave.
type publisher struct {
	*httptest.Server

	mu    sync.Mutex
	files map[string][]byte
	// odd answers in the server's place for a path, given how often it was asked for
	// before; false leaves the answer to the server.
	odd    map[string]func(w http.ResponseWriter, r *http.Request, asked int) bool
	asked  map[string]int
	served map[string]int64 // bytes of bodies
}

func publish(t *testing.T, files map[string][]byte) *publisher {
	t.Helper()
	p := &publisher{
		files: maps.Clone(files), asked: map[string]int{}, served: map[string]int64{},
		odd: map[string]func(http.ResponseWriter, *http.Request, int) bool{},
	}
	p.Server = httptest.NewServer(p)
	t.Cleanup(p.Close)
	return p
}

// ServeHTTP answers with tags, dates and ranges, as real servers do.
func (p *publisher) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(r.URL.Path, "/")
	p.mu.Lock()
	asked, odd := p.asked[name], p.odd[name]
	p.asked[name]++
	content, ok := p.files[name]
	p.mu.Unlock()
	w = &counted{w, p, name}
	switch {
	case odd != nil && odd(w, r, asked):
	case !ok:
		http.NotFound(w, r)
	default:
		w.Header().Set("ETag", fmt.Sprintf(`"%x"`, sha256.Sum256(content)))
		http.ServeContent(w, r, name, published, bytes.NewReader(content))
	}
}

type counted struct {
	http.ResponseWriter

	p    *publisher
	name string
}

// Write counts what the other side may have got.
func (c *counted) Write(b []byte) (int, error) {
	n, err := c.ResponseWriter.Write(b)
	c.p.mu.Lock()
	defer c.p.mu.Unlock()
	c.p.served[c.name] += int64(n)
	return n, err
}

// Flush sends what was written so far.
func (c *counted) Flush() { c.ResponseWriter.(http.Flusher).Flush() }

// put publishes another file.
func (p *publisher) put(name string, content []byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.files[name] = content
}

// oddly lets the server misbehave about a file.
func (p *publisher) oddly(name string, answer func(w http.ResponseWriter, r *http.Request, asked int) bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.odd[name] = answer
}

// bytesOf returns how much was served of a file, or of all.
func (p *publisher) bytesOf(name string) (n int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if name != "" {
		return p.served[name]
	}
	for _, of := range p.served {
		n += of
	}
	return n
}

// sums publishes a list of checksums of all files.
func (p *publisher) sums() {
	var list strings.Builder
	for _, name := range slices.Sorted(maps.Keys(p.files)) {
		fmt.Fprintf(&list, "%x  ./%s\n", sha256.Sum256(p.files[name]), name)
	}
	p.put(sumsName, []byte(list.String()))
}

// halfOf writes the first half of a file under the length of all of it, and cuts the line.
func halfOf(content []byte) func(http.ResponseWriter) {
	return func(w http.ResponseWriter) {
		w.Header().Set("ETag", fmt.Sprintf(`"%x"`, sha256.Sum256(content)))
		w.Header().Set("Content-Length", strconv.Itoa(len(content)))
		_, _ = w.Write(content[:len(content)/2])
		w.(http.Flusher).Flush()
		panic(http.ErrAbortHandler)
	}
}

// country returns the built-in data and the published files of the invented country.
func country(t *testing.T) (*inuse.BuiltIn, map[string][]byte) {
	t.Helper()
	files := rawtest.Files(t)
	dir := t.TempDir()
	raw, out := filepath.Join(dir, "raw"), filepath.Join(dir, "out")
	for name, content := range rawtest.Lists(t) {
		writeFile(t, filepath.Join(raw, name), content)
	}
	writeFile(t, filepath.Join(raw, "zip", filepath.Base(rawtest.Relation)), files[rawtest.Relation])
	for _, s := range congress.States() {
		writeFile(t, filepath.Join(raw, "cd119-tiger", filepath.Base(rawtest.Lines(s))), files[rawtest.Lines(s)])
	}
	if err := databuild.Districts(t.Context(), raw, out, &bytes.Buffer{}); err != nil {
		t.Fatal(err)
	}
	lines, err := inuse.OpenDistricts(out)
	if err != nil {
		t.Fatal(err)
	}
	members := roster.File{Format: roster.Format, Congress: 119, AsOf: "2026-06-15"}
	for i, seat := range append(congress.AllHouseSeats(), congress.AllSenateSeats()...) {
		members.Members = append(members.Members, roster.Member{
			Bioguide: fmt.Sprintf("B%06d", i), Name: "Bo B", First: "Bo", Last: "B", Party: "Democrat", Seat: seat, Start: "2025-01-03",
		})
	}
	people, err := roster.New(members)
	if err != nil {
		t.Fatal(err)
	}
	return &inuse.BuiltIn{Districts: lines, Files: os.DirFS(out), Roster: people}, files
}

func writeFile(t *testing.T, path string, content []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, content, 0o644); err != nil {
		t.Fatal(err)
	}
}

// told collects what was said, and waits do not last.
type told struct {
	mu    sync.Mutex
	lines []string
	waits []time.Duration
}

func (o *told) Say(line string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.lines = append(o.lines, line)
}

func (o *told) Begin(name string, _, have int64) { o.Say(fmt.Sprintf("begin %s at %d", name, have)) }
func (o *told) Add(int64)                        {}
func (o *told) End(error)                        {}

func (o *told) text() string { return strings.Join(o.lines, "\n") }

// landmarks of the invented country.
func landmarks() []Landmark {
	var all []Landmark
	for _, s := range congress.States() {
		lat, lon := rawtest.Middle(s.HouseSeats()[0])
		all = append(all, Landmark{Name: "the first square", Lat: lat, Lon: lon, State: s})
	}
	lat, lon := rawtest.Middle(congress.Seat{State: "TX", District: 37})
	return append(all,
		Landmark{Name: "a square of 2025", Lat: lat, Lon: lon, State: "TX", Congress: 119, District: 37},
		Landmark{Name: "a square of 2027", Lat: lat, Lon: lon, State: "TX", Congress: 120, District: 10})
}

// client asks the publisher for everything, also for what is at an official address.
func (p *publisher) client() *http.Client {
	return &http.Client{Transport: rerouted{p.Listener.Addr().String()}, CheckRedirect: redirect}
}

type rerouted struct{ host string }

func (r rerouted) RoundTrip(req *http.Request) (*http.Response, error) {
	req = req.Clone(req.Context())
	req.URL.Scheme, req.URL.Host = "http", r.host
	return http.DefaultTransport.RoundTrip(req)
}

// options of a sync of the invented country into dir.
func options(dir string, b *inuse.BuiltIn, p *publisher) (Options, *told) {
	out := &told{}
	return Options{
		Dir: dir, BuiltIn: b, Landmarks: landmarks(), Agent: "franklin/test", Client: p.client(), Progress: out,
		Clock: func() time.Time { return now }, Jitter: func() float64 { return 0.5 }, Stall: 10 * time.Second,
		Wait: func(ctx context.Context, d time.Duration) error {
			out.waits = append(out.waits, d)
			return ctx.Err()
		},
	}, out
}

// renumbered returns a state's lines of the 120th Congress, in which the 10th and the 37th district may have
// changed places.
func renumbered(t *testing.T, s congress.State, swap bool) []byte {
	t.Helper()
	return rawtest.Squares(t, 120, s, func(seat congress.Seat) congress.Seat {
		if swap && (seat.District == 10 || seat.District == 37) {
			seat.District = 47 - seat.District
		}
		return seat
	})
}
