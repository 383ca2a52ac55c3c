package inuse

import (
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/franklin-letters/franklin/congress"
)

// StreetReport tells of the street table of one state.
type StreetReport struct {
	State congress.State `json:"state"`
	Bytes int64          `json:"bytes"`
	// Counties is how many counties the table is made of, and Missing are those that are
	// known to be missing, by their census numbers. Unlisted says that nobody knows whether
	// others are missing.
	Counties int      `json:"counties"`
	Missing  []string `json:"missing,omitempty"`
	Unlisted bool     `json:"unlisted,omitempty"`
	Damaged  bool     `json:"damaged,omitempty"` // the table is left out
}

// Streets describes the street tables, by their manifest and by the file that tells what
// they are made of, and those that are left out.
func (d *Data) Streets() []StreetReport {
	var cover struct {
		States []struct {
			State    congress.State    `json:"state"`
			Counties []json.RawMessage `json:"counties"`
			Missing  []string          `json:"missing"`
			Unlisted bool              `json:"unlisted"`
		} `json:"states"`
	}
	if raw, err := fs.ReadFile(d.Files, streetsFolder+"coverage.json"); err == nil && json.Unmarshal(raw, &cover) != nil {
		cover.States = nil // how many counties is not known then
	}
	reports := []StreetReport{}
	for _, f := range d.Districts.Manifest().Files {
		dir, name := path.Split(f.Name)
		code, isTable := strings.CutSuffix(name, ".bin")
		if dir != streetsFolder || !isTable {
			continue
		}
		r := StreetReport{State: congress.State(code), Bytes: f.Bytes, Unlisted: true}
		for _, s := range cover.States {
			if s.State == r.State {
				r.Counties, r.Missing, r.Unlisted = len(s.Counties), s.Missing, s.Unlisted
			}
		}
		reports = append(reports, r)
	}
	for _, state := range d.StatesLeftOut() {
		reports = append(reports, StreetReport{State: state, Damaged: true})
	}
	slices.SortFunc(reports, func(a, b StreetReport) int { return strings.Compare(string(a.State), string(b.State)) })
	return reports
}

// mostNamed is how many missing counties are named; the rest is in the JSON.
const mostNamed = 10

// Gap says what is missing or not known of a state's streets; it is empty when all of its
// counties are there.
func (s StreetReport) Gap() string {
	counties := fmt.Sprintf("%s: %d counties", s.State, s.Counties)
	if s.Counties == 1 {
		counties = fmt.Sprintf("%s: 1 county", s.State)
	}
	switch {
	case s.Damaged:
		return fmt.Sprintf("%s: its table is damaged and left out", s.State)
	case s.Unlisted && s.Counties == 0:
		return fmt.Sprintf("%s: how many counties there are, and how many are missing, is not known", s.State)
	case s.Unlisted:
		return counties + "; how many others are missing is not known"
	case len(s.Missing) > mostNamed:
		return fmt.Sprintf("%s; %d others are missing: %s and more", counties, len(s.Missing), strings.Join(s.Missing[:mostNamed], " "))
	case len(s.Missing) > 0:
		return fmt.Sprintf("%s; %d others are missing: %s", counties, len(s.Missing), strings.Join(s.Missing, " "))
	}
	return ""
}

// printStreets writes what streets there are, and which are not.
func printStreets(w io.Writer, reports []StreetReport) {
	var states []congress.State
	var bytes int64
	for _, s := range reports {
		if !s.Damaged {
			states = append(states, s.State)
			bytes += s.Bytes
		}
	}
	if len(states) == 0 {
		fmt.Fprintln(w, "Streets: none; a ZIP code in several districts asks the person to choose")
	} else {
		fmt.Fprintf(w, "Streets: %s, %.1f MB\n", names(states), float64(bytes)/1e6)
	}
	for _, s := range reports {
		if gap := s.Gap(); gap != "" {
			fmt.Fprintf(w, "  %s\n", gap)
		}
	}
}
