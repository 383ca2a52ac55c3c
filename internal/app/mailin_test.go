package app_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"net/smtp"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/franklin-letters/franklin/internal/app"
	"github.com/franklin-letters/franklin/internal/config"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
	"github.com/franklin-letters/franklin/internal/mail/returnpath"
	"github.com/franklin-letters/franklin/internal/supporter"
)

// listening lets a town take mail in.
func listening(w *town) *town {
	w.settings.Mail.BounceDomain = "mail.lantern.us"
	w.settings.Mail.In = config.MailIn{Addr: "127.0.0.1:0"}
	return w
}

// bounce is a report that there is no mailbox of the name somebody mailed to.
func bounce(token string) string {
	return strings.ReplaceAll(fmt.Sprintf("From: MAILER-DAEMON@mx.example\nMessage-ID: <%s@mx.example>\nContent-Type: multipart/report; boundary=b\n\n"+
		"--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822; ana@example.org\nAction: failed\nStatus: 5.1.1\n\n--b--\n", token), "\n", "\r\n")
}

// deliver hands a mail over with the standard library's client, which is not ours.
func (p *program) deliver(from, to, mail string) error {
	return smtp.SendMail(p.MailInAddr(), nil, from, []string{to}, []byte(mail))
}

// TestMAIL_B_2_OverTheNetwork: failed mail comes back to the running program, and only what
// carries a token of ours counts.
func TestMAIL_B_2_OverTheNetwork(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, database string) {
		p := listening(build(t, database)).start()
		receipt := p.send(typed())
		_, token, _ := strings.Cut(receipt, "/receipt/")
		id, _, _ := strings.Cut(token, ".")
		secret := p.secret()
		sent := returnpath.New(secret, "mail.lantern.us").Token(returnpath.Ref{Kind: returnpath.Submission, ID: uuid.MustParse(id)}, p.clock.now())
		for _, address := range []string{"bounces@mail.lantern.us", "bounces+" + strings.Repeat("a", 55) + "@mail.lantern.us", "ana@example.org", "ana@mail.lantern.us"} {
			if err := p.deliver("", address, bounce("x")); err == nil || !strings.HasPrefix(err.Error(), "550 ") {
				t.Errorf("%s: %v", address, err)
			}
		}
		for range 2 {
			if err := p.deliver("", "bounces+"+sent+"@mail.lantern.us", bounce("a")); err != nil {
				t.Fatal(err)
			}
		}
		if err := p.deliver("gina@example.org", "postmaster@mail.lantern.us", "Subject: A question\r\n\r\nHow are you?\r\n"); err != nil {
			t.Fatal(err)
		}
		if err := p.deliver("ann@example.org", "postmaster@mail.lantern.us", "From: ann@example.org\r\nAuto-Submitted: auto-replied\r\n\r\nI am away.\r\n"); err != nil {
			t.Fatal(err)
		}
		if err := p.deliver("abuse@isp.example", "complaints@mail.lantern.us", bounce("none")); err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{
			`franklin_mail_in{kind="hard"} 1`, `franklin_mail_in{kind="person"} 1`, `franklin_mail_in{kind="unproven"} 1`, `franklin_mail_in{kind="automatic"} 1`, `franklin_mail_in_waiting 0`, `franklin_mail_in_held 1`,
		} {
			p.until(p.OpsURL()+"/metrics", want+"\n")
		}
		b, err := app.OpenBackOffice(t.Context(), p.settings, p.clock.now)
		if err != nil {
			t.Fatal(err)
		}
		for address, want := range map[string]bool{"ana@example.org": true, "gina@example.org": false} {
			if out, err := b.Desk.People.Suppressed(t.Context(), address, supporter.Updates); out != want || err != nil {
				t.Errorf("%s is suppressed: %t, %v", address, out, err)
			}
		}
		if err := b.Close(t.Context()); err != nil {
			t.Error(err)
		}
		for address := range caught(p.mails) { // nothing that comes in is answered
			if address != "ana@example.org" {
				t.Errorf("%s got a mail", address)
			}
		}
	})
}

// TestMAIL_B_2_OfMailsThatFollow: reports about a mail that followed by itself act on whom it went to.
func TestMAIL_B_2_OfMailsThatFollow(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, database string) {
		p := listening(build(t, database)).start()
		p.onList("Ana")
		welcome := p.mailed("ana@example.org", welcomed)
		if err := p.deliver("", welcome.From, bounce("a")); err != nil {
			t.Fatal(err)
		}
		p.until(p.OpsURL()+"/metrics", `franklin_mail_in{kind="hard"} 1`+"\n")
		b, err := app.OpenBackOffice(t.Context(), p.settings, p.clock.now)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = b.Close(context.WithoutCancel(t.Context())) }()
		if out, err := b.Desk.People.Suppressed(t.Context(), "ana@example.org", supporter.Updates); !out || err != nil {
			t.Errorf("she is suppressed: %t, %v", out, err)
		}
	})
}

// TestAcknowledgedMailOutlivesTheProgram: what was answered 250 is worked on once, by this run or the next.
func TestAcknowledgedMailOutlivesTheProgram(t *testing.T) {
	t.Parallel()
	w := listening(build(t, dbtest.SQLiteURL(t)))
	p := w.start()
	if err := p.deliver("a@example.org", "postmaster@mail.lantern.us", "Subject: x\r\n\r\nx\r\n"); err != nil {
		t.Fatal(err)
	}
	if err := p.stop(); err != nil {
		t.Fatal(err)
	}
	if err := p.deliver("a@example.org", "postmaster@mail.lantern.us", "Subject: y\r\n\r\ny\r\n"); err == nil {
		t.Error("a stopped program takes mail in")
	}
	p = w.start()
	p.until(p.OpsURL()+"/metrics", `franklin_mail_in{kind="person"} 1`+"\n")
}

func TestMailInSettings(t *testing.T) {
	t.Parallel()
	w := listening(build(t, dbtest.SQLiteURL(t)))
	taken, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = taken.Close() }()
	good := w.settings
	for name, c := range map[string]struct {
		change func(*config.Settings)
		want   string
	}{
		"no domain":       {func(s *config.Settings) { s.Mail.BounceDomain = "" }, "--mail-bounce-domain"},
		"taken":           {func(s *config.Settings) { s.Mail.In.Addr = taken.Addr().String() }, "listen for mail"},
		"nobody in front": {func(s *config.Settings) { s.Mail.In.Verified = "mx.lantern.us" }, "--mail-in-lmtp"},
		"no certificate":  {func(s *config.Settings) { s.Mail.In.CertFile = "/nowhere" }, "--mail-in-cert-file"},
	} {
		s := good
		c.change(&s)
		if _, err := app.New(t.Context(), s, w.options); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	w.settings.Mail.In.CertFile, w.settings.Mail.In.KeyFile = certificate(t)
	p := w.start()
	c, err := smtp.Dial(p.MailInAddr())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	if err := c.StartTLS(&tls.Config{InsecureSkipVerify: true, MinVersion: tls.VersionTLS12}); err != nil {
		t.Error(err)
	}
	if q := build(t, dbtest.SQLiteURL(t)).start(); q.MailInAddr() != "" {
		t.Error("mail is taken in though nobody asked for it")
	}
}

// certificate writes one that signs itself.
func certificate(t *testing.T) (cert, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), DNSNames: []string{"mail.lantern.us"}, NotAfter: time.Now().Add(time.Hour)}
	signed, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	bare, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	cert, key = filepath.Join(t.TempDir(), "cert.pem"), filepath.Join(t.TempDir(), "key.pem")
	for file, block := range map[string]*pem.Block{cert: {Type: "CERTIFICATE", Bytes: signed}, key: {Type: "PRIVATE KEY", Bytes: bare}} {
		if err := os.WriteFile(file, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return cert, key
}

// secret is the installation's own.
func (p *program) secret() []byte {
	p.Helper()
	text, err := os.ReadFile(p.settings.Secret.File)
	if err != nil {
		p.Fatal(err)
	}
	secret, err := hex.DecodeString(strings.TrimSpace(string(text)))
	if err != nil {
		p.Fatal(err)
	}
	return secret
}
