package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"

	"github.com/franklin-letters/franklin/internal/app"
	"github.com/franklin-letters/franklin/internal/db/pgtemp"
)

// leastSubmissions is the target: at least half of the slower of handler and storage alone.
const leastSubmissions = 0.5

// send is where forms are posted to.
const send = "/c/" + slug + "/send"

// submissions measures letters taken in per second over HTTP against its two halves: the
// handler without storage, and the storage without handler.
func (b *bench) submissions(ctx context.Context) (s section, err error) {
	folder, err := os.MkdirTemp("", "franklin-bench-")
	if err != nil {
		return s, err
	}
	defer os.RemoveAll(folder)
	databases, stop, err := databasesIn(ctx, folder)
	if err != nil {
		return s, err
	}
	defer stop()
	c := contest{bench: b}
	defer func() { err = errors.Join(err, c.end()) }()
	nothing, err := c.overHTTP(ctx, "handler that does nothing with the form", task{Do: "nothing"}, send, "form")
	if err != nil {
		return s, err
	}
	var stored, taken []*series
	for _, d := range databases {
		rows, err := c.inProcess(ctx, d.name+": bare inserts, grouped", task{Do: "bare", Database: d.bare, Campaign: b.campaign(), Profile: b.profileOf(d.name + "-bare")})
		if err != nil {
			return s, err
		}
		letters, err := c.overHTTP(ctx, d.name+": over HTTP, everything on", task{Do: "franklin", Database: d.http, Campaign: b.campaign(), Profile: b.profileOf(d.name)}, send, "form")
		if err != nil {
			return s, err
		}
		stored, taken = append(stored, rows), append(taken, letters)
	}
	if err := c.run(); err != nil {
		return s, err
	}
	s = section{Title: "Submissions with durable commits, " + b.terms(), Lines: []result{nothing.result()}}
	for i, d := range databases {
		s.Lines = append(s.Lines, stored[i].result(), taken[i].result(),
			ratio(d.name+", against the slower of the two", leastSubmissions, taken[i], nothing, stored[i]))
	}
	return s, nil
}

// database is an engine with a database for each of the two that write.
type database struct{ name, bare, http string }

// databasesIn returns SQLite, and PostgreSQL where it is installed.
func databasesIn(ctx context.Context, folder string) (all []database, stop func(), err error) {
	all = []database{{
		name: "SQLite",
		bare: "sqlite:" + filepath.Join(folder, "bare", "franklin.db"), http: "sqlite:" + filepath.Join(folder, "http", "franklin.db"),
	}}
	address, end, err := pgtemp.Start(ctx)
	if errors.Is(err, pgtemp.ErrNotInstalled) {
		fmt.Fprintln(os.Stderr, "bench: without PostgreSQL:", err)
		return all, func() {}, nil
	}
	if err != nil {
		return nil, nil, err
	}
	postgres := database{name: "PostgreSQL"}
	for name, into := range map[string]*string{"bare": &postgres.bare, "http": &postgres.http} {
		if *into, err = newDatabase(ctx, address, name); err != nil {
			return nil, nil, errors.Join(err, end())
		}
	}
	return append(all, postgres), func() { _ = end() }, nil
}

func newDatabase(ctx context.Context, address, name string) (string, error) {
	d, err := app.OpenDatabase(ctx, address)
	if err != nil {
		return "", err
	}
	defer d.Close()
	if _, err := d.SQL().ExecContext(ctx, "CREATE DATABASE "+name); err != nil {
		return "", err
	}
	u, err := url.Parse(address)
	if err != nil {
		return "", err
	}
	u.Path = "/" + name
	return u.String(), nil
}
