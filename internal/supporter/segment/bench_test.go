package segment_test

import (
	"context"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/franklin-letters/franklin/internal/campaign"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
	"github.com/franklin-letters/franklin/internal/db/stamp"
	"github.com/franklin-letters/franklin/internal/supporter/segment"
)

// folded is how many people BenchmarkFold folds in: several blocks full.
const folded = 50_000

// BenchmarkFold reads and packs people in blocks of their real size, and reports how fast, and
// how much more memory it took at most, with as little garbage left lying as in the program.
func BenchmarkFold(b *testing.B) {
	for name, open := range map[string]func(testing.TB) *db.DB{"sqlite": dbtest.New, "postgres": dbtest.Postgres} {
		b.Run(name, func(b *testing.B) { benchFold(b, open(b)) })
	}
}

func benchFold(b *testing.B, d *db.DB) {
	b.Helper()
	segment.InFullSize(b)
	clock := func() time.Time { return noon }
	p := &segment.People{DB: d, Campaigns: campaign.NewStore(d, clock), Clock: clock}
	c, _, err := p.Campaigns.Apply(b.Context(), []byte(strings.Replace(page, "SLUG", "water", 1)), "test")
	if err != nil {
		b.Fatal(err)
	}
	for range folded / 5000 {
		if err := d.Tx(b.Context(), func(ctx context.Context, tx *db.Tx) error { return writers(ctx, tx, c.ID, 5000) }); err != nil {
			b.Fatal(err)
		}
	}
	before := debug.SetGCPercent(60)
	b.Cleanup(func() { debug.SetGCPercent(before) })
	runtime.GC()
	high := highWater(b)
	for b.Loop() {
		if err := p.Rebuild(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(high())/(1<<20), "MiB")
	b.ReportMetric(folded*float64(b.N)/b.Elapsed().Seconds(), "people/s")
}

// writers makes people who have written and are on the list.
func writers(ctx context.Context, tx *db.Tx, campaign string, n int) error {
	var people, lists, acts [][]any
	at := stamp.Of(noon)
	for range n {
		id := uuid.Must(uuid.NewV7()).String()
		people = append(people, []any{id, id, "a@example.org", "TX", "TX-07", "78701", "en", "facebook", at, at})
		lists = append(lists, []any{id, "updates", at, at})
		acts = append(acts, []any{id, id, campaign, 1, id, id, at})
	}
	for _, in := range []struct {
		table, columns string
		rows           [][]any
	}{
		{"supporters", "id email_key email state seat zip lang source created_at updated_at", people},
		{"subscriptions", "supporter_id list since confirmed_at", lists},
		{"submissions", "id key campaign_id campaign_version supporter_id person created_at", acts},
	} {
		if _, err := tx.InsertRows(ctx, db.Insert{Table: in.table, Columns: strings.Fields(in.columns)}, in.rows); err != nil {
			return err
		}
	}
	return nil
}

// highWater watches the heap until it is asked how far it has grown at most.
func highWater(b *testing.B) func() uint64 {
	b.Helper()
	heap := func() uint64 {
		s := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
		metrics.Read(s)
		return s[0].Value.Uint64()
	}
	first, stop, most := heap(), make(chan struct{}), make(chan uint64)
	go func() {
		high := first
		for {
			select {
			case <-time.After(time.Millisecond):
				high = max(high, heap())
			case <-stop:
				most <- high
				return
			}
		}
	}()
	return func() uint64 {
		close(stop)
		return <-most - first
	}
}
