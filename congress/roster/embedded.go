package roster

import (
	"bytes"
	_ "embed" // for the snapshot
	"encoding/json"
	"fmt"
)

//go:embed data/roster.json
var snapshot []byte

//go:embed data/manifest.json
var manifest []byte

// Embedded returns the roster compiled into the program. It parses the file anew, a few
// milliseconds of work: call it once and keep the result.
func Embedded() (*Roster, error) { return Load(bytes.NewReader(snapshot)) }

// Manifest says what a compiled roster was made from.
type Manifest struct {
	Format string `json:"format"`
	AsOf   Date   `json:"as_of"`
	// Counts of what the file holds: seated House members who vote, delegates with the
	// resident commissioner, senators, and vacant seats.
	Voting    int `json:"voting"`
	NonVoting int `json:"non_voting"`
	Senators  int `json:"senators"`
	Vacant    int `json:"vacant"`
	// SHA256 is the checksum of roster.json, in hexadecimal.
	SHA256 string  `json:"sha256"`
	Inputs []Input `json:"inputs"`
	// Changes lists what was laid over the member list because it is newer than it.
	Changes []Change `json:"changes"`
}

// Input is one file a roster was made from.
type Input struct {
	File    string `json:"file"`
	Source  string `json:"source"`
	Version string `json:"version"`
	Date    string `json:"date"`
	Licence string `json:"licence"`
	SHA256  string `json:"sha256"`
}

// Change is one reported event that is newer than the member list.
type Change struct {
	Seat     string `json:"seat"`
	Date     Date   `json:"date"`
	Event    string `json:"event"`
	Bioguide string `json:"bioguide,omitempty"`
	Name     string `json:"name,omitempty"`
	// Basis says who reported it.
	Basis string `json:"basis"`
}

// EmbeddedManifest says what the embedded roster was made from.
func EmbeddedManifest() (Manifest, error) {
	var m Manifest
	if err := json.Unmarshal(manifest, &m); err != nil {
		return Manifest{}, fmt.Errorf("roster: manifest: %w", err)
	}
	return m, nil
}
