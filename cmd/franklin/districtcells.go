package main

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/district"
)

// spreadsheetZIP is what a spreadsheet makes of a ZIP code: ="02138", '02138, 02138.0.
var spreadsheetZIP = regexp.MustCompile(`^(?:="|')?([0-9-]+?)(?:\.0+)?"?$`)

// stateAndZIP is both in one cell: MA 02108.
var stateAndZIP = regexp.MustCompile(`^([A-Za-z]{2})[\s,]+(\d.*)$`)

// decimalComma is a comma between the digits of degrees: 33,4255.
var decimalComma = regexp.MustCompile(`^([^,.]*\d),(\d[^,.]*)$`)

// locate answers by the point where there is a good one, and else by the address.
func (f finder) locate(cell func(int) string, c csvColumns) (district.Result, []string) {
	lat, lon := cell(c.lat), cell(c.lon)
	if lat == "" && lon == "" {
		return f.cellAddress(cell, c)
	}
	if c.decimalComma {
		lat, lon = decimalComma.ReplaceAllString(lat, "$1.$2"), decimalComma.ReplaceAllString(lon, "$1.$2")
	}
	state, _ := stateOf(cell(c.state)) // one that cannot be read tells nothing
	result, err := f.cellPoint(state, lat, lon)
	if err == nil && len(result.Candidates) > 0 {
		return result, f.doubts(result, state, cell(c.zip))
	}
	if stale, ok := errors.AsType[*district.OutOfDateError](err); ok {
		return result, []string{stale.Error()}
	}
	if cell(c.zip) == "" && cell(c.street) == "" && !answersAlone(state) {
		return result, withError(nil, err)
	}
	why := "no congressional district is within 2 km of it"
	switch {
	case err != nil:
		why = err.Error()
	case result.Has(district.NoteStateNeeded):
		why = "it lies outside all districts, on the water or in another country"
	}
	result, notes := f.cellAddress(cell, c)
	return result, append([]string{"the point was not used: " + why}, notes...)
}

// doubts says where a row's state or ZIP code contradicts its point: one of them is wrong.
func (f finder) doubts(r district.Result, state congress.State, zip string) []string {
	if !r.Unique() {
		return nil
	}
	if state != "" && state != r.Seat.State {
		return []string{fmt.Sprintf("the point lies in %s, but the row says %s: one of them is wrong", r.Seat.State.Name(), state.Name())}
	}
	stated, zip := splitZIP(zip)
	code, _, err := f.cellZIP(zip, cmp.Or(stated, r.Seat.State))
	if err != nil {
		return nil
	}
	byZIP, err := f.lines.ByZIP(code, "", f.at)
	if err != nil || len(byZIP.Candidates) == 0 || slices.Contains(byZIP.Candidates, r.Seat) {
		return nil
	}
	return []string{fmt.Sprintf("the point does not lie in ZIP code %s, which meets %s: one of them may be wrong", byZIP.ZIP, seatList(byZIP))}
}

func (f finder) cellPoint(state congress.State, latText, lonText string) (district.Result, error) {
	lat, okLat := degrees(latText, "NS")
	lon, okLon := degrees(lonText, "EW")
	if !okLat || !okLon {
		return district.Result{}, errors.New("lat and lon must be numbers of degrees, such as 33.4255 and -111.94")
	}
	return f.byPoint(state, lat, lon)
}

// cellAddress answers by the address. A street cell without a ZIP code beside it may hold
// the whole address in one line.
func (f finder) cellAddress(cell func(int) string, c csvColumns) (district.Result, []string) {
	address := district.Address{Street: cell(c.street), City: cell(c.city)}
	state, errState := stateOf(cell(c.state))
	stated, zip := splitZIP(cell(c.zip))
	var said []string
	if address.Street != "" && zip == "" {
		if whole, notes, err := f.readAddress(address.Street); err == nil {
			if state != "" && whole.State != "" && state != whole.State && whole.ZIP == "" {
				return district.Result{}, []string{fmt.Sprintf("the row says %s, but its address %s", state.Name(), whole.State.Name())}
			}
			address, stated, zip, said = whole, whole.State, whole.ZIP, notes
		}
	}
	if state == "" && errState == nil {
		state = stated
	}
	if zip == "" && errState == nil && answersAlone(state) {
		return f.byState(state)
	}
	zip, notes, err := f.cellZIP(zip, state)
	if err == nil {
		err = errState
	}
	if err != nil {
		return district.Result{}, []string{err.Error()}
	}
	address.State, address.ZIP = state, zip
	result, err := f.lines.ByAddress(address, f.at)
	notes = withError(append(said, notes...), err)
	if err == nil && len(result.Candidates) == 0 {
		notes = append(notes, noDistrict(result))
	}
	return result, notes
}

// answersAlone reports whether a row with the state and no ZIP code has an answer: the
// state is a single seat, or no state at all.
func answersAlone(state congress.State) bool { return state.AtLarge() || otherRegion(state) }

// byState answers for a row without a ZIP code.
func (f finder) byState(state congress.State) (district.Result, []string) {
	result, err := f.lines.ByState(state, f.at)
	switch {
	case err != nil:
		return result, []string{err.Error()}
	case len(result.Candidates) == 0:
		return result, []string{noDistrict(result)}
	}
	return result, []string{"found without a ZIP code: all of " + state.Name() + " is one seat"}
}

// splitZIP takes the state off a cell that holds both, "MA 02108".
func splitZIP(text string) (state congress.State, zip string) {
	text = plainDashes.Replace(text)
	if m := stateAndZIP.FindStringSubmatch(text); m != nil {
		if _, code := cutState(m[1]); code != "" {
			return code, m[2]
		}
	}
	return "", text
}

// cellZIP reads a ZIP code that a spreadsheet may have taken for a number.
func (f finder) cellZIP(text string, state congress.State) (zip string, notes []string, err error) {
	if text == "" {
		return "", nil, errors.New("no ZIP code was found in this row")
	}
	zip = text
	if m := spreadsheetZIP.FindStringSubmatch(text); m != nil {
		zip = strings.TrimSuffix(m[1], "-")
	}
	padded, short := padZIP(zip)
	if !short {
		if m := canadianCode.FindStringSubmatch(text); m != nil {
			return "", nil, noZIP(text)
		}
		if _, err := district.ParseZIP(zip); err != nil {
			zip = text // the complaint is about what was typed
		}
		return zip, nil, nil
	}
	if f.padsTo(padded, state) {
		return padded, []string{readAs(padded)}, nil
	}
	return "", nil, fmt.Errorf("%q is not a ZIP code: a leading zero may be missing: %s?", text, padded)
}

// padsTo reports whether zeros that are missing in front may be put back: that gives a ZIP
// code of the state or, where no state was given, of some list. Without a state three digits
// are as likely the first three of a ZIP code.
func (f finder) padsTo(padded string, state congress.State) bool {
	if state == "" && strings.HasPrefix(padded, "00") {
		return false
	}
	r, err := f.lines.ByZIP(padded, state, f.at)
	_, mismatch := errors.AsType[*district.StateMismatchError](err)
	return r.Class != district.ClassUnknown && !mismatch
}

func readAs(padded string) string { return "read as " + padded }

// otherRegions are the names of what has mail but is no state.
var otherRegions = map[string]congress.State{
	"ARMED FORCES AMERICAS": "AA", "ARMED FORCES EUROPE": "AE", "ARMED FORCES PACIFIC": "AP",
	"PALAU": "PW", "MICRONESIA": "FM", "FEDERATED STATES OF MICRONESIA": "FM", "MARSHALL ISLANDS": "MH",
}

// stateOf reads a code or a name, also of what has mail but is no state.
func stateOf(text string) (congress.State, error) {
	if code := congress.State(strings.ToUpper(strings.ReplaceAll(text, ".", ""))); text == "" || otherRegion(code) {
		return code, nil
	}
	if code, ok := otherRegions[strings.Join(strings.Fields(strings.ToUpper(text)), " ")]; ok {
		return code, nil
	}
	s, err := congress.ParseState(text)
	if err != nil {
		return "", fmt.Errorf("%q is no state: write its two letters, such as AZ, or its full name", text)
	}
	return s, nil
}

func withError(notes []string, err error) []string {
	if err != nil {
		return append(notes, err.Error())
	}
	return notes
}
