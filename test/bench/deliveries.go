package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// Targets of delivery: at least half of the bare posts, and with many letters stored a cost
// for each of at most 1.2 times that with few.
const (
	leastDeliveries = 0.5
	leastWithMany   = 1 / 1.2
)

// fewStored is how many letters are stored in the database with few.
const fewStored = 10_000

// deliveries measures letters delivered per second to the simulated Capitol with the pace
// limit off, against bare HTTP posts of the same messages, and with few letters stored
// against many.
func (b *bench) deliveries(ctx context.Context) (s section, err error) {
	folder, err := os.MkdirTemp("", "franklin-bench-")
	if err != nil {
		return s, err
	}
	defer os.RemoveAll(folder)
	capitol, err := start(ctx, task{Do: "capitol"})
	if err != nil {
		return s, err
	}
	defer func() { err = errors.Join(err, capitol.end()) }()
	var at serving
	if err := capitol.answer(&at); err != nil {
		return s, err
	}
	c := contest{bench: b}
	defer func() { err = errors.Join(err, c.end()) }()
	party := func(name, do, file string, stored int) (*series, error) {
		b.note("%s: storing %d letters", name, stored)
		return c.inProcess(ctx, name, task{
			Do: do, Database: "sqlite:" + filepath.Join(folder, file, "franklin.db"), Campaign: b.campaign(), Capitol: at.URL, Stored: stored,
			Profile: b.profileOf(file),
		})
	}
	posts, err := party("bare posts of the same messages", "posts", "posts", 0)
	if err != nil {
		return s, err
	}
	few, err := party(fmt.Sprintf("delivered, %d letters stored", fewStored), "deliver", "deliver-few", fewStored)
	if err != nil {
		return s, err
	}
	many, err := party(fmt.Sprintf("delivered, %d letters stored", b.letters), "deliver", "deliver-many", b.letters)
	if err != nil {
		return s, err
	}
	if err := c.run(); err != nil {
		return s, err
	}
	return section{
		Title: fmt.Sprintf("Letters delivered to the simulated Capitol, SQLite, no pace limit, medians of %d rounds of %s", b.rounds, b.length),
		Lines: []result{
			posts.result(), few.result(), many.result(),
			ratio("delivered, against the bare posts", leastDeliveries, few, posts),
			ratio("with many letters stored, against few", leastWithMany, many, few),
		},
	}, nil
}
