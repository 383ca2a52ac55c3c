// Package mail sends one message to one person through the operator's SMTP relay.
//
// It holds no business rules: who gets a message and when is decided elsewhere. What it
// guards is the edge. Addresses pass a check far narrower than the RFCs (ValidAddress),
// headers cannot be injected, a body cannot end the message early, and no address, text
// or relay answer ever stands in an error, because errors are logged.
//
// A failed send says what is known (Outcome): not sent and worth another try, refused for
// good, or unknown, when the connection broke after the whole message had been handed
// over. Whoever retries an unknown outcome keeps the same Message.ID, so that mailboxes
// can drop the second copy.
package mail
