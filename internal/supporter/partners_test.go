package supporter_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
	"github.com/franklin-letters/franklin/internal/supporter"
	"github.com/franklin-letters/franklin/internal/supporter/peoplefile"
)

const harbor, lamps = supporter.List("partner:harbor-fund"), supporter.List("partner:lamps")

// sponsored gives the campaign two partners.
func (w *world) sponsored() {
	w.Helper()
	file := strings.Replace(water, "es:\n", "partners:\n  - {key: harbor-fund, name: Harbor Fund, privacy: 'https://harbor.example/privacy'}\n  - {key: lamps, name: Lamps, opt_in: Lamps may write to me.}\nes:\n", 1)
	var err error
	if w.water, _, err = w.store.Apply(w.Context(), []byte(file), "test"); err != nil {
		w.Fatal(err)
	}
}

// handedOn is what a partner gets.
func (w *world) handedOn(key string) []peoplefile.Agreed {
	w.Helper()
	var all []peoplefile.Agreed
	n, err := w.people.ExportPartner(w.Context(), key, "ada", func(some []peoplefile.Agreed) error {
		all = append(all, some...)
		return nil
	})
	if err != nil || int(n) != len(all) {
		w.Fatalf("%d people, %v", n, err)
	}
	return all
}

func (w *world) emailsOf(key string) string {
	var all []string
	for _, one := range w.handedOn(key) {
		all = append(all, one.Email)
	}
	return strings.Join(all, " ")
}

// TestMAIL_C_3_PartnerTicks: a partner gets those who ticked its box, confirmed and did not
// take that back; nobody else's people, and nobody who is only on our list.
func TestMAIL_C_3_PartnerTicks(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.sponsored()
		w.member("ours@example.org")
		yes, waits, back, all := w.add("a-yes@example.org"), w.add("b-waits@example.org"), w.add("c-back@example.org"), w.add("d-all@example.org")
		w.tick(yes, harbor, true)
		w.tick(waits, harbor, false)
		w.tick(back, harbor, true)
		w.tick(back, lamps, true)
		w.tick(all, harbor, true)
		if got := w.emailsOf("harbor-fund") + "/" + w.emailsOf("lamps") + "/" + w.emailsOf("nobody"); got != "a-yes@example.org c-back@example.org d-all@example.org/c-back@example.org/" {
			t.Fatalf("partners get %s", got)
		}
		w.leave(back, harbor)
		w.leave(all, supporter.Everything)
		if got := w.emailsOf("harbor-fund") + "/" + w.emailsOf("lamps"); got != "a-yes@example.org/c-back@example.org" {
			t.Errorf("after two took it back partners get %s", got)
		}
		if got := w.audience(supporter.Updates); got != "ours" {
			t.Errorf("on our own list: %s", got)
		}
		one := w.handedOn("harbor-fund")[0]
		if !strings.Contains(one.Words, "Harbor Fund may contact me") || one.Lang != "en" || one.Page != "/c/water" || !one.Given.Equal(noon) || !one.Confirmed.Equal(noon) {
			t.Errorf("%+v", one)
		}
		c := w.consents(back)
		i := slices.IndexFunc(c, func(c supporter.Consent) bool { return c.List == harbor })
		if !c[i].Proved || c[i].Version != 2 || c[i].Partner.Name != "Harbor Fund" || c[i].Withdrawn.IsZero() || c[i].Way != supporter.ByPage || !c[1-i].Withdrawn.IsZero() {
			t.Errorf("%+v", c)
		}
	})
}

// TestPartnerKeepsTheLine: what people agree to for a partner brings no mail of ours back, a
// stranger's later tick changes nothing, and a mailbox that does not exist is not handed on.
func TestPartnerKeepsTheLine(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.sponsored()
		ann, bob := w.member("ann@example.org"), w.add("bob@example.org")
		w.leave(ann, supporter.Everything)
		confirmed := func(who supporter.Person, list supporter.List) {
			w.tick(who, list, true)
			w.tx(func(ctx context.Context, tx *db.Tx) error { return w.people.Confirmed(ctx, tx, who, list) })
		}
		confirmed(ann, harbor)
		if got := w.emailsOf("harbor-fund"); got != "ann@example.org" || !w.suppressed(ann.Email, supporter.Updates) {
			t.Errorf("handed on: %s; mail of ours is kept back: %t", got, w.suppressed(ann.Email, supporter.Updates))
		}
		w.now = w.now.Add(time.Hour)
		w.tick(ann, harbor, false)
		if got := w.handedOn("harbor-fund"); len(got) != 1 || !got[0].Given.Equal(noon) {
			t.Errorf("a tick that nobody confirmed stands for one that was: %+v", got)
		}
		w.leave(ann, harbor)
		confirmed(ann, harbor)
		if got := w.emailsOf("harbor-fund"); got != "ann@example.org" {
			t.Errorf("she agreed anew: %q", got)
		}
		confirmed(bob, harbor)
		if err := w.people.Suppress(t.Context(), bob.Email, supporter.Everything, supporter.HardBounce, "test"); err != nil {
			t.Fatal(err)
		}
		w.tick(bob, harbor, true)
		if got := w.emailsOf("harbor-fund"); got != "ann@example.org" {
			t.Errorf("a mailbox that does not exist is handed on: %q", got)
		}
		w.tx(func(ctx context.Context, tx *db.Tx) error { return w.people.EraseIn(ctx, tx, ann) })
		if got := w.emailsOf("harbor-fund"); got != "" || len(w.consents(ann)) != 0 {
			t.Errorf("who was erased is handed on: %q", got)
		}
	})
}
