package congress_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/franklin-letters/franklin/congress"
)

func TestBillsAreSpelledForBothChambers(t *testing.T) {
	t.Parallel()
	for kind, want := range map[congress.BillType]struct {
		chamber              congress.Chamber
		title, house, senate string
	}{
		congress.HouseBill:                 {congress.House, "H.R.", "hr", "H.R."},
		congress.HouseConcurrentResolution: {congress.House, "H.Con.Res.", "hconres", "H.Con.Res"},
		congress.HouseAmendment:            {congress.House, "H.Amdt.", "hamdt", "H.Amdt."},
		congress.SenateBill:                {congress.Senate, "S.", "s", "S."},
		congress.SenateConcurrent:          {congress.Senate, "S.Con.Res.", "sconres", "S.Con.Res."},
		congress.SenateAmendment:           {congress.Senate, "S.Amdt.", "samdt", "S.Amdt."},
	} {
		if !kind.Valid() || kind.Chamber() != want.chamber || kind.Title() != want.title || kind.HouseSpelling() != want.house || kind.SenateSpelling() != want.senate {
			t.Errorf("%s: %s, %q, %q, %q", kind, kind.Chamber(), kind.Title(), kind.HouseSpelling(), kind.SenateSpelling())
		}
	}
	if congress.BillType("xr").Valid() {
		t.Error("xr is a kind of bill")
	}
}

func TestABillReadsBackAsItIsWritten(t *testing.T) {
	t.Parallel()
	kinds := []congress.BillType{
		congress.HouseBill, congress.HouseResolution, congress.HouseJointResolution, congress.HouseConcurrentResolution, congress.HouseAmendment,
		congress.SenateBill, congress.SenateResolution, congress.SenateJointResolution, congress.SenateConcurrent, congress.SenateAmendment,
	}
	rapid.Check(t, func(rt *rapid.T) {
		bill := congress.Bill{Congress: 119, Type: rapid.SampledFrom(kinds).Draw(rt, "kind"), Number: rapid.IntRange(1, 99_999).Draw(rt, "number")}
		if back, err := congress.ParseBill(bill.String(), 119); err != nil || back != bill || back.IsZero() {
			rt.Fatalf("%v is written %q and read as %v, %v", bill, bill, back, err)
		}
	})
	if none := (congress.Bill{}); !none.IsZero() || none.String() != "" {
		t.Errorf("no bill is written %q", none)
	}
}

func TestSeatsTravelAsText(t *testing.T) {
	t.Parallel()
	type card struct{ Seat congress.Seat }
	for _, seat := range append(congress.AllHouseSeats(), congress.AllSenateSeats()...) {
		text, err := json.Marshal(card{seat})
		if err != nil {
			t.Fatal(err)
		}
		var back card
		if err := json.Unmarshal(text, &back); err != nil || back.Seat != seat || !strings.Contains(string(text), `"`+seat.String()+`"`) {
			t.Errorf("%s became %s and %v, %v", seat, text, back.Seat, err)
		}
		if want := congress.House; (seat.Chamber() == want) == (seat.Class != 0) {
			t.Errorf("%s sits in the %s", seat, seat.Chamber())
		}
	}
	var empty card
	if err := json.Unmarshal([]byte(`{"Seat":""}`), &empty); err != nil || !empty.Seat.IsZero() || empty.Seat.String() != "" {
		t.Errorf("no seat is read as %v, %v", empty.Seat, err)
	}
	if err := json.Unmarshal([]byte(`{"Seat":"AZ-99"}`), &empty); err == nil {
		t.Error("AZ-99 is a seat")
	}
}

func TestStatesByEveryName(t *testing.T) {
	t.Parallel()
	seats := 0
	for i, s := range congress.States() {
		if i > 0 && congress.States()[i-1] >= s {
			t.Errorf("%s is out of order", s)
		}
		for _, name := range []string{string(s), strings.ToLower(string(s)), s.Name(), strings.ToUpper(s.Name()), " " + s.Name() + " "} {
			if got, err := congress.ParseState(name); err != nil || got != s {
				t.Errorf("%q is read as %s, %v", name, got, err)
			}
		}
		if got, ok := congress.StateByFIPS(s.FIPS()); !ok || got != s || len(s.FIPS()) != 2 {
			t.Errorf("%s has the number %q, which is read as %s", s, s.FIPS(), got)
		}
		if s.AtLarge() != (len(s.HouseSeats()) == 1) {
			t.Errorf("%s has %d seats", s, len(s.HouseSeats()))
		}
		if s.Voting() {
			seats += len(s.HouseSeats())
		}
		if n := len(s.SenateSeats()); s.Voting() && n != 2 || !s.Voting() && n != 0 {
			t.Errorf("%s has %d senators", s, n)
		}
	}
	if seats != 435 {
		t.Errorf("%d members vote, want 435", seats)
	}
	for _, name := range []string{"", "ZZ", "Freedonia", "AA"} {
		if s, err := congress.ParseState(name); err == nil || congress.State(name).Valid() {
			t.Errorf("%q is read as %s", name, s)
		}
	}
	for _, fips := range []string{"", "00", "99", "4"} {
		if s, ok := congress.StateByFIPS(fips); ok {
			t.Errorf("the number %q is that of %s", fips, s)
		}
	}
}

func TestTopicsAreReadInAnyCase(t *testing.T) {
	t.Parallel()
	for _, topic := range congress.Topics() {
		if got, ok := congress.ParseTopic(" " + strings.ToUpper(topic)); !ok || got != topic {
			t.Errorf("%q is read as %q", topic, got)
		}
	}
	if got, ok := congress.ParseTopic("Justice"); ok {
		t.Errorf("Justice is read as %q", got)
	}
	congress.Topics()[0] = "changed"
	if congress.Topics()[0] == "changed" {
		t.Error("a caller can change the list for everybody")
	}
}

func TestTermsFollowEachOther(t *testing.T) {
	t.Parallel()
	for n := congress.Number(74); n < 200; n++ {
		if congress.CongressAt(n.Start()) != n || congress.CongressAt(n.End()) != n+1 || congress.CongressAt(n.End().Add(-time.Nanosecond)) != n {
			t.Errorf("the %s sits from %s to %s", n, n.Start(), n.End())
		}
		if at := n.Start(); at.Year()%2 == 0 || at.YearDay() != 3 || at.Hour() != 12 {
			t.Errorf("the %s begins %s", n, at)
		}
	}
	for n, want := range map[congress.Number]string{1: "1st", 2: "2nd", 3: "3rd", 4: "4th", 11: "11th", 12: "12th", 13: "13th", 101: "101st", 112: "112th", 122: "122nd"} {
		if n.String() != want {
			t.Errorf("%d is written %s, want %s", int(n), n, want)
		}
	}
}

func TestOfficeCodes(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]string{
		"HAZ04": "AZ-04", "haz04": "AZ-04", "AK00": "AK-00", "HAQ00": "AS-00", "SAZ01": "AZ-S1", "HMP00": "MP-00",
		"": "", "HAZ00": "", "HAZ10": "", "SAZ00": "", "SAZ02": "", "XAZ04": "", "HAZ4": "", "HAZ044": "", "HÅZ0": "", "SDC01": "",
	} {
		got, ok := congress.SeatOfOffice(code)
		if ok != (want != "") || ok && got.String() != want {
			t.Errorf("SeatOfOffice(%q) = %s, %t; want %q", code, got, ok, want)
		}
	}
}

func FuzzParseBill(f *testing.F) {
	for _, s := range []string{"H.R. 2172", "hr2172-119", "S. J. Res. 5", "s 1", "H.Amdt.99999"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		bill, err := congress.ParseBill(text, 119)
		if err != nil {
			return
		}
		if !bill.Type.Valid() || bill.Number < 1 {
			t.Errorf("ParseBill(%q) gave the impossible bill %+v", text, bill)
		}
		if back, err := congress.ParseBill(bill.String(), bill.Congress); err != nil || back != bill {
			t.Errorf("%q was read as %v, which is read as %v, %v", text, bill, back, err)
		}
	})
}
