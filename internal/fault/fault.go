// Package fault names the kinds of errors that people can be told about.
//
// A domain package returns an error of one of these kinds, wrapped as often as it
// likes with %w; package web maps the kind to a status and a page once. The message is
// a sentence for the person, free of personal data; the cause is for the log. An error
// without a kind is our own mistake: 500, a log line and a reference number.
package fault

import (
	"errors"
	"strings"
	"time"
)

// Kind is what went wrong, as far as the person in front of the screen is concerned.
type Kind string

// The kinds. Unknown is the kind of every error that did not come from this package.
const (
	Unknown     Kind = ""
	NotFound    Kind = "not found"
	Invalid     Kind = "invalid"
	Conflict    Kind = "conflict"
	Forbidden   Kind = "forbidden"
	RateLimited Kind = "rate limited"
	Unavailable Kind = "unavailable"
)

// Error is an error with a kind. Make one with New, Wrap, Limited or Fields.Err.
type Error struct {
	Kind Kind
	// Message is a sentence for the person; it may be empty.
	Message string
	// Fields are the fields at fault, in the order of the form. Only for Invalid.
	Fields Fields
	// RetryAfter is how long the person should wait; zero means it is not known.
	RetryAfter time.Duration

	cause error
}

// New returns an error of the kind with a message for the person.
func New(kind Kind, message string) error {
	return &Error{Kind: kind, Message: message}
}

// Wrap gives the cause a kind and a message for the person. A nil cause stays nil.
func Wrap(kind Kind, cause error, message string) error {
	if cause == nil {
		return nil
	}
	return &Error{Kind: kind, Message: message, cause: cause}
}

// Limited returns a RateLimited error; retryAfter is when another try makes sense.
func Limited(retryAfter time.Duration, message string) error {
	return &Error{Kind: RateLimited, Message: message, RetryAfter: retryAfter}
}

// Retry returns an Unavailable error with its cause; retryAfter is when another try
// makes sense.
func Retry(retryAfter time.Duration, cause error, message string) error {
	return &Error{Kind: Unavailable, Message: message, RetryAfter: retryAfter, cause: cause}
}

// Error returns kind, message, fields and cause: the text for the log. Messages about
// fields are fixed sentences, never what the person typed.
func (e *Error) Error() string {
	parts := []string{string(e.Kind)}
	if e.Message != "" {
		parts = append(parts, e.Message)
	}
	if len(e.Fields) > 0 {
		parts = append(parts, e.Fields.String())
	}
	if e.cause != nil {
		parts = append(parts, e.cause.Error())
	}
	return strings.Join(parts, ": ")
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.cause }

// Of returns the outermost Error in err's chain, or nil when there is none.
func Of(err error) *Error {
	if e, ok := errors.AsType[*Error](err); ok {
		return e
	}
	return nil
}

// KindOf returns the kind of err: that of the outermost Error in its chain, or Unknown.
func KindOf(err error) Kind {
	if e := Of(err); e != nil {
		return e.Kind
	}
	return Unknown
}

// Is reports whether err is of the kind.
func Is(err error, kind Kind) bool { return err != nil && KindOf(err) == kind }

// Message returns the sentence for the person, or "" when err has none.
func Message(err error) string {
	if e := Of(err); e != nil {
		return e.Message
	}
	return ""
}
