package main

import (
	"sync"

	"github.com/tidwall/geojson"
	"github.com/tidwall/geojson/geometry"
	"github.com/tidwall/rtree"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/district"
)

// fence is how Tile38 keeps a collection: geometries parsed by tidwall/geojson with its own
// index of edges, their boxes in a tidwall/rtree of single precision.
type fence struct {
	mu    sync.RWMutex
	boxes rtree.RTreeGN[float32, fenced]
}

type fenced struct {
	id     string
	object geojson.Object
}

// set adds a geometry, given as GeoJSON.
func (f *fence) set(id, text string) error {
	object, err := geojson.Parse(text, geojson.DefaultParseOptions)
	if err != nil {
		return err
	}
	box := object.Rect()
	f.mu.Lock()
	defer f.mu.Unlock()
	f.boxes.Insert(below(box.Min), above(box.Max), fenced{id, object})
	return nil
}

// below and above round to single precision so that the box stays around the geometry;
// the step is generous, 1 part in 4 million.
func below(p geometry.Point) [2]float32 { return [2]float32{lower(p.X), lower(p.Y)} }
func above(p geometry.Point) [2]float32 { return [2]float32{-lower(-p.X), -lower(-p.Y)} }

func lower(v float64) float32 {
	step := v / (1 << 22)
	return float32(min(v-step, v+step))
}

// intersects returns the ids of at most limit geometries around the point.
func (f *fence) intersects(lat, lon float64, limit int, ids []string) []string {
	at := geometry.Point{X: lon, Y: lat}
	point := geojson.NewPoint(at)
	f.mu.RLock()
	defer f.mu.RUnlock()
	f.boxes.Search(below(at), above(at), func(_, _ [2]float32, g fenced) bool {
		if g.object.Intersects(point) {
			ids = append(ids, g.id)
		}
		return len(ids) < limit
	})
	return ids
}

// tidwall is Tile38's geometry inside this process, without a socket.
func (c *contest) tidwall() (peer, error) {
	f := &fence{}
	for _, s := range c.shapes {
		if err := f.set(s.seat.String(), string(s.appendGeoJSON(nil))); err != nil {
			return peer{}, err
		}
	}
	seats := c.seats()
	var ids []string
	return peer{name: "tidwall/geojson in process", unranked: true, single: func(p district.Point) (congress.Seat, error) {
		ids = f.intersects(p.Lat, p.Lon, 1, ids[:0])
		if len(ids) == 0 {
			return congress.Seat{}, nil
		}
		return seats[ids[0]], nil
	}}, nil
}

// seats finds seats by their names.
func (c *contest) seats() map[string]congress.Seat {
	all := map[string]congress.Seat{}
	for _, o := range c.all {
		all[o.seat.String()] = o.seat
	}
	return all
}
