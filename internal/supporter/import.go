package supporter

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/franklin-letters/franklin/internal/audit"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/db/stamp"
	"github.com/franklin-letters/franklin/internal/fault"
	"github.com/franklin-letters/franklin/internal/supporter/peoplefile"
)

// MethodImport is the method of a consent that an organisation declared when it brought
// people in.
const MethodImport = "import"

// Record is the purpose of a consent to be on record, without a list.
const Record List = "record"

// Import says how people of a file are to be taken in.
type Import struct {
	// Basis is why the organisation may hold these people, and write to them if there is a
	// list, in its own words. It stands in the ledger of each of them.
	Basis string
	// List is the list on which they come; Record for none.
	List List
	Tags []string
	File string // its name, for the record
	Who  string
	// DryRun does everything and takes it back.
	DryRun bool
	// Place finds state and district of a ZIP code; "" for what is not certain.
	Place func(zip, state string) (inState, seat string)
	// Refused is told of each person who was not taken in, and why.
	Refused func(line int, why string) error
	// Progress is told now and then how far it has come.
	Progress func(Imported)
}

// Imported is what became of the people of a file.
type Imported struct {
	ID      string `json:"id,omitempty"` // of the import, as it stands in the ledger
	People  int64  `json:"people"`       // in the file
	New     int64  `json:"new"`
	Known   int64  `json:"known"`    // were on record before
	Twice   int64  `json:"twice"`    // stand in the file more than once, close together
	Joined  int64  `json:"joined"`   // came on the list by this import
	Ticked  int64  `json:"ticked"`   // of these had ticked its box here and not confirmed it: the basis does
	Already int64  `json:"already"`  // were on the list before
	KeptOff int64  `json:"kept_off"` // taken in, but not on the list: they left, bounced or complained here or elsewhere
	Refused int64  `json:"refused"`
}

// Bounds of a declared basis, in characters.
const (
	minBasis = 20
	maxBasis = 2000
)

// importAtOnce is how many people one transaction takes in, importTogether how many
// transactions run at once where the database lets them: while one waits for PostgreSQL, the
// program makes the next one ready.
const (
	importAtOnce   = 4000
	importTogether = 2
)

// importLarge is how many new people change how tables are best read.
const importLarge = 100_000

// errDryRun takes a transaction back that was only tried.
var errDryRun = errors.New("only tried")

// Import takes the people of a file in. Who is on record keeps what they said themselves; only
// what is empty is filled in. Nobody who left a list, wants no mail, bounced or complained
// comes back by it. Doing it twice is as good as once.
func (p *People) Import(ctx context.Context, file peoplefile.Reader, o Import) (done Imported, err error) {
	if p.Keys.none() {
		return done, ErrNoSecret
	}
	if n := utf8.RuneCountInString(strings.TrimSpace(o.Basis)); n < minBasis || n > maxBasis {
		return done, fault.New(fault.Invalid, fmt.Sprintf("say in %d to %d characters why you may write to these people: where they agreed, to what, and when", minBasis, maxBasis))
	}
	run := &importing{people: p, Import: o, id: newID(), hash: digest(o.Basis), now: stamp.Of(p.Clock())}
	if o.DryRun {
		run.tried = newTried()
	} else {
		if err := run.begin(ctx); err != nil {
			return done, err
		}
	}
	ctx, stop := context.WithCancel(ctx)
	defer run.inHand.Wait()
	defer stop()
	for b := range run.taken(ctx, run.read(ctx, file)) {
		if err := run.tell(<-b); err != nil {
			return run.done, err
		}
	}
	return run.done, run.settle(ctx)
}

// importing is an import under way.
type importing struct {
	Import

	people   *People
	id, hash string
	now      stamp.Time
	done     Imported
	inHand   sync.WaitGroup
	tried    *tried // in a dry run
}

// settle ends an import. When it was a large one, what follows is planned for the tables as
// they are now.
func (r *importing) settle(ctx context.Context) error {
	if r.DryRun || r.done.New < importLarge {
		return ctx.Err()
	}
	return r.people.DB.Analyze(ctx, "consents", "subscriptions", "person_tags")
}

func (r *importing) begin(ctx context.Context) error {
	r.done.ID = r.id
	err := r.people.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		err := tx.InsertImport(ctx, query.InsertImportParams{
			ID: r.id, At: r.now, Who: r.Who, File: r.File, List: string(r.List), Basis: r.Basis, BasisHash: r.hash,
		})
		if err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Entry{At: r.people.Clock(), Who: r.Who, Action: audit.PeopleImport, Subject: r.id, Detail: string(r.List)})
	})
	if err != nil {
		return fmt.Errorf("begin an import: %w", err)
	}
	return nil
}

// newcomer is a person of a file with the keys by which they are found.
type newcomer struct {
	peoplefile.Person

	key    string   // the blind index
	hashes []string // under which mail may be kept from them
	seat   string   // by the ZIP code
	row    []any    // as somebody new
	line   string   // the id of the line in the ledger
	id     string
	known  bool
	tried  fate   // in a dry run
	off    bool   // not on the list
	why    string // not taken in
}

// importBatch are the next people of a file, and what became of them.
type importBatch struct {
	*importing

	people []*newcomer
	good   []*newcomer // who can be taken in, as far as the file tells
	byKey  map[string]*newcomer
	byHash map[string]*newcomer
	hashes []string
	end    error // what ended the file behind them
	stored chan struct{}
	done   Imported
	err    error // of taking them in
}

// read reads the file ahead of who stores it.
func (r *importing) read(ctx context.Context, file peoplefile.Reader) <-chan *importBatch {
	batches := make(chan *importBatch, 1)
	go func() {
		defer close(batches)
		for {
			b := &importBatch{importing: r, stored: make(chan struct{})}
			for len(b.people) < importAtOnce && b.end == nil {
				var one peoplefile.Person
				if one, b.end = file.Next(); b.end == nil {
					b.people = append(b.people, r.people.newcomer(one))
				}
			}
			b.prepare()
			select {
			case batches <- b:
			case <-ctx.Done():
				return
			}
			if b.end != nil {
				return
			}
		}
	}()
	return batches
}

func (p *People) newcomer(one peoplefile.Person) *newcomer {
	n := &newcomer{Person: one}
	if len(one.Problems) > 0 {
		n.why = strings.Join(one.Problems, "; ")
		return n
	}
	n.key, n.hashes = p.blind(one.Email), p.Keys.mailboxes(one.Email)
	return n
}

// taken takes batches in, several at once where the database can, and hands them on in the
// order of the file.
func (r *importing) taken(ctx context.Context, batches <-chan *importBatch) <-chan chan *importBatch {
	together := min(importTogether, r.people.DB.Writers())
	if r.DryRun { // each must know what the one before would have done
		together = 1
	}
	all := make(chan chan *importBatch, together-1)
	r.inHand.Go(func() {
		defer close(all)
		var before *importBatch
		for b := range batches {
			one := make(chan *importBatch, 1)
			select {
			case all <- one:
			case <-ctx.Done():
				return
			}
			last := before
			before = b
			r.inHand.Go(func() {
				if b.shares(last) {
					<-last.stored
				}
				b.err = b.take(ctx)
				close(b.stored)
				one <- b
			})
		}
	})
	return all
}

// shares reports whether people are in this batch and in the one before it. Then it waits: what
// the file says of them further down comes second, as when nothing is done at once.
func (b *importBatch) shares(before *importBatch) bool {
	if before == nil {
		return false
	}
	for key := range b.byKey {
		if before.byKey[key] != nil {
			return true
		}
	}
	return false
}

// take takes a batch in.
func (b *importBatch) take(ctx context.Context) error {
	if b.err != nil {
		return b.err
	}
	before := b.done
	err := b.importing.people.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		b.done = before // it may run again
		if err := b.store(ctx, tx, b.good); err != nil {
			return err
		}
		if b.DryRun {
			return errDryRun
		}
		_, err := tx.CountImport(ctx, query.CountImportParams{ID: b.id, Taken: b.done.New + b.done.Known, Refused: int64(len(b.people) - len(b.good))})
		return err
	})
	if err != nil && !errors.Is(err, errDryRun) {
		return fmt.Errorf("take people in: %w", err)
	}
	b.tried.learn(b.good)
	return nil
}

// prepare does what needs no transaction: while one batch is stored, the next is made ready.
func (b *importBatch) prepare() {
	b.byKey = make(map[string]*newcomer, len(b.people))
	for _, one := range b.people {
		b.done.People++
		switch {
		case one.why != "":
		case b.byKey[one.key] != nil:
			b.done.Twice++
		default:
			b.byKey[one.key] = one
			b.good = append(b.good, one)
		}
	}
	// In one order on all nodes, two transactions never wait for each other.
	slices.SortFunc(b.good, func(a, b *newcomer) int { return strings.Compare(a.key, b.key) })
	b.byHash = make(map[string]*newcomer, 2*len(b.good))
	rows := make([][]any, len(b.good))
	for i, one := range b.good {
		b.complete(one)
		one.row, one.line = b.rowOf(one), newID()
		rows[i] = one.row
		for _, h := range one.hashes {
			b.byHash[h] = one
			b.hashes = append(b.hashes, h)
		}
	}
	b.err = b.importing.people.DB.SealRows(b.newPeople(), rows)
}

// complete adds what the import says of everybody, and what follows from the ZIP code.
func (r *importing) complete(one *newcomer) {
	one.Tags = slices.Concat(one.Tags, r.Tags)
	slices.Sort(one.Tags)
	one.Tags = slices.Compact(one.Tags)
	if r.Place != nil && one.ZIP != "" {
		if state, seat := r.Place(one.ZIP, one.State); state != "" {
			one.State, one.seat = state, seat
		}
	}
}

// tell adds up what became of a batch, and tells whom it is for.
func (r *importing) tell(b *importBatch) error {
	if b.err != nil {
		return b.err
	}
	r.done.add(b.done)
	for _, one := range b.people {
		if one.why == "" {
			continue
		}
		r.done.Refused++
		if r.Refused == nil {
			continue
		}
		if err := r.Refused(one.Line, one.why); err != nil {
			return err
		}
	}
	if r.Progress != nil {
		r.Progress(r.done)
	}
	if !errors.Is(b.end, io.EOF) && b.end != nil {
		return fmt.Errorf("read the file: %w", b.end)
	}
	return nil
}

// add adds what became of a batch.
func (i *Imported) add(b Imported) {
	i.People += b.People
	i.New += b.New
	i.Known += b.Known
	i.Twice += b.Twice
	i.Joined += b.Joined
	i.Ticked += b.Ticked
	i.Already += b.Already
	i.KeptOff += b.KeptOff
}
