package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/cwc"
	"github.com/franklin-letters/franklin/congress/district"
	"github.com/franklin-letters/franklin/internal/app"
	"github.com/franklin-letters/franklin/internal/campaign"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/stamp"
	"github.com/franklin-letters/franklin/internal/letter"
)

// bareBatch is how many submissions share a commit at most, as at the desk.
const bareBatch = 64

// order is one submission on its way to the bare writer.
type order struct {
	row  row
	done chan error
}

// row holds what one submission writes: a supporter, the submission, a consent, a letter
// and the first line of its history.
type row struct{ supporter, submission, consent, letter, history []any }

// openSealed opens the database and seals as the real server does, under keys of its own.
func openSealed(ctx context.Context, address string) (*db.DB, error) {
	folder, err := os.MkdirTemp("", "franklin-bench-keys-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder) // the keys stay in memory
	d, err := app.OpenSealed(ctx, address, filepath.Join(folder, "keyring"))
	if err != nil {
		return nil, err
	}
	if err := d.Migrate(ctx); err != nil {
		return nil, err
	}
	return d, d.Establish(ctx, clock()())
}

func newID() string { return uuid.Must(uuid.NewV7()).String() }

// bare measures durable inserts of the same rows and nothing else: no HTTP, no form, no
// queue. As many callers as there are clients wait for one writer, which commits whatever
// is waiting.
func bare(ctx context.Context, t task) error {
	d, err := openSealed(ctx, t.Database)
	if err != nil {
		return err
	}
	defer d.Close()
	source, err := os.ReadFile(t.Campaign)
	if err != nil {
		return err
	}
	now := clock()
	c, _, err := campaign.NewStore(d, now).Apply(ctx, source, "bench")
	if err != nil {
		return err
	}
	found, err := district.Embedded()
	if err != nil {
		return err
	}
	seats, err := seatsOf(found, now())
	if err != nil {
		return err
	}
	w := writer{db: d, campaign: c, keys: letter.NewKeys(make([]byte, 32)), seats: seats, now: now, inbox: make(chan order, bareBatch)}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go w.write(ctx)
	return eachOwnPlan(w.measure)
}

// seatsOf finds the places' seats once, for it is not what is measured.
func seatsOf(l *district.Locator, at time.Time) ([]district.Result, error) {
	seats := make([]district.Result, len(places))
	for i, p := range places {
		var err error
		if seats[i], err = l.ByZIP(p.zip, congress.State(p.state), at); err != nil {
			return nil, err
		}
		if !seats[i].Unique() {
			return nil, errors.New(p.zip + " lies in several districts")
		}
	}
	return seats, nil
}

type writer struct {
	db       *db.DB
	campaign *campaign.Campaign
	keys     letter.Keys
	seats    []district.Result
	now      func() time.Time
	inbox    chan order
}

// measure lets the callers of a plan hand in rows.
func (w *writer) measure(p plan) (loadResult, error) {
	from := time.Now().Add(p.Warm)
	to := from.Add(p.Length)
	counts, all, faults := make([]int, p.Clients), make([]int, p.Clients), make([]error, p.Clients)
	var wait sync.WaitGroup
	for i := range p.Clients {
		wait.Go(func() { counts[i], all[i], faults[i] = w.submit(p.Seed, i, from, to) })
	}
	wait.Wait()
	total := loadResult{Seconds: p.Length.Seconds()}
	for i := range counts {
		total.Done += counts[i]
		total.All += all[i]
	}
	return total, errors.Join(faults...)
}

// submit hands in row after row, each when the one before is durable.
func (w *writer) submit(seed, caller int, from, to time.Time) (done, all int, err error) {
	o := order{done: make(chan error, 1)}
	for number := 1; ; number++ {
		o.row = w.rowOf(newPerson(seed, caller, number), w.seats[(caller+number)%len(places)])
		start := time.Now()
		if !start.Before(to) {
			return done, all, nil
		}
		w.inbox <- o
		if err := <-o.done; err != nil {
			return done, all, err
		}
		all++
		if !start.Before(from) && !time.Now().After(to) {
			done++
		}
	}
}

func (w *writer) write(ctx context.Context) {
	for {
		var batch []order
		select {
		case first := <-w.inbox:
			batch = append(batch, first)
		case <-ctx.Done():
			return
		}
		for more := true; more && len(batch) < bareBatch; {
			select {
			case next := <-w.inbox:
				batch = append(batch, next)
			default:
				more = false
			}
		}
		err := w.commit(ctx, batch)
		for _, o := range batch {
			o.done <- err
		}
	}
}

func (w *writer) commit(ctx context.Context, batch []order) error {
	tables := make([][][]any, len(inserts))
	for _, o := range batch {
		for i, values := range [][]any{o.row.supporter, o.row.submission, o.row.consent, o.row.letter, o.row.history} {
			tables[i] = append(tables[i], values)
		}
	}
	return w.db.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		for i, in := range inserts {
			if _, err := tx.InsertRows(ctx, in, tables[i]); err != nil {
				return err
			}
		}
		return nil
	})
}

// inserts are the tables in the order in which they refer to each other.
var inserts = []db.Insert{
	{Table: "supporters", Columns: strings.Fields("id email_key email first_name last_name lang zip created_at updated_at")},
	{Table: "submissions", Columns: strings.Fields(`id key campaign_id campaign_version supporter_id person prefix first_name last_name
		email phone address1 address2 city state zip seat basis plan lang joined created_at`)},
	{Table: "consents", Columns: strings.Fields("id supporter_id purpose words words_hash lang campaign_id campaign_version method given_at")},
	{Table: "letters", Columns: strings.Fields(`id submission_id campaign_id seat office channel delivery_id subject message edited
		state reason since due_at created_at`)},
	{Table: "letter_history", Columns: strings.Fields("letter_id seq at to_state actor node note")},
}

func (w *writer) rowOf(p person, found district.Result) row {
	f, c, at := decode(p.form()), w.campaign, stamp.Of(w.now())
	supporter, submission, id := newID(), newID(), newID()
	office := found.Seat.OfficeCode()
	return row{
		supporter: []any{supporter, w.db.Blind(f.Email), f.Email, f.FirstName, f.LastName, f.Lang, f.ZIP, at, at},
		submission: []any{
			submission, f.Key, c.ID, c.Version, supporter, w.keys.Person(f), f.Prefix, f.FirstName, f.LastName,
			f.Email, f.Phone, f.Address1, f.Address2, f.City, f.State, f.ZIP,
			found.Seat.String(), string(found.Basis), found.Plan.String(), f.Lang, f.Join, at,
		},
		consent: []any{newID(), supporter, "updates", c.Words("en").OptIn, strings.Repeat("0", 64), f.Lang, c.ID, c.Version, "tick", at},
		letter: []any{
			id, submission, c.ID, found.Seat.String(), office, letter.ChannelHouse, cwc.DeliveryID(f.Key, office),
			f.Subject, f.Message, true, string(letter.Ready), "", at, at, at,
		},
		history: []any{id, int64(1), at, string(letter.Ready), "supporter", "bench/1", ""},
	}
}
