// Package roster knows who holds each of the 441 seats in the House and the 100 seats
// in the Senate, and says plainly when nobody does.
//
// The seats themselves come from package congress, never from a list of people: a
// departed member simply disappears from every public list, so a seat without a member
// is vacant, which is an answer and not an error. The people come from a compiled file
// (File), of which one snapshot is embedded; internal/databuild/rosterdata makes it.
//
// Presence in that file is the truth. The end dates in public data are expected
// elections, not departures, so no date ever drops a sitting member. What a roster
// cannot know it refuses: asked about another Congress than its own, or about a time
// before the present holder took the seat, it returns an *OutOfDateError instead of a
// name that may be wrong.
package roster
