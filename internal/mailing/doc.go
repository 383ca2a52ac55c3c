// Package mailing sends one message to many people who agreed to get it: newsletters, and
// action alerts that lead to a campaign.
//
// A mailing is a file of its author's (Parse) and a state (Moves). Once it begins, its
// people are written down in pages, so that a list of any length takes the same memory, and
// their messages leave over a few connections that stay open. Of all nodes one sends (Post).
//
// Before a message goes to the relay, one transaction looks whether its person is still on
// the list, may be mailed and has not acted, and whether the mailing still runs, and marks
// the person as being sent to. When that is durable the message goes out, at once. Another
// transaction records what came of it, together with the next ones that begin. So a crash
// leaves at most one message for each connection of unknown fate, and those are not sent
// again: nobody gets a mailing twice.
package mailing
