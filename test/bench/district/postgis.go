package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb/encoding/ewkb"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/district"
)

func (r *result) postGIS() bool { return strings.HasPrefix(r.Name, "PostGIS") }

// postGIS starts a cluster of its own, loads the districts and measures three ways to ask.
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
	megabytes, err := c.load(ctx, clients[0])
	if err != nil {
		return fmt.Errorf("load: %w", err)
	}
	ready := time.Since(start)
	one := lookup{clients[0]}
	for _, p := range []peer{
		{name: "PostGIS, prepared, 1 client", server: server.cmd.Process.Pid, single: func(p district.Point) (congress.Seat, error) { return one.seat(ctx, p) }},
		{name: "PostGIS, prepared, 2 clients", server: server.cmd.Process.Pid, batch: func(ctx context.Context, points []district.Point, out []congress.Seat) error {
			return both(ctx, clients, points, out)
		}},
		{name: "PostGIS, one query for all", server: server.cmd.Process.Pid, batch: one.all},
	} {
		r := &result{Name: p.name, Ready: ready, Megabytes: megabytes}
		c.Results = append(c.Results, r)
		if err := c.measure(ctx, r, p); err != nil {
			return err
		}
	}
	return nil
}

// load fills the table the fast way of the manuals: valid polygons cut into pieces of at
// most 128 vertices, an index over their boxes, clustered and analysed.
func (c *contest) load(ctx context.Context, db *pgx.Conn) (megabytes float64, err error) {
	for _, sql := range []string{
		"CREATE EXTENSION postgis",
		"CREATE TABLE districts (rank int, seat text, geom geometry)",
	} {
		if _, err := db.Exec(ctx, sql); err != nil {
			return 0, err
		}
	}
	for rank, o := range c.preferred() {
		a := newArea(o)
		raw, err := ewkb.Marshal(a.polygons(), 4326)
		if err != nil {
			return 0, err
		}
		if _, err := db.Exec(ctx, "INSERT INTO districts VALUES ($1, $2, ST_GeomFromEWKB($3))", rank, o.seat.String(), raw); err != nil {
			return 0, err
		}
	}
	for _, sql := range []string{
		`CREATE TABLE pieces AS SELECT rank, seat,
			ST_Subdivide(ST_MakeValid(geom, 'method=structure keepcollapsed=false'), 128) AS geom FROM districts`,
		"CREATE INDEX pieces_geom ON pieces USING gist (geom)",
		"CLUSTER pieces USING pieces_geom",
		"VACUUM ANALYZE pieces",
	} {
		if _, err := db.Exec(ctx, sql); err != nil {
			return 0, err
		}
	}
	var bytes int64
	err = db.QueryRow(ctx, "SELECT pg_total_relation_size('pieces')").Scan(&bytes)
	return float64(bytes) / (1 << 20), err
}

// lookup is a client that prepares its statements on first use.
type lookup struct{ db *pgx.Conn }

func (l lookup) seat(ctx context.Context, p district.Point) (congress.Seat, error) {
	const sql = `SELECT seat FROM pieces WHERE ST_Intersects(geom, ST_SetSRID(ST_MakePoint($1, $2), 4326))
		ORDER BY rank LIMIT 1`
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
	const sql = `SELECT p.n, (SELECT seat FROM pieces WHERE ST_Intersects(geom, ST_SetSRID(ST_MakePoint(p.x, p.y), 4326))
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
func both(ctx context.Context, clients [2]*pgx.Conn, points []district.Point, out []congress.Seat) error {
	var group sync.WaitGroup
	var faults [len(clients)]error
	for i, client := range clients {
		group.Go(func() {
			for j := i; j < len(points) && faults[i] == nil; j += len(clients) {
				out[j], faults[i] = lookup{client}.seat(ctx, points[j])
			}
		})
	}
	group.Wait()
	return errors.Join(faults[:]...)
}
