// Package crash kills the whole program at random moments while people send letters, and
// then asks an outside checker whether a promise was broken: no letter that was
// acknowledged is lost, none is delivered twice, none is delivered that nobody sent, and
// the counters tell the truth.
//
// The server is the real binary in a process of its own. The checker shares no code with
// it: it reads the database with plain SQL, the clients' own notes of what they posted and
// what they were answered, and what the simulated Capitol received. docs/reliability.md
// tells which promises are held here, and how the checker itself was tried.
package crash
