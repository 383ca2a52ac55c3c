package inuse

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/district"
	"github.com/franklin-letters/franklin/congress/roster"
)

// Part says where one part of the data comes from.
type Part struct {
	Synced bool   `json:"synced"`            // fetched by `franklin data sync`, not built in
	Set    string `json:"set,omitempty"`     // the set it is from: the moment of the sync, in UTC
	Reason string `json:"reason,omitempty"`  // why the built-in data answer although others were synced
	Broken bool   `json:"damaged,omitempty"` // the reason is damage, which a person must mend
}

// Data are lines and roster to answer from. They never change.
type Data struct {
	Districts *district.Locator
	Files     fs.FS // the data folder of Districts
	Roster    *roster.Roster
	Lines     Part
	People    Part
	LeftOut   []string // damaged street files of the lines' folder, which are not used

	dir string // the data folder
}

// BuiltIn are data to answer from when nothing else is there.
type BuiltIn struct {
	Districts *district.Locator
	Files     fs.FS // the data folder of Districts
	Roster    *roster.Roster
}

// Program returns the data built into this program.
func Program() (b BuiltIn, err error) {
	if b.Districts, err = district.Embedded(); err != nil {
		return b, fmt.Errorf("load the district lines: %w", err)
	}
	if b.Files, err = district.EmbeddedFS(); err != nil {
		return b, fmt.Errorf("load the district lines: %w", err)
	}
	if b.Roster, err = roster.Embedded(); err != nil {
		return b, fmt.Errorf("load the roster: %w", err)
	}
	return b, nil
}

// Open opens the newest good data: those synced into dir, or the built-in ones. An empty
// dir means the built-in ones. It fails only when those cannot be opened.
func Open(dir string) (*Data, error) {
	b, err := Program()
	if err != nil {
		return nil, err
	}
	return b.Open(dir), nil
}

// Open opens the newest good data over these.
func (b BuiltIn) Open(dir string) *Data {
	d := &Data{Districts: b.Districts, Files: b.Files, Roster: b.Roster, dir: dir}
	set, err := Pointed(dir)
	switch {
	case err != nil:
		d.Lines = Part{Reason: err.Error(), Broken: true}
		d.People = d.Lines
	case set != "":
		d.takeLines(dir, set)
		d.takeRoster(dir, set)
	}
	return d
}

func (d *Data) takeLines(dir, set string) {
	folder := filepath.Join(SetDir(dir, set), DistrictsName)
	synced, files, leftOut, err := openWithout(folder)
	switch {
	case errors.Is(err, errNoPart):
		d.Lines = Part{Set: set, Reason: "that sync brought only a roster"}
	case err != nil:
		d.Lines = Part{Set: set, Reason: err.Error(), Broken: true}
	case laterLines(d.Districts.Manifest(), synced.Manifest()):
		d.Lines = Part{Set: set, Reason: "the lines built into the program are newer than the synced ones"}
	default:
		d.Districts, d.Files, d.LeftOut, d.Lines = synced, files, leftOut, Part{Synced: true, Set: set}
	}
}

func (d *Data) takeRoster(dir, set string) {
	synced, err := OpenRoster(filepath.Join(SetDir(dir, set), RosterName))
	switch {
	case errors.Is(err, errNoPart):
		d.People = Part{Set: set, Reason: "that sync brought only district lines"}
	case err != nil:
		d.People = Part{Set: set, Reason: err.Error(), Broken: true}
	case d.Roster.AsOf() > synced.AsOf():
		d.People = Part{Set: set, Reason: "the roster built into the program is newer than the synced one"}
	default:
		d.Roster, d.People = synced, Part{Synced: true, Set: set}
	}
}

// errNoPart means that the set was made without this part.
var errNoPart = errors.New("the set has no such part")

// OpenDistricts opens compiled district data after comparing every file with its checksum.
func OpenDistricts(dir string) (*district.Locator, error) {
	l, _, leftOut, err := openWithout(dir)
	if err == nil && len(leftOut) > 0 {
		err = fmt.Errorf("the file %s is damaged", filepath.Join(dir, filepath.FromSlash(leftOut[0])))
	}
	return l, err
}

// OpenRoster opens a compiled roster after comparing it with its checksum.
func OpenRoster(dir string) (*roster.Roster, error) {
	if err := present(dir); err != nil {
		return nil, err
	}
	about, err := os.ReadFile(filepath.Join(dir, "manifest.json")) // #nosec G304 -- the operator's own folder
	if err != nil {
		return nil, err
	}
	var m roster.Manifest
	if err := json.Unmarshal(about, &m); err != nil {
		return nil, fmt.Errorf("roster: manifest: %w", err)
	}
	path := filepath.Join(dir, "roster.json")
	if err := matches(path, m.SHA256); err != nil {
		return nil, err
	}
	f, err := os.Open(path) // #nosec G304 -- the operator's own folder
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // it was only read
	return roster.Load(f)
}

// present tells a part that was left out from one whose files are gone.
func present(dir string) error {
	_, err := os.Stat(dir)
	if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if _, gone := os.Stat(filepath.Dir(dir)); gone != nil {
		return fmt.Errorf("the folder %s is gone", filepath.Dir(dir))
	}
	return errNoPart
}

// matches compares a file with its checksum.
func matches(path, sum string) error {
	f, err := os.Open(path) // #nosec G304 -- the operator's own folder
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }() // it was only read
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return err
	}
	if hex.EncodeToString(h.Sum(nil)) != sum {
		return fmt.Errorf("the file %s is damaged: its checksum is not the one it was written with", path)
	}
	return nil
}

var editionYear = regexp.MustCompile(`\b20\d\d\b`)

// laterLines reports whether the lines of a are newer than those of b: they know a later
// Congress, or an edition of a later year for the newest one.
func laterLines(a, b district.Manifest) bool {
	congressA, yearA := newest(a)
	congressB, yearB := newest(b)
	if congressA != congressB {
		return congressA > congressB
	}
	return yearA > yearB
}

// newest returns the last Congress in a manifest and the last year of its lines' editions.
func newest(m district.Manifest) (last congress.Number, year string) {
	for _, p := range m.Plans {
		if p.Congress > last {
			last, year = p.Congress, ""
		}
		if p.Congress == last {
			year = max(year, editionYear.FindString(p.Lines))
		}
	}
	return last, year
}
