// Package inuse chooses the district lines and the roster that the program answers from:
// those that `franklin data sync` fetched, or those built into the program. It opens
// them, notices when newer ones are there, and says what about them needs a person.
//
// The rules. Synced data are used when they are whole. Built-in lines win over synced
// ones when they know a later Congress, or an edition of a later year of the newest one;
// the built-in roster wins when its day is later. What is damaged is never used: the
// data before it stay, or the built-in ones answer, and the problem is told.
package inuse
