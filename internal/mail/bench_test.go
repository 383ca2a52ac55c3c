package mail_test

import (
	"context"
	"net/netip"
	"strings"
	"testing"
	"time"

	gomail "github.com/wneessen/go-mail"

	"github.com/franklin-letters/franklin/internal/mail"
	"github.com/franklin-letters/franklin/internal/mail/mailtest"
)

// BenchmarkBulk sends over one connection to a catcher in this process: with a bare loop
// over go-mail, which builds and sends each message and no more, and with a pool. It prints
// how many messages the pool sends while the loop sends one, unsigned and signed.
func BenchmarkBulk(b *testing.B) {
	b.Run("pool", func(b *testing.B) { ratio(b, nil) })
	b.Run("pool, signed", func(b *testing.B) { ratio(b, signature(b, false)) })
}

func ratio(b *testing.B, d *mail.DKIM) {
	b.Helper()
	c, err := mailtest.Start(b.Context(), mailtest.Options{Clock: clock, Keep: 1})
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	relay := netip.MustParseAddrPort(c.Addr())
	host, port := relay.Addr().String(), int(relay.Port())
	config := mail.Config{Host: host, Port: port, TLS: mail.TLSNone, From: "letters@campaign.example", DKIM: d}
	s, err := mail.NewSender(config, clock)
	if err != nil {
		b.Fatal(err)
	}
	m := message()
	m.Text, m.HTML = strings.Repeat("A newsletter of some length.\n\n", 100), strings.Repeat("<p>A newsletter of some length.</p>\n", 100)
	pool := s.Pool(1)
	defer pool.Close()
	var bare, ours time.Duration
	loop := bareLoop(b, host, port, m)
	for b.Loop() {
		// Alternately, so that a busy machine slows both.
		began := time.Now()
		loop()
		between := time.Now()
		if err := pool.Send(b.Context(), m); err != nil {
			b.Fatal(err)
		}
		bare, ours = bare+between.Sub(began), ours+time.Since(between)
	}
	b.ReportMetric(bare.Seconds()/ours.Seconds(), "x-bare")
	b.ReportMetric(float64(b.N)/ours.Seconds(), "messages/s")
	b.ReportMetric(float64(b.N)/bare.Seconds(), "bare-messages/s")
}

// bareLoop returns the body of a loop over one connection of go-mail.
func bareLoop(b *testing.B, host string, port int, m mail.Message) func() {
	b.Helper()
	client, err := gomail.NewClient(host, gomail.WithPort(port), gomail.WithTLSPolicy(gomail.NoTLS))
	if err != nil {
		b.Fatal(err)
	}
	relay, err := client.DialToSMTPClientWithContext(context.WithoutCancel(b.Context()))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = client.CloseWithSMTPClient(relay) })
	return func() {
		msg := gomail.NewMsg()
		if err := msg.From("letters@campaign.example"); err != nil {
			b.Fatal(err)
		}
		if err := msg.To(m.To); err != nil {
			b.Fatal(err)
		}
		msg.Subject(m.Subject)
		msg.SetBodyString(gomail.TypeTextPlain, m.Text)
		msg.AddAlternativeString(gomail.TypeTextHTML, m.HTML)
		if err := client.SendWithSMTPClient(relay, msg); err != nil {
			b.Fatal(err)
		}
	}
}
