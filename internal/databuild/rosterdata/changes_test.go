package rosterdata

import (
	"testing"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/roster"
)

// small is a roster of three: a voting member and both senators of South Carolina.
func small() roster.File {
	member := func(bioguide string, seat congress.Seat) roster.Member {
		return roster.Member{Bioguide: bioguide, Name: "Ann Lee", First: "Ann", Last: "Lee", Party: roster.Democrat, Seat: seat, Start: "2025-01-03"}
	}
	return roster.File{
		Format: roster.Format, Congress: 119, AsOf: "2026-06-15",
		Members: []roster.Member{
			member("A000001", congress.Seat{State: "GA", District: 12}),
			member("A000002", congress.Seat{State: "SC", Class: 2}), member("A000003", congress.Seat{State: "SC", Class: 3}),
		},
	}
}

const header = "chamber,state,district,date,event,bioguide,name,party,basis\n"

func TestChangesFollowEachOther(t *testing.T) {
	f := small()
	applied, err := applyChanges(&f, []byte(header+
		"house,GA,12,2026-07-01,resigned,A000001,Ann Lee,Democrat,the Clerk\n"+
		"house,GA,12,2026-07-02,still vacant,,,,\"the Clerk, since 2026-07-01\"\n"+
		"house,GA,12,2026-08-01,sworn in,B000001,Bo Day,Republican,the Clerk\n"+
		"house,GA,12,2026-08-02,died,B000001,Bo Day,Republican,the Clerk\n"+
		"senate,SC,,2026-08,expelled,A000003,Ann Lee,Democrat,the Secretary\n"))
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Check(); err != nil {
		t.Error(err)
	}
	if len(f.Members) != 1 || f.Members[0].Bioguide != "A000002" || len(f.Vacancies) != 2 {
		t.Errorf("%+v", f)
	}
	for i, want := range []string{"GA-12", "GA-12", "GA-12", "GA-12", "SC-S3"} {
		if applied[i].Seat != want {
			t.Errorf("row %d is about %s, want %s", i+2, applied[i].Seat, want)
		}
	}
	want := map[string]roster.Date{"GA-12": "2026-08-02", "SC-S3": "2026-08"}
	for _, v := range f.Vacancies {
		if want[v.Seat.String()] != v.Since {
			t.Errorf("%s is vacant since %s", v.Seat, v.Since)
		}
	}
}

func TestTwoVacantSenateSeatsAreAmbiguous(t *testing.T) {
	f := small()
	f.Members = f.Members[:1]
	if _, err := applyChanges(&f, []byte(header+"senate,SC,,2026-07,appointed,B000001,Bo Day,Republican,news\n")); err == nil {
		t.Error("one of two vacant seats was guessed")
	}
}

func TestSplitName(t *testing.T) {
	for name, want := range map[string][2]string{
		"Ann Lee": {"Ann", "Lee"}, "Everton Blair Jr.": {"Everton", "Blair"}, "Darline Graham Nordone": {"Darline", "Nordone"},
		"Bo Day III": {"Bo", "Day"}, "Ann V": {"Ann", "V"}, "Ann": {}, "": {},
	} {
		if first, last := splitName(name); first != want[0] || last != want[1] {
			t.Errorf("%q: %q %q", name, first, last)
		}
	}
}

func FuzzChanges(f *testing.F) {
	f.Add(header + "house,GA,12,2026-07-01,resigned,A000001,Ann Lee,Democrat,the Clerk\n")
	f.Add(header + "senate,SC,,2026-07-11,died,A000002,Ann Lee,Democrat,\"news, twice\"\nsenate,SC,,2026-07,appointed,B000001,Bo Day,Republican,\"phone 202-224-0000, url https://day.senate.gov\"\n")
	f.Add(header + "house,TX,23,2026-09-13,still vacant,,,,since 2026-04-14\n")
	f.Fuzz(func(t *testing.T, table string) {
		file := small()
		applied, err := applyChanges(&file, []byte(table))
		if err != nil {
			return
		}
		held := make(map[congress.Seat]bool)
		for _, m := range file.Members {
			if !m.Seat.Valid() || held[m.Seat] {
				t.Errorf("%q put %s into %s", table, m.Bioguide, m.Seat)
			}
			held[m.Seat] = true
		}
		for _, v := range file.Vacancies {
			if held[v.Seat] {
				t.Errorf("%q left %s held and vacant", table, v.Seat)
			}
		}
		for _, c := range applied {
			if c.Seat == "" || c.Basis == "" {
				t.Errorf("%q made the change %+v", table, c)
			}
		}
	})
}
