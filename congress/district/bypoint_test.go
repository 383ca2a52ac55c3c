package district_test

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/district"
)

// capitols is a point and a ZIP code for every state, the District and the territories: the
// seat of government, and where that ZIP code is split or has no area, another one.
func capitols() []struct {
	lat, lon float64
	zip      string
	seat     string
} {
	return []struct {
		lat, lon float64
		zip      string
		seat     string
	}{
		{32.3777, -86.3006, "36830", "AL-02"},
		{58.3020, -134.4104, "99801", "AK-00"},
		{33.4481, -112.0968, "85204", "AZ-03"},
		{34.7466, -92.2891, "71601", "AR-02"},
		{38.5767, -121.4934, "95811", "CA-07"},
		{39.7392, -104.9848, "80203", "CO-01"},
		{41.7640, -72.6823, "06103", "CT-01"},
		{39.1573, -75.5197, "19901", "DE-00"},
		{30.4381, -84.2816, "32301", "FL-02"},
		{33.7491, -84.3881, "30303", "GA-05"},
		{21.3074, -157.8574, "96813", "HI-01"},
		{43.6177, -116.1996, "83702", "ID-02"},
		{39.7983, -89.6544, "62701", "IL-13"},
		{39.7686, -86.1626, "46204", "IN-07"},
		{41.5912, -93.6037, "50309", "IA-03"},
		{39.0481, -95.6781, "66603", "KS-02"},
		{38.1867, -84.8753, "40601", "KY-01"},
		{30.4571, -91.1874, "70802", "LA-06"},
		{44.3072, -69.7817, "04101", "ME-02"},
		{38.9788, -76.4909, "21401", "MD-03"},
		{42.3582, -71.0637, "02134", "MA-08"},
		{42.7337, -84.5555, "48933", "MI-07"},
		{44.9552, -93.1022, "55103", "MN-04"},
		{32.3038, -90.1821, "39201", "MS-02"},
		{38.5791, -92.1729, "65101", "MO-03"},
		{46.5857, -112.0184, "59601", "MT-02"},
		{40.8081, -96.6998, "68508", "NE-01"},
		{39.1639, -119.7664, "89701", "NV-02"},
		{43.2067, -71.5381, "03301", "NH-02"},
		{40.2204, -74.7698, "08608", "NJ-12"},
		{35.6824, -105.9397, "87501", "NM-03"},
		{42.6526, -73.7573, "12207", "NY-20"},
		{35.7804, -78.6391, "27601", "NC-02"},
		{46.8207, -100.7827, "58501", "ND-00"},
		{39.9613, -82.9988, "43215", "OH-15"},
		{35.4922, -97.5033, "73105", "OK-05"},
		{44.9385, -123.0301, "97301", "OR-06"},
		{40.2644, -76.8836, "17101", "PA-10"},
		{41.8309, -71.4149, "02903", "RI-01"},
		{34.0004, -81.0332, "29201", "SC-06"},
		{44.3671, -100.3463, "57501", "SD-00"},
		{36.1659, -86.7844, "37203", "TN-07"},
		{30.2747, -97.7404, "78705", "TX-37"},
		{40.7774, -111.8882, "84103", "UT-01"},
		{44.2624, -72.5805, "05602", "VT-00"},
		{37.5388, -77.4336, "23219", "VA-04"},
		{47.0358, -122.9048, "98501", "WA-10"},
		{38.3363, -81.6123, "25301", "WV-01"},
		{43.0747, -89.3842, "53703", "WI-02"},
		{41.1403, -104.8202, "82001", "WY-00"},
		{38.8899, -77.0091, "20003", "DC-00"},
		{-14.2790, -170.7005, "96799", "AS-00"},
		{13.4745, 144.7504, "96910", "GU-00"},
		{15.2137, 145.7545, "96950", "MP-00"},
		{18.4655, -66.1057, "00901", "PR-00"},
		{18.3419, -64.9307, "00802", "VI-00"},
	}
}

func TestEveryStateByPointAndZIP(t *testing.T) {
	l := embedded(t)
	seen := map[congress.State]bool{}
	for _, c := range capitols() {
		r, err := l.ByPoint(c.lat, c.lon, 0, day)
		if err != nil || r.Seat.String() != c.seat || r.Basis != district.BasisPoint || len(r.Notes) > 0 {
			t.Errorf("%s: %s %v, %v", c.seat, r.Seat, r.Notes, err)
		}
		if r.Plan.State != r.Seat.State || r.Plan.SHA256 == "" || r.Plan.Source == "" {
			t.Errorf("%s: plan %+v", c.seat, r.Plan)
		}
		z, err := l.ByZIP(c.zip, r.Seat.State, day)
		if err != nil || len(z.Candidates) == 0 {
			t.Errorf("%s, ZIP %s: %+v, %v", c.seat, c.zip, z, err)
		}
		for _, seat := range z.Candidates {
			if seat.State != r.Seat.State || seat.Voting() != r.Seat.State.Voting() {
				t.Errorf("%s, ZIP %s: %s", c.seat, c.zip, seat)
			}
		}
		seen[r.Seat.State] = true
	}
	for _, s := range congress.States() {
		if !seen[s] {
			t.Errorf("no point of %s", s.Name())
		}
	}
}

func TestByPoint(t *testing.T) {
	for _, tt := range []struct {
		name               string
		lat, lon, accuracy float64
		want               string
		notes              []district.Note
	}{
		{"deep inside", 41.0, -100.0, 5000, "NE-03", nil},
		{"the end of Alaska beyond the antimeridian", 52.83, 173.18, 0, "AK-00", nil},
		{"no district within reach", 64.0, -150.0, 50_000, "AK-00", nil},
		{"near a line, exact", 33.4255, -111.94, 0, "AZ-04", nil},
		{"near a line, vague", 33.4255, -111.94, 5000, "AZ-01 AZ-03 AZ-04", []district.Note{district.NoteTooClose}},
		{"across a state line", 40.0009, -100.0, 1000, "KS-01 NE-03", []district.Note{district.NoteTooClose}},
		{"less exact than anything", 41.0, -100.0, 50_001, "", []district.Note{district.NoteTooVague}},
		{"accuracy infinite", 41.0, -100.0, math.Inf(1), "", []district.Note{district.NoteTooVague}},
		{"accuracy no number", 41.0, -100.0, math.NaN(), "", []district.Note{district.NoteTooVague}},
		{"accuracy negative", 41.0, -100.0, -1, "", []district.Note{district.NoteTooVague}},
		{"just off roughly drawn land", 29.2875, -94.7895, 0, "TX-14", []district.Note{district.NoteShore}},
		{"a pier in the Gulf", 29.2840, -94.7870, 0, "", []district.Note{district.NoteStateNeeded}},
		{"mid-Atlantic", 40.0, -40.0, 0, "", []district.Note{district.NoteOutside}},
		{"Paris", 48.8566, 2.3522, 0, "", []district.Note{district.NoteOutside}},
		{"North Pole", 90, 0, 0, "", []district.Note{district.NoteOutside}},
		{"South Pole", -90, 180, 0, "", []district.Note{district.NoteOutside}},
		{"antimeridian", 52, 180, 0, "", []district.Note{district.NoteOutside}},
		{"null island", 0, 0, 0, "", []district.Note{district.NoteOutside}},
		{"off the globe", 441.5, -90, 0, "", []district.Note{district.NoteOutside}},
		{"no number", math.NaN(), -90, 0, "", []district.Note{district.NoteOutside}},
		{"infinite", 40, math.Inf(-1), 0, "", []district.Note{district.NoteOutside}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r, err := embedded(t).ByPoint(tt.lat, tt.lon, tt.accuracy, day)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(seats(t, tt.want), r.Candidates); diff != "" {
				t.Errorf("candidates %s", diff)
			}
			if diff := cmp.Diff(tt.notes, r.Notes); diff != "" {
				t.Errorf("notes %s", diff)
			}
			if r.Unique() != (len(r.Candidates) == 1) || r.Unique() != (r.Basis == district.BasisPoint) {
				t.Errorf("%+v", r)
			}
			for _, n := range r.Notes {
				if n.Text() == string(n) {
					t.Errorf("note %s has no text", n)
				}
			}
		})
	}
}

// TestOutsideOnlyTheStateTells: who stands beyond the lines is on the water or in another
// country, and nothing but the state that was given tells which.
func TestOutsideOnlyTheStateTells(t *testing.T) {
	for _, tt := range []struct {
		name     string
		lat, lon float64
		state    congress.State
		want     string
		note     district.Note
	}{
		{"a pier in the Gulf", 29.2840, -94.7870, "TX", "TX-14", district.NoteShore},
		{"the same, said to be far away", 29.2840, -94.7870, "ME", "", district.NoteOutside},
		{"the city hall of Windsor, Ontario", 42.3173, -83.0388, "", "", district.NoteStateNeeded},
		{"Niagara Falls, Ontario", 43.0916, -79.0755, "", "", district.NoteStateNeeded},
		{"the airport of Tijuana", 32.5411, -116.9702, "", "", district.NoteStateNeeded},
		{"the middle of Nogales, Sonora", 31.3270, -110.9450, "", "", district.NoteStateNeeded},
		{"the cathedral of Ciudad Juarez", 31.7385, -106.4877, "", "", district.NoteStateNeeded},
		{"off the shore of Michigan, said to be in Ohio", 42.3173, -83.0388, "OH", "", district.NoteOutside},
		{"inside a district the lines decide", 33.4255, -111.94, "UT", "AZ-04", ""},
	} {
		r, err := embedded(t).ByPointIn(tt.state, tt.lat, tt.lon, 0, day)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(seats(t, tt.want), r.Candidates); diff != "" || r.Has(tt.note) != (tt.note != "") {
			t.Errorf("%s: %v, %s", tt.name, r.Notes, diff)
		}
	}
}

// TestMargin walks north from the straight line between Kansas and Nebraska and compares
// the margin with the length of a degree there.
func TestMargin(t *testing.T) {
	l := embedded(t)
	at := func(lat, accuracy float64) district.Result {
		r, err := l.ByPoint(lat, -99.5, accuracy, day)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	kansas, nebraska := 39.9, 40.1
	for nebraska-kansas > 1e-9 {
		if mid := (kansas + nebraska) / 2; at(mid, 0).Seat.State == "KS" {
			kansas = mid
		} else {
			nebraska = mid
		}
	}
	for _, metres := range []float64{0.01, 1, 10, 100, 1000, 10_000, 40_000} {
		lat := nebraska + metres/111_034
		r := at(lat, 0)
		if r.Seat.String() != "NE-03" || math.Abs(r.MarginMetres-metres) > 0.001+metres/100 {
			t.Errorf("%g m north: %s, margin %g", metres, r.Seat, r.MarginMetres)
		}
		for _, accuracy := range []float64{r.MarginMetres * 0.99, r.MarginMetres * 1.01} {
			if p := at(lat, accuracy); p.Unique() != (accuracy < r.MarginMetres) {
				t.Errorf("margin %g, accuracy %g: %v", r.MarginMetres, accuracy, p.Candidates)
			}
		}
	}
}

func FuzzByPoint(f *testing.F) {
	f.Add(33.4255, -111.94, 50.0)
	f.Add(90.0, 180.0, 0.0)
	f.Add(-90.0, -180.0, 1e9)
	f.Add(52.0, 179.9999999, 50_000.0)
	f.Add(math.NaN(), math.Inf(1), -1.0)
	f.Add(29.279, -94.77, 300.0)
	f.Fuzz(func(t *testing.T, lat, lon, accuracy float64) {
		r, err := embedded(t).ByPoint(lat, lon, accuracy, day)
		if err != nil {
			t.Fatal(err)
		}
		if r.Unique() != (len(r.Candidates) == 1) {
			t.Errorf("%g %g %g: %+v", lat, lon, accuracy, r)
		}
		if !r.Unique() && len(r.Notes) == 0 {
			t.Errorf("%g %g %g: no seat and no reason", lat, lon, accuracy)
		}
		if r.Unique() && accuracy > 0 && !r.Has(district.NoteShore) && r.MarginMetres <= accuracy && r.MarginMetres < district.MaxAccuracyMetres {
			t.Errorf("%g %g %g: %s at a margin of %g", lat, lon, accuracy, r.Seat, r.MarginMetres)
		}
	})
}

func TestIndex(t *testing.T) {
	index, err := embedded(t).Index(day)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range capitols() {
		if seat := index.SeatAt(c.lat, c.lon); seat.String() != c.seat {
			t.Errorf("%s: %s", c.seat, seat)
		}
	}
	for _, p := range [][2]float64{{math.NaN(), 0}, {48.8566, 2.3522}, {90, 180}} {
		if seat := index.SeatAt(p[0], p[1]); !seat.IsZero() {
			t.Errorf("%v: %s", p, seat)
		}
	}
	if n := testing.AllocsPerRun(100, func() { index.SeatAt(33.4255, -111.94) }); n > 0 {
		t.Errorf("a lookup allocates %g times", n)
	}
	for _, seat := range congress.AllHouseSeats() {
		rings := index.Outline(seat)
		if len(rings) == 0 {
			t.Errorf("%s has no outline", seat)
		}
		for _, r := range rings {
			if len(r) < 4 || r[0] != r[len(r)-1] {
				t.Errorf("%s has a ring of %d points that is not closed", seat, len(r))
			}
		}
	}
	if rings := index.Outline(congress.Seat{State: "AZ", Class: 1}); rings != nil {
		t.Error("a Senator has a district")
	}
}
