package tiger

import "maps"

// Kind names something that is counted while streets are compiled.
type Kind string

// What is counted about features and sides as they are read. A side is one side of a
// street with house numbers; every side in the files is Kept or Unnamed.
const (
	Features      Kind = "features"                   // records in the file
	Sides         Kind = "sides"                      // sides with house numbers
	Kept          Kind = "sides-kept"                 // sides in the county's list
	Unnamed       Kind = "sides-without-street-name"  // nobody can ask for them
	ZIPFromArea   Kind = "zip-from-area"              // no ZIP code, taken from the face's ZIP code area
	ZIPFromAcross Kind = "zip-from-other-side"        // no ZIP code, taken from the other side of the street
	ZIPFromStreet Kind = "zip-from-street"            // no ZIP code, taken from the street's other pieces
	ZIPFromCounty Kind = "zip-any-of-county"          // no ZIP code: kept under each of the county
	ZIPRepeats    Kind = "sides-kept-again"           // under a second ZIP code, a third and so on
	ZIPUnknown    Kind = "zip-unknown"                // no ZIP code in the whole county
	FaceUnknown   Kind = "sides-without-face"         // the face is not in the county's file of faces
	OtherRecords  Kind = "features-without-addresses" // of the features: no house number on either side
)

// What is counted about house numbers as ranges are made of them.
const (
	Descending    Kind = "numbers-descending"
	SingleNumber  Kind = "numbers-single"
	OneEnd        Kind = "numbers-one-end-only"
	Prefixed      Kind = "numbers-with-prefix"
	PrefixDiffers Kind = "numbers-of-two-prefixes" // kept as two single numbers
	NotNumeric    Kind = "numbers-not-numeric"     // kept as a name without a number
	ParityDerived Kind = "parity-derived"          // blank, so taken from the numbers
	ParityWrong   Kind = "parity-contradicts"      // the numbers say otherwise: both
)

// How the seats of places were found, each counted once for each Congress.
const (
	ByFace      Kind = "seat-by-face"      // the district code of the face itself
	ByBlock     Kind = "seat-by-block"     // the block equivalency file
	ByPoint     Kind = "seat-by-point"     // the lines around a point inside the face
	BySide      Kind = "seat-by-side"      // the lines left and right of the street
	ByState     Kind = "seat-by-state"     // the state has one district
	Ambiguous   Kind = "seat-ambiguous"    // several seats are possible
	SeatUnknown Kind = "seat-unknown"      // none is known
	FromOthers  Kind = "face-of-neighbour" // the face is in a neighbouring county's file
)

// What became of the rows of a state's table. A range has more than one row when its seat
// is ambiguous or its numbers are two.
const (
	RowsWritten   Kind = "rows-written"
	RowsSettled   Kind = "rows-settled-by-zip" // not needed: the ZIP code decides
	RowsNoZIP     Kind = "rows-without-zip"
	RowsElsewhere Kind = "rows-of-other-states"
	RowsUnread    Kind = "rows-without-readable-name"
	OpenEnds      Kind = "streets-that-may-go-on" // in a county whose streets are not at hand
)

// What is counted about the rows of block equivalency files.
const (
	BlockRows      Kind = "block-rows"
	BlocksKept     Kind = "blocks-kept"
	BlocksElse     Kind = "blocks-of-other-states"
	BlocksWater    Kind = "blocks-undefined" // ZZ: water in no district
	BlocksBad      Kind = "block-rows-bad"   // not fifteen digits, or no district of the state
	BlocksRepeated Kind = "blocks-repeated"
	BlocksSplit    Kind = "blocks-split" // given to several districts
)

// Counts tells how many there were of each kind.
type Counts map[Kind]int

// Add adds the counts of others.
func (c Counts) Add(others Counts) {
	for kind, n := range others {
		c[kind] += n
	}
}

// Clone returns a copy.
func (c Counts) Clone() Counts { return maps.Clone(c) }
