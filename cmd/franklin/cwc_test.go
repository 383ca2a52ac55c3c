package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/cwc"
)

// message is one that nobody finds fault with.
func message(t *testing.T) string {
	t.Helper()
	contact := cwc.Contact{Name: "Robin Sample", Email: "robin@lantern.example", Phone: "202-224-3121"}
	xml, err := cwc.Build(cwc.Message{
		Delivery: cwc.Delivery{
			ID: cwc.DeliveryID("key", "HAZ04"), Date: "20261123", Agent: "Franklin Demo", AckEmail: "acks@lantern.example",
			Contact: contact, Organization: "Lantern Alliance", CampaignID: "loophole",
		},
		Recipient: cwc.Recipient{Office: "HAZ04"},
		Constituent: cwc.Constituent{
			Prefix: "Ms.", FirstName: "Ana", LastName: "Muñoz", Address1: "31 E 5th St", City: "Tempe", State: "AZ", Zip: "85281", Email: "ana@lantern.example",
		},
		Letter: cwc.Letter{Subject: "Please support H.R. 2172", Topics: []string{"Congress"}, OrganizationStatement: "Please support this bill."},
	}, congress.House)
	if err != nil {
		t.Fatal(err)
	}
	return string(xml)
}

func TestCWCCheck(t *testing.T) {
	good := message(t)
	dir := t.TempDir()
	file := func(name, text string) string {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	fine := file("fine.xml", good)
	odd := file("odd.xml", strings.Replace(good, "Ms.", "Mx.", 1))
	bad := file("bad.xml", strings.Replace(good, "85281", "8528", 1))

	for _, r := range answer[[]checked](t, 0, "cwc", "check", fine, odd) {
		if !r.Accepted || len(r.Problems) != 0 {
			t.Errorf("the House takes any prefix: %+v", r)
		}
	}
	results := answer[[]checked](t, 1, "cwc", "check", fine, bad)
	if !results[0].Accepted || results[1].Accepted || !strings.HasSuffix(results[1].Problems[0].Path, "Zip") {
		t.Errorf("a bad ZIP code: %+v", results)
	}
	advice := answer[[]checked](t, 0, "cwc", "check", "--sending", odd)
	if !advice[0].Accepted || len(advice[0].Problems) == 0 || advice[0].Problems[0].Level != cwc.Sending {
		t.Errorf("advice for a prefix that the Senate refuses: %+v", advice)
	}
	if out, _, code := franklin(t, "", "cwc", "check", bad); code != 1 || !strings.Contains(out, "would be refused") || !strings.Contains(out, "ZIP code") {
		t.Errorf("in words: exit %d, %s", code, out)
	}
	if _, _, code := franklin(t, "", "cwc", "check", filepath.Join(dir, "none.xml")); code != 2 {
		t.Errorf("a missing file: exit %d", code)
	}
}
