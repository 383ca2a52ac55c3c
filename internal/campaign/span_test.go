package campaign_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/internal/campaign"
)

func span(t *testing.T, text string) campaign.Span {
	t.Helper()
	s, err := campaign.ParseSpan(text)
	if err != nil || s.String() != text {
		t.Fatalf("%s became %s, %v", text, s, err)
	}
	return s
}

func TestSpanNext(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ span, at, next string }{
		{"09:00-17:00", "2026-11-23T13:00:00Z", "2026-11-23T14:00:00Z"},
		{"09:00-17:00", "2026-11-23T14:00:00Z", "2026-11-23T14:00:00Z"},
		{"09:00-17:00", "2026-11-23T22:00:00Z", "2026-11-24T14:00:00Z"},
		{"09:00-17:00", "2026-10-31T22:00:00Z", "2026-11-01T14:00:00Z"}, // the clocks go back
		{"00:00-01:00", "2026-11-01T05:30:00Z", "2026-11-02T05:00:00Z"},
		{"00:00-24:00", "2026-11-23T22:00:00Z", "2026-11-23T22:00:00Z"},
	} {
		at, err := time.Parse(time.RFC3339, c.at)
		if err != nil {
			t.Fatal(err)
		}
		if next := span(t, c.span).Next(at).UTC().Format(time.RFC3339); next != c.next {
			t.Errorf("%s after %s: %s, want %s", c.span, c.at, next, c.next)
		}
	}
}

// TestSpreadIsEven also late in the day: what does not fit into the rest of it goes on the
// next one, and no hour gets more than its share.
func TestSpreadIsEven(t *testing.T) {
	t.Parallel()
	s := span(t, "09:00-17:00")
	at := time.Date(2026, 11, 23, 21, 0, 0, 0, time.UTC) // four in the afternoon
	share := map[string]int{}
	for i := range 8000 {
		moment := s.Spread(at, fmt.Sprint("letter ", i))
		if moment.Before(at) || !s.Next(moment).Equal(moment) || !moment.Equal(s.Spread(at, fmt.Sprint("letter ", i))) {
			t.Fatalf("%s", moment)
		}
		share[moment.UTC().Format("02 15")]++
	}
	if len(share) != 8 || share["23 21"] == 0 || share["24 20"] == 0 {
		t.Errorf("%v", share)
	}
	for hour, n := range share {
		if n < 850 || n > 1150 {
			t.Errorf("%d letters at %s", n, hour)
		}
	}
	if none := (campaign.Span{}).Spread(at, "x"); !none.Equal(at) {
		t.Errorf("without a span %s", none)
	}
}

func FuzzParseSpan(f *testing.F) {
	for _, text := range []string{"09:00-17:00", "00:00-24:00", "9:00-17:00", "-1:00-02:00", "09:00-17:00 "} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := campaign.ParseSpan(text)
		if err == nil && (s.String() != text || s.From >= s.To || s.From < 0 || s.To > 24*60) {
			t.Errorf("%q became %+v", text, s)
		}
	})
}
