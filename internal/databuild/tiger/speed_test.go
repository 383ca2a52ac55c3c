package tiger_test

import (
	"testing"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/internal/databuild/tiger"
	"github.com/franklin-letters/franklin/internal/databuild/tiger/tigertest"
)

// BenchmarkCounty reads, stores, loads and compiles a county of 200,000 features.
func BenchmarkCounty(b *testing.B) {
	g := tigertest.New(316, origin())
	addrFeat, faces := g.AddrFeat(b), g.Faces(b, 119)
	var c *tiger.County
	b.Run("read", func(b *testing.B) {
		for b.Loop() {
			var err error
			if c, err = tiger.ReadCounty(g.Code, tiger.Files{AddrFeat: file(addrFeat), Faces: file(faces)}); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(c.Counts[tiger.Features]), "features")
	})
	cache := tiger.Cache{Dir: b.TempDir()}
	b.Run("store", func(b *testing.B) {
		for b.Loop() {
			if err := cache.Store(c, tiger.Key{}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("load", func(b *testing.B) {
		for b.Loop() {
			if _, err := cache.Load(g.Code, tiger.Key{}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("compile", func(b *testing.B) {
		for b.Loop() {
			compiler := tiger.NewCompiler("WA", &tiger.Plans{Congresses: []congress.Number{119}})
			compiler.Add(c)
			compiler.Table(nil, true)
		}
	})
}
