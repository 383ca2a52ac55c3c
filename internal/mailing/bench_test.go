package mailing_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/netip"
	"sync"
	"testing"
	"time"

	gomail "github.com/wneessen/go-mail"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
	"github.com/franklin-letters/franklin/internal/mail/mailtest"
	"github.com/franklin-letters/franklin/internal/mailing"
)

// benchConnections is how many connections both sides have.
const benchConnections = 64

// leastOfBare is what a mailing must reach of the bare loop; fewer than manyPeople do not show it.
const (
	leastOfBare = 0.7
	manyPeople  = 10_000
)

// BenchmarkMailing sends a mailing to a catcher in this process, and then as many messages of
// the same size with a bare loop over go-mail on as many connections. It prints how many
// messages leave while the loop sends one.
func BenchmarkMailing(b *testing.B) {
	b.Run("sqlite", func(b *testing.B) { contest(b, dbtest.New(b)) })
	b.Run("postgres", func(b *testing.B) { contest(b, dbtest.Postgres(b)) })
}

func contest(b *testing.B, d *db.DB) {
	b.Helper()
	w := newWorld(b, d, mailtest.Options{})
	people := max(b.N, 100)
	w.people(people, nil)
	if err := d.Analyze(b.Context(), "supporters", "subscriptions"); err != nil { // as PostgreSQL's housekeeping does in time
		b.Fatal(err)
	}
	ctx, stop := context.WithCancel(b.Context())
	p := w.post(func(o *mailing.Options) {
		o.Connections, o.PerDomain, o.Log, o.After = benchConnections, benchConnections, slog.New(slog.DiscardHandler), time.After
	})
	ended := make(chan error, 1)
	b.ResetTimer()
	m := w.start(news)
	began := time.Now()
	go func() { ended <- p.Run(ctx) }()
	for w.numbers(m).Sent < int64(people) {
		time.Sleep(20 * time.Millisecond)
	}
	ours := time.Since(began)
	b.StopTimer()
	stop()
	if err := <-ended; err != nil {
		b.Fatal(err)
	}
	bare := bareLoops(b, w, people)
	b.ReportMetric(float64(people)/ours.Seconds(), "messages/s")
	b.ReportMetric(float64(people)/bare.Seconds(), "bare-messages/s")
	ratio := bare.Seconds() / ours.Seconds()
	b.ReportMetric(ratio, "x-bare")
	if people >= manyPeople && ratio < leastOfBare {
		b.Errorf("missed: %.2f of the bare loop, not %.2f", ratio, leastOfBare)
	}
}

// bareLoops sends the first message of the mailing so many times.
func bareLoops(b *testing.B, w *world, messages int) time.Duration {
	b.Helper()
	sample := w.mails.Messages()[0]
	addr := netip.MustParseAddrPort(w.mails.Addr())
	began := time.Now()
	var crew sync.WaitGroup
	for n := range benchConnections {
		crew.Go(func() {
			client, err := gomail.NewClient(addr.Addr().String(), gomail.WithPort(int(addr.Port())), gomail.WithTLSPolicy(gomail.NoTLS))
			if err != nil {
				b.Error(err)
				return
			}
			relay, err := client.DialToSMTPClientWithContext(b.Context())
			if err != nil {
				b.Error(err)
				return
			}
			for i := n; i < messages; i += benchConnections {
				msg := gomail.NewMsg()
				if msg.From("letters@act.example.org") != nil || msg.To(fmt.Sprintf("p%d@example.org", i)) != nil {
					b.Error("addresses")
				}
				msg.Subject(sample.Subject)
				msg.SetBodyString(gomail.TypeTextPlain, sample.Text)
				msg.AddAlternativeString(gomail.TypeTextHTML, sample.HTML)
				if err := client.SendWithSMTPClient(relay, msg); err != nil {
					b.Error(err)
					return
				}
			}
			_ = client.CloseWithSMTPClient(relay)
		})
	}
	crew.Wait()
	return time.Since(began)
}
