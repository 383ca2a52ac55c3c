package cwc

import "time"

// Result is what is known about a message after an attempt to send it.
type Result string

// The results. docs/cwc.md has the table of what leads to which.
const (
	// Accepted: the office system took the message for delivery.
	Accepted Result = "accepted"
	// Refused: it said no, with reasons. Sending the same bytes again is pointless.
	Refused Result = "refused"
	// Unknown: the bytes may have arrived. Send exactly the same bytes again, later.
	Unknown Result = "unknown"
	// Busy: it said not now. Send the same bytes again, not before RetryAfter.
	Busy Result = "busy"
	// Misconfigured: key, address, registered name or certificate is wrong. Stop and tell
	// the operator; no letter of this channel can pass.
	Misconfigured Result = "misconfigured"
	// NotSent: certainly nothing left this machine. Try again later.
	NotSent Result = "not-sent"
)

// Outcome is the end of one attempt to send a message.
type Outcome struct {
	Result Result `json:"result"`
	// Earlier is set with Accepted when the office system knew the DeliveryId already:
	// an earlier attempt had landed.
	Earlier bool `json:"earlier,omitempty"`
	// OfficeOff is set with Refused when the office takes no messages at the moment.
	OfficeOff bool `json:"office_off,omitempty"`
	// Reasons are the office system's own words, each once, at most 20 of 300 characters.
	Reasons []string `json:"reasons,omitempty"`
	// RetryAfter is how long it asked to wait; zero if it did not say.
	RetryAfter time.Duration `json:"retry_after,omitempty"`
	// Status is the HTTP status, 0 if there was no answer.
	Status int `json:"status,omitempty"`
	// Detail says in a few words what happened. It never contains the key.
	Detail string `json:"detail,omitempty"`
}

// Verdict is what the House says about a message that it was asked only to check.
type Verdict string

// The verdicts.
const (
	// Valid: the message would be taken. It was neither stored nor delivered.
	Valid Verdict = "valid"
	// Invalid: it would be refused, with reasons.
	Invalid Verdict = "invalid"
	// NoVerdict: no clear answer came; ask again, nothing is at stake.
	NoVerdict Verdict = "no-verdict"
	// NotAllowed: key, address or certificate is wrong.
	NotAllowed Verdict = "not-allowed"
)

// Validation is the end of a check by the House. It is a type of its own, because both
// calls answer 200 and a checked message must never pass for an accepted one. The House
// does not compare the agent's name when it only checks.
type Validation struct {
	Verdict    Verdict       `json:"verdict"`
	Reasons    []string      `json:"reasons,omitempty"`
	RetryAfter time.Duration `json:"retry_after,omitempty"`
	Status     int           `json:"status,omitempty"`
	Detail     string        `json:"detail,omitempty"`
}
