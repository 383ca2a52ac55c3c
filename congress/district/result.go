package district

import (
	"slices"

	"github.com/franklin-letters/franklin/congress"
)

// Basis says how a district was found. It is stored with a letter.
type Basis string

// The bases, from the surest to the one the person vouches for.
const (
	BasisStreet Basis = "street" // the side of the street the house stands on
	BasisPoint  Basis = "point"  // coordinates, farther from any other district than they may be wrong
	BasisZIP    Basis = "zip"    // the ZIP code (and state) lies in one district only
	BasisState  Basis = "state"  // without a ZIP code: the whole state or territory is one seat
	BasisChoice Basis = "choice" // the person chose among the candidates
)

// Note is something worth telling about a result: a code for programs, with Text in
// plain English.
type Note string

// The notes a Result can carry.
const (
	NoteShore       Note = "shore"        // just outside the mapped land: the nearest district, within 2 km of it in the state given
	NoteStateNeeded Note = "state-needed" // outside the mapped land, on the water or abroad: its state would tell
	NoteCoarseLines Note = "coarse-lines" // the lines here are good to about 100 m only, and one is near
	NoteTooClose    Note = "too-close"    // another district is nearer than the position may be wrong
	NoteTooVague    Note = "too-vague"    // the position is less exact than MaxAccuracyMetres
	NoteOutside     Note = "outside"      // no district within 2 km of the point
	NotePOBox       Note = "po-box"       // the address is a post office box or a rented one, which may be far from home
	NoteStatewide   Note = "statewide"    // the ZIP code has no area, but its whole state is one seat
	NoteZIPRange    Note = "zip-range"    // no list knows the ZIP code, but its range belongs to the District of Columbia
	NoteZIPUnmapped Note = "zip-unmapped" // the state's lines are new, and nobody has told which ZIP codes lie in which district

	NoteStreetUnknown   Note = "street-unknown"   // the street tables know the ZIP code, but not this street in it
	NoteStreetCorrected Note = "street-corrected" // found under another direction, suffix or spelling, see Result.Street
	NoteOtherZIP        Note = "other-zip"        // found in another ZIP code of the city only
	NoteWholeStreet     Note = "whole-street"     // the house number is missing or not known, but the whole street lies in one district
	NoteNumberRead      Note = "number-read"      // the house number was found in another spelling, such as 37-05 for 3705
	NoteStreetSplit     Note = "street-split"     // the street lies in several districts and the house number does not tell
	NoteStreetAmbiguous Note = "street-ambiguous" // several streets can be meant, in different districts
)

// Text returns the note as a sentence in English.
func (n Note) Text() string {
	switch n {
	case NoteShore:
		return "The point lies just outside the mapped districts, off a shore or at a roughly drawn border; this is the nearest one, within 2 km."
	case NoteCoarseLines:
		return "The district lines known for this state are good to about 100 m, and one runs near this point."
	case NoteTooClose:
		return "Another district is closer than the position may be wrong."
	case NoteTooVague:
		return "The position is not exact enough to tell a district."
	case NoteStateNeeded:
		return "The point lies outside all districts, on the water or in another country: only with its state can a district within 2 km answer."
	case NoteOutside:
		return "No congressional district is within 2 km of this point."
	case NotePOBox:
		return "A post office box or rented mailbox may lie in another district than the home of its holder: give the address where you live."
	case NoteStatewide:
		return "The ZIP code has no area of its own, but its whole state or territory is one seat."
	case NoteZIPRange:
		return "No list knows this ZIP code; it is taken for one of the federal government in Washington by its range."
	case NoteZIPUnmapped:
		return "The state's district lines are new, and which ZIP codes lie in which district is not published yet: a place on the map tells it."
	case NoteStreetUnknown:
		return "No such street is known in this ZIP code: check the spelling, and the ZIP code."
	case NoteStreetCorrected:
		return "The street was found under a slightly different name: check that it is yours."
	case NoteOtherZIP:
		return "The street was found in another ZIP code of the same city, not in the one given."
	case NoteWholeStreet:
		return "The house number is missing or not known here, but as far as this ZIP code goes the whole street lies in one district."
	case NoteNumberRead:
		return "The house number was found in another spelling, as 37-05 is for 3705."
	case NoteStreetSplit:
		return "The street lies in several districts, and the house number is missing or does not tell in which."
	case NoteStreetAmbiguous:
		return "Several streets can be meant, and they lie in different districts: write the street in full, with its direction and suffix."
	}
	return string(n)
}

// Result is an answer that explains itself.
//
// Seat is set only when exactly one seat remains; Candidates then holds that seat
// alone. Without a Seat the Candidates are the seats that are possible, ordered by
// state and district, and empty when there are none: the ZIP code is a PO box, foreign
// or military, or the point lies outside. Class and States say which.
type Result struct {
	Seat       congress.Seat    `json:"seat,omitzero"`
	Candidates []congress.Seat  `json:"candidates"`
	Basis      Basis            `json:"basis,omitempty"` // empty while there is no Seat
	ZIP        string           `json:"zip,omitempty"`   // five digits
	Class      ZIPClass         `json:"class,omitempty"` // of the ZIP code, or of an address abroad
	States     []congress.State `json:"states,omitempty"`
	Place      string           `json:"place,omitempty"` // the ZIP code's usual city, where known
	// Street is the street as the tables know it, "N MAIN ST", when it is one that was found.
	Street string `json:"street,omitempty"`
	// Plan holds the lines that answered: those of the Seat, or of the first candidate.
	Plan Plan `json:"plan,omitzero"`
	// MarginMetres is the distance from the point to the nearest other district, at most
	// MaxAccuracyMetres; 0 for other bases.
	MarginMetres float64 `json:"margin_metres,omitempty"`
	Notes        []Note  `json:"notes,omitempty"`
	// Next tells how the answer changes when Plan ends. Nil means that it stays the same, or
	// that the plan after that is not loaded, see Locator.Covers.
	Next *Next `json:"next,omitempty"`
}

// Unique reports whether exactly one seat remains.
func (r Result) Unique() bool { return !r.Seat.IsZero() }

// Split reports whether the person has to choose or say more: several seats remain.
func (r Result) Split() bool { return len(r.Candidates) > 1 }

// Has reports whether the result carries the note.
func (r Result) Has(n Note) bool { return slices.Contains(r.Notes, n) }

// note adds a note. Answers under other plans may share what it was added to.
func (r *Result) note(n Note) { r.Notes = append(slices.Clip(r.Notes), n) }

// settle sets the candidates, and the seat and its basis when only one is left.
func (r *Result) settle(candidates []congress.Seat, basis Basis, plans *planSet) {
	if len(candidates) == 0 {
		return
	}
	r.Candidates = candidates
	r.Plan = plans.of(candidates[0].State)
	if len(candidates) == 1 {
		r.Seat, r.Basis = candidates[0], basis
	}
}
