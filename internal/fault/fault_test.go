package fault_test

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/internal/fault"
)

func TestKindSurvivesWrapping(t *testing.T) {
	var fields fault.Fields
	fields.Add("zip", "Enter a ZIP code")
	for name, c := range map[string]struct {
		err  error
		kind fault.Kind
		text string
	}{
		"new":     {fault.New(fault.NotFound, "no such campaign"), fault.NotFound, "not found: no such campaign"},
		"cause":   {fault.Wrap(fault.Unavailable, io.EOF, "try later"), fault.Unavailable, "unavailable: try later: EOF"},
		"silent":  {fault.Wrap(fault.Conflict, io.EOF, ""), fault.Conflict, "conflict: EOF"},
		"limited": {fault.Limited(time.Minute, "slow down"), fault.RateLimited, "rate limited: slow down"},
		"fields":  {fields.Err("1 problem"), fault.Invalid, "invalid: 1 problem: zip: Enter a ZIP code"},
		"foreign": {io.EOF, fault.Unknown, "EOF"},
	} {
		t.Run(name, func(t *testing.T) {
			wrapped := fmt.Errorf("outer: %w", fmt.Errorf("inner: %w", c.err))
			if got := fault.KindOf(wrapped); got != c.kind {
				t.Errorf("kind %q, want %q", got, c.kind)
			}
			if !fault.Is(wrapped, c.kind) {
				t.Errorf("Is(%q) is false", c.kind)
			}
			if got := c.err.Error(); got != c.text {
				t.Errorf("text %q, want %q", got, c.text)
			}
		})
	}
}

func TestTheOutermostKindCounts(t *testing.T) {
	inner := fault.New(fault.NotFound, "inner")
	outer := fault.Wrap(fault.Invalid, fmt.Errorf("look up: %w", inner), "outer")
	if fault.KindOf(outer) != fault.Invalid || fault.Message(outer) != "outer" {
		t.Errorf("got %q %q", fault.KindOf(outer), fault.Message(outer))
	}
	if !errors.Is(outer, inner) {
		t.Error("the cause is lost")
	}
}

func TestNothingIsNothing(t *testing.T) {
	if err := fault.Wrap(fault.Invalid, nil, "x"); err != nil {
		t.Errorf("Wrap(nil) = %v", err)
	}
	if err := (fault.Fields{}).Err("x"); err != nil {
		t.Errorf("no fields: %v", err)
	}
	if fault.Is(nil, fault.Unknown) || fault.KindOf(nil) != fault.Unknown || fault.Message(nil) != "" || fault.FieldsOf(nil) != nil {
		t.Error("nil has a kind")
	}
}

func TestFieldsKeepTheirOrder(t *testing.T) {
	var fields fault.Fields
	fields.Add("zip", "b")
	fields.Add("email", "a")
	fields.Add("zip", "c")
	err := fmt.Errorf("form: %w", fields.Err("3 problems"))
	got := fault.FieldsOf(err)
	if !slices.Equal(got, fields) {
		t.Errorf("got %v", got)
	}
	if m := got.For("zip"); !slices.Equal(m, []string{"b", "c"}) || got.For("city") != nil {
		t.Errorf("zip: %v", m)
	}
}

func TestRetryAfter(t *testing.T) {
	for _, err := range []error{fault.Limited(90*time.Second, ""), fault.Retry(90*time.Second, io.EOF, "")} {
		if e := fault.Of(fmt.Errorf("x: %w", err)); e == nil || e.RetryAfter != 90*time.Second {
			t.Errorf("%v: got %+v", err, e)
		}
	}
	if fault.Of(io.EOF) != nil {
		t.Error("a foreign error has details")
	}
}
