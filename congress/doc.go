// Package congress holds the words everybody uses about the U.S. Congress:
// states, seats, chambers, terms, office codes, bills and topics.
//
// It knows no people and no lines on a map. Who holds a seat is package roster,
// which seat an address belongs to is package district, and how a letter reaches
// an office is package cwc. Nothing here has a clock: every function that depends
// on the date takes it as an argument.
package congress
