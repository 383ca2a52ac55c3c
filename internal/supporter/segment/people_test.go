package segment_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/franklin-letters/franklin/congress/roster"
	"github.com/franklin-letters/franklin/internal/campaign"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
	"github.com/franklin-letters/franklin/internal/db/stamp"
	"github.com/franklin-letters/franklin/internal/fault"
	"github.com/franklin-letters/franklin/internal/supporter/segment"
)

var noon = time.Date(2026, time.November, 23, 17, 0, 0, 0, time.UTC)

const page = `---
title: A campaign
slug: SLUG
status: published
topics: [Health]
goal: 100
summary: Ask.
letter:
  subject: Please support H.R. 77
  text: |
    Please.
opt_in: Yes, send me news.
---
The page.
`

// one is a person as the test knows them.
type one struct {
	id, state, seat, zip, lang, source string
	joined                             time.Time // zero: not on the list
	tags, acts                         []string  // slugs
}

// world is a database with people that are known twice: there, and here.
type world struct {
	*testing.T

	db     *db.DB
	people *segment.People
	known  map[string]*one
	ids    map[string]string // of the campaigns, by slug
	random *rand.Rand
}

func newWorld(t *testing.T, d *db.DB) *world {
	t.Helper()
	clock := func() time.Time { return noon }
	w := &world{T: t, db: d, known: map[string]*one{}, ids: map[string]string{}, random: rand.New(rand.NewPCG(1, 2))}
	w.people = &segment.People{DB: d, Campaigns: campaign.NewStore(d, clock), Roster: roster.Embedded, Clock: clock}
	for _, slug := range []string{"stop-abuse", "water"} {
		c, _, err := w.people.Campaigns.Apply(t.Context(), []byte(strings.Replace(page, "SLUG", slug, 1)), "test")
		if err != nil {
			t.Fatal(err)
		}
		w.ids[slug] = c.ID
	}
	return w
}

func (w *world) pick(from ...string) string { return from[w.random.IntN(len(from))] }

// some returns some of the texts.
func (w *world) some(from ...string) []string {
	return slices.DeleteFunc(slices.Clone(from), func(string) bool { return w.random.IntN(3) > 0 })
}

// draw makes up what a person is chosen by.
func (w *world) draw(id string) *one {
	p := &one{id: id, lang: w.pick("en", "en", "es", ""), source: w.pick("", "facebook", "facebook/spring", "ref:friend")}
	p.state, p.seat, p.zip = w.pick("TX", "TX", "CA", "AK", "AE", ""), "", w.pick("78701", "78799", "77002", "00501", "99999", "")
	switch p.state {
	case "TX":
		p.seat = w.pick("TX-07", "TX-35", "")
	case "CA":
		p.seat = w.pick("CA-01", "CA-52")
	case "AK":
		p.seat = "AK-00"
	}
	if w.random.IntN(2) == 0 {
		p.joined = noon.AddDate(0, 0, -w.random.IntN(500))
	}
	p.tags, p.acts = w.some("volunteer", "big donor", "or"), w.some("stop-abuse", "water")
	return p
}

// put writes people as they are now, in place of what was there.
func (w *world) put(people ...*one) {
	w.Helper()
	w.write(people, func(ctx context.Context, tx *db.Tx) error {
		var ids []string
		for _, p := range people {
			ids = append(ids, p.id)
		}
		return segment.Changed(ctx, tx, ids...)
	})
	w.know(people)
}

func (w *world) know(people []*one) {
	for _, p := range people {
		w.known[p.id] = p
	}
}

// write writes people, and notes it in the same transaction.
func (w *world) write(people []*one, note func(context.Context, *db.Tx) error) {
	w.Helper()
	err := w.db.Tx(w.Context(), func(ctx context.Context, tx *db.Tx) error {
		var rows, tags, lists, acts [][]any
		for _, p := range people {
			for _, table := range []string{"person_tags", "subscriptions", "submissions"} {
				if _, err := tx.SQL().ExecContext(ctx, "DELETE FROM "+table+" WHERE supporter_id = $1", p.id); err != nil {
					return err
				}
			}
			at := stamp.Of(noon)
			rows = append(rows, []any{p.id, p.id, "a@example.org", p.state, p.seat, p.zip, p.lang, p.source, at, at})
			for _, tag := range p.tags {
				tags = append(tags, []any{p.id, tag, at})
			}
			lists = append(lists, []any{p.id, "updates", at, stamp.Of(p.joined)})
			for _, slug := range p.acts {
				acts = append(acts, []any{p.id + slug, p.id + slug, w.ids[slug], 1, p.id, p.id + slug, at})
			}
		}
		for _, in := range []struct {
			insert db.Insert
			rows   [][]any
		}{
			{db.Insert{
				Table: "supporters", Columns: strings.Fields("id email_key email state seat zip lang source created_at updated_at"),
				Suffix: `ON CONFLICT (id) DO UPDATE SET state = excluded.state, seat = excluded.seat, zip = excluded.zip, lang = excluded.lang, source = excluded.source`,
			}, rows},
			{db.Insert{Table: "person_tags", Columns: strings.Fields("supporter_id tag since")}, tags},
			{db.Insert{Table: "subscriptions", Columns: strings.Fields("supporter_id list since confirmed_at")}, lists},
			{db.Insert{Table: "submissions", Columns: strings.Fields("id key campaign_id campaign_version supporter_id person created_at")}, acts},
		} {
			if _, err := tx.InsertRows(ctx, in.insert, in.rows); err != nil {
				return err
			}
		}
		return note(ctx, tx)
	})
	if err != nil {
		w.Error(err)
	}
}

// add adds new people.
func (w *world) add(n int) {
	w.Helper()
	people := make([]*one, n)
	for i := range people {
		people[i] = w.draw(uuid.Must(uuid.NewV7()).String())
	}
	w.put(people...)
}

// forget takes somebody out as an erasure does.
func (w *world) forget(id string) {
	w.Helper()
	err := w.db.Tx(w.Context(), func(ctx context.Context, tx *db.Tx) error {
		if _, err := tx.SQL().ExecContext(ctx, "UPDATE supporters SET email = '' WHERE id = $1", id); err != nil {
			return err
		}
		return segment.Changed(ctx, tx, id)
	})
	if err != nil {
		w.Fatal(err)
	}
	delete(w.known, id)
}

func (w *world) anybody() string {
	ids := slices.Sorted(func(yield func(string) bool) {
		for id := range w.known {
			if !yield(id) {
				return
			}
		}
	})
	return ids[w.random.IntN(len(ids))]
}

func (w *world) fold() {
	w.Helper()
	if err := w.people.Fold(w.Context()); err != nil {
		w.Fatal(err)
	}
}

// filter is a text with what it means.
type filter struct {
	text string
	of   func(*one) bool
}

// filters are all the comparisons.
func filters() []filter {
	newYear := time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC)
	on := func(p *one) bool { return !p.joined.IsZero() }
	cut := func(p *one) time.Time { return p.joined.Truncate(24 * time.Hour) }
	return []filter{
		{"everyone", func(*one) bool { return true }},
		{"state = TX", func(p *one) bool { return p.state == "TX" }},
		{"state in (AK, CA)", func(p *one) bool { return p.state == "AK" || p.state == "CA" }},
		{"state != TX", func(p *one) bool { return p.state != "TX" }},
		{"district = TX-07", func(p *one) bool { return p.seat == "TX-07" }},
		{"district in (AK-00, CA-52)", func(p *one) bool { return p.seat == "AK-00" || p.seat == "CA-52" }},
		{"zip = 787*", func(p *one) bool { return strings.HasPrefix(p.zip, "787") }},
		{"zip in (0*, 77002)", func(p *one) bool { return strings.HasPrefix(p.zip, "0") || p.zip == "77002" }},
		{"language = es", func(p *one) bool { return p.lang == "es" }},
		{"source = facebook", func(p *one) bool { return p.source == "facebook" }},
		{"source = facebook*", func(p *one) bool { return strings.HasPrefix(p.source, "facebook") }},
		{"tag = volunteer", func(p *one) bool { return slices.Contains(p.tags, "volunteer") }},
		{`tag in ("big donor", "or")`, func(p *one) bool { return slices.Contains(p.tags, "big donor") || slices.Contains(p.tags, "or") }},
		{"tag = nobody", func(*one) bool { return false }},
		{"acted(stop-abuse)", func(p *one) bool { return slices.Contains(p.acts, "stop-abuse") }},
		{"list = updates", on},
		{"list = other", func(*one) bool { return false }},
		{"joined >= 2026-01-01", func(p *one) bool { return on(p) && !cut(p).Before(newYear) }},
		{"joined > 2026-01-01", func(p *one) bool { return on(p) && cut(p).After(newYear) }},
		{"joined <= 2026-01-01", func(p *one) bool { return on(p) && !cut(p).After(newYear) }},
		{"joined < 2026-01-01", func(p *one) bool { return on(p) && cut(p).Before(newYear) }},
	}
}

// compound joins comparisons at random.
func (w *world) compound(depth int) filter {
	all := filters()
	a := all[1+w.random.IntN(len(all)-1)]
	if depth == 0 {
		return a
	}
	b, c := w.compound(depth-1), w.compound(depth-1)
	switch w.random.IntN(4) {
	case 0:
		return filter{"(" + b.text + ") and (" + c.text + ")", func(p *one) bool { return b.of(p) && c.of(p) }}
	case 1:
		return filter{"(" + b.text + ") or " + a.text, func(p *one) bool { return b.of(p) || a.of(p) }}
	case 2:
		return filter{"not (" + b.text + ")", func(p *one) bool { return !b.of(p) }}
	}
	return filter{a.text + " and not (" + b.text + " or " + c.text + ")", func(p *one) bool { return a.of(p) && !b.of(p) && !c.of(p) }}
}

// check asks for a filter in all ways and compares with what the test knows.
func (w *world) check(when string, f filter) {
	w.Helper()
	var want []string
	for id, p := range w.known {
		if f.of(p) {
			want = append(want, id)
		}
	}
	slices.Sort(want)
	s, err := segment.Parse(f.text)
	if err != nil {
		w.Fatal(err)
	}
	n, err := w.people.Count(w.Context(), s)
	if err != nil || n != int64(len(want)) {
		w.Errorf("%s, %q: %d people, %v; want %d", when, f.text, n, err, len(want))
	}
	var got []string
	most := 1 + w.random.IntN(40)
	err = w.people.Each(w.Context(), s, most, func(ids []string) error {
		if len(ids) > most {
			w.Errorf("%d ids on a page of %d", len(ids), most)
		}
		got = append(got, ids...)
		return nil
	})
	if err != nil || !slices.Equal(got, want) {
		w.Errorf("%s, %q: listed %d, %v; want %d", when, f.text, len(got), err, len(want))
	}
}

// Whatever happens to people, before and after folding, the answers are those of the rows.
func TestAnswersAreExact(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		checkAll := func(when string) {
			t.Helper()
			for _, f := range filters() {
				w.check(when, f)
			}
			for range 20 {
				w.check(when, w.compound(3))
			}
		}
		checkAll("nobody")
		w.add(70)
		checkAll("all are new")
		w.fold()
		checkAll("folded")
		for round := range 4 {
			for range 5 {
				w.put(w.draw(w.anybody()))
			}
			w.forget(w.anybody())
			w.add(w.random.IntN(60))
			checkAll(fmt.Sprintf("round %d", round))
			w.fold()
			checkAll(fmt.Sprintf("round %d, folded", round))
		}
		if n, err := w.people.Waiting(t.Context(), 10); err != nil || n != 0 {
			t.Errorf("%d changes wait after folding, %v", n, err)
		}
		for len(w.known) > 0 {
			w.forget(w.anybody())
		}
		w.fold()
		checkAll("all are gone")
	})
}

// A block of an older release has its ids in one piece. Answers are exact with it, and when others
// have been made beside it.
func TestBlocksOfAnOlderRelease(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		checkAll := func(when string) {
			t.Helper()
			for _, f := range filters() {
				w.check(when, f)
			}
		}
		segment.InOnePiece(func() {
			w.add(60)
			w.fold()
		})
		checkAll("as it was")
		for round := range 3 {
			for range 5 {
				w.put(w.draw(w.anybody()))
			}
			w.forget(w.anybody())
			people := w.drawn(8)
			w.bring(people)
			w.know(people)
			checkAll(fmt.Sprintf("round %d", round))
			w.fold()
			checkAll(fmt.Sprintf("round %d, folded", round))
		}
	})
}

// A person who changes while their block is made anew is not lost: the change that is not yet
// committed stays noted.
func TestAChangeDuringAFoldStays(t *testing.T) {
	d := dbtest.Postgres(t)
	w := newWorld(t, d)
	w.add(20)
	w.fold()
	id := w.anybody()
	now := w.draw(id)
	now.tags, now.state, now.seat = []string{"volunteer"}, "CA", "CA-01"
	w.put(w.draw(id)) // noted once, so that the fold below has something to do
	err := d.Tx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
		if _, err := tx.SQL().ExecContext(ctx, "UPDATE supporters SET state = 'CA', seat = 'CA-01' WHERE id = $1", id); err != nil {
			return err
		}
		if err := segment.Changed(ctx, tx, id); err != nil {
			return err
		}
		return w.people.Fold(context.WithoutCancel(t.Context())) //nolint:contextcheck // beside the transaction, not in it
	})
	if err != nil {
		t.Fatal(err)
	}
	w.known[id].state, w.known[id].seat = "CA", "CA-01"
	w.check("after the fold", filter{"state = CA", func(p *one) bool { return p.state == "CA" }})
	w.fold()
	w.check("after the next one", filter{"state = CA", func(p *one) bool { return p.state == "CA" }})
}

func TestPartyIsThatOfTheMember(t *testing.T) {
	w := newWorld(t, dbtest.New(t))
	w.add(100)
	members, err := w.people.Roster()
	if err != nil {
		t.Fatal(err)
	}
	party := func(p *one) roster.Party {
		answers, err := members.All(noon)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range answers {
			if a.Seat.String() == p.seat {
				return a.Member.Party
			}
		}
		return ""
	}
	for _, name := range []roster.Party{roster.Democrat, roster.Republican} {
		w.check("now", filter{"party = " + string(name), func(p *one) bool { return party(p) == name }})
	}
}

func TestSavedSegments(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		texas, err := segment.Parse("state = TX and acted(water)")
		if err != nil {
			t.Fatal(err)
		}
		if err := w.people.Save(t.Context(), "texas", texas, "ada"); err != nil {
			t.Fatal(err)
		}
		if s, err := w.people.Find(t.Context(), "texas"); err != nil || !segment.Same(s, texas) {
			t.Errorf("%s, %v", s, err)
		}
		if s, err := w.people.Find(t.Context(), "state = CA"); err != nil || s.String() != "state = CA" {
			t.Errorf("%s, %v", s, err)
		}
		if _, err := w.people.Find(t.Context(), "state = "); !fault.Is(err, fault.Invalid) || !strings.Contains(fault.Message(err), "at character 9") {
			t.Errorf("%v", err)
		}
		for _, name := range []string{"", "Texas", "a b", "everyone", "and", "state = TX", strings.Repeat("a", 101)} {
			if err := w.people.Save(t.Context(), name, texas, "ada"); !fault.Is(err, fault.Invalid) {
				t.Errorf("the name %q: %v", name, err)
			}
		}
		unknown, err := segment.Parse("acted(nothing)")
		if err != nil {
			t.Fatal(err)
		}
		if err := w.people.Save(t.Context(), "nothing", unknown, "ada"); !fault.Is(err, fault.NotFound) {
			t.Errorf("a campaign that is not there: %v", err)
		}
		list, err := w.people.List(t.Context())
		if err != nil || len(list) != 1 || list[0].Name != "texas" || list[0].MadeBy != "ada" || !list[0].Updated.Equal(noon) {
			t.Errorf("%+v, %v", list, err)
		}
		if err := w.people.Remove(t.Context(), "texas"); err != nil {
			t.Error(err)
		}
		if err := w.people.Remove(t.Context(), "texas"); !fault.Is(err, fault.NotFound) {
			t.Error(err)
		}
		if _, err := w.people.Find(t.Context(), "texas"); !fault.Is(err, fault.NotFound) {
			t.Error(err)
		}
	})
}
