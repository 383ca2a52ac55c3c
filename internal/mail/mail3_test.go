package mail_test

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/franklin-letters/franklin/internal/mail"
	"github.com/franklin-letters/franklin/internal/mail/mailtest"
)

// TestMAIL_3_NothingInTheClear: when the offer of TLS is taken away, nothing about anybody is
// said, not even that we would like to send.
func TestMAIL_3_NothingInTheClear(t *testing.T) {
	https := httptest.NewTLSServer(nil)
	t.Cleanup(https.Close)
	roots := x509.NewCertPool()
	roots.AddCert(https.Certificate())
	for name, password := range map[string]string{"": "", "franklin": "kite"} {
		c := catcher(t, mailtest.Options{TLS: &tls.Config{Certificates: https.TLS.Certificates, MinVersion: tls.VersionTLS12}})
		addr, said := tap(t, c.Addr(), "STARTTLS", "XXXXXXXX") // as an attacker on the line does
		config := settings(t, addr)
		config.TLS, config.Roots, config.Username, config.Password = mail.TLSStart, roots, name, password
		var failed *mail.SendError
		if err := sender(t, config).Send(t.Context(), message()); !errors.As(err, &failed) || failed.Outcome != mail.Temporary || failed.Step != "connect" {
			t.Errorf("got %v", err)
		}
		heard := string(said())
		if !strings.HasPrefix(heard, "EHLO ") {
			t.Errorf("the relay was not reached: %q", heard)
		}
		for _, word := range []string{"AUTH", "MAIL", "RCPT", "DATA", "kite", "ann"} {
			if strings.Contains(heard, word) {
				t.Errorf("%s was said in the clear: %q", word, heard)
			}
		}
		if len(c.Messages()) != 0 {
			t.Error("a message arrived")
		}
	}
}
