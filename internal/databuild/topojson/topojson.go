// Package topojson reads polygons out of a TopoJSON topology: arcs shared between
// neighbours, with quantised, delta-coded coordinates, after the TopoJSON 1.0
// specification.
//
// Only what a map of districts needs is read: one object, a collection of polygons
// and multipolygons. Quantisation can make a ring cross itself, so the rings say
// nothing about which is outer and which a hole: inside is where an odd number of
// rings encloses a point.
package topojson

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"

	"github.com/franklin-letters/franklin/internal/databuild/planar"
)

// Feature is one geometry: its properties that are texts, and its closed rings.
type Feature struct {
	Properties map[string]string
	Rings      [][]planar.Point
}

type topology struct {
	Type      string `json:"type"`
	Transform *struct {
		Scale     [2]float64 `json:"scale"`
		Translate [2]float64 `json:"translate"`
	} `json:"transform"`
	Arcs    [][][]float64       `json:"arcs"`
	Objects map[string]geometry `json:"objects"`
}

type geometry struct {
	Type       string          `json:"type"`
	Geometries []geometry      `json:"geometries"`
	Arcs       json.RawMessage `json:"arcs"`
	Properties map[string]any  `json:"properties"`
}

// Read returns the features of the topology's only object that keep wants; nil keeps
// all. Vertices that fall together after rounding are merged.
func Read(raw []byte, keep func(properties map[string]string) bool) ([]Feature, error) {
	var t topology
	if err := json.Unmarshal(raw, &t); err != nil {
		return nil, err
	}
	if t.Type != "Topology" || len(t.Objects) != 1 {
		return nil, errors.New("not a topology with one object")
	}
	arcs, err := t.decodeArcs()
	if err != nil {
		return nil, err
	}
	var features []Feature
	for _, object := range t.Objects {
		if object.Type != "GeometryCollection" {
			return nil, fmt.Errorf("the object is a %q, not a collection", object.Type)
		}
		for i, g := range object.Geometries {
			f := Feature{Properties: texts(g.Properties)}
			if keep != nil && !keep(f.Properties) {
				continue
			}
			if f.Rings, err = g.rings(arcs); err != nil {
				return nil, fmt.Errorf("geometry %d: %w", i+1, err)
			}
			features = append(features, f)
		}
	}
	return features, nil
}

func texts(properties map[string]any) map[string]string {
	t := map[string]string{}
	for k, v := range properties {
		if s, ok := v.(string); ok {
			t[k] = s
		}
	}
	return t
}

func (t *topology) decodeArcs() ([][]planar.Point, error) {
	arcs := make([][]planar.Point, len(t.Arcs))
	for i, arc := range t.Arcs {
		var x, y float64
		for _, p := range arc {
			if len(p) < 2 {
				return nil, fmt.Errorf("arc %d has a point without two coordinates", i)
			}
			lon, lat := p[0], p[1]
			if t.Transform != nil { // quantised: steps from the point before
				x, y = x+p[0], y+p[1]
				lon = x*t.Transform.Scale[0] + t.Transform.Translate[0]
				lat = y*t.Transform.Scale[1] + t.Transform.Translate[1]
			}
			if !(math.Abs(lon) <= 180.0001 && math.Abs(lat) <= 90) {
				return nil, fmt.Errorf("arc %d leaves the Earth", i)
			}
			arcs[i] = append(arcs[i], planar.Point{X: int32(math.Round(lon * 1e6)), Y: int32(math.Round(lat * 1e6))})
		}
		if len(arcs[i]) < 2 {
			return nil, fmt.Errorf("arc %d has fewer than two points", i)
		}
	}
	return arcs, nil
}

func (g *geometry) rings(arcs [][]planar.Point) ([][]planar.Point, error) {
	var polygons [][][]int
	switch g.Type {
	case "Polygon":
		polygons = make([][][]int, 1)
		if err := json.Unmarshal(g.Arcs, &polygons[0]); err != nil {
			return nil, err
		}
	case "MultiPolygon":
		if err := json.Unmarshal(g.Arcs, &polygons); err != nil {
			return nil, err
		}
	default:
		return nil, fmt.Errorf("a %q is not a polygon", g.Type)
	}
	var rings [][]planar.Point
	for _, polygon := range polygons {
		for _, refs := range polygon {
			ring, err := join(refs, arcs)
			if err != nil {
				return nil, err
			}
			if len(ring) >= 4 { // smaller ones vanished in rounding
				rings = append(rings, ring)
			}
		}
	}
	return rings, nil
}

// join strings arcs together into a closed ring; a negative number is the arc ^n,
// backwards.
func join(refs []int, arcs [][]planar.Point) ([]planar.Point, error) {
	var ring []planar.Point
	for _, ref := range refs {
		n, step := ref, 1
		if ref < 0 {
			n, step = ^ref, -1
		}
		if n >= len(arcs) {
			return nil, fmt.Errorf("there is no arc %d", n)
		}
		arc := arcs[n]
		at := 0
		if step < 0 {
			at = len(arc) - 1
		}
		if len(ring) > 0 && ring[len(ring)-1] != arc[at] {
			return nil, fmt.Errorf("arc %d does not begin where the one before ends", ref)
		}
		for range arc {
			if len(ring) == 0 || ring[len(ring)-1] != arc[at] {
				ring = append(ring, arc[at])
			}
			at += step
		}
	}
	if len(ring) == 0 || ring[0] != ring[len(ring)-1] {
		return nil, errors.New("a ring is not closed")
	}
	return ring, nil
}
