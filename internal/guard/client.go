package guard

import (
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"strings"
)

// maxHops bounds how far back a chain of proxies is followed.
const maxHops = 32

// Proxies are the networks whose word about a client's address is believed. The zero
// value believes nobody.
type Proxies struct {
	trusted []netip.Prefix
	country string // the header in which they tell the client's country; "" when they do not
}

// ParseProxies reads networks such as "10.0.0.0/8" and single addresses.
func ParseProxies(list []string) (Proxies, error) {
	var p Proxies
	for _, text := range list {
		prefix, err := netip.ParsePrefix(text)
		if err != nil {
			addr, errAddr := netip.ParseAddr(text)
			if errAddr != nil {
				return Proxies{}, fmt.Errorf("trusted proxy %q is neither a network like 10.0.0.0/8 nor an address", text)
			}
			prefix = netip.PrefixFrom(addr, addr.BitLen())
		}
		if prefix.Bits() == 0 {
			return Proxies{}, errors.New("trusted proxies cannot be the whole internet: then everybody could claim any address")
		}
		if prefix.Addr().Is4In6() {
			return Proxies{}, fmt.Errorf("trusted proxy %q: write IPv4 networks as IPv4", text)
		}
		p.trusted = append(p.trusted, prefix.Masked())
	}
	return p, nil
}

// TellingCountry returns proxies that tell in a header from which country a client comes, as
// two letters of ISO 3166: most that know are at the edge of a network of many sites, or have a
// table of their own. "" is none.
func (p Proxies) TellingCountry(header string) (Proxies, error) {
	if header != "" && len(p.trusted) == 0 {
		return p, fmt.Errorf("anybody could write the header %s: name the proxies that do as trusted ones", header)
	}
	p.country = header
	return p, nil
}

// Country returns the country that a trusted proxy tells, "" when it is not known: codes such
// as XX for unknown and T1 for Tor name none.
func (p Proxies) Country(r *http.Request) string {
	if p.country == "" || !p.trust(parseHop(r.RemoteAddr)) {
		return ""
	}
	told := r.Header.Values(p.country)
	if len(told) != 1 || len(told[0]) != 2 {
		return ""
	}
	code := strings.ToUpper(told[0])
	if code == "XX" || code == "ZZ" || strings.Trim(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
		return ""
	}
	return code
}

func (p Proxies) trust(a netip.Addr) bool {
	for _, one := range p.trusted {
		if one.Contains(a) {
			return true
		}
	}
	return false
}

// Client returns the address that a request comes from: that of the connection, unless it
// is a trusted proxy's. Then it is the rightmost address in X-Forwarded-For or Forwarded
// (RFC 7239) that is not a trusted proxy's; what stands left of it anybody may have
// written. When the two headers differ, one of them was not written by the proxy, and the
// proxy's own address is returned. The zero address means that it is not known.
func (p Proxies) Client(r *http.Request) netip.Addr {
	peer := parseHop(r.RemoteAddr)
	if !p.trust(peer) {
		return peer
	}
	x, hasX := p.walk(peer, r.Header.Values("X-Forwarded-For"), func(hop string) string { return hop })
	f, hasF := p.walk(peer, r.Header.Values("Forwarded"), forwardedFor)
	switch {
	case hasX && hasF && x != f:
		return peer
	case hasX:
		return x
	case hasF:
		return f
	}
	return peer
}

// walk goes from the right through the hops, each of which was written by the one to the
// right of it, as long as they are trusted.
func (p Proxies) walk(peer netip.Addr, values []string, address func(hop string) string) (netip.Addr, bool) {
	at := peer
	rest := strings.Join(values, ",")
	for range maxHops {
		if strings.TrimSpace(rest) == "" {
			break
		}
		hop := rest
		if comma := strings.LastIndexByte(rest, ','); comma >= 0 {
			rest, hop = rest[:comma], rest[comma+1:]
		} else {
			rest = ""
		}
		next := parseHop(strings.TrimSpace(address(hop)))
		if !next.IsValid() { // "unknown", or nonsense: whoever was before stays hidden
			return at, true
		}
		if at = next; !p.trust(at) {
			return at, true
		}
	}
	return at, len(values) > 0
}

// forwardedFor returns the for= of one element of a Forwarded header, without its quotes.
func forwardedFor(element string) string {
	for pair := range strings.SplitSeq(element, ";") {
		name, value, _ := strings.Cut(pair, "=")
		if strings.EqualFold(strings.TrimSpace(name), "for") {
			return strings.Trim(strings.TrimSpace(value), `"`)
		}
	}
	return ""
}

// parseHop reads an address with or without a port: 192.0.2.1, 192.0.2.1:80, 2001:db8::1,
// [2001:db8::1], [2001:db8::1]:80. IPv4 in IPv6's clothes becomes IPv4 again.
func parseHop(text string) netip.Addr {
	if a, err := netip.ParseAddrPort(text); err == nil {
		return a.Addr().Unmap().WithZone("")
	}
	a, err := netip.ParseAddr(strings.TrimSuffix(strings.TrimPrefix(text, "["), "]"))
	if err != nil {
		return netip.Addr{}
	}
	return a.Unmap().WithZone("")
}

// shared is the address space that providers share between customers (RFC 6598).
var shared = netip.MustParsePrefix("100.64.0.0/10")

// NetworkOf returns what counts as one network: an IPv4 address, or the /64 of an IPv6
// address, which one household has. It is the zero prefix for addresses that are not
// somebody's own on the internet: behind a proxy that the operator did not name everybody
// would have the proxy's.
func NetworkOf(a netip.Addr) netip.Prefix {
	a = a.Unmap().WithZone("")
	if !a.IsGlobalUnicast() || a.IsPrivate() || shared.Contains(a) {
		return netip.Prefix{}
	}
	bits := 32
	if a.Is6() {
		bits = 64
	}
	return netip.PrefixFrom(a, bits).Masked()
}
