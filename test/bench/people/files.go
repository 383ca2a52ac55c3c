package main

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"time"

	"github.com/franklin-letters/franklin/congress/roster"
	"github.com/franklin-letters/franklin/internal/campaign"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/supporter"
	"github.com/franklin-letters/franklin/internal/supporter/peoplefile"
	"github.com/franklin-letters/franklin/internal/supporter/segment"
)

// What must hold: people a second, and the memory of the process.
const (
	importBar = 20_000
	exportBar = 50_000
	memoryBar = 512 << 20
)

// table writes people as another program does, as they are read.
func table(people int) io.Reader {
	out, in := io.Pipe()
	go func() {
		_, err := fmt.Fprintln(in, "email,first_name,last_name,state,zip,language,source,tags")
		for i := 0; i < people && err == nil; i++ {
			_, err = fmt.Fprintf(in, "person%d@example%d.org,First%d,Last%d,TX,%05d,en,petition/%d,\"tag %d\"\n", i, i%1000, i%5000, i%90000, 75000+i%5000, i%20, i%7)
		}
		in.CloseWithError(err)
	}()
	return out
}

// throughFiles brings people in from a table and takes them out as one.
func throughFiles(ctx context.Context, d *db.DB, people int) error {
	p := &supporter.People{DB: d, Keys: supporter.NewKeys(make([]byte, 32)), Clock: clock}
	segments := &segment.People{DB: d, Campaigns: campaign.NewStore(d, clock), Roster: roster.Embedded, Clock: clock}
	file, err := peoplefile.Open(table(people), nil)
	if err != nil {
		return err
	}
	begin := time.Now()
	done, err := p.Import(ctx, file, supporter.Import{
		Basis: "They ticked the box for news on a petition.", List: supporter.Updates, File: "bench", Who: "bench",
		Place: func(_, state string) (string, string) { return state, state + "-07" },
	})
	if err != nil {
		return err
	}
	rate("imported", done.New, time.Since(begin), importBar)
	if err := segments.Fold(ctx); err != nil {
		return err
	}
	rate("and folded", done.New, time.Since(begin), importBar)
	begin = time.Now()
	out := peoplefile.NewCSV(io.Discard, nil)
	n, err := p.Export(ctx, segments, segment.Segment{}, "bench", out.Write)
	if err == nil {
		err = out.Close()
	}
	if err != nil {
		return err
	}
	rate("exported", n, time.Since(begin), exportBar)
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	note := ""
	if memory.Sys > memoryBar {
		note = "  TOO MUCH"
	}
	fmt.Printf("  memory of the process %d MB%s\n", memory.Sys>>20, note)
	return nil
}

func rate(what string, n int64, took time.Duration, bar float64) {
	note := ""
	rate := float64(n) / took.Seconds()
	if rate < bar {
		note = "  TOO SLOW"
	}
	fmt.Printf("  %-10s %9d people in %6.1f s, %7.0f people/s%s\n", what, n, took.Seconds(), rate, note)
}
