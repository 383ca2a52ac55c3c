package district

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/franklin-letters/franklin/congress"
)

// TestBuiltInLinesAreNotCopied: a copy would be six megabytes that nobody needs.
func TestBuiltInLinesAreNotCopied(t *testing.T) {
	folder, err := EmbeddedFS()
	if err != nil {
		t.Fatal(err)
	}
	copied, err := fs.ReadFile(folder, "119/lines.bin")
	if err != nil {
		t.Fatal(err)
	}
	var built fs.FS = builtIn{folder}
	made := testing.AllocsPerRun(10, func() {
		if lines, err := fs.ReadFile(built, "119/lines.bin"); err != nil || !bytes.Equal(lines, copied) {
			t.Errorf("%d bytes: %v", len(lines), err)
		}
	})
	if made > 0 {
		t.Errorf("%.0f allocations", made)
	}
}

// twoPlans is the built-in data with a second set of plans before it: in the 118th
// Congress, ZIP code 30303 lay in GA-13 and the lines ran as they do now.
func twoPlans(t *testing.T) fstest.MapFS {
	t.Helper()
	files := fstest.MapFS{}
	for _, name := range []string{"zips.bin", "119/zips.bin", "119/lines.bin"} {
		raw, err := fs.ReadFile(dataFS, "data/"+name)
		if err != nil {
			t.Fatal(err)
		}
		files[name] = &fstest.MapFile{Data: raw}
	}
	old := binary.AppendUvarint([]byte("FRD1\x01"), 30303)
	files["118/zips.bin"] = &fstest.MapFile{Data: append(old, 1, 13, 13)}
	files["118/lines.bin"] = files["119/lines.bin"]
	raw, err := fs.ReadFile(dataFS, "data/manifest.json")
	if err != nil {
		t.Fatal(err)
	}
	var m Manifest
	if err := json.Unmarshal(raw, &m); err != nil {
		t.Fatal(err)
	}
	m.Plans = slices.DeleteFunc(m.Plans, func(p Plan) bool { return p.Congress != 119 })
	for _, p := range m.Plans {
		p.Congress, p.From, p.To = 118, congress.Number(118).Start(), congress.Number(118).End()
		m.Plans = append(m.Plans, p)
	}
	manifest(t, files, m)
	return files
}

// manifest writes a manifest with the checksums of the files that are there.
func manifest(t *testing.T, files fstest.MapFS, m Manifest) {
	t.Helper()
	m.Files = nil
	for name, file := range files {
		sum := sha256.Sum256(file.Data)
		m.Files = append(m.Files, File{Name: name, Bytes: int64(len(file.Data)), SHA256: hex.EncodeToString(sum[:])})
	}
	raw, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	files["manifest.json"] = &fstest.MapFile{Data: raw}
}

func TestPlansSwitchAtNoon(t *testing.T) {
	l, err := Open(twoPlans(t))
	if err != nil {
		t.Fatal(err)
	}
	noon := time.Date(2025, time.January, 3, 12, 0, 0, 0, time.FixedZone("EST", -5*3600))
	for at, want := range map[time.Time]string{
		noon.Add(-time.Nanosecond): "GA-13 118th", noon: "GA-05 119th", noon.AddDate(1, 0, 0): "GA-05 119th",
		congress.Number(118).Start(): "GA-13 118th",
	} {
		r, err := l.ByZIP("30303", "GA", at)
		if err != nil || r.Seat.String()+" "+r.Plan.Congress.String() != want {
			t.Errorf("at %s: %s %s, %v; want %s", at, r.Seat, r.Plan, err, want)
		}
		if p, err := l.ByPoint(33.7491, -84.3881, 0, at); err != nil || p.Plan.Congress != r.Plan.Congress {
			t.Errorf("at %s by point: %s, %v", at, p.Plan, err)
		}
		if plans, err := l.Plans(at); err != nil || len(plans) != 56 || plans[0].Congress != r.Plan.Congress {
			t.Errorf("at %s: %d plans, %v", at, len(plans), err)
		}
	}
	var late *OutOfDateError
	if _, err := l.ByZIP("30303", "GA", congress.Number(118).Start().Add(-1)); !errors.As(err, &late) || !late.From.Equal(congress.Number(118).Start()) {
		t.Errorf("before all plans: %v", err)
	}
	if _, err := l.ByZIP("30303", "GA", congress.Number(120).Start()); !errors.As(err, &late) || !late.To.Equal(congress.Number(120).Start()) {
		t.Errorf("after all plans: %v", err)
	}
}

func TestOpenRefuses(t *testing.T) {
	for _, tt := range []struct {
		name, want string
		change     func(files fstest.MapFS)
	}{
		{"no manifest", "manifest.json", func(f fstest.MapFS) { delete(f, "manifest.json") }},
		{"cut manifest", "unexpected end", func(f fstest.MapFS) { f["manifest.json"].Data = []byte("{") }},
		{"format", "format 3", func(f fstest.MapFS) {
			f["manifest.json"].Data = bytes.Replace(f["manifest.json"].Data, []byte(`"format":2`), []byte(`"format":3`), 1)
		}},
		{"no plans", "names no plan", func(f fstest.MapFS) { f["manifest.json"].Data = []byte(`{"format":2}`) }},
		{"unknown state", "is not valid", func(f fstest.MapFS) {
			f["manifest.json"].Data = bytes.Replace(f["manifest.json"].Data, []byte(`"state":"AZ"`), []byte(`"state":"ZZ"`), 1)
		}},
		{"changed byte", "checksum", func(f fstest.MapFS) {
			f["zips.bin"] = &fstest.MapFile{Data: append([]byte("x"), f["zips.bin"].Data...)}
		}},
		{"file that is gone", "118/zips.bin", func(f fstest.MapFS) { delete(f, "118/zips.bin") }},
		{"file the manifest lacks", "does not name it", func(f fstest.MapFS) {
			f["manifest.json"].Data = bytes.Replace(f["manifest.json"].Data, []byte(`"zips.bin"`), []byte(`"zaps.bin"`), 1)
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			files := twoPlans(t)
			tt.change(files)
			if _, err := Open(files); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}

// TestDamagedLines are found out at the first point, and ZIP codes go on answering.
func TestDamagedLines(t *testing.T) {
	files := twoPlans(t)
	files["118/lines.bin"] = &fstest.MapFile{Data: files["118/lines.bin"].Data[:1000]}
	l, err := Open(files)
	if err != nil {
		t.Fatal(err)
	}
	at := congress.Number(118).Start()
	var format *FormatError
	for range 2 {
		if _, err := l.ByPoint(33.7, -84.3, 0, at); !errors.As(err, &format) || format.File != "118/lines.bin" {
			t.Errorf("got %v", err)
		}
	}
	if r, err := l.ByZIP("30303", "GA", at); err != nil || !r.Unique() {
		t.Errorf("%+v, %v", r, err)
	}
}

// TestManifestNamesItsSources holds what the page about data must be able to say.
func TestManifestNamesItsSources(t *testing.T) {
	l, err := Embedded()
	if err != nil {
		t.Fatal(err)
	}
	m := l.Manifest()
	for _, in := range m.Inputs {
		if in.Source == "" || in.Vintage == "" || in.Licence == "" || len(in.SHA256) != 64 {
			t.Errorf("input %+v", in)
		}
	}
	var total int64
	for _, f := range m.Files {
		total += f.Bytes
	}
	if len(m.Inputs) != 65 || len(m.Attribution) == 0 || total > 10_000_000 {
		t.Errorf("%d inputs, %d bytes", len(m.Inputs), total)
	}
	coarse := 0
	for _, p := range m.Plans {
		if p.Coarse {
			coarse++
		}
	}
	if len(m.Plans) != 112 || coarse != 2 { // Texas in both
		t.Errorf("%d plans, %d coarse", len(m.Plans), coarse)
	}
}
