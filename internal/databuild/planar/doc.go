// Package planar turns overlapping outlines into shared borders.
//
// Neighbouring districts repeat the border between them, vertex by vertex. Share finds
// every edge that several outlines have in common, cuts the outlines where their
// company changes, and keeps each piece once, with the areas on its sides. An area is
// afterwards the set of arcs that name it: a point lies inside when a line from it to
// far away crosses an odd number of them. That holds whatever the direction of the
// rings and however many there are.
package planar
