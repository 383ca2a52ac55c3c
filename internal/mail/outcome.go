package mail

import (
	"errors"
	"fmt"
	"net/textproto"
	"regexp"
)

// Outcome says what is known about a message that was not accepted.
type Outcome string

// The outcomes.
const (
	// Temporary: not sent. The relay was away, busy or wrongly set up; try again later.
	Temporary Outcome = "temporary"
	// Permanent: the relay refused this recipient or this message for good.
	Permanent Outcome = "permanent"
	// Unknown: everything was handed over but the relay's answer never came. It may have
	// been sent; another try may make a second copy.
	Unknown Outcome = "unknown"
)

// SendError says how a send failed. Its text holds the step and the relay's number, never
// an address and never the relay's own words, which often repeat the address.
type SendError struct {
	Outcome Outcome
	// Step is "connect" (with TLS and sign-in), "sender", "recipient" or "message".
	Step string
	// Code is the relay's answer, such as 550, or 0 if none came.
	Code int
	// Status is the enhanced status code, such as "5.1.1", or empty.
	Status string
	// cause is kept only where it cannot name a person: of a failed connection, or that
	// the caller gave up.
	cause error
}

// Error names the outcome, the step, the code and the reason of a failed connection.
func (e *SendError) Error() string {
	text := fmt.Sprintf("mail: %s failure at the step %s", e.Outcome, e.Step)
	if e.Code != 0 {
		text += fmt.Sprintf(" (%d %s)", e.Code, e.Status)
	}
	if e.cause != nil {
		text += ": " + e.cause.Error()
	}
	return text
}

// Unwrap returns the reason of a failed connection, or nil.
func (e *SendError) Unwrap() error { return e.cause }

// connectError classifies everything before the message: never the message's fault.
func connectError(err error) *SendError {
	e := answered("connect", err)
	if e.Code == 0 { // otherwise the relay's words may repeat the user name
		e.cause = err
	}
	return e
}

var statusForm = regexp.MustCompile(`^[245]\.\d{1,3}\.\d{1,3}\b`)

// answered keeps of an error at a step the numbers that the relay gave, if it gave any.
func answered(step string, err error) *SendError {
	e := &SendError{Outcome: Temporary, Step: step}
	if answer, ok := errors.AsType[*textproto.Error](err); ok {
		e.Code, e.Status = answer.Code, statusForm.FindString(answer.Msg)
	}
	return e
}

// judged makes the outcome permanent if the answer says so. 530 to 538 ask for a sign-in
// or for TLS, which is a matter of settings and not of the message.
func (e *SendError) judged() *SendError {
	if e.Code >= 500 && (e.Code < 530 || e.Code > 538) {
		e.Outcome = Permanent
	}
	return e
}

// over reports whether the connection is of no more use: it broke, or the relay said that
// it closes it.
func (e *SendError) over() bool { return e.Code == 0 || e.Code == 421 }
