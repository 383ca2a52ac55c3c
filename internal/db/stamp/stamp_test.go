package stamp_test

import (
	"testing"
	"time"

	"github.com/franklin-letters/franklin/internal/db/stamp"
)

func TestOfAndBack(t *testing.T) {
	at := time.Date(2026, 11, 23, 12, 0, 0, 987_654_321, time.FixedZone("east", -5*3600))
	s := stamp.Of(at)
	if want := at.Truncate(time.Millisecond); !s.Time().Equal(want) || s.Time().Location() != time.UTC {
		t.Errorf("got %v, want %v in UTC", s.Time(), want)
	}
	if s.String() != "2026-11-23T17:00:00.987Z" {
		t.Errorf("got %s", s)
	}
	if got := s.Add(90 * time.Second); got != s+90_000 {
		t.Errorf("Add: %s", got)
	}
	if s.IsZero() {
		t.Error("a moment is never")
	}
}

func TestNever(t *testing.T) {
	var never stamp.Time
	if stamp.Of(time.Time{}) != never || !never.Time().IsZero() || !never.IsZero() || never.String() != "never" {
		t.Errorf("never is %v, %s", never.Time(), never)
	}
}
