package roster_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/roster"
)

var autumn2026 = time.Date(2026, time.November, 23, 12, 0, 0, 0, time.UTC)

func embedded(t *testing.T) *roster.Roster {
	t.Helper()
	r, err := roster.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func holder(t *testing.T, r *roster.Roster, seat string, at time.Time) roster.Answer {
	t.Helper()
	s, err := congress.ParseSeat(seat)
	if err != nil {
		t.Fatal(err)
	}
	a, err := r.Holder(s, at)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestEverySeatAnswers(t *testing.T) {
	r := embedded(t)
	answers, err := r.All(autumn2026)
	if err != nil {
		t.Fatal(err)
	}
	seated := map[roster.Role]int{}
	var vacant []string
	for _, a := range answers {
		if !a.Seated() {
			vacant = append(vacant, a.Seat.String())
			continue
		}
		seated[a.Role]++
		if a.Member.Seat != a.Seat || a.Member.Name == "" || a.Since == "" {
			t.Errorf("%s: half an answer: %+v", a.Seat, a)
		}
		if c := a.Contact(); !roster.IsOfficialLink(c.Page) || c.Phone == "" {
			t.Errorf("%s: no way to reach the office: %+v", a.Seat, c)
		}
	}
	// 431 voting members in June 2026, and two were sworn in since.
	if len(answers) != 541 || seated[roster.Representative] != 431+2 || seated[roster.Senator] != 100 ||
		seated[roster.Delegate] != 5 || seated[roster.ResidentCommissioner] != 1 {
		t.Errorf("%d seats, seated %v", len(answers), seated)
	}
	if got := strings.Join(vacant, " "); got != "FL-20 TX-23" {
		t.Errorf("vacant: %s", got)
	}
}

func TestHolders(t *testing.T) {
	r := embedded(t)
	for _, test := range []struct {
		seat, name, line string
		since            roster.Date
	}{
		{"NJ-11", "Rep. Analilia Mejia", "Analilia Mejia (D), New Jersey's 11th District", "2026-04-20"},
		{"CA-01", "Rep. James Gallagher", "James Gallagher (R), California's 1st District", "2026-06-10"},
		{"CA-14", "Rep. Aisha Wahab", "Aisha Wahab (D), California's 14th District", "2026-09-02"},
		{"GA-13", "Rep. Everton Blair Jr.", "Everton Blair Jr. (D), Georgia's 13th District", "2026-09-01"},
		{"FL-20", "", "Vacant, Florida's 20th District", "2026-04-21"},
		{"TX-23", "", "Vacant, Texas's 23rd District", "2026-04-14"},
		{"AK-00", "Rep. Nicholas J. Begich III", "Nicholas J. Begich III (R), Alaska's At-Large District", "2025-01-03"},
		{"DC-00", "Del. Eleanor Holmes Norton", "Eleanor Holmes Norton (D), District of Columbia", "2025-01-03"},
		{"GU-00", "Del. James C. Moylan", "James C. Moylan (R), Guam", "2025-01-03"},
		{"VI-00", "Del. Stacey E. Plaskett", "Stacey E. Plaskett (D), U.S. Virgin Islands", "2025-01-03"},
		{"AS-00", "Del. Aumua Amata Coleman Radewagen", "Aumua Amata Coleman Radewagen (R), American Samoa", "2025-01-03"},
		{"MP-00", "Del. Kimberlyn King-Hinds", "Kimberlyn King-Hinds (R), Northern Mariana Islands", "2025-01-03"},
		{"PR-00", "Resident Commissioner Pablo José Hernández", "Pablo José Hernández (D), Puerto Rico", "2025-01-03"},
		{"OH-S3", "Sen. Jon Husted", "Jon Husted (R), Ohio", "2025-01-21"},
		{"FL-S3", "Sen. Ashley Moody", "Ashley Moody (R), Florida", "2025-01-21"},
		{"SC-S2", "Sen. Darline Graham Nordone", "Darline Graham Nordone (R), South Carolina", "2026-07"},
		{"VT-S1", "Sen. Bernard Sanders", "Bernard Sanders (I), Vermont", "2025-01-03"},
	} {
		t.Run(test.seat, func(t *testing.T) {
			a := holder(t, r, test.seat, autumn2026)
			if a.Name() != test.name || a.Line() != test.line || a.Since != test.since {
				t.Errorf("got %q, %q, since %q", a.Name(), a.Line(), a.Since)
			}
		})
	}
}

func TestAppointedSenatorsStayPastTheirExpectedElection(t *testing.T) {
	r := embedded(t)
	for _, seat := range []string{"OH-S3", "FL-S3", "OK-S2", "SC-S2"} {
		if a := holder(t, r, seat, autumn2026); !a.Seated() || !a.Member.Appointed {
			t.Errorf("%s: %+v", seat, a)
		}
	}
}

func TestContactFallsBackAndSaysSo(t *testing.T) {
	r := embedded(t)
	for seat, want := range map[string]roster.Contact{
		// No page, no phone, no room yet.
		"CA-01": {Page: "https://www.house.gov/representatives/find-your-representative", PageKind: roster.FinderPage, Phone: "202-224-3121", PhoneKind: roster.SwitchboardPhone},
		"TX-23": {Page: "https://www.house.gov/representatives/find-your-representative", PageKind: roster.FinderPage, Phone: "202-224-3121", PhoneKind: roster.SwitchboardPhone},
		"SC-S2": {Page: "https://www.dgraham.senate.gov", PageKind: roster.SitePage, Phone: "202-224-5972", PhoneKind: roster.OfficePhone},
		"FL-01": {
			Page: "https://patronis.house.gov/contact/email-me", PageKind: roster.FormPage, Phone: "202-225-4136", PhoneKind: roster.OfficePhone,
			Address: "2021 Rayburn House Office Building Washington DC 20515-0901",
		},
		// The public record misspells the link of the form, so the site is the best page.
		"FL-06": {
			Page: "https://fine.house.gov", PageKind: roster.SitePage, Phone: "202-225-2706", PhoneKind: roster.OfficePhone,
			Address: "244 Cannon House Office Building Washington DC 20515-0906",
		},
	} {
		if got := holder(t, r, seat, autumn2026).Contact(); got != want {
			t.Errorf("%s: got %+v, want %+v", seat, got, want)
		}
	}
	empty, err := roster.New(roster.File{Format: roster.Format, Congress: 119, AsOf: "2026-09-13"})
	if err != nil {
		t.Fatal(err)
	}
	if c := holder(t, empty, "SC-S2", autumn2026).Contact(); c.PageKind != roster.FinderPage || !strings.Contains(c.Page, "senate.gov") {
		t.Errorf("a vacant Senate seat leads to %+v", c)
	}
}

func TestTimesTheRosterCannotKnow(t *testing.T) {
	r := embedded(t)
	for _, test := range []struct {
		name, seat, at string
		since          roster.Date // of the error; "-" for no error
	}{
		{"last minute of the term", "AZ-04", "2027-01-03T11:59:00-05:00", "-"},
		{"noon on 3 January 2027", "AZ-04", "2027-01-03T12:00:00-05:00", ""},
		{"the senators' term goes on but nobody checked", "AZ-S1", "2027-02-01T12:00:00Z", ""},
		{"the Congress before", "AZ-04", "2024-12-01T12:00:00Z", ""},
		{"the first day", "AZ-04", "2025-01-03T12:00:00-05:00", "-"},
		{"before the special election", "GA-13", "2026-08-31T12:00:00Z", "2026-09-01"},
		{"on the day of the oath", "GA-13", "2026-09-01T09:00:00-04:00", "-"},
		{"before the vacancy", "FL-20", "2026-04-20T12:00:00Z", "2026-04-21"},
		{"in the month of the appointment", "SC-S2", "2026-07-02T12:00:00Z", "-"},
		{"before the month of the appointment", "SC-S2", "2026-06-30T12:00:00Z", "2026-07"},
	} {
		t.Run(test.name, func(t *testing.T) {
			seat, err := congress.ParseSeat(test.seat)
			if err != nil {
				t.Fatal(err)
			}
			at, err := time.Parse(time.RFC3339, test.at)
			if err != nil {
				t.Fatal(err)
			}
			a, err := r.Holder(seat, at)
			if test.since == "-" {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			var old *roster.OutOfDateError
			if !errors.As(err, &old) || old.Since != test.since || old.Congress != 119 || old.AsOf != r.AsOf() || a.Member.Name != "" {
				t.Errorf("got %+v, %v", a, err)
			}
			if test.since == "" && !strings.Contains(err.Error(), "119th Congress") {
				t.Errorf("the message does not name the Congress: %v", err)
			}
		})
	}
	if _, err := r.All(time.Date(2027, 1, 4, 0, 0, 0, 0, time.UTC)); err == nil {
		t.Error("All answers for the next Congress")
	}
}

func TestElectedButNotSwornInIsVacant(t *testing.T) {
	f := roster.File{
		Format: roster.Format, Congress: 119, AsOf: "2026-09-13",
		Members: []roster.Member{{Bioguide: "D000001", Name: "Jane Doe", First: "Jane", Last: "Doe", Party: roster.Democrat, Seat: congress.Seat{State: "TX", District: 23}, Start: "2026-11-25"}},
	}
	r, err := roster.New(f)
	if err != nil {
		t.Fatal(err)
	}
	if a := holder(t, r, "TX-23", autumn2026); a.Seated() || a.Since != "" || a.Name() != "" {
		t.Errorf("before the oath: %+v", a)
	}
	if a := holder(t, r, "TX-23", autumn2026.AddDate(0, 0, 2)); !a.Seated() || a.Name() != "Rep. Jane Doe" {
		t.Errorf("on the day of the oath: %+v", a)
	}
}

func TestUnknownSeat(t *testing.T) {
	r := embedded(t)
	for _, seat := range []congress.Seat{{}, {State: "AZ", District: 10}, {State: "DC", Class: 1}} {
		if _, err := r.Holder(seat, autumn2026); !errors.Is(err, roster.ErrNoSeat) {
			t.Errorf("%v: got %v", seat, err)
		}
	}
}

func TestStale(t *testing.T) {
	r := embedded(t)
	for at, want := range map[string]string{
		"2026-09-13T00:00:00Z": "", "2026-10-12T23:00:00Z": "", "2026-10-14T00:00:00Z": "31 days old",
		"2027-01-03T17:00:00Z": "the 120th is sitting", "2024-12-31T00:00:00Z": "the 118th is sitting",
	} {
		when, err := time.Parse(time.RFC3339, at)
		if err != nil {
			t.Fatal(err)
		}
		if reason, stale := r.Stale(when); stale != (want != "") || !strings.Contains(reason, want) {
			t.Errorf("%s: %q, %v", at, reason, stale)
		}
	}
	if r.Congress() != 119 || r.AsOf() != "2026-09-13" {
		t.Errorf("%v as of %v", r.Congress(), r.AsOf())
	}
}

func TestRolesAndParties(t *testing.T) {
	titles := map[roster.Role]string{
		roster.Representative: "Rep.", roster.Senator: "Sen.", roster.Delegate: "Del.",
		roster.ResidentCommissioner: "Resident Commissioner", "Speaker": "Speaker",
	}
	for role, want := range titles {
		if got := role.Title(); got != want {
			t.Errorf("%s: %q", role, got)
		}
	}
	for party, want := range map[roster.Party]string{roster.Democrat: "D", roster.Republican: "R", roster.Independent: "I", "Única": "Ú", "": ""} {
		if got := party.Letter(); got != want {
			t.Errorf("%s: %q", party, got)
		}
	}
}

func TestDate(t *testing.T) {
	for d, want := range map[roster.Date]struct{ valid, exact bool }{
		"2026-09-01": {true, true}, "2026-07": {true, false}, "": {}, "2026": {}, "2026-13": {}, "2026-02-30": {}, "2026-9-1": {}, "soon": {},
	} {
		if d.Valid() != want.valid || d.Exact() != want.exact {
			t.Errorf("%q: valid %v, exact %v", d, d.Valid(), d.Exact())
		}
	}
}
