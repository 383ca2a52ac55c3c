package main

import (
	"context"
	"time"

	"github.com/franklin-letters/franklin/internal/audit"
	"github.com/franklin-letters/franklin/internal/config"
	"github.com/franklin-letters/franklin/internal/db"
)

type keysCommand struct {
	config.Settings `embed:"" group:"settings"`

	List keysList `cmd:"" help:"List the keys, and how many values are sealed under each. Reads the whole database."`
	Add  keysAdd  `cmd:"" help:"Make one more key. It is not used yet."`
	Use  keysUse  `cmd:"" help:"Seal under a key from now on, and seal anew in the background what is sealed under others."`
	Drop keysDrop `cmd:"" help:"Take a key out of the ring under which nothing is sealed any more."`
}

type keysList struct {
	JSON bool `help:"Print JSON." name:"json"`
}

// ringKey is the stable JSON of one key of `franklin keys list --json`.
type ringKey struct {
	ID      string `json:"id"`
	Current bool   `json:"current"`
	InRing  bool   `json:"in_ring"`
	Values  int64  `json:"values"`
}

// keysReport is the stable JSON of `franklin keys list --json`.
type keysReport struct {
	Keyring  string    `json:"keyring"`
	Since    time.Time `json:"since"` // of the current key
	Keys     []ringKey `json:"keys"`
	Unsealed int64     `json:"unsealed"` // values that wait to be sealed for the first time
}

// Run lists the keys.
func (c keysList) Run(ctx context.Context, con console, group *keysCommand) error {
	b, done, err := backOffice(ctx, &group.Settings, con)
	if err != nil {
		return err
	}
	defer done()
	known, err := b.DB.Keyring(ctx)
	if err != nil {
		return err
	}
	under, err := b.DB.SealedUnder(ctx)
	if err != nil {
		return err
	}
	r := keysReport{Keyring: group.Keyring, Since: known.Since.Time(), Unsealed: under[""]}
	for _, id := range b.DB.KeyIDs() {
		r.Keys = append(r.Keys, ringKey{id, id == known.Current, true, under[id]})
		delete(under, id)
	}
	delete(under, "")
	for id, n := range under {
		r.Keys = append(r.Keys, ringKey{id, false, false, n})
	}
	if c.JSON {
		return printJSON(con, r)
	}
	for _, k := range r.Keys {
		con.print("%s  %d values%s\n", k.ID, k.Values, k.words(r.Since))
	}
	if r.Unsealed > 0 {
		con.print("%d values are not sealed yet; the server seals them in the background.\n", r.Unsealed)
	}
	return nil
}

func (k ringKey) words(since time.Time) string {
	switch {
	case k.Current:
		return ", the current key since " + since.Format(moment)
	case !k.InRing:
		return ", MISSING from the key ring: they cannot be read"
	}
	return ""
}

type keysAdd struct{}

// Run makes a key.
func (keysAdd) Run(ctx context.Context, con console, group *keysCommand) error {
	return group.change(ctx, con, audit.KeyAdd, func(d *db.DB) (string, error) {
		id, err := d.AddKey(ctx)
		if err == nil {
			con.print("The key %s is in %s. Copy the file to every node and to where its copy is kept; then: franklin keys use %s\n", id, group.Keyring, id)
		}
		return id, err
	})
}

type keysUse struct {
	ID string `arg:"" help:"Id of the key, as franklin keys list shows it."`
}

// Run makes a key the current one.
func (c keysUse) Run(ctx context.Context, con console, group *keysCommand) error {
	return group.change(ctx, con, audit.KeyUse, func(d *db.DB) (string, error) {
		err := d.UseKey(ctx, c.ID, con.now())
		if err == nil {
			con.print("All nodes seal under %s within a minute. The server then seals the rest anew; franklin keys list tells how far it is.\n", c.ID)
		}
		return c.ID, plain(err)
	})
}

type keysDrop struct {
	ID string `arg:"" help:"Id of the key, as franklin keys list shows it."`
}

// Run takes a key out.
func (c keysDrop) Run(ctx context.Context, con console, group *keysCommand) error {
	return group.change(ctx, con, audit.KeyDrop, func(d *db.DB) (string, error) {
		err := d.DropKey(ctx, c.ID, con.now())
		if err == nil {
			con.print("The key %s is out of %s. Backups from before need the copy of the ring that still has it.\n", c.ID, group.Keyring)
		}
		return c.ID, plain(err)
	})
}

// change changes the key ring and writes down who did.
func (c *keysCommand) change(ctx context.Context, con console, action audit.Action, with func(*db.DB) (string, error)) error {
	b, done, err := backOffice(ctx, &c.Settings, con)
	if err != nil {
		return err
	}
	defer done()
	id, err := with(b.DB)
	if err != nil {
		return err
	}
	return b.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		return audit.Record(ctx, tx, audit.Entry{At: con.now(), Who: operator(), Action: action, Subject: id})
	})
}
