package db

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/db/stamp"
	"github.com/franklin-letters/franklin/internal/fault"
)

// keyringSetting is the name of the setting that says which keys the database needs.
const keyringSetting = "keyring"

// Keyring is what the database knows of the key ring: fingerprints, no keys. All nodes go
// by it, each with a copy of the ring.
type Keyring struct {
	Index   string     `json:"index"`   // of the blind indexes
	Keys    []string   `json:"keys"`    // under which values may be sealed
	Current string     `json:"current"` // under which they are sealed now
	Since   stamp.Time `json:"since"`   // when it became the current one
	// Plain is true until the keys by which people are found are blind indexes. Before
	// there was a key ring they were the mailboxes themselves.
	Plain bool `json:"plain,omitempty"`
}

// Reasons why a database does not open.
var (
	// ErrNoKeyring says that no server with a key ring has used the database yet.
	ErrNoKeyring = errors.New("the database has no key ring yet: the server makes one when it starts")
	// ErrLocked is in the chain when the key ring is not at hand or not the right one.
	ErrLocked = errors.New("the database stays locked")
)

// Keyring returns what the database knows of its key ring, or ErrNoKeyring.
func (d *DB) Keyring(ctx context.Context) (Keyring, error) {
	k, _, err := readKeyring(ctx, d.read)
	return k, err
}

func readKeyring(ctx context.Context, q *query.Queries) (k Keyring, text string, err error) {
	text, err = q.Setting(ctx, keyringSetting)
	if err = Fault(err); fault.Is(err, fault.NotFound) {
		return k, "", ErrNoKeyring
	}
	if err == nil {
		err = json.Unmarshal([]byte(text), &k)
	}
	if err != nil {
		return k, "", fmt.Errorf("read which keys the database needs: %w", err)
	}
	return k, text, nil
}

// Unlock compares the key ring with what the database needs, and takes the current key.
// The tables must be this program's.
func (d *DB) Unlock(ctx context.Context) error {
	k, err := d.Keyring(ctx)
	if err != nil {
		return err
	}
	return d.unlock(k)
}

func (d *DB) unlock(k Keyring) error {
	path := d.ring.Path()
	if d.ring.Empty() { // it may have come since it was looked for
		if err := d.ring.Read(); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	if d.ring.Empty() {
		return fmt.Errorf("%w: there is no key ring %s, and without it the personal data cannot be read; put its copy back there", ErrLocked, path)
	}
	if d.ring.Index() != k.Index {
		return fmt.Errorf("%w: the key ring %s is of another installation; put this one's copy there", ErrLocked, path)
	}
	for _, id := range k.Keys {
		if !d.ring.Has(id) {
			return fmt.Errorf("%w: the key ring %s lacks the key %s, under which personal data are sealed; put its newest copy there", ErrLocked, path, id)
		}
	}
	return d.ring.Use(k.Current)
}

// Establish is Unlock for a server: it makes the key ring of a database that has none yet,
// and hides the mailboxes that such a database may show.
func (d *DB) Establish(ctx context.Context, now time.Time) error {
	err := d.Unlock(ctx)
	if errors.Is(err, ErrNoKeyring) {
		if err = d.claimKeyring(ctx, now); err == nil {
			err = d.Unlock(ctx)
		}
	}
	if err != nil {
		return err
	}
	return d.hideMailboxes(ctx)
}

// claimKeyring writes down that the database belongs to our ring. Another node may be first;
// then its ring holds.
func (d *DB) claimKeyring(ctx context.Context, now time.Time) error {
	if d.ring.Empty() {
		err := d.ring.Make()
		if errors.Is(err, fs.ErrExist) { // another node on this machine was first
			err = d.ring.Read()
		}
		if err != nil {
			return err
		}
	}
	text, err := json.Marshal(Keyring{
		Index: d.ring.Index(), Keys: []string{d.ring.Current()}, Current: d.ring.Current(), Since: stamp.Of(now), Plain: true,
	})
	if err != nil {
		return err
	}
	err = d.Tx(ctx, func(ctx context.Context, tx *Tx) error {
		_, err := tx.ClaimSetting(ctx, query.ClaimSettingParams{Name: keyringSetting, Value: string(text)})
		return err
	})
	if err != nil {
		return fmt.Errorf("write down which keys the database needs: %w", err)
	}
	return nil
}

// changeKeyring changes what the database knows of its key ring.
func (d *DB) changeKeyring(ctx context.Context, with func(*Keyring) error) error {
	err := d.Tx(ctx, func(ctx context.Context, tx *Tx) error {
		k, old, err := readKeyring(ctx, tx.Queries)
		if err != nil {
			return err
		}
		if err := with(&k); err != nil {
			return err
		}
		text, err := json.Marshal(k)
		if err != nil {
			return err
		}
		n, err := tx.ChangeSetting(ctx, query.ChangeSettingParams{Name: keyringSetting, Value: string(text), FromValue: old})
		if err == nil && n == 0 {
			err = fault.New(fault.Conflict, "somebody else changes the keys")
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("change which keys the database needs: %w", err)
	}
	return nil
}

// hidePage is how many people's keys are looked at in one transaction.
const hidePage = 500

// hideMailboxes makes blind indexes of the mailboxes by which people were found before there
// was a key ring. It ends before this node serves anybody: two rows of one person would
// come from looking up the one form and finding the other.
func (d *DB) hideMailboxes(ctx context.Context) error {
	k, err := d.Keyring(ctx)
	if err != nil || !k.Plain {
		return err
	}
	for after := ""; ; {
		rows, err := d.read.ListMailboxKeys(ctx, query.ListMailboxKeysParams{AfterID: after, MaxRows: hidePage})
		if err != nil {
			return fmt.Errorf("look for mailboxes: %w", Fault(err))
		}
		if len(rows) == 0 {
			return d.changeKeyring(ctx, func(k *Keyring) error { k.Plain = false; return nil })
		}
		after = rows[len(rows)-1].ID
		err = d.Tx(ctx, func(ctx context.Context, tx *Tx) error {
			for _, r := range rows {
				if !strings.Contains(r.EmailKey, "@") {
					continue
				}
				if _, err := tx.SetMailboxKey(ctx, query.SetMailboxKeyParams{ID: r.ID, EmailKey: d.Blind(r.EmailKey), FromKey: r.EmailKey}); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("hide mailboxes: %w", err)
		}
	}
}

// UseKey has all nodes seal under a key of the ring, which each of them must have by then.
func (d *DB) UseKey(ctx context.Context, id string, now time.Time) error {
	if err := d.ring.Read(); err != nil {
		return err
	}
	if !d.ring.Has(id) {
		return fault.New(fault.Invalid, fmt.Sprintf("the key ring %s has no key %s", d.ring.Path(), id))
	}
	err := d.changeKeyring(ctx, func(k *Keyring) error {
		if k.Current == id {
			return nil
		}
		if !slices.Contains(k.Keys, id) {
			k.Keys = append(k.Keys, id)
		}
		k.Current, k.Since = id, stamp.Of(now)
		return nil
	})
	if err != nil {
		return err
	}
	return d.ring.Use(id)
}

// AddKey adds a key to the ring's file and returns its id. Nothing is sealed under it before
// UseKey.
func (d *DB) AddKey(ctx context.Context) (string, error) {
	if err := d.Unlock(ctx); err != nil {
		return "", err
	}
	return d.ring.Add()
}

// KeyIDs returns the ids of the keys in the ring.
func (d *DB) KeyIDs() []string { return d.ring.IDs() }

// FollowKeys takes the current key when another one has become it.
func (d *DB) FollowKeys(ctx context.Context) error {
	k, err := d.Keyring(ctx)
	if err != nil || k.Current == d.ring.Current() {
		return err
	}
	if err := d.ring.Use(k.Current); err != nil {
		return fmt.Errorf("seal under the key %s: %w", k.Current, err)
	}
	return nil
}

// NoticeWithin is how long a node may take at most to notice that another key is the current
// one. It looks far more often.
const NoticeWithin = time.Minute

// DropKey takes a key out of the ring's file, once nothing is sealed under it any more and
// no node can still seal under it.
func (d *DB) DropKey(ctx context.Context, id string, now time.Time) error {
	k, err := d.Keyring(ctx)
	switch {
	case err != nil:
		return err
	case k.Current == id:
		return fault.New(fault.Invalid, id+" is the current key: use another one first")
	case !slices.Contains(d.ring.IDs(), id):
		return fault.New(fault.Invalid, fmt.Sprintf("the key ring %s has no key %s", d.ring.Path(), id))
	case now.Sub(k.Since.Time()) < NoticeWithin:
		return fault.New(fault.Invalid, "the current key is not a minute old; some node may still seal under "+id)
	}
	under, err := d.SealedUnder(ctx)
	if err != nil {
		return err
	}
	if n := under[id]; n > 0 {
		return fault.New(fault.Invalid, fmt.Sprintf("%d values are still sealed under the key %s; the server seals them anew in the background", n, id))
	}
	err = d.changeKeyring(ctx, func(k *Keyring) error {
		k.Keys = slices.DeleteFunc(k.Keys, func(other string) bool { return other == id })
		return nil
	})
	if err != nil {
		return err
	}
	return d.ring.Drop(id)
}
