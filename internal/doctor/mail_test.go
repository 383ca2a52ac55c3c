package doctor_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"math/big"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	"github.com/franklin-letters/franklin/internal/config"
	"github.com/franklin-letters/franklin/internal/doctor"
	"github.com/franklin-letters/franklin/internal/mail"
	"github.com/franklin-letters/franklin/internal/mail/mailtest"
	"github.com/franklin-letters/franklin/internal/obs"
)

func clock() time.Time { return noon }

// zone is what a DNS server knows: texts by name, addresses by name, names by address. A
// name with the text "SERVFAIL" makes it fail.
type zone map[string][]string

// answers returns the resources for a question; TXT, A, PTR and MX are known, the last by
// texts that begin with "MX ".
func (z zone) answers(q dnsmessage.Question) (found []dnsmessage.ResourceBody, known bool) {
	values, known := z[strings.TrimSuffix(strings.ToLower(q.Name.String()), ".")]
	for _, value := range values {
		address, err := netip.ParseAddr(value)
		switch {
		case q.Type == dnsmessage.TypeA && err == nil && address.Is4():
			found = append(found, &dnsmessage.AResource{A: address.As4()})
		case q.Type == dnsmessage.TypePTR:
			found = append(found, &dnsmessage.PTRResource{PTR: dnsmessage.MustNewName(value)})
		case q.Type == dnsmessage.TypeMX && strings.HasPrefix(value, "MX "):
			found = append(found, &dnsmessage.MXResource{Pref: 10, MX: dnsmessage.MustNewName(strings.TrimPrefix(value, "MX "))})
		case q.Type == dnsmessage.TypeTXT && err != nil && !strings.HasPrefix(value, "MX "):
			var pieces []string
			for ; len(value) > 255; value = value[255:] {
				pieces = append(pieces, value[:255])
			}
			found = append(found, &dnsmessage.TXTResource{TXT: append(pieces, value)})
		}
	}
	return found, known
}

// serve answers on a port of this machine and returns a resolver that asks there.
func (z zone) serve(t *testing.T) *net.Resolver {
	t.Helper()
	conn, err := new(net.ListenConfig).ListenPacket(t.Context(), "udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	go func() {
		packet := make([]byte, 4096)
		for {
			n, from, err := conn.ReadFrom(packet)
			if err != nil {
				return
			}
			var m dnsmessage.Message
			if m.Unpack(packet[:n]) != nil || len(m.Questions) != 1 {
				continue
			}
			q := m.Questions[0]
			found, known := z.answers(q)
			answer := dnsmessage.Message{Header: dnsmessage.Header{ID: m.ID, Response: true, RecursionAvailable: true}, Questions: m.Questions}
			if !known {
				answer.RCode = dnsmessage.RCodeNameError
			}
			if values := z[strings.TrimSuffix(q.Name.String(), ".")]; len(values) > 0 && values[0] == "SERVFAIL" {
				answer.RCode, found = dnsmessage.RCodeServerFailure, nil
			}
			for _, body := range found {
				answer.Answers = append(answer.Answers, dnsmessage.Resource{Header: dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class, TTL: 60}, Body: body})
			}
			if packed, err := answer.Pack(); err == nil {
				_, _ = conn.WriteTo(packed, from)
			}
		}
	}()
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "udp", conn.LocalAddr().String())
	}}
}

// mailer is an installation whose mail the world takes, and the DNS that says so.
func mailer(t *testing.T) (config.Settings, zone) {
	t.Helper()
	catcher, err := mailtest.Start(t.Context(), mailtest.Options{Clock: clock})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if n := len(catcher.Messages()); n > 0 {
			t.Errorf("the doctor sent %d mails", n)
		}
		_ = catcher.Close()
	})
	key, err := mail.NewDKIMKey(false)
	if err != nil {
		t.Fatal(err)
	}
	relay := netip.MustParseAddrPort(catcher.Addr())
	s := settings(t)
	s.Mail = config.Mail{
		Host: relay.Addr().String(), Port: int(relay.Port()), TLS: "none", From: "letters@act.lantern-alliance.org",
		DKIMKey: string(key), DKIMSelector: "franklin", Addresses: []string{"192.0.2.25"},
	}
	c, err := s.Relay()
	if err != nil {
		t.Fatal(err)
	}
	return s, zone{
		"act.lantern-alliance.org":                     {"something else", "v=spf1 ip4:192.0.2.0/28 include:relay.example ~all"},
		"relay.example":                                {"v=spf1 ip4:192.0.2.25 -all"},
		"franklin._domainkey.act.lantern-alliance.org": {c.DKIM.Record()},
		"_dmarc.lantern-alliance.org":                  {"v=DMARC1; p=quarantine; rua=mailto:d@lantern-alliance.org"},
		"25.2.0.192.in-addr.arpa":                      {"mail.lantern-alliance.org."},
		"mail.lantern-alliance.org":                    {"192.0.2.25"},
	}
}

// TestMAIL_1_Doctor breaks one thing at a time: each failure is told in plain words with
// what to do, and keeps mail in bulk from leaving.
func TestMAIL_1_Doctor(t *testing.T) {
	t.Parallel()
	const (
		from  = "act.lantern-alliance.org"
		key   = "franklin._domainkey." + from
		dmarc = "_dmarc.lantern-alliance.org"
		ptr   = "25.2.0.192.in-addr.arpa"
		host  = "mail.lantern-alliance.org"
	)
	another, err := mail.NewDKIMKey(true)
	if err != nil {
		t.Fatal(err)
	}
	sameKind, err := mail.NewDKIMKey(false)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name   string
		change func(*config.Settings, zone)
		check  string
		level  obs.Level
		says   string
	}{
		{"all well", func(*config.Settings, zone) {}, "SPF", obs.OK, "act.lantern-alliance.org lets the relay send for it"},
		{"signed well", func(*config.Settings, zone) {}, "DKIM", obs.OK, "is the one that signs"},
		{"policy", func(*config.Settings, zone) {}, "DMARC", obs.OK, "lantern-alliance.org has the policy quarantine"},
		{"name", func(*config.Settings, zone) {}, "PTR", obs.OK, "known as mail.lantern-alliance.org"},
		{"taken in", func(*config.Settings, zone) {}, "relay", obs.OK, "takes us in"},
		{"no relay set", func(s *config.Settings, _ zone) { s.Mail.Host = "" }, "mail", obs.Warn, "Set --mail-host"},
		{"relay away", func(s *config.Settings, _ zone) { s.Mail.Port = 1 }, "relay", obs.Fail, "see to the relay"},
		{"key no key", func(s *config.Settings, _ zone) { s.Mail.DKIMKey = "k3y" }, "mail", obs.Fail, "not in PEM"},

		{"no SPF", func(_ *config.Settings, z zone) { delete(z, from) }, "SPF", obs.Fail, "Publish a TXT record at act.lantern-alliance.org: v=spf1 ip4:192.0.2.25 -all"},
		{"no SPF among texts", func(_ *config.Settings, z zone) { z[from] = []string{"v=spf10 all"} }, "SPF", obs.Fail, "does not say who may send"},
		{"two SPF", func(_ *config.Settings, z zone) { z[from] = append(z[from], "v=spf1 -all") }, "SPF", obs.Fail, "has 2 SPF records"},
		{"SPF for all", func(_ *config.Settings, z zone) { z[from] = []string{"v=spf1 +all"} }, "SPF", obs.Fail, "lets everybody"},
		{"SPF of others", func(_ *config.Settings, z zone) { z[from] = []string{"v=spf1 ip4:198.51.100.1 ~all"} }, "SPF", obs.Fail, "or ip4:192.0.2.25, to its SPF record"},
		{"SPF broken", func(_ *config.Settings, z zone) { z[from] = []string{"v=spf1 include: -all"} }, "SPF", obs.Fail, "is broken"},
		{"SPF away", func(_ *config.Settings, z zone) { z[from] = []string{"SERVFAIL"} }, "SPF", obs.Fail, "the DNS does not answer"},
		{"SPF of another domain", func(s *config.Settings, z zone) {
			s.Mail.ReturnPath, z["bounces.example"] = "b@bounces.example", z["relay.example"]
		}, "SPF", obs.Warn, "Set --mail-return-path to an address of act.lantern-alliance.org"},
		{"SPF of nobody knows whom", func(s *config.Settings, _ zone) { s.Mail.Addresses = nil }, "SPF", obs.Warn, "Set --mail-addresses"},

		{"no key there", func(_ *config.Settings, z zone) { delete(z, key) }, "DKIM", obs.Fail, "Publish a TXT record there: v=DKIM1; k=rsa; p="},
		{"another key of that kind", func(s *config.Settings, _ zone) { s.Mail.DKIMKey = string(sameKind) }, "DKIM", obs.Fail, "another one than that which signs"},
		{"key that few check", func(s *config.Settings, z zone) {
			s.Mail.DKIMKey = string(another)
			if c, err := s.Relay(); err == nil {
				z[key] = []string{c.DKIM.Record()}
			}
		}, "DKIM", obs.Warn, "Make one without --ed25519"},
		{"another key", func(s *config.Settings, _ zone) { s.Mail.DKIMKey = string(another) }, "DKIM", obs.Fail, "another one than that which signs"},
		{"key taken back", func(_ *config.Settings, z zone) { z[key] = []string{"v=DKIM1; p="} }, "DKIM", obs.Fail, "was taken back"},
		{"key on trial", func(_ *config.Settings, z zone) { z[key][0] += "; t=y:s" }, "DKIM", obs.Warn, "Take t=y away"},
		{"key with blanks", func(_ *config.Settings, z zone) { z[key][0] = strings.Replace(z[key][0], "p=", "p = ", 1) + " ;" }, "DKIM", obs.OK, "the one that signs"},
		{"two keys", func(_ *config.Settings, z zone) { z[key] = append(z[key], z[key][0]) }, "DKIM", obs.Fail, "several keys"},
		{"key away", func(_ *config.Settings, z zone) { z[key] = []string{"SERVFAIL"} }, "DKIM", obs.Fail, "the DNS does not answer"},
		{"not signed", func(s *config.Settings, z zone) { s.Mail.DKIMKey = ""; delete(z, key) }, "DKIM", obs.Fail, "franklin mail dkim-key"},
		{"signed by the relay", func(s *config.Settings, _ zone) { s.Mail.DKIMKey = "" }, "DKIM", obs.OK, "that the relay signs with it cannot be seen"},

		{"no DMARC", func(_ *config.Settings, z zone) { delete(z, dmarc) }, "DMARC", obs.Fail, "Publish a TXT record at _dmarc.lantern-alliance.org: v=DMARC1; p=none"},
		{"own DMARC", func(_ *config.Settings, z zone) { z["_dmarc."+from] = []string{"v=DMARC1; p=none"} }, "DMARC", obs.OK, "act.lantern-alliance.org has the policy none"},
		{"two DMARC", func(_ *config.Settings, z zone) { z[dmarc] = append(z[dmarc], "v=DMARC1; p=none") }, "DMARC", obs.Fail, "2 DMARC records"},
		{"no policy", func(_ *config.Settings, z zone) { z[dmarc] = []string{"v=DMARC1; p=maybe"} }, "DMARC", obs.Fail, "has no policy"},
		{"DMARC away", func(_ *config.Settings, z zone) { z[dmarc] = []string{"SERVFAIL"} }, "DMARC", obs.Fail, "the DNS does not answer"},
		{"strict DMARC", func(s *config.Settings, z zone) {
			s.Mail.DKIMDomain, z[dmarc] = "lantern-alliance.org", []string{"v=DMARC1; p=reject; adkim=s"}
		}, "DMARC", obs.Fail, "Set --mail-dkim-domain to act.lantern-alliance.org"},

		{"no name", func(_ *config.Settings, z zone) { delete(z, ptr) }, "PTR", obs.Fail, "Ask whoever gave you the address"},
		{"name leads elsewhere", func(_ *config.Settings, z zone) { z[host] = []string{"192.0.2.26"} }, "PTR", obs.Fail, "no name in the DNS that leads back"},
		{"names away", func(_ *config.Settings, z zone) { z[ptr] = []string{"SERVFAIL"} }, "PTR", obs.Fail, "the DNS does not answer"},
		{"no address", func(s *config.Settings, _ zone) { s.Mail.Addresses = nil }, "PTR", obs.Warn, "cannot be seen from here"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s, z := mailer(t)
			c.change(&s, z)
			found := doctor.Doctor{Settings: s, Clock: clock, Resolver: z.serve(t)}.Mail(t.Context())
			f := check(t, found, c.check)
			if f.Level != c.level || !strings.Contains(f.Words(), c.says) {
				t.Errorf("%+v, want %s with %q", f, c.level, c.says)
			}
			verdict := doctor.FitForBulk(found)
			if refused := c.level == obs.Fail || c.check == "mail"; refused != errors.Is(verdict, doctor.ErrUnfit) {
				t.Errorf("the verdict is %v of %+v", verdict, found)
			}
			if verdict != nil && !strings.Contains(verdict.Error(), f.Words()) {
				t.Errorf("the verdict does not say why: %v", verdict)
			}
		})
	}
}

// certificate writes a certificate that ends at a time, and returns the settings that name it.
func certificate(t *testing.T, ends time.Time) config.MailIn {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: ends.AddDate(-1, 0, 0), NotAfter: ends, DNSNames: []string{"mx.lantern-alliance.org"}}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	in := config.MailIn{Addr: ":25", CertFile: filepath.Join(t.TempDir(), "cert.pem"), KeyFile: filepath.Join(t.TempDir(), "key.pem")}
	for file, block := range map[string]*pem.Block{in.CertFile: {Type: "CERTIFICATE", Bytes: der}, in.KeyFile: {Type: "PRIVATE KEY", Bytes: private}} {
		if err := os.WriteFile(file, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return in
}

// TestMAIL_1_MailIn: a return path that nobody reads is said; the settings by which mail comes in
// are looked at.
func TestMAIL_1_MailIn(t *testing.T) {
	t.Parallel()
	const bounces = "mail.act.lantern-alliance.org"
	mended := func(s *config.Settings, z zone) { // all as it should be
		s.Mail.BounceDomain, s.Mail.In = bounces, certificate(t, noon.AddDate(0, 2, 0))
		z[bounces] = []string{"MX mx.lantern-alliance.org.", "v=spf1 ip4:192.0.2.25 -all"}
	}
	for _, c := range []struct {
		name   string
		change func(*config.Settings, zone)
		check  string
		level  obs.Level
		says   string
	}{
		{"all well", func(*config.Settings, zone) {}, "failures", obs.OK, "returns to mail.act.lantern-alliance.org, at mx.lantern-alliance.org"},
		{"listens well", func(*config.Settings, zone) {}, "mail in", obs.OK, "on :25"},
		{"SPF of the return path", func(_ *config.Settings, z zone) { z[bounces] = z[bounces][:1] }, "SPF", obs.Fail, "Publish a TXT record at mail.act.lantern-alliance.org"},
		{"nobody reads", func(s *config.Settings, _ zone) { s.Mail.BounceDomain, s.Mail.In = "", config.MailIn{} }, "failures", obs.Warn, "Set --mail-bounce-domain"},
		{"nobody reads the return path", func(s *config.Settings, _ zone) {
			s.Mail.BounceDomain, s.Mail.In, s.Mail.ReturnPath = "", config.MailIn{}, "b@act.lantern-alliance.org"
		}, "failures", obs.Warn, "returns to b@act.lantern-alliance.org, which this program does not read"},
		{"no MX", func(_ *config.Settings, z zone) { z[bounces] = z[bounces][1:] }, "failures", obs.Warn, "Publish an MX record"},
		{"MX away", func(_ *config.Settings, z zone) { z[bounces] = []string{"SERVFAIL"} }, "failures", obs.Fail, "the DNS does not answer"},
		{"fed by hand", func(s *config.Settings, _ zone) { s.Mail.In = config.MailIn{} }, "failures", obs.Warn, "franklin mail feed --yes"},
		{"no address", func(s *config.Settings, _ zone) { s.Mail.In.Addr = "25" }, "mail in", obs.Fail, "Write :25"},
		{"no domain", func(s *config.Settings, _ zone) { s.Mail.BounceDomain = "" }, "mail in", obs.Fail, "--mail-bounce-domain"},
		{"verified by nobody", func(s *config.Settings, _ zone) { s.Mail.In.Verified = "mx" }, "mail in", obs.Fail, "--mail-in-lmtp"},
		{"LMTP for all", func(s *config.Settings, _ zone) { s.Mail.In = config.MailIn{Addr: ":24", LMTP: true} }, "mail in", obs.Warn, "Listen on 127.0.0.1"},
		{"LMTP here", func(s *config.Settings, _ zone) { s.Mail.In = config.MailIn{Addr: "127.0.0.1:24", LMTP: true} }, "mail in", obs.OK, "127.0.0.1:24"},
		{"in the clear", func(s *config.Settings, _ zone) { s.Mail.In.CertFile, s.Mail.In.KeyFile = "", "" }, "mail in", obs.Warn, "without encryption"},
		{"half a pair", func(s *config.Settings, _ zone) { s.Mail.In.KeyFile = "" }, "mail in", obs.Fail, "cannot be used"},
		{"over", func(s *config.Settings, _ zone) { s.Mail.In = certificate(t, noon.AddDate(0, 0, -1)) }, "mail in", obs.Fail, "Renew it"},
		{"nearly over", func(s *config.Settings, _ zone) { s.Mail.In = certificate(t, noon.AddDate(0, 0, 3)) }, "mail in", obs.Warn, "Renew it"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s, z := mailer(t)
			mended(&s, z)
			c.change(&s, z)
			found := doctor.Doctor{Settings: s, Clock: clock, Resolver: z.serve(t)}.Mail(t.Context())
			if f := check(t, found, c.check); f.Level != c.level || !strings.Contains(f.Words(), c.says) {
				t.Errorf("%+v, want %s with %q", f, c.level, c.says)
			}
		})
	}
}

// TestGuessedAddresses: where nobody named the addresses that send, those of the relay are
// looked at, and what is wrong with them is only a warning, because it may send from others.
func TestGuessedAddresses(t *testing.T) {
	t.Parallel()
	s, z := mailer(t)
	s.Mail.Addresses, s.Mail.Host, s.Mail.TLS = nil, "smtp.relay.example", "starttls"
	z["smtp.relay.example"] = []string{"198.51.100.7", "10.0.0.1"}
	var asked atomic.Bool
	resolver := z.serve(t)
	dial := resolver.Dial
	resolver.Dial = func(ctx context.Context, network, address string) (net.Conn, error) {
		asked.Store(true)
		return dial(ctx, network, address)
	}
	found := doctor.Doctor{Settings: s, Clock: clock, Resolver: resolver, Offline: true}.Mail(t.Context())
	if f := check(t, found, "SPF"); f.Level != obs.Warn || !strings.Contains(f.Words(), "does not let 198.51.100.7 send") || !strings.Contains(f.Words(), "set --mail-addresses") {
		t.Errorf("%+v", f)
	}
	if f := check(t, found, "PTR"); f.Level != obs.Warn || !strings.Contains(f.Words(), "198.51.100.7 has no name") {
		t.Errorf("%+v", f)
	}
	if !asked.Load() || len(doctor.Failed(found)) > 0 {
		t.Errorf("%+v", found)
	}
}
