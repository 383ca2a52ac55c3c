package supporter

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
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
	Joined  int64  `json:"joined"`   // are on the list by this import
	KeptOff int64  `json:"kept_off"` // taken in, but not on the list: they left, bounced or complained here or elsewhere
	Refused int64  `json:"refused"`
}

// Bounds of a declared basis, in characters.
const (
	minBasis = 20
	maxBasis = 2000
)

// importAtOnce is how many people one transaction takes in.
const importAtOnce = 4000

// errDryRun takes a transaction back that was only tried.
var errDryRun = errors.New("only tried")

// Import takes the people of a file in. Who is on record keeps what they said themselves; only
// what is empty is filled in. Nobody who left a list, wants no mail, bounced or complained
// comes back by it. Doing it twice is as good as once.
func (p *People) Import(ctx context.Context, file peoplefile.Reader, o Import) (done Imported, err error) {
	if len(p.Keys.secrets) == 0 {
		return done, ErrNoSecret
	}
	if n := utf8.RuneCountInString(strings.TrimSpace(o.Basis)); n < minBasis || n > maxBasis {
		return done, fault.New(fault.Invalid, fmt.Sprintf("say in %d to %d characters why you may write to these people: where they agreed, to what, and when", minBasis, maxBasis))
	}
	run := &importing{people: p, Import: o, id: newID(), hash: digest(o.Basis), now: stamp.Of(p.Clock())}
	if !o.DryRun {
		if err := run.begin(ctx); err != nil {
			return done, err
		}
	}
	batches, stop := read(ctx, p, file)
	defer stop()
	for b := range batches {
		if err := run.take(ctx, b); err != nil {
			return run.done, err
		}
	}
	return run.done, nil
}

// importing is an import under way.
type importing struct {
	Import

	people   *People
	id, hash string
	now      stamp.Time
	done     Imported
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
	custom string
	id     string
	known  bool
	off    bool // not on the list
}

// importBatch are the next people of a file, or the error that ended it.
type importBatch struct {
	people []*newcomer
	err    error
}

// read reads the file ahead of who stores it. Call stop at the end.
func read(ctx context.Context, p *People, file peoplefile.Reader) (<-chan importBatch, func()) {
	ctx, stop := context.WithCancel(ctx)
	batches := make(chan importBatch, 2)
	go func() {
		defer close(batches)
		for {
			var b importBatch
			for len(b.people) < importAtOnce && b.err == nil {
				var one peoplefile.Person
				if one, b.err = file.Next(); b.err == nil {
					b.people = append(b.people, p.newcomer(one))
				}
			}
			select {
			case batches <- b:
			case <-ctx.Done():
				return
			}
			if b.err != nil {
				return
			}
		}
	}()
	return batches, stop
}

func (p *People) newcomer(one peoplefile.Person) *newcomer {
	n := &newcomer{Person: one}
	if len(one.Problems) > 0 {
		return n
	}
	n.key, n.hashes = p.blind(one.Email), p.Keys.mailboxes(one.Email)
	if len(one.Custom) > 0 {
		if text, err := json.Marshal(one.Custom); err == nil { // texts always can
			n.custom = string(text)
		}
	}
	return n
}

// take takes a batch in.
func (r *importing) take(ctx context.Context, b importBatch) error {
	good, err := r.sort(b.people)
	if err != nil {
		return err
	}
	before := r.done
	err = r.people.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		r.done = before // it may run again
		if err := r.store(ctx, tx, good); err != nil {
			return err
		}
		if r.DryRun {
			return errDryRun
		}
		_, err := tx.CountImport(ctx, query.CountImportParams{ID: r.id, Taken: r.done.New + r.done.Known - before.New - before.Known, Refused: int64(len(b.people) - len(good))})
		return err
	})
	if err != nil && !errors.Is(err, errDryRun) {
		return fmt.Errorf("take people in: %w", err)
	}
	if err := r.tellBarred(good); err != nil {
		return err
	}
	if r.Progress != nil {
		r.Progress(r.done)
	}
	if b.err != nil && !errors.Is(b.err, io.EOF) {
		return fmt.Errorf("read the file: %w", b.err)
	}
	return nil
}

// sort counts the people of a batch, and returns those that can be taken in, each mailbox once.
func (r *importing) sort(people []*newcomer) (good []*newcomer, err error) {
	seen := map[string]bool{}
	for _, one := range people {
		r.done.People++
		switch {
		case len(one.Problems) > 0:
			err = r.refuse(one, strings.Join(one.Problems, "; "))
		case seen[one.key]:
			r.done.Twice++
		default:
			seen[one.key] = true
			good = append(good, one)
		}
		if err != nil {
			return nil, err
		}
	}
	return good, nil
}

func (r *importing) refuse(one *newcomer, why string) error {
	r.done.Refused++
	if r.Refused == nil {
		return nil
	}
	return r.Refused(one.Line, why)
}

// barred is what the people are refused with who want no letters in their name.
const barred = "the owner of this mailbox asked to be left alone, or a court did"

func (r *importing) tellBarred(people []*newcomer) error {
	for _, one := range people {
		if one.key == "" {
			if err := r.refuse(one, barred); err != nil {
				return err
			}
		}
	}
	return nil
}
