package listen_test

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"net/http/httptest"
	"testing"

	"github.com/franklin-letters/franklin/internal/mail/listen"
)

// certificate is one for example.com, with the pool that trusts it.
func certificate(t *testing.T) (*tls.Config, *x509.CertPool) {
	t.Helper()
	s := httptest.NewUnstartedServer(nil)
	s.StartTLS()
	t.Cleanup(s.Close)
	pool := x509.NewCertPool()
	pool.AddCert(s.Certificate())
	return &tls.Config{Certificates: s.TLS.Certificates, MinVersion: tls.VersionTLS12}, pool
}

func TestSTARTTLS(t *testing.T) {
	config, pool := certificate(t)
	s, b := start(t, listen.Options{TLS: config})
	c := dial(t, s, "127.0.0.1")
	c.say("", 220)
	c.say("EHLO mx.example.org\r\n", 250)
	// What is said in the clear behind the command is not heard afterwards.
	c.say("STARTTLS\r\nEHLO eve.example.org\r\nMAIL FROM:<eve@example.org>\r\n", 220)
	safe := tls.Client(c.Conn, &tls.Config{ServerName: "example.com", RootCAs: pool})
	if err := safe.HandshakeContext(t.Context()); err != nil {
		t.Fatal(err)
	}
	c.Conn, c.lines = safe, bufio.NewReader(safe)
	c.say("MAIL FROM:<>\r\n", 502) // nor does the greeting before it count
	c.say("EHLO mx.example.org\r\n", 250)
	c.say("MAIL FROM:<>\r\nRCPT TO:<bounces+a@mail.lantern.us>\r\nDATA\r\n", 250, 250, 354)
	c.say("Subject: x\r\n\r\nx\r\n.\r\n", 250)
	if len(b.mails()) != 1 {
		t.Error("the mail is not kept")
	}
}
