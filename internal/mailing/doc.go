// Package mailing sends one message to many people who agreed to get it: newsletters, and
// action alerts that lead to a campaign.
//
// A mailing is a file of its author's (Parse) and a state (Moves). Once it begins, its
// people are written down in pages, so that a list of any length takes the same memory, and
// their messages leave over a few connections that stay open. Of all nodes one sends (Post).
//
// Before a message goes to the relay, one transaction looks whether its person is still on
// the list, may be mailed and has not acted, and whether the mailing still runs, and writes
// down that the message is under way. When that is durable it goes out, at once. Another
// transaction records what came of it, together with the next ones that begin. So a crash
// leaves at most one message for each connection of unknown fate, and those are not sent
// again: nobody gets a mailing twice.
//
// All that are under way of a mailing stand in one row of the database, which says under
// which fence of the lease: whoever takes the mailing over reads there who is in doubt, and
// from then on the sender before can begin nothing, whatever it believes. Each recipient's
// own row is changed once, when it is known what became of the message.
package mailing
