package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb/encoding/ewkb"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/district"
)

// postGIS starts a cluster of its own, loads the districts and measures the ways to ask.
func (c *contest) postGIS(ctx context.Context) (err error) {
	server, err := startServer(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.stop()) }()
	var clients [2]*pgx.Conn
	for i := range clients {
		if clients[i], err = pgx.Connect(ctx, server.url); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, clients[i].Close(context.WithoutCancel(ctx))) }()
	}
	start := time.Now()
	if err := c.load(ctx, clients[0]); err != nil {
		return fmt.Errorf("load: %w", err)
	}
	for _, t := range tables {
		megabytes, err := t.build(ctx, clients[0])
		if err != nil {
			return fmt.Errorf("table %s: %w", t.name, err)
		}
		ready := time.Since(start)
		for _, p := range t.peers(ctx, clients) {
			p.server, p.bar, p.once = server.cmd.Process.Pid, barPostGIS, true
			r := &result{Ready: ready, Megabytes: megabytes}
			c.Results = append(c.Results, r)
			if err := c.measure(ctx, r, p); err != nil {
				return err
			}
		}
	}
	return nil
}

// load fills the table of whole districts.
func (c *contest) load(ctx context.Context, db *pgx.Conn) error {
	for _, sql := range []string{
		"CREATE EXTENSION postgis",
		"CREATE TABLE raw (rank int, seat text, geom geometry)",
	} {
		if _, err := db.Exec(ctx, sql); err != nil {
			return err
		}
	}
	for rank, s := range c.shapes {
		raw, err := ewkb.Marshal(s.polygons, 4326)
		if err != nil {
			return err
		}
		if _, err := db.Exec(ctx, "INSERT INTO raw VALUES ($1, $2, ST_GeomFromEWKB($3))", rank, s.seat.String(), raw); err != nil {
			return err
		}
	}
	return nil
}

// table is a way to keep the districts: valid polygons under an index over their boxes,
// clustered and analysed.
type table struct {
	name, label string
	from        string // what makes the rows of (rank, seat, geom)
	atOnce      bool   // one query for all points is tried too
}

// tables are the plain way, and the fast way of the manuals: pieces of 128 vertices at most.
var tables = []table{
	{
		name: "districts", label: "whole districts",
		from: "SELECT rank, seat, ST_MakeValid(geom, 'method=structure keepcollapsed=false') AS geom FROM raw",
	},
	{name: "pieces", label: "subdivided", from: "SELECT rank, seat, ST_Subdivide(geom, 128) AS geom FROM districts", atOnce: true},
}

// build makes the table and returns its size with the index.
func (t table) build(ctx context.Context, db *pgx.Conn) (megabytes float64, err error) {
	for _, sql := range []string{
		"CREATE TABLE " + t.name + " AS " + t.from,
		"CREATE INDEX " + t.name + "_geom ON " + t.name + " USING gist (geom)",
		"CLUSTER " + t.name + " USING " + t.name + "_geom",
		"VACUUM ANALYZE " + t.name,
	} {
		if _, err := db.Exec(ctx, sql); err != nil {
			return 0, err
		}
	}
	var bytes int64
	err = db.QueryRow(ctx, "SELECT pg_total_relation_size($1::regclass)", t.name).Scan(&bytes)
	return float64(bytes) / (1 << 20), err
}

// peers are the ways to ask.
func (t table) peers(ctx context.Context, clients [2]*pgx.Conn) []peer {
	label := "PostGIS, " + t.label
	one := lookup{clients[0], t}
	all := []peer{
		{name: label + ", 1 client", single: func(p district.Point) (congress.Seat, error) { return one.seat(ctx, p) }},
		{name: label + ", 2 clients", batch: func(ctx context.Context, points []district.Point, out []congress.Seat) error {
			return t.both(ctx, clients, points, out)
		}},
	}
	if t.atOnce {
		all = append(all, peer{name: label + ", one query for all", batch: one.all})
	}
	return all
}

// lookup is a client that prepares its statements on first use.
type lookup struct {
	db *pgx.Conn
	table
}

func (l lookup) seat(ctx context.Context, p district.Point) (congress.Seat, error) {
	sql := "SELECT seat FROM " + l.name + " WHERE ST_Intersects(geom, ST_SetSRID(ST_MakePoint($1, $2), 4326)) ORDER BY rank LIMIT 1"
	var text string
	err := l.db.QueryRow(ctx, sql, p.Lon, p.Lat).Scan(&text)
	if errors.Is(err, pgx.ErrNoRows) {
		return congress.Seat{}, nil
	}
	if err != nil {
		return congress.Seat{}, err
	}
	return congress.ParseSeat(text)
}

// all sends the points at once and has the server do the work.
func (l lookup) all(ctx context.Context, points []district.Point, out []congress.Seat) error {
	sql := "SELECT p.n, (SELECT seat FROM " + l.name + ` WHERE ST_Intersects(geom, ST_SetSRID(ST_MakePoint(p.x, p.y), 4326))
		ORDER BY rank LIMIT 1) FROM unnest($1::float8[], $2::float8[]) WITH ORDINALITY AS p(x, y, n)`
	x, y := make([]float64, len(points)), make([]float64, len(points))
	for i, p := range points {
		x[i], y[i] = p.Lon, p.Lat
	}
	rows, err := l.db.Query(ctx, sql, x, y)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var n int
		var text *string
		if err := rows.Scan(&n, &text); err != nil {
			return err
		}
		out[n-1] = congress.Seat{}
		if text != nil {
			if out[n-1], err = congress.ParseSeat(*text); err != nil {
				return err
			}
		}
	}
	return rows.Err()
}

// both lets two clients share the points.
func (t table) both(ctx context.Context, clients [2]*pgx.Conn, points []district.Point, out []congress.Seat) error {
	var group sync.WaitGroup
	var faults [len(clients)]error
	for i, client := range clients {
		group.Go(func() {
			for j := i; j < len(points) && faults[i] == nil; j += len(clients) {
				out[j], faults[i] = lookup{client, t}.seat(ctx, points[j])
			}
		})
	}
	group.Wait()
	return errors.Join(faults[:]...)
}
