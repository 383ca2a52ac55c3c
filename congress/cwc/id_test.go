package cwc_test

import (
	"regexp"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/congress/cwc"
)

func TestDeliveryID(t *testing.T) {
	if got := cwc.DeliveryID("0197c0de", "HAZ04"); got != "2c61d84fc3b2ed240f4758cc6159ea41" {
		t.Errorf("the DeliveryId of a key and office is now %s; letters under way would be sent twice", got)
	}
	form := regexp.MustCompile(`^[a-zA-Z0-9]{32}$`)
	seen := map[string]bool{}
	for _, key := range []string{"", "a", "aH", "0197c0de", "0197c0df"} {
		for _, office := range []string{"HAZ04", "AZ04", "HAZ05", "HAQ00", "SAZ01"} {
			id := cwc.DeliveryID(key, office)
			if !form.MatchString(id) || seen[id] {
				t.Errorf("DeliveryID(%q, %q) is %s", key, office, id)
			}
			seen[id] = true
		}
	}
	for _, pair := range [][2]string{{"HAQ00", "HAS00"}, {"HMP00", "MP00"}, {"HAZ04", " haz04 "}} {
		if cwc.DeliveryID("k", pair[0]) != cwc.DeliveryID("k", pair[1]) {
			t.Errorf("%q and %q are the same office with two ids", pair[0], pair[1])
		}
	}
}

func TestCampaignID(t *testing.T) {
	base := cwc.CampaignID("Franklin", "loophole", "hr2172-119", cwc.Pro)
	if !regexp.MustCompile(`^[0-9a-f]{64}$`).MatchString(base) || base != cwc.CampaignID("Franklin", "loophole", "hr2172-119", cwc.Pro) {
		t.Errorf("the CampaignId is %s", base)
	}
	for _, other := range []string{
		cwc.CampaignID("Franklin2", "loophole", "hr2172-119", cwc.Pro),
		cwc.CampaignID("Franklin", "loophole2", "hr2172-119", cwc.Pro),
		cwc.CampaignID("Franklin", "loophole", "hr2173-119", cwc.Pro),
		cwc.CampaignID("Franklin", "loophole", "hr2172-119", cwc.Con),
		cwc.CampaignID("Franklinl", "oophole", "hr2172-119", cwc.Pro),
		cwc.CampaignID("Franklin", "loopholeh", "r2172-119", cwc.Pro),
	} {
		if other == base {
			t.Error("two campaigns have one CampaignId")
		}
	}
}

// TestDeliveryDate compares the rule with the time zone data of the machine, hour by hour.
func TestDeliveryDate(t *testing.T) {
	for moment, want := range map[string]string{
		"2026-11-23T04:59:59Z": "20261122", "2026-11-23T05:00:00Z": "20261123",
		"2026-07-05T03:59:59Z": "20260704", "2026-07-05T04:00:00Z": "20260705",
		"2026-12-31T23:30:00-05:00": "20261231", "2027-01-01T10:00:00+09:00": "20261231",
	} {
		at, err := time.Parse(time.RFC3339, moment)
		if err != nil {
			t.Fatal(err)
		}
		if got := cwc.DeliveryDate(at); got != want {
			t.Errorf("at %s it is %s in Washington, want %s", moment, got, want)
		}
	}
	washington, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Skip("this machine has no time zone data")
	}
	end := time.Date(2038, 1, 1, 0, 0, 0, 0, time.UTC)
	for at := time.Date(2007, 1, 1, 0, 0, 0, 0, time.UTC); at.Before(end); at = at.Add(30 * time.Minute) {
		if got, want := cwc.DeliveryDate(at), at.In(washington).Format("20060102"); got != want {
			t.Fatalf("at %s it is %s in Washington, want %s", at, got, want)
		}
	}
}
