package letter_test

import (
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/district"
	"github.com/franklin-letters/franklin/congress/roster"
	"github.com/franklin-letters/franklin/internal/letter"
)

func guide(t *testing.T) letter.Guide {
	t.Helper()
	districts, err := district.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	members, err := roster.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	return letter.Guide{Districts: districts, Roster: members}
}

func from(state, zip string) letter.Form {
	f := jane()
	f.State, f.ZIP = state, zip
	return f
}

func recipient(t *testing.T, f letter.Form, where *letter.Position, at time.Time) letter.Recipient {
	t.Helper()
	r, err := guide(t).Recipient(f, where, at)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestRecipient(t *testing.T) {
	for name, c := range map[string]struct {
		state, zip string
		seat       string
		obstacle   letter.Obstacle
	}{
		"a whole ZIP code":             {"NY", "12032", "NY-21", letter.NoObstacle},
		"ZIP+4":                        {"NY", "12032-0001", "NY-21", letter.NoObstacle},
		"a state of one seat":          {"AK", "99501", "AK-00", letter.NoObstacle},
		"a box in a state of one seat": {"WY", "82002", "WY-00", letter.NoObstacle},
		"a state cuts the ZIP code":    {"NH", "03579", "NH-02", letter.NoObstacle},
		"District of Columbia":         {"DC", "20001", "DC-00", letter.Delegate},
		"Puerto Rico":                  {"PR", "00901", "PR-00", letter.Delegate},
		"Guam":                         {"GU", "96910", "GU-00", letter.Delegate},
		"Virgin Islands":               {"VI", "00801", "VI-00", letter.Delegate},
		"American Samoa":               {"AS", "96799", "AS-00", letter.Delegate},
		"Northern Marianas":            {"MP", "96950", "MP-00", letter.Delegate},
		"vacant, Florida":              {"FL", "33313", "FL-20", letter.Vacancy},
		"vacant, Texas":                {"TX", "76932", "TX-23", letter.Vacancy},
		"military, Europe":             {"AE", "09012", "", letter.MilitaryMail},
		"military, Americas":           {"AA", "34001", "", letter.MilitaryMail},
		"military, Pacific":            {"AP", "96201", "", letter.MilitaryMail},
		"military, ZIP code of nobody": {"AE", "99998", "", letter.MilitaryMail},
		"Palau":                        {"PW", "96940", "", letter.FreelyAssoc},
		"Palau under another state":    {"GU", "96940", "", letter.FreelyAssoc},
		"Marshall Islands":             {"MH", "96960", "", letter.FreelyAssoc},
		"a box in a large state":       {"NY", "00501", "", letter.POBox},
		"ZIP code of nobody":           {"NY", "99998", "", letter.UnknownZIP},
		"another state":                {"CA", "12032", "", letter.StateMismatch},
		"military in a state":          {"CA", "09012", "", letter.StateMismatch},
		"a state for military":         {"AE", "12032", "", letter.StateMismatch},
	} {
		t.Run(name, func(t *testing.T) {
			r := recipient(t, from(c.state, c.zip), nil, start)
			if r.Obstacle != c.obstacle || r.Found.Seat.String() != c.seat || len(r.Choices) != 0 {
				t.Errorf("%q with %s, choices %v; want %q with %s", r.Obstacle, r.Found.Seat, r.Choices, c.obstacle, c.seat)
			}
			if clear := c.obstacle == letter.NoObstacle; r.Clear() != clear {
				t.Errorf("clear is %v", r.Clear())
			}
			if r.Office.Seat != r.Found.Seat {
				t.Errorf("the office is of %s", r.Office.Seat)
			}
			// Who is named sits, and who sits is named.
			if named := r.Office.Name() != ""; named != (c.obstacle == letter.NoObstacle || c.obstacle == letter.Delegate) {
				t.Errorf("named: %q", r.Office.Name())
			}
			if r.Clear() && (r.Found.Basis != district.BasisZIP || r.Found.Plan.String() != c.state+" 119th") {
				t.Errorf("found by %s in %s", r.Found.Basis, r.Found.Plan)
			}
		})
	}
}

// TestRecipientOfMilitaryStreet: the address tells, where no list knows the ZIP code.
func TestRecipientOfMilitaryStreet(t *testing.T) {
	f := from("NY", "99998")
	f.Address1 = "PSC 1234 Box 5678"
	if r := recipient(t, f, nil, start); r.Obstacle != letter.MilitaryMail {
		t.Errorf("%q", r.Obstacle)
	}
}

// TestRecipientByDate: lines and members hold until noon in Washington on 3 January 2027.
func TestRecipientByDate(t *testing.T) {
	last := time.Date(2027, time.January, 3, 16, 59, 59, 0, time.UTC)
	for name, f := range map[string]letter.Form{"one seat": from("NY", "12032"), "a choice": from("AZ", "85281"), "delegate": from("DC", "20001"), "vacancy": from("FL", "33313")} {
		before, after := recipient(t, f, nil, last), recipient(t, f, nil, last.Add(time.Second))
		if before.Obstacle == letter.OutOfDate {
			t.Errorf("%s: out of date a second before noon", name)
		}
		if after.Obstacle != letter.OutOfDate || after.Clear() || after.Office.Seated() || len(after.Choices) > 0 {
			t.Errorf("%s: at noon %q, %+v", name, after.Obstacle, after.Choices)
		}
	}
	// What no plan is needed for is still answered.
	if r := recipient(t, from("AE", "09012"), nil, last.Add(time.Hour)); r.Obstacle != letter.MilitaryMail {
		t.Errorf("military mail: %q", r.Obstacle)
	}
	if r := recipient(t, from("NY", "12032"), nil, time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)); r.Obstacle != letter.OutOfDate {
		t.Errorf("before the first lines: %q", r.Obstacle)
	}
}

// TestRecipientBeforeTheMember: for a day before the present holder came, no name is given.
func TestRecipientBeforeTheMember(t *testing.T) {
	f := from("NJ", zipOf(t, 7000, 9000, "NJ", func(r district.Result) bool { return r.Seat.String() == "NJ-11" }))
	arrived := time.Date(2026, time.April, 20, 17, 0, 0, 0, time.UTC)
	if r := recipient(t, f, nil, arrived); !r.Clear() || r.Office.Name() == "" {
		t.Errorf("on the day: %q, %s", r.Obstacle, r.Office.Name())
	}
	if r := recipient(t, f, nil, arrived.AddDate(0, 0, -7)); r.Obstacle != letter.OutOfDate || r.Office.Seated() {
		t.Errorf("a week earlier: %q, %s", r.Obstacle, r.Office.Name())
	}
}

func TestSEC_FRAUD_3_AnAmbiguousZIPAsks(t *testing.T) {
	r := recipient(t, from("AZ", "85281"), nil, start)
	if r.Clear() || r.Obstacle != letter.NoObstacle || r.Found.Unique() {
		t.Fatalf("%+v", r)
	}
	var seats []string
	for _, office := range r.Choices {
		seats = append(seats, office.Seat.String())
		if !office.Seated() {
			t.Errorf("%s has nobody", office.Seat)
		}
	}
	if !slices.Equal(seats, []string{"AZ-01", "AZ-04"}) {
		t.Errorf("choices %v", seats)
	}
}

func TestRecipientChosen(t *testing.T) {
	for name, c := range map[string]struct {
		zip, state, chosen string
		seat               string // "" asks again
		basis              district.Basis
	}{
		"one of the candidates":     {"85281", "AZ", "AZ-04", "AZ-04", district.BasisChoice},
		"the other":                 {"85281", "AZ", "AZ-01", "AZ-01", district.BasisChoice},
		"as people write it":        {"85281", "AZ", "az-4", "AZ-04", district.BasisChoice},
		"not a candidate":           {"85281", "AZ", "AZ-02", "", ""},
		"in another state":          {"85281", "AZ", "NY-12", "", ""},
		"a senator":                 {"85281", "AZ", "AZ-S1", "", ""},
		"no seat":                   {"85281", "AZ", "me", "", ""},
		"where nothing is to chose": {"12032", "NY", "NY-12", "NY-21", district.BasisZIP},
		"a seat the state excludes": {"03579", "NH", "ME-02", "NH-02", district.BasisZIP},
	} {
		t.Run(name, func(t *testing.T) {
			f := from(c.state, c.zip)
			f.District = c.chosen
			r := recipient(t, f, nil, start)
			if got := r.Found.Seat.String(); got != c.seat || r.Found.Basis != c.basis || r.Clear() != (c.seat != "") || (c.seat == "") != (len(r.Choices) > 1) {
				t.Errorf("%s by %q, clear %v, %d choices", got, r.Found.Basis, r.Clear(), len(r.Choices))
			}
		})
	}
	// A vacant seat may be chosen, and is an obstacle then.
	vacant := congress.Seat{State: "FL", District: 20}
	f := from("FL", zipOf(t, 33000, 35000, "FL", func(r district.Result) bool { return r.Split() && slices.Contains(r.Candidates, vacant) }))
	f.District = "FL-20"
	if r := recipient(t, f, nil, start); r.Obstacle != letter.Vacancy || r.Clear() {
		t.Errorf("%+v", r)
	}
}

// zipOf returns the first ZIP code of a range that the function likes.
func zipOf(t *testing.T, low, high int, state congress.State, likes func(district.Result) bool) string {
	t.Helper()
	for n := low; n < high; n++ {
		zip := fmt.Sprintf("%05d", n)
		if r, err := guide(t).Districts.ByZIP(zip, state, start); err == nil && likes(r) {
			return zip
		}
	}
	t.Fatalf("there is no such ZIP code from %d to %d", low, high)
	return ""
}

// TestRecipientByPosition: where the browser stands settles the choice, if the line is
// farther away than the position may be wrong.
func TestRecipientByPosition(t *testing.T) {
	f := from("AZ", "85281")
	south := letter.Position{Lat: 33.4148, Lon: -111.9093, AccuracyMetres: 50} // downtown Tempe
	north := letter.Position{Lat: 33.4942, Lon: -111.9261, AccuracyMetres: 50} // Scottsdale
	for seat, where := range map[string]letter.Position{"AZ-04": south, "AZ-01": north} {
		r := recipient(t, f, &where, start)
		if !r.Clear() || r.Found.Seat.String() != seat || r.Found.Basis != district.BasisPoint || r.Found.MarginMetres < 50 || r.Office.Seat.String() != seat {
			t.Errorf("%+v: %s by %s, %v m from the line", where, r.Found.Seat, r.Found.Basis, r.Found.MarginMetres)
		}
	}
	asks := func(name string, where letter.Position) {
		t.Helper()
		if r := recipient(t, f, &where, start); r.Clear() || len(r.Choices) != 2 || r.Obstacle != letter.NoObstacle {
			t.Errorf("%s settled %s by %s", name, r.Found.Seat, r.Found.Basis)
		}
	}
	near := onTheLine(t, south, north)
	near.AccuracyMetres = 30
	asks("a position near the line", near)
	asks("a vague position", letter.Position{Lat: south.Lat, Lon: south.Lon, AccuracyMetres: 20_000})
	asks("a position far away", letter.Position{Lat: 40.71, Lon: -74.01, AccuracyMetres: 10})
	asks("a position at sea", letter.Position{Lat: 0, Lon: 0, AccuracyMetres: 10})
	asks("no number", letter.Position{Lat: math.NaN(), Lon: south.Lon, AccuracyMetres: 10})
	asks("a silly accuracy", letter.Position{Lat: south.Lat, Lon: south.Lon, AccuracyMetres: -1})
	asks("no accuracy", letter.Position{Lat: south.Lat, Lon: south.Lon, AccuracyMetres: math.NaN()})

	// What the person says goes before what the telephone says.
	f.District = "AZ-01"
	if r := recipient(t, f, &south, start); r.Found.Seat.String() != "AZ-01" || r.Found.Basis != district.BasisChoice {
		t.Errorf("%s by %s", r.Found.Seat, r.Found.Basis)
	}
	// And a ZIP code that is clear needs no position.
	if r := recipient(t, from("NY", "12032"), &south, start); r.Found.Seat.String() != "NY-21" || r.Found.Basis != district.BasisZIP {
		t.Errorf("%s by %s", r.Found.Seat, r.Found.Basis)
	}
}

// TestRecipientOnAPier: out on the water the state that was typed tells whose shore it is.
func TestRecipientOnAPier(t *testing.T) {
	pier := letter.Position{Lat: 29.2840, Lon: -94.7870, AccuracyMetres: 20}
	shore := congress.Seat{State: "TX", District: 14}
	f := from("TX", zipOf(t, 77000, 78000, "TX", func(r district.Result) bool { return r.Split() && slices.Contains(r.Candidates, shore) }))
	if r := recipient(t, f, &pier, start); r.Found.Seat != shore || !r.Found.Has(district.NoteShore) || r.Found.Basis != district.BasisPoint {
		t.Errorf("%s by %s, %v", r.Found.Seat, r.Found.Basis, r.Found.Notes)
	}
}

// onTheLine returns a position between two in different districts, within a metre of the
// line that parts them.
func onTheLine(t *testing.T, a, b letter.Position) letter.Position {
	t.Helper()
	g := guide(t)
	seat := func(p letter.Position) congress.Seat {
		r, err := g.Districts.ByPoint(p.Lat, p.Lon, 0, start)
		if err != nil {
			t.Fatal(err)
		}
		return r.Seat
	}
	own := seat(a)
	if own == seat(b) {
		t.Fatal("the two positions are in one district")
	}
	for range 40 {
		mid := letter.Position{Lat: (a.Lat + b.Lat) / 2, Lon: (a.Lon + b.Lon) / 2}
		if seat(mid) == own {
			a = mid
		} else {
			b = mid
		}
	}
	return a
}
