package main

import (
	"strings"
	"testing"
)

// TestDistrictBeforeTheSwitch asks for a place under the lines of 2024: its district, what
// it became, and that the roster does not reach back.
func TestDistrictBeforeTheSwitch(t *testing.T) {
	for _, query := range []string{"32.3391,-86.4011", "36108"} {
		out, errs, code := franklin(t, "", "district", query, "--at", "2024-12-31")
		if code != 0 || errs != "" {
			t.Errorf("%s: exit %d, %s", query, code, errs)
		}
		for _, want := range []string{
			"AL-07", "lines of the 118th Congress", "From 3 January 2025 noon Eastern your address is in AL-02.",
			"the member is not known: the roster is for the 119th Congress", "on 2024-12-31 the 118th sits",
		} {
			if !strings.Contains(out, want) {
				t.Errorf("%s: no %q in\n%s", query, want, out)
			}
		}
		if strings.Contains(out, "Figures") || strings.Contains(out, "Sewell") {
			t.Errorf("%s: a member of another Congress in\n%s", query, out)
		}
	}
	a := answer[[]districtAnswer](t, 0, "district", "36108", "--at", "2025-01-03T11:59:59-05:00")[0]
	if a.Result.Seat.String() != "AL-07" || a.Result.Next == nil || a.Result.Next.Seat.String() != "AL-02" || a.Member != nil || a.Error == "" {
		t.Errorf("a second before: %+v", a)
	}
	a = answer[[]districtAnswer](t, 0, "district", "36108", "--at", "2025-01-03T12:00:00-05:00")[0]
	if a.Result.Seat.String() != "AL-02" || a.Result.Next != nil || a.Member == nil {
		t.Errorf("at noon: %+v", a)
	}
}

// TestDistrictSaysWhatLinesItUsed: lines with a note, and lines that are no longer.
func TestDistrictSaysWhatLinesItUsed(t *testing.T) {
	for _, c := range []struct {
		args []string
		code int
		want string
	}{
		{[]string{"30.2747,-97.7404"}, 0, "Lines of TX 119th: No full-resolution file was at hand"},
		{[]string{"33.4255,-111.94", "--at", "2024-06-01"}, 0, "Lines of AZ 118th: The state's lines did not change"},
		{[]string{"33.4255,-111.94", "--at", "2027-01-03T12:00:00-05:00"}, 1, "the district lines are out of date"},
		{[]string{"33.4255,-111.94", "--at", "2022-06-01"}, 1, "the oldest are in force from 2023-01-03"},
	} {
		out, _, code := franklin(t, "", append([]string{"district"}, c.args...)...)
		if !strings.Contains(out, c.want) || code != c.code {
			t.Errorf("%v: exit %d\n%s", c.args, code, out)
		}
	}
	out, _, code := franklin(t, "zip\n36108\n", "district", "--csv", "-", "--at", "2024-12-31")
	if code != 0 || !strings.Contains(out, `AL-07,zip,AL-07,AL 118th,,"the roster is for the 119th`) || !strings.Contains(out, "| From 3 January 2025 noon Eastern your address is in AL-02.") {
		t.Errorf("table: exit %d\n%s", code, out)
	}
}
