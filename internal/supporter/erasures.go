package supporter

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/db/stamp"
	"github.com/franklin-letters/franklin/internal/fault"
	"github.com/franklin-letters/franklin/internal/supporter/segment"
)

// Erasures is the list of who was erased and when, in a file outside of the database: a
// database that comes back from a backup holds people again whose erasure was promised, and
// the list tells whom to erase once more. It holds keyed hashes of mailboxes, and lines are
// only added.
type Erasures struct {
	path string
	mu   sync.Mutex
}

// erased is one line of the list.
type erased struct {
	mailbox string
	at      time.Time
}

const erasuresHead = "franklin erasures "

// OpenErasures opens the list, or begins one.
func OpenErasures(path string) (*Erasures, error) {
	e := &Erasures{path: path}
	_, _, err := e.read()
	if err == nil {
		return e, e.mend()
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	var id [8]byte
	_, _ = rand.Read(id[:]) // never fails; the program ends instead
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("make a folder for the list of erasures: %w", err)
	}
	return e, e.add(erasuresHead + hex.EncodeToString(id[:]))
}

// mend takes a line away that a crash cut short, so that the next one stands by itself.
func (e *Erasures) mend() error {
	text, err := os.ReadFile(e.path)
	if err == nil && !bytes.HasSuffix(text, []byte("\n")) {
		err = os.Truncate(e.path, int64(bytes.LastIndexByte(text, '\n')+1))
	}
	if err != nil {
		return fmt.Errorf("mend the list of erasures: %w", err)
	}
	return nil
}

// add appends a line and returns when it would survive a power cut.
func (e *Erasures) add(line string) error {
	file, err := os.OpenFile(e.path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return fmt.Errorf("write the list of erasures: %w", err)
	}
	_, err = file.WriteString(line + "\n")
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		return fmt.Errorf("write the list of erasures: %w", err)
	}
	return nil
}

// read returns the list with the name by which a database knows it. A line that a crash cut
// short is left out: nobody was told of that erasure.
func (e *Erasures) read() (name string, all []erased, err error) {
	text, err := os.ReadFile(e.path)
	if err != nil {
		return "", nil, fmt.Errorf("read the list of erasures: %w", err)
	}
	whole := text[:bytes.LastIndexByte(text, '\n')+1]
	head, rest, _ := strings.Cut(string(whole), "\n")
	name, ok := strings.CutPrefix(head, erasuresHead)
	if !ok {
		return "", nil, fmt.Errorf("the file %s is not a list of erasures; restore it from a backup", e.path)
	}
	for line := range strings.Lines(rest) {
		when, mailbox, _ := strings.Cut(strings.TrimSpace(line), " ")
		at, err := time.Parse(time.RFC3339, when)
		if err != nil {
			return "", nil, fmt.Errorf("the list of erasures %s has a damaged line", e.path)
		}
		all = append(all, erased{mailbox, at})
	}
	return "erasures-" + name, all, nil
}

// Erase writes down that a person is to be erased, erases them by the given function, and
// notes in the database that it knows of it. A crash on the way is made good by Reapply.
func (p *People) Erase(ctx context.Context, who Person, erase func(context.Context) error) error {
	if p.Erasures == nil {
		return erase(ctx)
	}
	p.Erasures.mu.Lock() // so that the note of a later erasure never covers an earlier one
	defer p.Erasures.mu.Unlock()
	// A second more than it is: in a backup of this very moment the person may be newer.
	at := p.Clock().Add(time.Second).UTC().Format(time.RFC3339)
	if err := p.Erasures.add(at + " " + p.Keys.Mailbox(who.Email)); err != nil {
		return err
	}
	if err := erase(ctx); err != nil {
		return err
	}
	name, all, err := p.Erasures.read()
	if err != nil {
		return err
	}
	return p.note(ctx, name, len(all))
}

// note records how many lines of the list the database knows.
func (p *People) note(ctx context.Context, name string, lines int) error {
	err := p.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		return tx.PutSetting(ctx, query.PutSettingParams{Name: name, Value: strconv.Itoa(lines)})
	})
	if err != nil {
		return fmt.Errorf("note an erasure: %w", err)
	}
	return nil
}

// Reapply erases again who was erased after the database's last backup was made. Call it
// before anything is served. It looks at people only when the database knows less than the
// list, which it does only after a restore or a crash, and returns how many were erased.
func (p *People) Reapply(ctx context.Context, erase func(context.Context, Person) error) (n int, err error) {
	if p.Erasures == nil {
		return 0, nil
	}
	p.Erasures.mu.Lock()
	defer p.Erasures.mu.Unlock()
	name, all, err := p.Erasures.read()
	if err != nil {
		return 0, err
	}
	known := 0
	switch value, err := p.DB.Read().Setting(ctx, name); {
	case err == nil:
		known, _ = strconv.Atoi(value) // 0 when somebody has changed it
	case !fault.Is(db.Fault(err), fault.NotFound):
		return 0, fmt.Errorf("read what the database knows of erasures: %w", db.Fault(err))
	}
	if known >= len(all) {
		return 0, nil
	}
	last := map[string]stamp.Time{}
	for _, e := range all {
		last[e.mailbox] = stamp.Of(e.at)
	}
	if n, err = p.eraseAgain(ctx, last, erase); err != nil {
		return n, err
	}
	return n, p.note(ctx, name, len(all))
}

// eraseAgain goes over all people.
func (p *People) eraseAgain(ctx context.Context, last map[string]stamp.Time, erase func(context.Context, Person) error) (n int, err error) {
	for after := ""; ; {
		rows, err := p.DB.Read().ListSupportersAfter(ctx, query.ListSupportersAfterParams{After: after, MaxRows: pruneBatch})
		if err != nil {
			return n, fmt.Errorf("list people: %w", db.Fault(err))
		}
		for _, s := range rows {
			after = s.ID
			if !p.wasErased(s, last) {
				continue
			}
			if err := erase(ctx, Person{s.ID, string(s.Email), s.Lang}); err != nil {
				return n, err
			}
			n++
		}
		if len(rows) < pruneBatch {
			return n, nil
		}
	}
}

// wasErased reports whether the person is one of those on the list, and not one who came
// back since.
func (p *People) wasErased(s query.Supporter, last map[string]stamp.Time) bool {
	if s.Email == "" {
		return false
	}
	for _, hash := range p.Keys.mailboxes(string(s.Email)) {
		if at, ok := last[hash]; ok && s.CreatedAt <= at {
			return true
		}
	}
	return false
}

// EraseIn takes a person out in the caller's transaction: who they were, to what they
// agreed, on which lists they were. Their row stays, empty, for the submissions that count.
// What keeps mail from their mailbox stays too, by its hash.
func (p *People) EraseIn(ctx context.Context, tx *db.Tx, who Person) error {
	_, err := tx.DropSubscriptions(ctx, query.DropSubscriptionsParams{SupporterID: who.ID, List: string(Everything)})
	if err != nil {
		return err
	}
	if _, err := tx.EraseRecipient(ctx, who.ID); err != nil {
		return err
	}
	if _, err := tx.EraseConsents(ctx, who.ID); err != nil {
		return err
	}
	if _, err := tx.EraseJourneySteps(ctx, who.ID); err != nil {
		return err
	}
	for _, hash := range p.Keys.mailboxes(who.Email) {
		if _, err := tx.ForgetMailbox(ctx, hash); err != nil {
			return err
		}
	}
	_, err = tx.EraseSupporter(ctx, query.EraseSupporterParams{ID: who.ID, UpdatedAt: stamp.Of(p.Clock())})
	if err != nil {
		return err
	}
	if _, err := tx.DropTagsOfForgotten(ctx, who.ID); err != nil {
		return err
	}
	return segment.Forget(ctx, tx, who.ID, p.Clock())
}
