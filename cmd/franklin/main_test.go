package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/alecthomas/kong"
)

// noon is the moment of all tests that depend on lines and members.
var noon = time.Date(2026, time.November, 23, 17, 0, 0, 0, time.UTC)

// endSoon is what `district` says on standard error at noon: the next lines are not built in.
const endSoon = "franklin: the lines of the 120th Congress are not loaded for all states, and those in use end on 3 January 2027 (in 41 days). Run: franklin data sync\n"

// franklin runs one command line and returns what it printed and its exit code.
func franklin(t *testing.T, stdin string, args ...string) (out, errs string, code int) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	code = run(args, console{in: strings.NewReader(stdin), out: &stdout, err: &stderr, now: func() time.Time { return noon }})
	return stdout.String(), stderr.String(), code
}

// answer runs a command with --json and decodes what it printed.
func answer[T any](t *testing.T, wantCode int, args ...string) T {
	t.Helper()
	out, errs, code := franklin(t, "", append(args, "--json")...)
	if code != wantCode {
		t.Fatalf("franklin %s: exit %d, want %d\n%s%s", strings.Join(args, " "), code, wantCode, out, errs)
	}
	var value T
	if err := json.Unmarshal([]byte(out), &value); err != nil {
		t.Fatalf("franklin %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return value
}

func TestHelpAndMistakes(t *testing.T) {
	for _, c := range []struct {
		args     []string
		code     int
		out, err string
	}{
		{[]string{"--help"}, 0, "serve", ""},
		{[]string{"district", "--help"}, 0, "lat,lon", ""},
		{[]string{"version"}, 0, "franklin dev", ""},
		{[]string{"nonsense"}, 2, "", "nonsense"},
		{[]string{"member"}, 2, "", "AZ-04"},
		{[]string{"district"}, 2, "", "Tempe"},
		{[]string{"member", "AZ-99"}, 2, "", "there is no seat AZ-99"},
		{[]string{"member", "AZ-04", "--at", "soon"}, 2, "", "is not a date"},
	} {
		out, errs, code := franklin(t, "", c.args...)
		if code != c.code || !strings.Contains(out, c.out) || !strings.Contains(errs, c.err) {
			t.Errorf("franklin %v: exit %d\nout: %s\nerr: %s", c.args, code, out, errs)
		}
	}
}

// The settings of the server stand in the help of the server only, not of each command that
// opens its database.
func TestHelpIsShort(t *testing.T) {
	for _, c := range []struct {
		args           []string
		holds, without string
	}{
		{[]string{"serve", "--help"}, "--guard-posts", "The server's settings"},
		{[]string{"doctor", "all", "--help"}, "--guard-posts", "The server's settings"},
		{[]string{"people", "import", "--help"}, "The server's settings, such as --db", "--guard-posts"},
		{[]string{"mailing", "--help"}, "mailing start", "--guard-posts"},
		{[]string{"mailing", "create", "--help"}, "[Write your letter]({{link}})", "--guard-posts"},
		{[]string{"--help"}, "mailing ", "mailing start"},
	} {
		if out, _, _ := franklin(t, "", c.args...); !strings.Contains(out, c.holds) || strings.Contains(out, c.without) {
			t.Errorf("franklin %v has no %q, or has %q:\n%s", c.args, c.holds, c.without, out)
		}
	}
}

// The page of settings must name every flag and variable, so that it stays true.
func TestEverySettingIsDocumented(t *testing.T) {
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", "configuration.md"))
	if err != nil {
		t.Fatal(err)
	}
	parser, err := kong.New(&struct{ serveCommand }{})
	if err != nil {
		t.Fatal(err)
	}
	for _, flag := range parser.Model.Flags {
		if flag.Name == "help" || flag.Hidden {
			continue
		}
		for _, word := range append([]string{"--" + flag.Name}, flag.Envs...) {
			if !strings.Contains(string(page), "`"+word+"`") {
				t.Errorf("docs/configuration.md does not name %s", word)
			}
		}
	}
}

func TestEveryCommandIsDocumented(t *testing.T) {
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", "cli.md"))
	if err != nil {
		t.Fatal(err)
	}
	parser, err := kong.New(&program{}, kong.Vars{"version": "test"})
	if err != nil {
		t.Fatal(err)
	}
	for _, leaf := range parser.Model.Leaves(true) {
		command := strings.TrimPrefix(leaf.FullPath(), parser.Model.Name+" ")
		if !strings.Contains(string(page), "`"+command) {
			t.Errorf("docs/cli.md does not name %q", command)
		}
	}
}

func TestMemberAll(t *testing.T) {
	all := answer[[]memberAnswer](t, 0, "member", "--all")
	house, senate, vacant := 0, 0, map[string]bool{}
	for _, a := range all {
		if a.Seat.Class == 0 {
			house++
		} else {
			senate++
		}
		if !a.Seated() {
			vacant[a.Seat.String()] = true
		}
	}
	if house != 441 || senate != 100 {
		t.Errorf("%d House and %d Senate seats, want 441 and 100", house, senate)
	}
	if len(vacant) != 2 || !vacant["FL-20"] || !vacant["TX-23"] {
		t.Errorf("vacant seats: %v, want FL-20 and TX-23", vacant)
	}
}

func TestMember(t *testing.T) {
	for seat, want := range map[string]string{
		"AZ-04": "Greg Stanton", "HAZ04": "Greg Stanton", "az4": "Greg Stanton", "FL-20": "Vacant", "DC": "no vote on the floor",
		"PR": "Resident Commissioner", "GU": "Delegate", "VI": "Delegate", "AS": "Delegate", "MP": "Delegate", "OH-S3": "Ohio", "AK": "Alaska",
	} {
		if out, errs, code := franklin(t, "", "member", seat); code != 0 || !strings.Contains(out, want) {
			t.Errorf("member %s: exit %d\n%s%s", seat, code, out, errs)
		}
	}
	if out, _, _ := franklin(t, "", "member", "WY"); strings.Count(out, "WY-") != 3 {
		t.Errorf("a state's name should give all three of its seats:\n%s", out)
	}
}

func TestDistrict(t *testing.T) {
	for _, c := range []struct {
		args []string
		code int
		want string
	}{
		{[]string{"33.4230,-111.9300"}, 0, "AZ-04, by point"},
		{[]string{"31 E 5th St, Tempe, AZ 85281"}, 1, "one of AZ-01 AZ-04"},
		{[]string{"31", "E", "5th", "St", "Tempe", "AZ", "85281"}, 1, "one of AZ-01 AZ-04"},
		{[]string{"99501", "82001"}, 0, "WY-00, by zip"},
		{[]string{"82001", "--at", "2027-01-04"}, 1, "out of date"},
		{[]string{"1600 Pennsylvania Ave NW, Washington, DC 20500"}, 0, "DC-00"},
		{[]string{"PSC 3 Box 1, APO AE 09021"}, 1, "give the address of the voting residence (home of record)"},
		{[]string{"10001 somewhere"}, 1, `no ZIP code was found in "10001 somewhere"`},
		{[]string{"Tempe, NY 85281"}, 1, "belongs to Arizona, not to New York"},
	} {
		out, errs, code := franklin(t, "", append([]string{"district"}, c.args...)...)
		if code != c.code || !strings.Contains(out, c.want) {
			t.Errorf("district %q: exit %d, want %d with %q\n%s%s", c.args, code, c.code, c.want, out, errs)
		}
	}
}

func TestDistrictJSON(t *testing.T) {
	a := answer[[]districtAnswer](t, 0, "district", "82001")
	if len(a) != 1 || a[0].Result.Seat.String() != "WY-00" || a[0].Member == nil || a[0].Result.Plan.Congress != 119 {
		t.Errorf("district 82001: %+v", a)
	}
}

func TestDistrictCSV(t *testing.T) {
	table := "\ufeffid,Street,City,State,ZIP,Lat,Lon\n" +
		"1,,,wyoming,82001,,\n" +
		"2,\"31 E 5th St, #2\",Tempe,AZ,85281,,\n" +
		"3,,,,,33.4230,-111.9300\n" +
		"4,,,,nonsense,,\n" +
		"5,,,,,north,west\n" +
		"6,,,FL,33311\n" +
		"7,,,,,0,0\n"
	want := []string{
		"\ufeffid,Street,City,State,ZIP,Lat,Lon,district,basis,candidates,plan,member_bioguide,note,plan_from,plan_to",
		"1,,,wyoming,82001,,,WY-00,zip,WY-00,WY 119th,H001096,," + of119th,
		"2,\"31 E 5th St, #2\",Tempe,AZ,85281,,,,zip,AZ-01 AZ-04,AZ 119th,,the ZIP code lies in several districts," + of119th,
		"3,,,,,33.4230,-111.9300,AZ-04,point,AZ-04,AZ 119th,S001211,," + of119th,
	}
	out, errs, code := franklin(t, table, "district", "--csv", "-")
	lines := strings.Split(strings.TrimRight(out, "\n"), "\n")
	if code != 0 || len(lines) != 8 {
		t.Fatalf("exit %d, %d lines\n%s%s", code, len(lines), out, errs)
	}
	for i, w := range want {
		if lines[i] != w {
			t.Errorf("line %d: %s\nwant    %s", i+1, lines[i], w)
		}
	}
	for i, note := range map[int]string{4: "is not a ZIP code", 5: "must be numbers", 7: "within 2 km"} {
		if !strings.Contains(lines[i], note) || strings.Contains(lines[i], "119th") {
			t.Errorf("line %d should say %q: %s", i+1, note, lines[i])
		}
	}
	for _, bad := range []string{"", "a,b\n1,2\n"} {
		if _, errs, code := franklin(t, bad, "district", "--csv", "-"); code != 2 || !strings.Contains(errs, "columns") {
			t.Errorf("table %q: exit %d, %s", bad, code, errs)
		}
	}
	if _, _, code := franklin(t, "", "district", "--csv", filepath.Join(t.TempDir(), "none.csv")); code != 2 {
		t.Errorf("a missing file: exit %d", code)
	}
}
