package main

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/congress/district"
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

// TestDistrictTablesTellOfTheLines: what a row was found by as far as it went, by whose
// lines, from when to when, and where these are rough.
func TestDistrictTablesTellOfTheLines(t *testing.T) {
	t.Parallel()
	const rough = "Lines of TX 119th: No full-resolution file was at hand: lines good to about 100 m, cut at the shore."
	for _, c := range []struct{ row, want string }{
		{"30.2747,-97.7404,", `TX-37,point,TX-37,TX 119th,D000399,"` + rough + `",` + of119th},
		{",,75501", `,zip,TX-01 TX-04,TX 119th,,"the ZIP code lies in several districts | ` + rough + `",` + of119th},
		{",,59221", `,zip,MT-02 ND-00,MT 119th | ND 119th,,the ZIP code lies in several districts,` + of119th},
		{",,85281", `,zip,AZ-01 AZ-04,AZ 119th,,the ZIP code lies in several districts,` + of119th},
		{",,00001", `,,,,,"00001 is in no list of ZIP codes: check it.",,`},
	} {
		out, errs, code := franklin(t, "lat,lon,zip\n"+c.row+"\n", "district", "--csv", "-")
		_, got, _ := strings.Cut(out, "\n")
		if strings.ReplaceAll(got, `"`, "") != strings.ReplaceAll(c.row+","+c.want+"\n", `"`, "") || code != 0 {
			t.Errorf("%s: exit %d, %s\n%s\nwant\n%s", c.row, code, errs, got, c.want)
		}
	}
}

// TestDistrictPlansOfSeveralStates: the span is that in which all of them are in force, and
// rows tell of lines that were put in place of the published ones.
func TestDistrictPlansOfSeveralStates(t *testing.T) {
	t.Parallel()
	day := func(year int) time.Time { return time.Date(year, time.January, 3, 12, 0, 0, 0, time.UTC) }
	names, from, to := describePlans([]district.Plan{
		{State: "AR", Congress: 119, From: day(2023), To: day(2027)}, {State: "MO", Congress: 119, From: day(2025), To: day(2029)},
	})
	if names != "AR 119th | MO 119th" || from != "2025-01-03T12:00:00Z" || to != "2027-01-03T12:00:00Z" {
		t.Errorf("%s from %s to %s", names, from, to)
	}
	notes := planNotes([]district.Plan{
		{State: "MO", Congress: 120, Overridden: true, Note: "A court."}, {State: "AZ", Congress: 120, Note: "Kept."}, {State: "TX", Congress: 120, Coarse: true},
	}, unusual)
	if !slices.Equal(notes, []string{"Lines of MO 120th: A court."}) {
		t.Errorf("%q", notes)
	}
}

// TestDistrictWarnsBeforeTheLinesEnd: 60 days before, once, and not in the table or the JSON.
func TestDistrictWarnsBeforeTheLinesEnd(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"82001"}, {"82001", "82002", "--json"}, {"--csv", "-"}} {
		for at, warned := range map[string]bool{"2026-11-23": true, "2026-10-01": false, "2024-12-31": false} {
			out, errs, _ := franklin(t, "zip\n82001\n", append([]string{"district", "--at", at}, args...)...)
			if got := strings.Count(errs, "the lines of the 120th Congress are not loaded"); (got == 1) != warned || got > 1 || strings.Contains(out, "120th") {
				t.Errorf("%v at %s: %s%s", args, at, errs, out)
			}
		}
	}
}
