package app

import (
	"fmt"
	"log/slog"
	"net/netip"
	"strconv"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
	"github.com/franklin-letters/franklin/internal/guard"
)

// TestSEC_FRAUD_4_TwoNodesCountTogether: a crowd that spreads over two nodes comes to the
// limit as if there were one, and what is told is forgotten soon.
func TestSEC_FRAUD_4_TwoNodesCountTogether(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		now := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
		node := func() *guard.Guard {
			return guard.New(guard.Config{
				Limits: guard.Limits{NetworkPeople: 20, OfficeLetters: 30}, Secret: []byte("one secret of the installation"),
				Mail: true, Log: slog.New(slog.DiscardHandler),
			})
		}
		share := func(g *guard.Guard, name string) {
			if err := shareOnce(t.Context(), d, g, name, now); err != nil {
				t.Fatal(err)
			}
		}
		one, two, alone := node(), node(), node()
		judge := func(g *guard.Guard, n int) guard.Verdict {
			return g.Judge(guard.Attempt{
				Network: netip.MustParsePrefix("198.51.100.1/32"), Campaign: "c", Offices: []string{"HWY00"}, Person: strconv.Itoa(n), Mailbox: fmt.Sprint(n, "@example.org"),
			}, now)
		}
		for n := range 20 {
			judge([]*guard.Guard{one, two}[n%2], n)
			judge(alone, 100+n%10) // the control: half of them, and nobody tells it
		}
		share(one, "one")
		share(two, "two")
		share(one, "one")
		for name, g := range map[string]*guard.Guard{"one": one, "two": two} {
			if !judge(g, 50).Confirm {
				t.Errorf("%s lets the 21st person of a network through", name)
			}
		}
		if judge(alone, 50).Confirm {
			t.Error("a node that hears nothing asks the 11th to confirm")
		}
		now = now.Add(2 * time.Hour)
		share(one, "one")
		rows := 0
		if err := d.SQL().QueryRowContext(t.Context(), "SELECT count(*) FROM guard_counts").Scan(&rows); err != nil || rows != 0 {
			t.Errorf("hours later %d counts are kept, %v", rows, err)
		}
		if judge(one, 60).Confirm {
			t.Error("hours later the network is still held")
		}
	})
}
