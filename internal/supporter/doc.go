// Package supporter knows the people: to what they agreed and in which words, on which
// lists they are, how they leave, what must not be mailed to them, and what is held about
// them.
//
// The consent ledger says what somebody agreed to; rows are only added. The subscriptions
// say who is on a list now, and the suppressions to which mailboxes mail must not go. All
// three change in one transaction, so they cannot disagree.
//
// Suppressions and links hold keyed hashes in place of addresses. They work on after a
// person was erased, and name nobody.
package supporter
