package letter_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
	"github.com/franklin-letters/franklin/internal/letter"
)

// TestOneOfficeThatIsDownHidesNothing: the letters to it have their reason; that those to all
// others stand still has none.
func TestOneOfficeThatIsDownHidesNothing(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newPost(t, d)
		p.fill("down", 5, func(int) string { return "HAZ03" })
		p.clock.turn(time.Minute)
		first := p.clock.now()
		p.fill("others", 7, func(i int) string { return []string{"HAZ01", "HAZ02"}[i%2] })
		p.clock.turn(3 * time.Hour)
		// fill also writes a letter to HAZ04 each time.
		own := []string{}
		for _, l := range p.due() {
			if l := p.letter(l); l.Office == "HAZ04" {
				own = append(own, l.ID)
			}
		}
		down := map[string]time.Time{"HAZ03": p.clock.now().Add(time.Minute), "HAZ04": p.clock.now().Add(time.Minute)}
		all := map[string]time.Time{"HAZ01": {}, "HAZ02": {}, "HAZ03": {}, "HAZ04": {}}
		for name, c := range map[string]struct {
			overview letter.Overview
			want     []letter.Stuck
		}{
			"two offices are down": {letter.Overview{Offices: down}, []letter.Stuck{{Channel: letter.ChannelHouse, Letters: 7, Oldest: first}}},
			"none is":              {letter.Overview{}, []letter.Stuck{{Channel: letter.ChannelHouse, Letters: 12 + len(own), Oldest: start}}},
			"all are":              {letter.Overview{Offices: all}, nil},
			"the channel is":       {letter.Overview{Offices: down, Breaker: letter.BreakerOpen}, nil},
			"nobody delivers": {letter.Overview{Offices: down, Node: "-"}, []letter.Stuck{{
				Channel: letter.ChannelHouse, Letters: 7, Oldest: first, Why: "no node delivers",
			}}},
			"the line is long": {letter.Overview{Offices: down, Drain: 4 * time.Hour}, nil},
		} {
			o := c.overview
			o.Channel = letter.ChannelHouse
			switch o.Node {
			case "":
				o.Node = "test/1"
			case "-":
				o.Node = ""
			}
			if o.Breaker == "" {
				o.Breaker = letter.BreakerClosed
			}
			got, err := p.desk.Stuck(t.Context(), []letter.Overview{o})
			if err != nil {
				t.Fatal(err)
			}
			for i := range got {
				got[i].Oldest = got[i].Oldest.UTC()
			}
			for i := range c.want {
				c.want[i].Oldest = c.want[i].Oldest.UTC()
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", name, diff)
			}
		}
	})
}
