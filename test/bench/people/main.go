// People measures how long it takes to count and list the people of segments among very
// many, on SQLite and on PostgreSQL, with the real tables and code. The people are made up in
// the database itself. What must hold is docs/reliability.md's: a count takes less than a
// second among ten million.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/franklin-letters/franklin/congress/roster"
	"github.com/franklin-letters/franklin/internal/campaign"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/pgtemp"
	"github.com/franklin-letters/franklin/internal/seal"
	"github.com/franklin-letters/franklin/internal/supporter/segment"
)

// countBar is how long a count may take.
const countBar = time.Second

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "people:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("people", flag.ContinueOnError)
	people := flags.Int("people", 1_000_000, "how many people")
	engines := flags.String("engines", "sqlite,postgres", "on which databases")
	files := flags.Int("file", 1_000_000, "how many people are brought in from a table and taken out again; 0 for none")
	dir := flags.String("dir", "", "where the SQLite file is made (a temporary folder unless told)")
	if err := flags.Parse(args); err != nil {
		return err
	}
	slow := 0
	for engine := range strings.SplitSeq(*engines, ",") {
		n, err := measure(ctx, engine, *dir, *people, *files)
		if err != nil {
			return fmt.Errorf("%s: %w", engine, err)
		}
		slow += n
	}
	if slow > 0 && *people >= 10_000_000 {
		return fmt.Errorf("%d counts took longer than %s", slow, countBar)
	}
	return nil
}

// measure measures one engine and returns how many counts were too slow.
func measure(ctx context.Context, engine, dir string, people, files int) (slow int, err error) {
	folder, err := os.MkdirTemp(dir, "franklin-people-")
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	url := "sqlite:" + filepath.Join(folder, "franklin.db")
	if engine == "postgres" {
		address, stop, err := pgtemp.Start(ctx)
		if err != nil {
			return 0, err
		}
		defer func() { err = errors.Join(err, stop()) }()
		url = address
	}
	ring, err := seal.At(filepath.Join(folder, "keyring"))
	if err != nil {
		return 0, err
	}
	if err := ring.Make(); err != nil {
		return 0, err
	}
	d, err := db.Open(ctx, url, db.Sealed(ring), db.Alongside())
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	if err := d.Migrate(ctx); err != nil {
		return 0, err
	}
	fmt.Printf("%s, %d people\n", engine, people)
	if files > 0 {
		if err := throughFiles(ctx, d, files); err != nil {
			return 0, err
		}
	}
	if people == 0 {
		return 0, nil
	}
	p, err := fill(ctx, d, people)
	if err != nil {
		return 0, err
	}
	return counts(ctx, p, people)
}

// clock is today: what is measured does not depend on the day.
func clock() time.Time { return time.Now() }

// fill makes the people up, and folds them.
func fill(ctx context.Context, d *db.DB, people int) (*segment.People, error) {
	p := &segment.People{DB: d, Campaigns: campaign.NewStore(d, clock), Roster: roster.Embedded, Clock: clock}
	begin := time.Now()
	var campaigns []string
	for i := range 5 {
		c, _, err := p.Campaigns.Apply(ctx, fmt.Appendf(nil, page, i), "bench")
		if err != nil {
			return nil, err
		}
		campaigns = append(campaigns, c.ID)
	}
	if err := makeUp(ctx, d, people, campaigns); err != nil {
		return nil, err
	}
	fmt.Printf("  made up in    %8.1f s\n", time.Since(begin).Seconds())
	begin = time.Now()
	if err := p.Fold(ctx); err != nil {
		return nil, err
	}
	took := time.Since(begin)
	fmt.Printf("  folded in     %8.1f s (%.0f people/s)\n", took.Seconds(), float64(people)/took.Seconds())
	return p, nil
}

// segments are what is counted.
var segments = []string{
	"everyone",
	"state = TX",
	"district = TX-07",
	"zip = 787*",
	"language = es",
	"party = Republican and language = es",
	"not acted(campaign-1)",
	"tag = tag-1 or not acted(campaign-0) or joined >= 2026-01-01",
	"state = TX and (tag = tag-3 or not acted(campaign-2)) and joined >= 2025-06-01 and language = es",
}

// counts measures, with and without changes that wait to be folded in.
func counts(ctx context.Context, p *segment.People, people int) (slow int, err error) {
	for _, changed := range []int{0, 5_000} {
		if err := touch(ctx, p.DB, people, changed); err != nil {
			return slow, err
		}
		fmt.Printf("  count with %d changes waiting\n", changed)
		for _, text := range segments {
			s, err := segment.Parse(text)
			if err != nil {
				return slow, err
			}
			begin := time.Now()
			n, err := p.Count(ctx, s)
			if err != nil {
				return slow, err
			}
			took := time.Since(begin)
			note := ""
			if took > countBar {
				note = "  TOO SLOW"
				slow++
			}
			fmt.Printf("    %7.3f s %10d  %s%s\n", took.Seconds(), n, text, note)
		}
	}
	begin, listed := time.Now(), 0
	s, err := segment.Parse("language = es")
	if err != nil {
		return slow, err
	}
	err = p.Each(ctx, s, 10_000, func(ids []string) error {
		listed += len(ids)
		return nil
	})
	took := time.Since(begin)
	fmt.Printf("  listed %d ids of language = es in %.2f s\n", listed, took.Seconds())
	return slow, err
}
