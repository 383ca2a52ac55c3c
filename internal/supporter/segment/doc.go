// Package segment chooses people: a small language that campaigners read and write, and the
// answer to "how many are they, and who".
//
//	state = TX and (tag = volunteer or not acted(stop-abuse)) and joined >= 2026-01-01
//
// A text is parsed into a typed tree, which prints back in one canonical form. A filter never
// becomes SQL. What people are chosen by is packed by columns into blocks of some thousand
// people each (table people_blocks), and a filter is worked out on them as sets of bits: ten
// million people take a fraction of a second on both engines, which no query over their rows
// does.
//
// The blocks are a copy. Whoever changes what people are chosen by notes it in the same
// transaction (Changed). Those people are looked up as they are now and left out of the
// blocks until Fold has made their blocks anew, so that an answer is exact at all times. Whoever
// makes many people, and knows all of them, makes their block as well (Add).
package segment
