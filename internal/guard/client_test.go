package guard_test

import (
	"net/http"
	"net/netip"
	"strings"
	"testing"

	"github.com/franklin-letters/franklin/internal/guard"
)

func proxies(t *testing.T, list ...string) guard.Proxies {
	t.Helper()
	p, err := guard.ParseProxies(list)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func from(remote string, headers ...string) *http.Request {
	r := &http.Request{RemoteAddr: remote, Header: http.Header{}}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	return r
}

func TestClientBehindProxies(t *testing.T) {
	p := proxies(t, "127.0.0.1", "10.0.0.0/8", "fd00::/8")
	const x, f = "X-Forwarded-For", "Forwarded"
	for name, c := range map[string]struct {
		r    *http.Request
		want string
	}{
		"no proxy":                      {from("192.0.2.9:1234"), "192.0.2.9"},
		"a stranger's claim":            {from("192.0.2.9:1234", x, "198.51.100.1"), "192.0.2.9"},
		"a stranger's other claim":      {from("192.0.2.9:1234", f, "for=198.51.100.1"), "192.0.2.9"},
		"one proxy":                     {from("127.0.0.1:80", x, "198.51.100.1"), "198.51.100.1"},
		"a claim before the proxy":      {from("127.0.0.1:80", x, "203.0.113.7, 198.51.100.1"), "198.51.100.1"},
		"two proxies":                   {from("127.0.0.1:80", x, "203.0.113.7, 198.51.100.1, 10.1.1.1"), "198.51.100.1"},
		"two headers":                   {from("127.0.0.1:80", x, "203.0.113.7, 198.51.100.1", x, "10.1.1.1"), "198.51.100.1"},
		"a trusted client":              {from("127.0.0.1:80", x, "10.1.1.1"), "10.1.1.1"},
		"nonsense":                      {from("127.0.0.1:80", x, "203.0.113.7, nonsense"), "127.0.0.1"},
		"nonsense before a proxy":       {from("127.0.0.1:80", x, "nonsense, 10.1.1.1"), "10.1.1.1"},
		"an empty header":               {from("127.0.0.1:80", x, ""), "127.0.0.1"},
		"a port":                        {from("127.0.0.1:80", x, "198.51.100.1:4711"), "198.51.100.1"},
		"IPv6":                          {from("127.0.0.1:80", x, "2001:db8::1"), "2001:db8::1"},
		"IPv6 with a port":              {from("127.0.0.1:80", x, "[2001:db8::1]:4711"), "2001:db8::1"},
		"IPv6 proxy":                    {from("[fd00::2%eth0]:80", x, "[2001:db8::1]"), "2001:db8::1"},
		"IPv4 in IPv6":                  {from("[::ffff:127.0.0.1]:80", x, "::ffff:198.51.100.1"), "198.51.100.1"},
		"Forwarded":                     {from("127.0.0.1:80", f, `for=198.51.100.1;proto=https;by=10.1.1.1`), "198.51.100.1"},
		"Forwarded, quoted":             {from("127.0.0.1:80", f, `For="[2001:db8::1]:4711"`), "2001:db8::1"},
		"Forwarded, two hops":           {from("127.0.0.1:80", f, `for=203.0.113.7, for=198.51.100.1, for=10.1.1.1`), "198.51.100.1"},
		"Forwarded, hidden":             {from("127.0.0.1:80", f, "for=203.0.113.7, for=_hidden"), "127.0.0.1"},
		"both headers, the same":        {from("127.0.0.1:80", x, "198.51.100.1", f, "for=198.51.100.1"), "198.51.100.1"},
		"both headers, one made up":     {from("127.0.0.1:80", x, "198.51.100.1", f, "for=203.0.113.7"), "127.0.0.1"},
		"a socket":                      {from("@"), "invalid IP"},
		"a chain longer than we follow": {from("127.0.0.1:80", x, "203.0.113.7"+strings.Repeat(", 10.1.1.1", 60)), "10.1.1.1"},
	} {
		if got := p.Client(c.r).String(); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
	if got := (guard.Proxies{}).Client(from("127.0.0.1:80", x, "198.51.100.1")).String(); got != "127.0.0.1" {
		t.Errorf("without settings the header is believed: %s", got)
	}
}

func TestParseProxiesRefusesWhatTrustsEverybody(t *testing.T) {
	for _, bad := range []string{"", "localhost", "0.0.0.0/0", "::/0", "10.0.0.0/33", "::ffff:10.0.0.0/104"} {
		if _, err := guard.ParseProxies([]string{bad}); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}

func TestNetworkOf(t *testing.T) {
	for address, want := range map[string]string{
		"198.51.100.1": "198.51.100.1/32", "::ffff:198.51.100.1": "198.51.100.1/32",
		"2001:db8:1:2:3:4:5:6": "2001:db8:1:2::/64", "2001:db8:1:2::": "2001:db8:1:2::/64",
		"127.0.0.1": "invalid Prefix", "::1": "invalid Prefix", "10.1.1.1": "invalid Prefix", "100.64.3.1": "invalid Prefix",
		"fe80::1": "invalid Prefix", "fd00::1": "invalid Prefix", "0.0.0.0": "invalid Prefix",
	} {
		if got := guard.NetworkOf(netip.MustParseAddr(address)).String(); got != want {
			t.Errorf("%s is in %s, want %s", address, got, want)
		}
	}
	if guard.NetworkOf(netip.Addr{}).IsValid() {
		t.Error("an unknown address has a network")
	}
}

func FuzzClient(f *testing.F) {
	for _, seed := range []string{"198.51.100.1", "a, b", "[2001:db8::1]:80, 10.0.0.1", "for=\"[::1]\";for=x", ",,,", "[", "\""} {
		f.Add(seed, seed)
	}
	p, err := guard.ParseProxies([]string{"127.0.0.1", "10.0.0.0/8"})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, x, forwarded string) {
		if got := p.Client(from("127.0.0.1:80", "X-Forwarded-For", x, "Forwarded", forwarded)); !got.IsValid() {
			t.Errorf("%q and %q hide the proxy itself", x, forwarded)
		}
		// Whatever a client writes on the left, the proxy's word on the right counts.
		if got := p.Client(from("127.0.0.1:80", "X-Forwarded-For", x, "X-Forwarded-For", "192.0.2.1")).String(); got != "192.0.2.1" {
			t.Errorf("%q makes the client %s", x, got)
		}
		if got := p.Client(from("192.0.2.9:80", "X-Forwarded-For", x, "Forwarded", forwarded)).String(); got != "192.0.2.9" {
			t.Errorf("a stranger's %q makes the client %s", x, got)
		}
	})
}
