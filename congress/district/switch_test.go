package district_test

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/district"
)

// The 119th Congress began at noon. In the five states below the lines changed with it.
var (
	switchNoon   = time.Date(2025, time.January, 3, 12, 0, 0, 0, time.FixedZone("EST", -5*60*60))
	secondBefore = switchNoon.Add(-time.Second)
)

// moved is places whose district changed, each in the middle of a ZIP code area that lies
// in one district before and after. The seats agree with the Census Bureau's own shapes.
func moved() []struct {
	place, zip  string
	lat, lon    float64
	before, now string
} {
	return []struct {
		place, zip  string
		lat, lon    float64
		before, now string
	}{
		{"Montgomery", "36108", 32.3391, -86.4011, "AL-07", "AL-02"},
		{"Mobile", "36604", 30.6823, -88.0684, "AL-01", "AL-02"},
		{"Atlanta", "30327", 33.8697, -84.4173, "GA-05", "GA-06"},
		{"Baton Rouge", "70805", 30.4889, -91.1583, "LA-02", "LA-06"},
		{"Shreveport", "71103", 32.4915, -93.7717, "LA-04", "LA-06"},
		{"Charlotte", "28203", 35.2090, -80.8576, "NC-14", "NC-12"},
		{"Greensboro", "27401", 36.0708, -79.7677, "NC-06", "NC-05"},
		{"Auburn", "13024", 42.9346, -76.5742, "NY-24", "NY-22"},
		{"Atlanta, New York", "14808", 42.5581, -77.4688, "NY-23", "NY-24"},
	}
}

// TestFiveStatesSwitchAtNoon asks on both sides of the moment by point, ZIP code and
// address.
func TestFiveStatesSwitchAtNoon(t *testing.T) {
	l := embedded(t)
	for _, m := range moved() {
		state := congress.State(m.before[:2])
		ways := map[string]func(time.Time) (district.Result, error){
			"point": func(at time.Time) (district.Result, error) { return l.ByPoint(m.lat, m.lon, 0, at) },
			"zip":   func(at time.Time) (district.Result, error) { return l.ByZIP(m.zip, state, at) },
			"address": func(at time.Time) (district.Result, error) {
				return l.ByAddress(district.Address{Street: "1 Nowhere Known Way", State: state, ZIP: m.zip}, at)
			},
		}
		for way, ask := range ways {
			before, err := ask(secondBefore)
			if err != nil || before.Seat.String() != m.before || before.Plan.Congress != 118 || before.Plan.Inherits != 0 {
				t.Errorf("%s by %s before: %s, plan %+v, %v", m.place, way, before.Seat, before.Plan, err)
			}
			if n := before.Next; n == nil || n.Seat.String() != m.now || !n.From.Equal(switchNoon) || n.Plan.Congress != 119 {
				t.Errorf("%s by %s: next %+v", m.place, way, before.Next)
			}
			now, err := ask(switchNoon)
			if err != nil || now.Seat.String() != m.now || now.Plan.Congress != 119 || now.Next != nil {
				t.Errorf("%s by %s at noon: %s, plan %s, next %v, %v", m.place, way, now.Seat, now.Plan, now.Next, err)
			}
		}
	}
}

// TestOtherStatesKeepTheirLines asks in every state. Those that did not change inherit.
func TestOtherStatesKeepTheirLines(t *testing.T) {
	l := embedded(t)
	for _, c := range capitols() {
		before, err := l.ByPoint(c.lat, c.lon, 0, secondBefore)
		if err != nil {
			t.Fatal(err)
		}
		now, err := l.ByPoint(c.lat, c.lon, 0, switchNoon)
		if err != nil {
			t.Fatal(err)
		}
		changed := strings.Contains("AL GA LA NC NY", c.seat[:2])
		if !changed && (before.Seat != now.Seat || before.Next != nil || before.Plan.Inherits != 119 || before.Plan.Note == "") {
			t.Errorf("%s: %s, then %s, next %v, plan %+v", c.seat, before.Seat, now.Seat, before.Next, before.Plan)
		}
		if changed && before.Plan.Inherits != 0 {
			t.Errorf("%s: plan %+v", c.seat, before.Plan)
		}
		old, err := l.ByZIP(c.zip, "", secondBefore)
		if err != nil {
			t.Fatal(err)
		}
		zip, err := l.ByZIP(c.zip, "", switchNoon)
		if diff := cmp.Diff(old.Candidates, zip.Candidates); err != nil || (!changed && diff != "") {
			t.Errorf("ZIP %s: %v %s", c.zip, err, diff)
		}
	}
	if !l.Covers(secondBefore) || !l.Covers(switchNoon) || l.Covers(congress.Number(119).End()) || len(l.Uncovered(congress.Number(119).End())) != 56 {
		t.Error("the moments for which lines are known are told wrongly")
	}
}

// TestBordersOfStatesWithOtherLines measures across a state border where only one side
// has lines of its own: the margin is that of the border, not of a line that is no longer.
func TestBordersOfStatesWithOtherLines(t *testing.T) {
	l := embedded(t)
	for _, tt := range []struct {
		name        string
		lat, lon    float64
		before, now string
	}{
		{"Augusta, across the Savannah from Georgia", 33.4950, -81.9750, "GA-12 SC-02", "GA-12 SC-02"},
		{"Port Jervis, at the border of New York", 41.3760, -74.6950, "NY-18 PA-08", "NY-18 PA-08"},
		{"Columbus, across the Chattahoochee", 32.4700, -84.9960, "AL-03 GA-02", "AL-02 GA-02"},
	} {
		margin := map[string]float64{}
		for want, at := range map[string]time.Time{"before " + tt.before: secondBefore, "now " + tt.now: switchNoon} {
			r, err := l.ByPoint(tt.lat, tt.lon, 1500, at)
			if err != nil || r.MarginMetres > 1500 {
				t.Errorf("%s %s: margin %g, %v", tt.name, want, r.MarginMetres, err)
			}
			when, names, _ := strings.Cut(want, " ")
			if diff := cmp.Diff(seats(t, names), r.Candidates); diff != "" {
				t.Errorf("%s %s: %s", tt.name, when, diff)
			}
			margin[when] = r.MarginMetres
		}
		if math.Abs(margin["before"]-margin["now"]) > 5 {
			t.Errorf("%s: the border of the state moved: %v", tt.name, margin)
		}
	}
}

// TestNextOfAChoice: who chose among several districts may be in any of the later ones.
func TestNextOfAChoice(t *testing.T) {
	l := embedded(t)
	asked, changes := 0, 0
	for n := range 100_000 {
		zip := fmt.Sprintf("%05d", n)
		split, err := l.ByZIP(zip, "", secondBefore)
		if err != nil || !split.Split() {
			continue
		}
		for i, seat := range split.Candidates {
			from := split
			if i%2 == 1 {
				from.Next = nil // as when only the candidates were kept
			}
			chosen, err := l.Choose(from, seat, secondBefore)
			if err != nil || chosen.Seat != seat || chosen.Basis != district.BasisChoice {
				t.Fatalf("%s: %+v, %v", zip, chosen, err)
			}
			later, err := l.ByZIP(zip, seat.State, switchNoon)
			if err != nil {
				t.Fatal(err)
			}
			asked++
			stays := chosen.Plan.Inherits == 119 || (later.Unique() && later.Seat == seat)
			if stays != (chosen.Next == nil) {
				t.Errorf("%s: %s, next %+v", zip, seat, chosen.Next)
			}
			if chosen.Next != nil {
				changes++
				if diff := cmp.Diff(later.Candidates, chosen.Next.Candidates); diff != "" {
					t.Errorf("%s: next after %s: %s", zip, seat, diff)
				}
			}
		}
	}
	if asked < 10_000 || changes < 1000 {
		t.Errorf("%d choices, %d changes", asked, changes)
	}
}

func TestNextText(t *testing.T) {
	for _, tt := range []struct {
		next district.Next
		want string
	}{
		{
			district.Next{From: congress.Number(120).Start(), Seat: congress.Seat{State: "TX", District: 10}},
			"From 3 January 2027 noon Eastern your address is in TX-10.",
		},
		{
			district.Next{From: congress.Number(120).Start().UTC(), Candidates: seats(t, "TX-10 TX-37")},
			"From 3 January 2027 noon Eastern other lines are in force, and your address is in one of TX-10, TX-37.",
		},
		{
			district.Next{From: time.Date(2026, time.May, 4, 4, 0, 0, 0, time.UTC), Seat: congress.Seat{State: "VA", District: 2}},
			"From 4 May 2026 04:00 UTC your address is in VA-02.",
		},
	} {
		if got := tt.next.Text(); got != tt.want {
			t.Errorf("got  %s\nwant %s", got, tt.want)
		}
	}
}

// FuzzByPointAtTheSwitch asks under lines that lie on top of others.
func FuzzByPointAtTheSwitch(f *testing.F) {
	f.Add(32.3391, -86.4011, 50.0)
	f.Add(90.0, 180.0, 0.0)
	f.Add(-90.0, -180.0, 1e9)
	f.Add(52.0, 179.9999999, 50_000.0)
	f.Add(52.0, -180.0, 50_000.0)
	f.Add(34.98, -85.47, 40_000.0)
	for _, at := range []time.Time{secondBefore, switchNoon} { // not while a first question is timed
		if err := embedded(f).Warm(at); err != nil {
			f.Fatal(err)
		}
	}
	f.Fuzz(func(t *testing.T, lat, lon, accuracy float64) {
		l := embedded(t)
		r, err := l.ByPoint(lat, lon, accuracy, secondBefore)
		if err != nil {
			t.Fatal(err)
		}
		if r.Unique() != (len(r.Candidates) == 1) || (!r.Unique() && len(r.Notes) == 0) {
			t.Errorf("%g %g %g: %+v", lat, lon, accuracy, r)
		}
		now, err := l.ByPoint(lat, lon, accuracy, switchNoon)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range r.Candidates {
			if p := r.Plan; p.Congress != 118 || !s.Valid() {
				t.Errorf("%g %g %g: %s under %s", lat, lon, accuracy, s, p)
			}
		}
		if r.Next != nil && !cmp.Equal(r.Next.Candidates, now.Candidates) {
			t.Errorf("%g %g %g: next is %+v, and then %s", lat, lon, accuracy, r.Next, now.Candidates)
		}
		var late *district.OutOfDateError
		if _, err := l.ByPoint(lat, lon, accuracy, congress.Number(119).End()); !errors.As(err, &late) {
			t.Errorf("%g %g %g: %v", lat, lon, accuracy, err)
		}
	})
}
