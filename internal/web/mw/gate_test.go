package mw_test

import (
	"sync"
	"sync/atomic"
	"testing"

	"github.com/franklin-letters/franklin/internal/web/mw"
)

func TestAGateHoldsSoManyAndNoMore(t *testing.T) {
	t.Parallel()
	g := mw.NewGate(2)
	first, ok := g.Enter()
	if _, second := g.Enter(); !ok || !second {
		t.Fatal("there is room for two")
	}
	if _, third := g.Enter(); third {
		t.Fatal("a third one got in")
	}
	first()
	if _, again := g.Enter(); !again {
		t.Error("whoever left still has a place")
	}
}

func TestAGateUnderACrowd(t *testing.T) {
	t.Parallel()
	const room = 8
	g := mw.NewGate(room)
	var inside, most, refused atomic.Int64
	var crowd sync.WaitGroup
	for range 64 {
		crowd.Go(func() {
			for range 500 {
				leave, ok := g.Enter()
				if !ok {
					refused.Add(1)
					continue
				}
				for n := inside.Add(1); ; {
					if old := most.Load(); n <= old || most.CompareAndSwap(old, n) {
						break
					}
				}
				inside.Add(-1)
				leave()
			}
		})
	}
	crowd.Wait()
	if most.Load() > room {
		t.Errorf("%d were inside at once, there is room for %d", most.Load(), room)
	}
	for range room {
		if _, ok := g.Enter(); !ok {
			t.Fatal("a place was lost")
		}
	}
}
