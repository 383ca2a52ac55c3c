package supporter

import (
	"net/netip"
	"strings"

	"github.com/franklin-letters/franklin/internal/supporter/peoplefile"
)

// CleanSource is a source as it is kept: short, in small letters, of letters, digits and few
// signs.
func CleanSource(text string) string { return peoplefile.Source(text) }

// SourceOf is where a visitor came from, by what stands in the address of the page: source and
// campaign as advertisements write them ("facebook/spring"), or else a reference ("ref:ann").
func SourceOf(utmSource, utmCampaign, ref string) string {
	switch {
	case utmSource != "" && utmCampaign != "":
		return CleanSource(utmSource + "/" + utmCampaign)
	case utmSource != "":
		return CleanSource(utmSource)
	case utmCampaign != "":
		return CleanSource("/" + utmCampaign)
	case ref != "":
		return CleanSource("ref:" + ref)
	}
	return ""
}

// Network is the network of an address as it stands in the ledger: its first 24 bits, or 48 of
// IPv6, in which many households are. It is "" for an address that is not on the internet.
func Network(a netip.Addr) string {
	a = a.Unmap().WithZone("")
	if !a.IsGlobalUnicast() || a.IsPrivate() {
		return ""
	}
	bits := 24
	if a.Is6() {
		bits = 48
	}
	return netip.PrefixFrom(a, bits).Masked().String()
}

// Agent is the kind of program that a form was posted with, in one word. The name that
// programs give themselves is told by too few people to be kept.
func Agent(userAgent string) string {
	has := func(words ...string) bool {
		for _, w := range words {
			if strings.Contains(userAgent, w) {
				return true
			}
		}
		return false
	}
	switch {
	case userAgent == "":
		return "unknown"
	case has("iPad", "Tablet") || has("Android") && !has("Mobile"):
		return "tablet"
	case has("iPhone", "Mobile"):
		return "phone"
	case has("Windows", "Macintosh", "X11", "CrOS"):
		return "computer"
	}
	return "other"
}
