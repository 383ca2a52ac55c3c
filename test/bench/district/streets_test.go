package main

import (
	"context"
	"database/sql"
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/franklin-letters/franklin/congress/district"
	"github.com/franklin-letters/franklin/congress/postal"
	"github.com/franklin-letters/franklin/internal/databuild/streettable"
)

func TestStreetContest(t *testing.T) {
	s, err := newStreetContest(60_000, 300, 1)
	if err != nil {
		t.Fatal(err)
	}
	if s.Rows < 60_000 || s.Rows > 60_010 || len(s.rows) != s.Rows {
		t.Errorf("%d rows", s.Rows)
	}
	if err := s.run(t.Context(), false); err != nil {
		t.Fatal(err)
	}
	if len(s.Results) != 3 {
		t.Fatalf("%d results", len(s.Results))
	}
	for i, r := range s.Results {
		wrong, rates := r.Different, r.PerSecond
		if wrong != [len(kinds)]int{} || rates[known] == 0 || rates[unknown] == 0 || (rates[misspelt] > 0) != (i < 2) || r.PerCPUSecond == 0 || r.P99 < r.P50 {
			t.Errorf("%+v", r)
		}
	}
	if s.Results[2].Ratio == 0 || s.Results[1].Ratio != 0 {
		t.Error("ratios are of the databases")
	}
	var out strings.Builder
	if err := (&report{Streets: s}).write(&out, false, true); err != nil || !strings.Contains(out.String(), "| SQLite, prepared, keys given |") {
		t.Errorf("%v\n%s", err, &out)
	}
}

func TestInventedCountry(t *testing.T) {
	l, err := district.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	rows, err := invent(l, 60_000)
	if err != nil {
		t.Fatal(err)
	}
	again, err := invent(l, 60_000)
	if err != nil || !slices.Equal(rows, again) {
		t.Errorf("not the same country twice: %v", err)
	}
	divided := 0
	for _, r := range rows {
		if r.parity != streettable.Both {
			divided++
		}
		if r.seat.State.AtLarge() {
			t.Fatalf("%+v", r)
		}
	}
	if share := float64(divided) / float64(len(rows)); share < 0.05 || share > 0.5 {
		t.Errorf("%.2f of the rows are of divided streets", share)
	}
}

func TestTypedAddressesReadBack(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2)) // #nosec G404 -- the same names every time
	for range 20_000 {
		name := randomName(random)
		line := name.typed(1234, random)
		parsed := postal.Parse(line)
		want := postal.ParseStreet(name.official())
		if !slices.Contains(parsed.Readings(), want) || parsed.Number.Value != 1234 {
			t.Fatalf("%q is read as %+v, not %v", line, parsed, want)
		}
		if slip, ok := name.slipped(random); ok {
			if other := postal.ParseStreet(slip.official()); other.Name == want.Name || !postal.Distance1(other.Name, want.Name) {
				t.Fatalf("%q is no slip of %q", other.Name, want.Name)
			}
		}
	}
}

func TestAnswersOfDatabases(t *testing.T) {
	q := &question{zip: 85257, street: "N MAIN ST", number: 7, seat: square(t, "AZ-01", 0).seat}
	none, fault := &question{}, errors.New("gone")
	for _, test := range []struct {
		q     *question
		text  string
		err   error
		right bool
		fails bool
	}{
		{q, "AZ-01", nil, true, false},
		{q, "AZ-02", nil, false, false},
		{q, "", sql.ErrNoRows, false, false},
		{none, "", sql.ErrNoRows, true, false},
		{none, "", pgx.ErrNoRows, true, false},
		{none, "AZ-01", nil, false, false},
		{q, "", fault, false, true},
		{q, "?", nil, false, true},
	} {
		if right, err := test.q.answered(test.text, test.err); right != test.right || (err != nil) != test.fails {
			t.Errorf("%q, %v: %t, %v", test.text, test.err, right, err)
		}
	}
}

func TestClientsShareAddresses(t *testing.T) {
	s := make([]question, 101)
	asked := [3]int{}
	client := func(i int) asker {
		return func(_ context.Context, _ int, _ *question) (bool, error) { asked[i]++; return i > 0, nil }
	}
	p := streetPeer{clients: []asker{client(0), client(1), client(2)}}
	wrong, err := p.all(t.Context(), known, s)
	if err != nil || wrong != 34 || asked != [3]int{34, 34, 33} {
		t.Errorf("%d wrong of %v, %v", wrong, asked, err)
	}
	p.clients[1] = func(context.Context, int, *question) (bool, error) { return false, errors.New("gone") }
	if _, err := p.all(t.Context(), known, s); err == nil {
		t.Error("no error from a client that failed")
	}
}

func TestClosersEndInReverse(t *testing.T) {
	var order []int
	var open closers
	for i := range 3 {
		open.add(func() error { order = append(order, i); return errors.New("no") })
	}
	if err := open.close(); err == nil || !slices.Equal(order, []int{2, 1, 0}) {
		t.Errorf("%v, %v", order, err)
	}
}

func TestBarsOfStreets(t *testing.T) {
	for want, spoil := range map[string]func(*result){
		"":                               func(*result) {},
		"499,999 addresses a second":     func(r *result) { r.PerCPUSecond = 499_999 },
		"street tables of 41 MB":         func(r *result) { r.Megabytes = 41 },
		"compiled in 2m0s":               func(r *result) { r.ReadyCPU = 2 * time.Minute },
		"3 answers for unknown streets":  func(r *result) { r.Different[unknown] = 3 },
		"1 answers for misspelt streets": func(r *result) { r.Different[misspelt] = 1 },
	} {
		r := result{PerCPUSecond: 600_000, Megabytes: 30, ReadyCPU: time.Minute}
		spoil(&r)
		err := (&streetContest{Results: []*result{&r, &r}}).missed()
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}
