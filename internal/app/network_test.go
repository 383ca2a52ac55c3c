package app_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/franklin-letters/franklin/internal/db/dbtest"
)

// claims are the headers in which somebody can say where they come from. In those that name
// several hops, a made-up one stands first.
func claims(address string) map[string]string {
	return map[string]string{
		"X-Forwarded-For": "203.0.113.77, " + address, "Forwarded": fmt.Sprintf(`for="203.0.113.78", for="%s"`, address),
		"X-Real-IP": address, "True-Client-IP": address, "CF-Connecting-IP": address, "Client-IP": address,
	}
}

// TestSEC_NET_1_AStrangersClaimIsIgnored: many people say that they write from one network.
// Only the word of a proxy that the operator named makes them a crowd, and only in the
// headers that such proxies write; by default nobody is believed.
func TestSEC_NET_1_AStrangersClaimIsIgnored(t *testing.T) {
	t.Parallel()
	const address = "198.51.100.9"
	for name, c := range map[string]struct {
		trusted []string
		headers []string
		believe bool
	}{
		"by default":                {nil, []string{"X-Forwarded-For", "Forwarded", "X-Real-IP", "True-Client-IP"}, false},
		"another proxy is named":    {[]string{"10.0.0.0/8", "fd00::/8"}, []string{"X-Forwarded-For", "Forwarded"}, false},
		"the proxy, other headers":  {[]string{"127.0.0.1"}, []string{"X-Real-IP", "True-Client-IP", "CF-Connecting-IP", "Client-IP"}, false},
		"the proxy":                 {[]string{"127.0.0.1"}, []string{"X-Forwarded-For"}, true}, // the control
		"the proxy, the newer form": {[]string{"127.0.0.0/8"}, []string{"Forwarded"}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := guarded(t, dbtest.SQLiteURL(t))
			w.settings.TrustedProxies = c.trusted
			p := w.start()
			var headers []string
			for _, h := range c.headers {
				headers = append(headers, h, claims(address)[h])
			}
			for n := range 5 { // three are let through from one network
				form := p.filledIn("loophole", "first_name", fmt.Sprint("Person", n), "email", fmt.Sprintf("p%d@example.org", n))
				a := p.do(http.MethodPost, p.URL()+"/c/loophole/send", form, headers...)
				if crowd := strings.Contains(a.body, "One more step"); crowd != (c.believe && n >= 3) {
					t.Errorf("person %d is answered %d: part of a crowd is %t", n, a.status, crowd)
				}
			}
			for _, said := range []string{address, "203.0.113.77", "203.0.113.78"} {
				if strings.Contains(w.log.String(), said) {
					t.Errorf("the log holds %s", said)
				}
			}
		})
	}
}
