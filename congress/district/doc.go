// Package district tells which seat in the House of Representatives speaks for a ZIP
// code, a point or an address, on a given day, inside the process and offline.
//
// Four sources answer, each with its own certainty. The side of the street a house stands
// on lies in one district, where a table of the state's streets is in the data. A ZIP
// code lies in one district or in several, by the Census Bureau's relation of districts
// and ZIP code areas; a PO box, a military or a made-up ZIP code lies in none, and says
// so. A point lies in exactly one district, by the full-resolution lines and integer arithmetic; it counts
// as known only when every other district is farther away than the point may be wrong.
// And where several districts remain, the person chooses among them: Choose records it.
//
// The package never guesses. A Result names the one Seat or the Candidates, the Basis
// on which they were found, the Plan (the lines in force, their dates and source) and
// Notes worth telling. Lines belong to a span of time: every question carries the
// moment it is asked for, and a moment no loaded plan covers is an OutOfDateError,
// never an answer from the wrong lines. When the lines that follow are loaded too and
// answer differently, the Result names the Next district and the moment.
//
// The data is embedded and opened once by Embedded; Open reads the same files from any
// folder. A Locator never changes and is safe for concurrent use. The ZIP table is
// ready at once, the polygon index when the first point is asked for or Warm is called.
package district
