package datasync

import (
	"bytes"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/congress"
)

const someSum = "365bba225c2f457da025acde07083462e627b22e2b2ffe272dba883b99e19725"

func TestReadSums(t *testing.T) {
	t.Parallel()
	got, err := readSums(strings.NewReader(someSum + "  ./a/b.zip\r\n\n" + strings.ToUpper(someSum) + " *c d.zip\n"))
	if err != nil || len(got) != 2 || got[0] != (listed{"a/b.zip", someSum}) || got[1] != (listed{"c d.zip", someSum}) {
		t.Errorf("%v, %v", got, err)
	}
	for _, bad := range []string{
		"x", someSum, someSum + " ", someSum[:62] + "  a", someSum + "  ../a", someSum + "  /a", someSum + "  a/../../b", someSum + "  a//b",
		someSum + "  a\\b", someSum + "  ..", strings.Repeat("z", 64) + "  a", strings.Repeat("a", maxSumsLine+1),
	} {
		if got, err := readSums(strings.NewReader(bad)); err == nil {
			t.Errorf("%.80q gives %v", bad, got)
		}
	}
}

func FuzzReadSums(f *testing.F) {
	f.Add([]byte(someSum + "  ./a/b.zip\n"))
	f.Add([]byte(someSum + " *a\r\n\r\n" + someSum + "  ../x"))
	f.Add([]byte("\x00"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		list, err := readSums(bytes.NewReader(raw))
		if err != nil {
			return
		}
		for _, l := range list {
			if !filepath.IsLocal(filepath.FromSlash(l.path)) || len(l.sum) != 64 || l.sum != strings.ToLower(l.sum) {
				t.Errorf("%q gives %+v", raw, l)
			}
		}
	})
}

func FuzzDecodeRecord(f *testing.F) {
	f.Add([]byte(`{"url":"https://a.example/x.zip","etag":"\"1\"","length":5}`))
	f.Add([]byte(`{"url":"u","last_modified":"Fri, 20 Nov 2026 09:00:00 GMT","length":-1,"sha256":"` + someSum + `"}`))
	f.Add([]byte(`{"url":"u","length":-2}`))
	f.Add([]byte(`{"url":"u","etag":"a\nb"}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		r, err := decodeRecord(raw)
		if err != nil {
			return
		}
		path := filepath.Join(t.TempDir(), "r.json")
		if err := r.write(path); err != nil {
			t.Skip("a date that JSON cannot hold")
		}
		again, ok := readRecord(path)
		if !ok || again.URL != r.URL || again.validator() != r.validator() || again.Length != r.Length {
			t.Errorf("%q gives %+v, then %+v", raw, r, again)
		}
	})
}

// TestRecordsThatAreNone: a damaged record is as good as none.
func TestRecordsThatAreNone(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "r.json")
	for _, text := range []string{"", "{", `{"url":""}`, `{"url":"u","length":-2}`, `{"url":"u","sha256":"abcd"}`, `{"url":"u","etag":"a\r\nb"}`} {
		writeFile(t, path, []byte(text))
		if r, ok := readRecord(path); ok {
			t.Errorf("%q gives %+v", text, r)
		}
	}
	if _, ok := readRecord(path + "x"); ok {
		t.Error("a record that is not there")
	}
	for want, r := range map[string]record{"": {ETag: `W/"1"`}, `"1"`: {ETag: `"1"`, LastModified: "x"}, "x": {ETag: `W/"1"`, LastModified: "x"}} {
		if got := r.validator(); got != want {
			t.Errorf("%+v: %q, want %q", r, got, want)
		}
	}
}

func TestProgress(t *testing.T) {
	t.Parallel()
	moment := now
	var plain, drawn bytes.Buffer
	bars := &Bars{Out: &drawn, Clock: func() time.Time { return moment }}
	for _, p := range []Progress{&Lines{Out: &plain}, bars} {
		p.Say("hello")
		p.Begin("a.zip", 4000, 1000)
		p.Add(1000)
		p.Add(1000) // too soon for another picture
		moment = moment.Add(time.Second)
		p.Add(1000)
		p.End(nil)
		p.Begin("b.zip", -1, 0)
		p.End(errors.New("cut"))
	}
	if got, want := plain.String(), "hello\nfetched a.zip, 4.0 kB\n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	for _, want := range []string{"hello\n", "[######..................] 1.0 kB of 4.0 kB", "[############............] 2.0 kB of 4.0 kB", "[########################] 4.0 kB\n"} {
		if !strings.Contains(drawn.String(), want) {
			t.Errorf("%q lacks %q", drawn.String(), want)
		}
	}
	if strings.Contains(drawn.String(), "3.0 kB") || !strings.HasSuffix(drawn.String(), "\r\x1b[K") {
		t.Errorf("%q", drawn.String())
	}
	for n, want := range map[int64]string{5: "5 bytes", 5e6: "5.0 MB", 5e9: "5.0 GB"} {
		if got := size(n); got != want {
			t.Errorf("%d: %s", n, got)
		}
	}
}

// TestLandmarksOfEachState looks that the list is what it says.
func TestLandmarksOfEachState(t *testing.T) {
	t.Parallel()
	seen := map[congress.State]bool{}
	for _, m := range Landmarks() {
		seen[m.State] = true
		if !m.State.Valid() || m.Congress != 0 && !(congress.Seat{State: m.State, District: m.District}).Valid() {
			t.Errorf("%+v", m)
		}
	}
	if len(seen) != 56 {
		t.Errorf("%d states and territories", len(seen))
	}
}

// TestStockIsCompared refuses less than was there.
func TestStockIsCompared(t *testing.T) {
	t.Parallel()
	before := stock{zips: 1000, areas: 1000, points: 1000}
	for _, s := range []stock{{979, 1000, 1000, 0, nil}, {1000, 979, 1000, 0, nil}, {1000, 1000, 979, 0, nil}} {
		if err := s.compare(before); err == nil || !strings.Contains(err.Error(), "there are only 979") {
			t.Errorf("%+v: %v", s, err)
		}
	}
	if err := (stock{zips: 981, areas: 980, points: 2000}).compare(before); err != nil {
		t.Error(err)
	}
	all := map[congress.Seat]bool{}
	for _, seat := range congress.AllHouseSeats() {
		all[seat] = true
	}
	if err := (stock{points: 1000, disagreed: 6, seats: all}).check(nil); err == nil || !strings.Contains(err.Error(), "6 of 1000") {
		t.Error(err)
	}
	delete(all, congress.Seat{State: "AZ", District: 4})
	err := (stock{points: 1000, seats: all}).check(nil)
	if err == nil || !strings.Contains(err.Error(), "no ZIP code's point lies in AZ-04") {
		t.Error(err)
	}
	if err := (stock{points: 1000, seats: all}).check([]congress.State{"AZ"}); err != nil {
		t.Error(fmt.Errorf("a state without lines: %w", err))
	}
}
