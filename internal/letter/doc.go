// Package letter is the core: it takes submissions in, sends their letters, and knows
// where each of them stands.
//
// A submission is one supporter's act on one campaign; a letter is its text to one
// office. Submit makes both durable in one transaction, shared by all submissions that
// wait at that moment, and only then does the supporter hear "thank you". Deliver takes
// one letter through one attempt. Every change of state goes through one function and one
// table of moves (Rules), which writes the history and the counters in the same
// transaction. The queue only says "try again": Reconcile rebuilds it from the letters.
//
// A letter has one delivery number, a pure function of the form's key and the office,
// stored before the first attempt. When nobody can know whether an attempt arrived, the
// letter is unknown; it is not sent again unless the channel recognises repeats.
package letter
