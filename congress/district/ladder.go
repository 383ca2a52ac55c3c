package district

import (
	"strings"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/postal"
)

// rung is how surely a street was found, the surest first. A rung that finds anything is
// the last one: what it found either lies in one district, or leaves a choice. No rung
// below can make it better, only wrong.
type rung uint8

const (
	rungExact    rung = iota // the street as it was written, in the ZIP code given
	rungSimilar              // the name with a direction or suffix more or less
	rungOtherZIP             // the street in another ZIP code of the city
	rungSpelling             // a name one slip away
	rungNone
)

// outcome is what a state's streets say about an address.
type outcome struct {
	finding
	rung   rung
	street uint64 // the first one found, see streetTable.record
	others bool   // more than one street was found
	asRead bool   // the street is the first reading of the line
}

func (o *outcome) add(street uint64, f finding, r rung) {
	if o.rung == rungNone {
		o.rung, o.street = r, street
	}
	o.others = o.others || street != o.street
	o.finding.add(f)
}

// join adds what another reading of the same words found on the same rung.
func (o *outcome) join(other outcome) {
	switch {
	case other.rung == rungNone:
	case o.rung == rungNone:
		*o = other
	default:
		o.others = o.others || other.others || other.street != o.street
		o.finding.add(other.finding)
	}
}

// search is one address on its way up the ladder of one state.
type search struct {
	*streetTable
	column  int  // of the Congress asked about
	in      span // the ZIP code given
	set     *planSet
	line    *postal.Line
	streets *streets
	address *Address
	known   *Result // of the ZIP code
}

// climb goes up the ladder until something is found. The first reading of the words wins
// where there is just that street; the others, such as State Highway 9 and U.S. Highway 9
// for Hwy 9, are as good as each other.
func (s *search) climb() outcome {
	if record, ok := s.exact(s.in, s.line.Street); ok {
		o := outcome{rung: rungNone, asRead: true}
		o.add(s.at(record, rungExact))
		return o
	}
	streets := s.line.Readings()
	for rung := range rungNone {
		o := outcome{rung: rungNone}
		for _, street := range streets {
			o.join(s.on(rung, street))
		}
		if o.rung != rungNone {
			return s.weigh(o)
		}
	}
	return outcome{rung: rungNone}
}

// on looks a street up on one of the rungs.
func (s *search) on(r rung, street postal.Street) outcome {
	switch r {
	case rungExact:
		o := outcome{rung: rungNone}
		if record, ok := s.exact(s.in, street); ok {
			o.add(s.at(record, rungExact))
		}
		return o
	case rungSimilar:
		return s.similar(street)
	case rungOtherZIP:
		return s.elsewhere(street)
	case rungSpelling:
		return s.misspelt(street)
	case rungNone:
	}
	return outcome{rung: rungNone}
}

// at returns what a record says, for outcome.add.
func (s *search) at(record int, r rung) (uint64, finding, rung) {
	street, _ := s.record(record)
	return street, s.find(record, s.column, s.line), r
}

// similar finds the streets of the same name that only lack a direction or suffix that was
// written, or have one that was not. Solo Drive is not Solo Court: where there is only the
// latter, the former may be too new for the tables, and lie anywhere.
func (s *search) similar(street postal.Street) outcome {
	o := outcome{rung: rungNone}
	named := s.named(s.in, street.Name)
	for i := named.from; i < named.to; i++ {
		if key, _ := s.record(i); compatible(key, street) {
			o.add(s.at(i, rungSimilar))
		}
	}
	return o
}

// compatible reports whether a street differs from what was written only by directions
// and a suffix that one of the two lacks.
func compatible(key uint64, s postal.Street) bool {
	written := streetKey(0, s)
	for _, mask := range [...]uint64{0xf << 12, 0xf << 8, 0xff} {
		if a, b := key&mask, written&mask; a != b && a != 0 && b != 0 {
			return false
		}
	}
	return true
}

// elsewhere finds the street in the other ZIP codes of the city.
func (s *search) elsewhere(street postal.Street) outcome {
	o := outcome{rung: rungNone}
	if _, ok := s.names.lookup(street.Name); !ok {
		return o
	}
	for _, zip := range s.streets.near(zipNumber(s.known.ZIP), s.state, s.address.City, s.known.Place) {
		in, _ := s.streetsIn(zip)
		if record, ok := s.exact(in, street); ok {
			o.add(s.at(record, rungOtherZIP))
		}
	}
	return o
}

// misspelt finds the one street of the ZIP code whose name is one slip away. Two such
// names, even in one district, find nothing: there is no telling which was meant.
func (s *search) misspelt(street postal.Street) outcome {
	o := outcome{rung: rungNone}
	name, slip := -1, false
	for i := s.in.from; i < s.in.to; i++ {
		key, _ := s.record(i)
		if int(key>>16) != name { // #nosec G115 -- 24 bits
			name = int(key >> 16) // #nosec G115 -- 24 bits
			slip = slipOf(s.names.at(name), street.Name)
		}
		if !slip || !compatible(key, street) {
			continue
		}
		if o.rung != rungNone && o.street>>16 != key>>16 {
			return outcome{rung: rungNone}
		}
		o.add(s.at(i, rungSpelling))
	}
	return o
}

// minSlip is the length of the shortest word in which a slip is taken for one: shorter
// words one letter apart are mostly different words.
const minSlip = 4

// slipOf reports whether two names differ by one slip in the letters of one word. Other
// digits, such as 5TH for 6TH, and other short words, such as AVENUE B for AVENUE C, are
// other streets.
func slipOf(known []byte, written string) bool {
	if n := len(known) - len(written); n < -1 || n > 1 || !postal.Distance1(string(known), written) {
		return false
	}
	a, b := strings.Fields(string(known)), strings.Fields(written)
	if len(a) != len(b) {
		return strings.Join(a, "") == strings.Join(b, "") && !strings.ContainsAny(written, digits) // a space too many or too few
	}
	for i := range a {
		if a[i] != b[i] && (len(a[i]) < minSlip || len(b[i]) < minSlip || strings.ContainsAny(a[i]+b[i], digits)) {
			return false
		}
	}
	return true
}

const digits = "0123456789"

// weigh holds what a rung below the first has found against the ZIP code. Where they
// contradict each other, each may be the slip, so all that is possible remains.
func (s *search) weigh(o outcome) outcome {
	if o.rung == rungExact {
		return o
	}
	area := Result{ZIP: s.known.ZIP, Class: s.known.Class, States: []congress.State{s.state}}
	allowed := districtsOf(zipCandidates(&area, s.set), s.state) // none when that is not known
	if allowed == 0 || o.districts&^allowed == 0 {
		return o
	}
	if both := o.districts & allowed; both.count() > 1 {
		o.districts = both
	} else {
		o.districts |= allowed
	}
	o.others = true
	return o
}

// notes tells what the ladder did, when several districts are left or one.
func (o *outcome) notes(several bool) []Note {
	if several && o.others {
		return []Note{NoteStreetAmbiguous}
	}
	var list []Note
	switch o.rung {
	case rungSimilar, rungSpelling:
		list = append(list, NoteStreetCorrected)
	case rungOtherZIP:
		list = append(list, NoteOtherZIP)
	case rungExact, rungNone:
	}
	switch {
	case several:
		list = append(list, NoteStreetSplit)
	case o.reach == reachReading:
		list = append(list, NoteNumberRead)
	case o.reach == reachWhole:
		list = append(list, NoteWholeStreet)
	}
	return list
}
