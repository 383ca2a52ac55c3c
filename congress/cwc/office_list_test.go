package cwc_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/cwc"
)

func TestOfficeListKeepsItsSpelling(t *testing.T) {
	samoa, marianas, az4 := congress.Seat{State: "AS"}, congress.Seat{State: "MP"}, congress.Seat{State: "AZ", District: 4}
	for _, tc := range []struct {
		list string
		seat congress.Seat
		code string
		ok   bool
	}{
		{`["HAS00"]`, samoa, "HAS00", true},
		{`["HAQ00"]`, samoa, "HAQ00", true},
		{`["HMP00"]`, marianas, "HMP00", true},
		{`["MP00"]`, marianas, "HMP00", true}, // the schema takes no code without its H
		{`[" haz04 "]`, az4, "HAZ04", true},
		{`["HAZ05"]`, az4, "", false},
		{`["HAZ04","haz04"]`, az4, "HAZ04", true},
		{`[{"name":"Mark Kelly","office_code":"SAZ03"}]`, congress.Seat{State: "AZ", Class: 3}, "SAZ03", true},
	} {
		list, err := cwc.ParseOfficeList(strings.NewReader(tc.list))
		if err != nil {
			t.Errorf("%s: %v", tc.list, err)
		}
		if code, ok := list.Code(tc.seat); code != tc.code || ok != tc.ok {
			t.Errorf("%s in %s is %q %t, want %q %t", tc.seat, tc.list, code, ok, tc.code, tc.ok)
		}
	}
}

func TestOfficeListRefusesOtherAnswers(t *testing.T) {
	for _, text := range []string{"", "null", "[]", "{}", "<html>", `["HCA99"]`, `[1]`, `[{"name":"x"}]`, `["HAZ04"`, `["` + strings.Repeat(" ", 2<<20) + `"]`} {
		if list, err := cwc.ParseOfficeList(strings.NewReader(text)); err == nil {
			t.Errorf("%.40q is a list of %d offices", text, list.Len())
		}
	}
	broken := errors.New("broken")
	if _, err := cwc.ParseOfficeList(iotest.ErrReader(broken)); !errors.Is(err, broken) {
		t.Errorf("the error of reading is %v", err)
	}
	list := cwc.NewOfficeList([]string{"HCA53", "HAZ04", "committee"})
	if got := list.Unrecognised(); list.Len() != 1 || !slices.Equal(got, []string{"HCA53", "committee"}) {
		t.Errorf("%d recognised, not recognised %q", list.Len(), got)
	}
}

// TestSharedOfficeLists reads the lists that were once published.
func TestSharedOfficeLists(t *testing.T) {
	senate, err := os.Open(filepath.Join(shared, "senate-active-offices-2023-04-22.json"))
	if err != nil {
		t.Skip("the published lists are not on this machine")
	}
	defer senate.Close()
	list, err := cwc.ParseOfficeList(senate)
	if err != nil || list.Len() != 48 {
		t.Errorf("the Senate's list of 2023 names %d offices: %v", list.Len(), err)
	}
	table, err := os.ReadFile(filepath.Join(shared, "house-office-codes-2023.csv"))
	if err != nil {
		t.Fatal(err)
	}
	var codes []string
	for _, row := range strings.Fields(string(table))[1:] {
		codes = append(codes, row[strings.Index(row, ",")+1:])
	}
	text, err := json.Marshal(codes)
	if err != nil {
		t.Fatal(err)
	}
	list, err = cwc.ParseOfficeList(strings.NewReader(string(text)))
	if err != nil || list.Len() != 441 || len(list.Unrecognised()) != 0 {
		t.Errorf("the House's table of 2023 names %d seats and %q: %v", list.Len(), list.Unrecognised(), err)
	}
}
