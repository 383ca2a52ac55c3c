package supporter_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/internal/campaign"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/db/stamp"
	"github.com/franklin-letters/franklin/internal/mail"
	"github.com/franklin-letters/franklin/internal/supporter"
)

var (
	noon   = time.Date(2026, time.November, 23, 17, 0, 0, 0, time.UTC)
	secret = []byte(strings.Repeat("a", 32))
	newer  = []byte(strings.Repeat("b", 32))
)

const water = `---
title: Clean water
slug: water
status: published
topics: [Health]
goal: 100
summary: Ask for clean water.
letter:
  subject: Please support H.R. 77
  text: |
    Our water is brown.
opt_in: Yes, send me news.
es:
  opt_in: Sí, quiero noticias.
---
The page.
`

// world is a database with people, and a clock that tests turn.
type world struct {
	*testing.T

	db     *db.DB
	now    time.Time
	store  *campaign.Store
	water  *campaign.Campaign
	people *supporter.People
}

func newWorld(t *testing.T, d *db.DB) *world {
	t.Helper()
	w := &world{T: t, db: d, now: noon}
	w.store = campaign.NewStore(d, w.clock)
	var err error
	if w.water, _, err = w.store.Apply(t.Context(), []byte(water), "test"); err != nil {
		t.Fatal(err)
	}
	w.people = w.under(secret)
	return w
}

func (w *world) clock() time.Time { return w.now }

// under is the door to the same people under other secrets.
func (w *world) under(secrets ...[]byte) *supporter.People {
	return &supporter.People{DB: w.db, Keys: supporter.NewKeys(secrets...), Clock: w.clock, BaseURL: "https://act.example.org"}
}

// tx runs a change that must succeed.
func (w *world) tx(change func(ctx context.Context, tx *db.Tx) error) {
	w.Helper()
	if err := w.db.Tx(w.Context(), change); err != nil {
		w.Fatal(err)
	}
}

// add adds a person, whose id is the part of the address in front of the @.
func (w *world) add(email string) supporter.Person {
	w.Helper()
	id, _, _ := strings.Cut(email, "@")
	w.tx(func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.InsertRows(ctx, db.Insert{Table: "supporters", Columns: []string{"id", "email_key", "email", "lang", "created_at", "updated_at"}},
			[][]any{{id, w.db.Blind(mail.Mailbox(email)), email, "en", stamp.Of(w.now), stamp.Of(w.now)}})
		return err
	})
	return supporter.Person{ID: id, Email: email, Lang: "en"}
}

// tick ticks the box of a list for a person; confirmed says that the mailbox answered.
func (w *world) tick(who supporter.Person, list supporter.List, confirmed bool) {
	w.Helper()
	t := supporter.Tick{Supporter: who.ID, List: list, Campaign: w.water, Lang: "en", At: w.now}
	if confirmed {
		t.Confirmed = w.now
	}
	w.tx(func(ctx context.Context, tx *db.Tx) error { return w.people.Join(ctx, tx, []supporter.Tick{t}) })
}

// member adds a person who is on the list.
func (w *world) member(email string) supporter.Person {
	w.Helper()
	who := w.add(email)
	w.tick(who, supporter.Updates, true)
	return who
}

// audience lists who gets a mail of the list, by the index and by the question at the last moment.
func (w *world) audience(list supporter.List) string {
	w.Helper()
	ids, err := w.db.Read().ListAudience(w.Context(), query.ListAudienceParams{List: string(list), MaxRows: 100})
	if err != nil {
		w.Fatal(err)
	}
	return strings.Join(ids, " ")
}

func (w *world) suppressed(address string, list supporter.List) bool {
	w.Helper()
	out, err := w.people.Suppressed(w.Context(), address, list)
	if err != nil {
		w.Fatal(err)
	}
	return out
}

func (w *world) consents(who supporter.Person) []supporter.Consent {
	w.Helper()
	all, err := w.people.Consents(w.Context(), w.store, who.ID)
	if err != nil {
		w.Fatal(err)
	}
	return all
}

func (w *world) leave(who supporter.Person, list supporter.List) {
	w.Helper()
	link, ok := w.people.ToLeave(w.people.LeaveToken(who.ID, who.Email, supporter.Updates))
	if !ok {
		w.Fatal("our own link is not ours")
	}
	if err := w.people.Leave(w.Context(), link, list, supporter.ByPage); err != nil {
		w.Fatal(err)
	}
}

// confirm presses the button of the mail that asks to join.
func (w *world) confirm(who supporter.Person) bool {
	w.Helper()
	url := w.people.JoinURL(who.ID, who.Email, supporter.Updates)
	link, ok := w.people.ToJoin(url[strings.LastIndex(url, "/")+1:])
	if !ok {
		w.Fatal("our own link is not ours")
	}
	done, err := w.people.Confirm(w.Context(), link)
	if err != nil {
		w.Fatal(err)
	}
	return done
}
