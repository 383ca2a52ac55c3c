package config_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/cwc"
)

// TestGoodSettingsMakeGoodMessages: what Problems lets through, the House's rules take.
// Otherwise every letter would wait for an operator who was told that all is well.
func TestGoodSettingsMakeGoodMessages(t *testing.T) {
	odd := rapid.OneOf(
		rapid.SampledFrom([]string{
			"", " ", "      ", "\u00a0\u00a0\u00a0\u00a0\u00a0\u00a0", "\u202e\u202e\u202e\u202e\u202e\u202e", "😀😀😀😀", strings.Repeat("😀", 300), "ab\x00\x00\x00\x00", "a\u200bb\u200bc\u200b",
			"a@b.c0m", "a@example.org", ".a@example.org", "a@b@example.org", "202-224-3121", "102-224-3121", "two words",
		}),
		rapid.StringN(0, 12, -1),
	)
	rapid.Check(t, func(t *rapid.T) {
		s := ready()
		for name, field := range []*string{
			&s.CWC.Agent, &s.CWC.AckEmail, &s.CWC.ContactName, &s.CWC.ContactEmail, &s.CWC.ContactPhone,
			&s.Org.Name, &s.Org.About, &s.Org.ContactName, &s.Org.ContactEmail, &s.Org.ContactPhone,
		} {
			if rapid.IntRange(0, 4).Draw(t, "odd at 0") == 0 {
				*field = odd.Draw(t, "field "+string(rune('0'+name)))
			}
		}
		if len(s.Problems()) > 0 {
			return
		}
		m := cwc.Message{Delivery: cwc.Delivery{
			ID: cwc.DeliveryID("key", "HAZ04"), Date: "20261123", Agent: s.CWC.Agent, AckEmail: s.CWC.AckEmail, CampaignID: "water",
			Contact:      cwc.Contact{Name: s.CWC.ContactName, Email: s.CWC.ContactEmail, Phone: s.CWC.ContactPhone},
			Organization: s.Org.Name, OrganizationAbout: s.Org.About,
			OrganizationContact: cwc.Contact{Name: s.Org.ContactName, Email: s.Org.ContactEmail, Phone: s.Org.ContactPhone},
		}}
		for _, p := range cwc.Check(m, congress.House) {
			if strings.HasPrefix(p.Path, "CWC/Delivery") {
				t.Fatalf("%+v and %+v have no problems, but the House would say %s", s.CWC, s.Org, p)
			}
		}
	})
}
