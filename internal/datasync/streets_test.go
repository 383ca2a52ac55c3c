package datasync

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/internal/databuild/planar"
	"github.com/franklin-letters/franklin/internal/databuild/rawtest"
	"github.com/franklin-letters/franklin/internal/databuild/tiger/tigertest"
	"github.com/franklin-letters/franklin/internal/datasync/inuse"
)

// Paths of the county of streets, and of what chooses it.
const (
	countiesPath = "geo/docs/maps-data/data/rel2020/zcta520/tab20_zcta520_county20_natl.txt"
	rangesPath   = "geo/tiger/TIGER2025/ADDRFEAT/tl_2025_53999_addrfeat.zip"
	facesPath    = "geo/tiger/TIGER2025/FACES/tl_2025_53999_faces.zip"
)

// TestStreets fetches the one county that needs streets, keeps them in later syncs, and
// does not lose them to a broken file.
func TestStreets(t *testing.T) {
	t.Parallel()
	b, files := country(t)
	p := publish(t, files)
	lat, lon := rawtest.Middle(congress.Seat{State: "WA", District: 1})
	county := tigertest.New(12, planar.Point{X: int32(lon * 1e6), Y: int32(lat * 1e6)})
	p.put(rangesPath, county.AddrFeat(t))
	p.put(facesPath, county.Faces(t, 119))
	divided, whole := rawtest.ZIP(congress.Seat{State: "WA", District: 2}), rawtest.ZIP(congress.Seat{State: "WA", District: 1})
	p.put(countiesPath, []byte("\ufeffGEOID_ZCTA5_20|X|GEOID_COUNTY_20\n"+divided+"|x|53999\n"+divided+"|x|41001\n"+whole+"|x|53001\n|x|53003\n"))
	dir := t.TempDir()
	o, out := options(dir, b, p)
	o.Streets = []congress.State{"WA", "WY"} // Wyoming is one district and needs none
	for i, want := range []Result{Updated, Unchanged} {
		got, err := Sync(t.Context(), o)
		if err != nil || got.Districts != want {
			t.Fatalf("%d: %+v, %v\n%s", i, got, err, out.text())
		}
		o.Streets = nil // those in use stay
	}
	if !strings.Contains(out.text(), "streets of Washington: 1 counties with divided ZIP codes, at most 7 MB") || p.asked[facesPath] != 2 {
		t.Errorf("asked %d times\n%s", p.asked[facesPath], out.text())
	}
	report := b.Open(dir).Report(dir, now)
	if len(report.Streets) != 1 || report.Streets[0].State != "WA" || report.Streets[0].Counties != 1 || report.Streets[0].Bytes == 0 {
		t.Errorf("%+v", report.Streets)
	}
	p.put(rawtest.Lines("AZ"), rawtest.Padded(t, files[rawtest.Lines("AZ")], 3))
	if got, err := Sync(t.Context(), o); err != nil || got.Districts != Updated || len(b.Open(dir).Report(dir, now).Streets) != 1 {
		t.Errorf("with other lines: %+v, %v", got, err)
	}
	rows, err := streetRows(b.Open(dir).Files)
	if err != nil || rows["WA"] < 100 {
		t.Errorf("%v, %v", rows, err)
	}
	other := tigertest.New(12, planar.Point{X: int32(lon * 1e6), Y: int32(lat * 1e6)})
	p.put(rangesPath, halved(t, other.AddrFeat(t)))
	if got, err := Sync(t.Context(), o); err == nil || got.Changed || !strings.Contains(err.Error(), "street records of Washington") {
		t.Errorf("with few streets: %+v, %v", got, err)
	}
	p.oddly(rangesPath, notFound)
	if _, err := Sync(t.Context(), o); err == nil || !strings.Contains(err.Error(), "streets of county 53999") {
		t.Errorf("without the county: %v", err)
	}
	p.oddly(rangesPath, nil)
	p.oddly(countiesPath, func(w http.ResponseWriter, _ *http.Request, _ int) bool {
		_, _ = w.Write([]byte("A|B\n"))
		return true
	})
	if _, err := Sync(t.Context(), o); err == nil || !strings.Contains(err.Error(), "it has no column GEOID_ZCTA5_20") {
		t.Errorf("without columns: %v", err)
	}
}

// TestStreetsOfAFolder takes all counties that somebody put into a copy.
func TestStreetsOfAFolder(t *testing.T) {
	t.Parallel()
	b, files := country(t)
	folder := t.TempDir()
	lat, lon := rawtest.Middle(congress.Seat{State: "WA", District: 1})
	county := tigertest.New(12, planar.Point{X: int32(lon * 1e6), Y: int32(lat * 1e6)})
	for name, content := range files {
		writeFile(t, filepath.Join(folder, filepath.Base(name)), content)
	}
	writeFile(t, filepath.Join(folder, filepath.Base(rangesPath)), county.AddrFeat(t))
	writeFile(t, filepath.Join(folder, filepath.Base(facesPath)), county.Faces(t, 119))
	dir := t.TempDir()
	o, out := options(dir, b, publish(t, nil))
	o.From, o.Only, o.Streets = folder, OnlyDistricts, []congress.State{"WA"}
	if got, err := Sync(t.Context(), o); err != nil || got.Districts != Updated || got.Roster != Skipped {
		t.Fatalf("%+v, %v", got, err)
	}
	if rows, err := streetRows(b.Open(dir).Files); err != nil || rows["WA"] < 100 {
		t.Errorf("%v, %v", rows, err)
	}
	mendStreets(t, o, out)
	o.Streets = []congress.State{"OR"}
	if _, err := Sync(t.Context(), o); err == nil || !strings.Contains(err.Error(), "there are no streets of Oregon") {
		t.Errorf("%v", err)
	}
	if left, err := os.ReadDir(filepath.Join(dir, cacheName, "counties")); err != nil || len(left) != 1 {
		t.Errorf("%d counties are kept, %v", len(left), err)
	}
}

// mendStreets damages the one table in use, and sees the next sync make it anew.
func mendStreets(t *testing.T, o Options, out *told) {
	t.Helper()
	const gap = "WA: 1 county; how many others are missing is not known"
	data := o.BuiltIn.Open(o.Dir)
	if !strings.Contains(out.text(), gap) || data.Streets()[0].Gap() != gap {
		t.Errorf("%+v\n%s", data.Streets(), out.text())
	}
	writeFile(t, filepath.Join(inuse.SetDir(o.Dir, data.Lines.Set), inuse.DistrictsName, "streets", "WA.bin"), []byte("FRS1"))
	if data = o.BuiltIn.Open(o.Dir); !data.Lines.Synced || len(data.LeftOut) != 1 {
		t.Errorf("%+v, %v", data.Lines, data.LeftOut)
	}
	o.Streets = nil
	for _, want := range []Result{Updated, Unchanged} {
		if got, err := Sync(t.Context(), o); err != nil || got.Districts != want {
			t.Fatalf("%+v, %v", got, err)
		}
	}
	if data = o.BuiltIn.Open(o.Dir); len(data.LeftOut) != 0 || !strings.Contains(out.text(), "streets: "+gap) {
		t.Errorf("%v\n%s", data.LeftOut, out.text())
	}
}

// TestDividedCounties: only counties of divided ZIP codes of the state count, and
// Connecticut's have other numbers now.
func TestDividedCounties(t *testing.T) {
	t.Parallel()
	b, _ := country(t)
	r := &run{base: b.Open(""), made: about{Made: now}}
	code := func(state congress.State, n uint8) string {
		return rawtest.ZIP(congress.Seat{State: state, District: n})
	}
	counties := map[string][]string{
		code("AZ", 2): {"04013", "04021", "35001"}, code("AZ", 1): {"04001"}, code("NM", 2): {"35005"}, code("WY", 0): {"56001"}, "00000": {"04007"},
	}
	for state, want := range map[congress.State]string{"AZ": "04013 04021", "NM": "35005", "WY": "", "CT": "09110 09120 09130 09140 09150 09160 09170 09180 09190"} {
		if got := strings.Join(r.divided(state, counties), " "); got != want {
			t.Errorf("%s: %s, want %s", state, got, want)
		}
	}
}

// halved returns a file of streets with only the first half of its records.
func halved(t *testing.T, packed []byte) []byte {
	t.Helper()
	old, err := zip.NewReader(bytes.NewReader(packed), int64(len(packed)))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, f := range old.File {
		content, err := fs.ReadFile(old, f.Name)
		if err != nil {
			t.Fatal(err)
		}
		w, err := z.Create(f.Name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(half(f.Name, content)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func half(name string, content []byte) []byte {
	switch filepath.Ext(name) {
	case ".dbf": // the number of records, and their length and that of the header
		n := binary.LittleEndian.Uint32(content[4:]) / 2
		binary.LittleEndian.PutUint32(content[4:], n)
		return append(content[:int(binary.LittleEndian.Uint16(content[8:]))+int(n)*int(binary.LittleEndian.Uint16(content[10:]))], 0x1A)
	case ".shp": // records of a number and a length in words, behind a header of 100 bytes
		var starts []int
		for at := 100; at < len(content); at += 8 + 2*int(binary.BigEndian.Uint32(content[at+4:])) {
			starts = append(starts, at)
		}
		content = content[:starts[len(starts)/2]]
		binary.BigEndian.PutUint32(content[24:], uint32(len(content)/2))
	}
	return content
}
