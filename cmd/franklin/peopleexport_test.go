package main

import (
	"strings"
	"testing"

	"github.com/franklin-letters/franklin/internal/supporter"
)

// TestPeopleExportForAPartner: a partner's table has its own people, with what they agreed to
// and nothing else of them; the proof shows the same words.
func TestPeopleExportForAPartner(t *testing.T) {
	d := newDesk(t)
	source := strings.Replace(string(demoCampaign), "goal:", "partners: [{key: lamps, name: Lamps of the Coast}]\ngoal:", 1)
	if _, _, err := d.office.Campaigns.Apply(t.Context(), []byte(source), "ada"); err != nil {
		t.Fatal(err)
	}
	const header = "email,first_name,last_name,zip,consent_words,consent_language,consent_page,consent_given,consent_confirmed\n"
	d.write(1, "", "") // who joins our list and ticks no partner
	d.ticked = "lamps"
	d.write(2, "", "")
	lines := func() string {
		out, errs, code := franklin(t, "", d.line("people", "export", "--partner=lamps")...)
		if code != 0 {
			t.Fatal(errs)
		}
		return out
	}
	if got := lines(); got != header {
		t.Errorf("before it is confirmed: %s", got)
	}
	people := d.office.Desk.People
	who, _, err := people.ByAddress(t.Context(), "ana2@example.org")
	if err != nil {
		t.Fatal(err)
	}
	if ok, err := people.Confirm(t.Context(), supporter.Link{Supporter: who.ID, List: supporter.PartnerOf("lamps")}); !ok || err != nil {
		t.Fatal(ok, err)
	}
	if got := lines(); !strings.HasPrefix(got, header+"ana2@example.org,Ana,Muñoz2,82001,\"Yes, Lamps of the Coast may contact me too.") ||
		!strings.HasSuffix(got, "\",en,/c/close-the-loophole,2026-11-23T17:00:00Z,2026-11-23T17:00:00Z\n") || strings.Count(got, "\n") != 2 {
		t.Errorf("%s", got)
	}
	d.says(0, d.line("consent", "prove", "ana2@example.org"), "Consent to partner:lamps by tick", "Lamps of the Coast may contact me too", "they have this hash")
	d.says(0, d.line("audit"), "people.export", "partner:lamps")
	d.says(2, d.line("people", "export", "--partner=lamps", "--format=json"), "as a table only")
	d.says(2, d.line("people", "export", "--partner=lamps", "--segment=everyone"), "can't be used together")
	d.says(2, d.line("people", "export", "--partner=lmaps"), `no campaign names a partner "lmaps"`)
}
