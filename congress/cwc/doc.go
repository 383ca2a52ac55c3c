// Package cwc speaks Communicating With Congress 2.0, the interface through which
// constituents' letters reach the offices of the U.S. House and, in a variant, the Senate.
//
// A letter is a Message. Build checks it, cleans it and writes the XML; CheckXML gives the
// verdict of the House's published RELAX NG schema on any bytes; Parse reads a message back.
// HouseClient sends the bytes and says what is known afterwards: an Outcome is accepted,
// refused, busy, misconfigured, not sent, or unknown. Unknown is not a failure: the message
// may have arrived, so the same bytes with the same DeliveryId are sent again and nothing
// else. Asking the House to check a message without delivering it gives a Validation,
// which cannot be mistaken for an Outcome.
//
// Two levels of rules are kept apart. Level Schema is what the House's schema accepts.
// Level Sending is narrower: what a careful sender lets out of the house, such as a
// complete e-mail address, one of five prefixes, an office that exists. Build applies
// both; CheckXML only the first. docs/cwc.md lists every difference.
//
// Nothing here has a clock, reads the environment or keeps state. The access key is held
// in a Key, which no printing verb, logger or encoder can show, and it is struck out of
// every text that comes back from the network.
package cwc
