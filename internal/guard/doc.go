// Package guard tells people from programs as far as that can be done without asking third
// parties and without getting in people's way.
//
// Client finds out where a request comes from, behind the proxies that the operator named.
// Forms makes and checks the signed key of a form. Guard counts what comes from one
// network, mailbox, household, to one office and in the same words, and judges each
// letter: it may pass, be confirmed by e-mail first, or be put aside for a person. Nothing
// is ever refused for what it looks like; only a plain flood has to wait.
//
// The counts live in memory, under keyed hashes, and a restart begins anew. Nodes tell each
// other what has come to a quarter of a limit, see Shares; of whom less comes nothing is
// stored anywhere. What must hold
// for good (one letter a person, two people a mailbox, one mail a day) is not here but in
// the database, in package letter.
package guard
