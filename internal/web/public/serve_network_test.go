package public

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"
)

// seenFrom is a listener whose connections come from an address on the internet.
type seenFrom struct {
	net.Listener

	peer netip.AddrPort
}

func (l seenFrom) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	return seenConn{c, l.peer}, err
}

type seenConn struct {
	net.Conn

	peer netip.AddrPort
}

func (c seenConn) RemoteAddr() net.Addr { return net.TCPAddrFromAddrPort(c.peer) }

// from serves the site over HTTP and returns what counts the answers to guessed links that
// a peer asks for with the headers that it is given.
func (g *guarded) from(peer string) func(n int, headers func(i int) http.Header) map[int]int {
	g.Helper()
	server := httptest.NewUnstartedServer(g.handler)
	server.Listener = seenFrom{server.Listener, netip.AddrPortFrom(netip.MustParseAddr(peer), 40000)}
	server.Start()
	g.Cleanup(server.Close)
	return func(n int, headers func(i int) http.Header) map[int]int {
		g.Helper()
		answers := map[int]int{}
		for i := range n {
			r, err := http.NewRequestWithContext(g.Context(), http.MethodGet, server.URL+"/receipt/guessed.link", nil)
			if err != nil {
				g.Fatal(err)
			}
			r.Header = headers(i)
			a, err := server.Client().Do(r)
			if err != nil {
				g.Fatal(err)
			}
			_, _ = io.Copy(io.Discard, a.Body) // so that the connection is used again
			_ = a.Body.Close()
			answers[a.StatusCode]++
		}
		return answers
	}
}

// claim says in every header that is in use, in every form, to come from elsewhere.
func claim(i int) http.Header {
	v4, v6 := fmt.Sprintf("203.0.%d.%d", i/250, i%250+1), fmt.Sprintf("2001:db8:%x::1", i)
	return http.Header{
		"X-Forwarded-For":  {v4, []string{v6, "[" + v6 + "]:4711", v4 + ":80", "fe80::1%eth0", "192.0.2.1", "nonsense\t,;", ""}[i%7]},
		"Forwarded":        {"for=" + v4, fmt.Sprintf(`For="[%s]:80";proto=https`, v6)},
		"X-Real-Ip":        {v4},
		"True-Client-Ip":   {v6},
		"Cf-Connecting-Ip": {v4},
	}
}

// TestSEC_NET_1_NoClaimEscapesTheLimit: whoever tries links has to wait however often they
// say to be somebody else, and nobody in whose name they speak has to. Behind the named
// proxy, whose own address is on the internet too, it is the last hop that counts.
func TestSEC_NET_1_NoClaimEscapesTheLimit(t *testing.T) {
	const most = 60 // guesses a minute
	g := newGuarded(t, all())
	quiet := func(int) http.Header { return nil }
	through := func(hop string) func(int) http.Header {
		return func(i int) http.Header {
			return http.Header{"X-Forwarded-For": {fmt.Sprintf("203.0.113.%d", i%250+1), hop}, "X-Real-Ip": {"203.0.113.9"}}
		}
	}
	proxy := g.from("192.0.2.1")
	for _, c := range []struct {
		name    string
		ask     func(int, func(int) http.Header) map[int]int
		n       int
		headers func(int) http.Header
		found   int // answered 404; the others have to wait
	}{
		{"a stranger with rotating claims", g.from("198.51.100.66"), 10_000, claim, most},
		{"another of them, over IPv6", g.from("2001:db8:ffff::66"), 500, claim, most},
		{"a neighbour of theirs", g.from("198.51.100.67"), 10, quiet, 10},
		{"who was named by them", g.from("203.0.0.1"), 10, quiet, 10},
		{"one behind the proxy with made-up hops", proxy, 500, through("198.51.100.70"), most},
		{"another behind the proxy", proxy, 10, through("198.51.100.71"), 10},
		{"a third, from one of the made-up hops", proxy, 10, through("203.0.113.1"), 10},
	} {
		got := c.ask(c.n, c.headers)
		if got[http.StatusNotFound] != c.found || got[http.StatusTooManyRequests] != c.n-c.found {
			t.Errorf("%s: %v, want %d answered 404 and the others 429", c.name, got, c.found)
		}
	}
}
