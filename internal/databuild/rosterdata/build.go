// Package rosterdata compiles the roster of Congress from public records into the file
// that package roster embeds.
//
// Its inputs lie in one folder: the member list of the congress-legislators project
// (roster/legislators-current.yaml.gz), at most one table of changes reported since
// (roster/changes-FROM-to-TO.csv), and beside them SHA256SUMS and PROVENANCE.md, whose
// rows name source, version, date and licence. An input without a matching checksum
// and a provenance row is refused, and nothing is written unless everything fits.
package rosterdata

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/roster"
)

// Names of the two files Build writes.
const (
	rosterFile   = "roster.json"
	manifestFile = "manifest.json"
)

// Build reads the raw data folder rawDir and writes roster.json and manifest.json into
// outDir. The same inputs give the same bytes. It tells progress, in plain lines, what
// it counted and what it left out.
func Build(ctx context.Context, rawDir, outDir string, progress io.Writer) error {
	compiled, m, err := compile(ctx, rawDir, progress)
	if err != nil {
		return fmt.Errorf("roster data: %w", err)
	}
	var file bytes.Buffer
	if err := roster.Encode(&file, compiled); err != nil {
		return fmt.Errorf("roster data: %w", err)
	}
	sum := sha256.Sum256(file.Bytes())
	m.SHA256 = hex.EncodeToString(sum[:])
	var about bytes.Buffer
	enc := json.NewEncoder(&about)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(m); err != nil {
		return fmt.Errorf("roster data: %w", err)
	}
	if err := replace(filepath.Join(outDir, rosterFile), file.Bytes()); err != nil {
		return fmt.Errorf("roster data: %w", err)
	}
	if err := replace(filepath.Join(outDir, manifestFile), about.Bytes()); err != nil {
		return fmt.Errorf("roster data: %w", err)
	}
	fmt.Fprintf(progress, "roster as of %s: %d voting members, %d delegates, %d senators, %d vacant seats\n",
		m.AsOf, m.Voting, m.NonVoting, m.Senators, m.Vacant)
	return nil
}

func compile(ctx context.Context, rawDir string, progress io.Writer) (roster.File, roster.Manifest, error) {
	raw, err := openSources(rawDir)
	if err != nil {
		return roster.File{}, roster.Manifest{}, err
	}
	list, err := raw.input("roster/legislators-current.yaml.gz")
	if err != nil {
		return roster.File{}, roster.Manifest{}, err
	}
	if err := ctx.Err(); err != nil {
		return roster.File{}, roster.Manifest{}, err
	}
	members, number, err := readLegislators(ctx, list.data, progress)
	if err != nil {
		return roster.File{}, roster.Manifest{}, fmt.Errorf("%s: %w", list.File, err)
	}
	file := roster.File{Format: roster.Format, Congress: number, AsOf: roster.Date(list.Date), Members: members}
	m := roster.Manifest{Format: roster.Format, Inputs: []roster.Input{list.Input}, Changes: []roster.Change{}}
	if table, found, err := raw.changes(list.Date); err != nil {
		return roster.File{}, roster.Manifest{}, err
	} else if found {
		if m.Changes, err = applyChanges(&file, table.data); err != nil {
			return roster.File{}, roster.Manifest{}, fmt.Errorf("%s: %w", table.File, err)
		}
		file.AsOf = roster.Date(table.Date)
		m.Inputs = append(m.Inputs, table.Input)
	}
	slices.SortFunc(file.Members, func(a, b roster.Member) int { return bySeat(a.Seat, b.Seat) })
	slices.SortFunc(file.Vacancies, func(a, b roster.Vacancy) int { return bySeat(a.Seat, b.Seat) })
	m.AsOf = file.AsOf
	return file, m, count(file, &m)
}

// bySeat puts the House before the Senate, then sorts by state and number.
func bySeat(a, b congress.Seat) int {
	return cmp.Or(cmp.Compare(a.Chamber(), b.Chamber()), cmp.Compare(a.String(), b.String()))
}

// The smallest numbers of members that are believable. Since 1990 never more than ten
// seats of the House and four of the Senate were vacant at once; a shorter list is a
// broken list.
const (
	fewestVoting    = 420
	fewestNonVoting = 4
	fewestSenators  = 95
)

// count fills in the manifest's counts and refuses a list that cannot be complete.
func count(f roster.File, m *roster.Manifest) error {
	if err := f.Check(); err != nil {
		return err
	}
	for _, member := range f.Members {
		switch {
		case member.Seat.Chamber() == congress.Senate:
			m.Senators++
		case member.Seat.Voting():
			m.Voting++
		default:
			m.NonVoting++
		}
	}
	m.Vacant = len(congress.AllHouseSeats()) + len(congress.AllSenateSeats()) - len(f.Members)
	if m.Voting < fewestVoting || m.NonVoting < fewestNonVoting || m.Senators < fewestSenators {
		return fmt.Errorf("only %d voting members, %d delegates and %d senators: the list cannot be complete", m.Voting, m.NonVoting, m.Senators)
	}
	return nil
}

// replace writes a file so that a reader sees the old or the new one, never a half.
func replace(path string, data []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Chmod(0o644)
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		_ = os.Remove(f.Name()) // the first error is the one that matters
	}
	return err
}
