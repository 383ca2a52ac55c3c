package campaign

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/db/stamp"
	"github.com/franklin-letters/franklin/internal/fault"
)

// Store keeps campaigns in the database, every version of each, and what is asked for
// with every page view in memory.
type Store struct {
	db    *db.DB
	clock func() time.Time

	versions sync.Map // versionKey -> *Campaign; a version never changes

	mu   sync.Mutex
	live map[string]*liveEntry // by slug as asked for
}

type versionKey struct {
	id      string
	version int64
}

// Counts are what a campaign has reached. Delivered letters were accepted by an office's
// mail system or handed over by the supporter.
type Counts struct {
	Submitted, Delivered, Joined int
	// Disowned submissions were reported by the owner of the address as not theirs.
	Disowned int
}

// Listed is a campaign with its counts.
type Listed struct {
	*Campaign

	Counts Counts
}

// Change says what Apply did.
type Change string

// The changes.
const (
	Created   Change = "created"
	Updated   Change = "updated"
	Unchanged Change = "unchanged"
)

// NewStore returns the store over a migrated database.
func NewStore(d *db.DB, clock func() time.Time) *Store {
	return &Store{db: d, clock: clock, live: map[string]*liveEntry{}}
}

// Apply makes the file the current version of its campaign, which is found by its slug or
// by one of the slugs it had. The same file twice changes nothing. Its error is Problems
// when the file is at fault, and a conflict when another campaign has the slug.
func (s *Store) Apply(ctx context.Context, source []byte, author string) (*Campaign, Change, error) {
	c, err := Parse(source, s.clock())
	if err != nil {
		return nil, "", err
	}
	sum := sha256.Sum256(source)
	var change Change
	err = s.db.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		change = Unchanged // the transaction may be run again
		old, err := findOld(ctx, tx, c)
		if err != nil {
			return err
		}
		c.ID, c.Version = old.ID, old.Version
		if hex.EncodeToString(sum[:]) == old.Hash {
			return nil
		}
		if change = Updated; old.ID == "" {
			change = Created
		}
		return s.write(ctx, tx, c, query.InsertCampaignVersionParams{
			Source: string(source), Hash: hex.EncodeToString(sum[:]), Author: author, CreatedAt: stamp.Of(s.clock()),
		})
	})
	if err != nil {
		return nil, "", err
	}
	s.forget()
	return c, change, nil
}

// findOld returns the campaign whose next version c is: the one with its slug, or with one
// of the slugs it says it had. The zero row means that c is new.
func findOld(ctx context.Context, tx *db.Tx, c *Campaign) (query.CampaignBySlugRow, error) {
	for _, slug := range append([]string{c.Slug}, c.Formerly...) {
		row, err := tx.CampaignBySlug(ctx, slug)
		switch {
		case fault.Is(db.Fault(err), fault.NotFound):
			continue
		case err != nil:
			return row, fmt.Errorf("find campaign %s: %w", slug, err)
		case row.Slug != c.Slug && !slices.Contains(c.Formerly, row.Slug):
			return row, fault.New(fault.Conflict, fmt.Sprintf("%q was once the address of the campaign %q and still leads there; choose another slug", slug, row.Slug))
		}
		return row, nil
	}
	return query.CampaignBySlugRow{}, nil
}

// errOvertaken says that two files of one campaign were applied at the same moment.
func errOvertaken(cause error) error {
	return fault.Wrap(fault.Conflict, errors.Join(errors.New("overtaken"), cause), "somebody else changed the campaign at the same moment; apply the file again")
}

// write adds c as the next version of its campaign.
func (s *Store) write(ctx context.Context, tx *db.Tx, c *Campaign, v query.InsertCampaignVersionParams) error {
	if err := advance(ctx, tx, c, v.CreatedAt); err != nil {
		return err
	}
	v.CampaignID, v.Version = c.ID, c.Version
	if err := tx.InsertCampaignVersion(ctx, v); err != nil {
		return fmt.Errorf("add version %d: %w", v.Version, err)
	}
	for _, slug := range append([]string{c.Slug}, c.Formerly...) {
		n, err := tx.ClaimCampaignSlug(ctx, query.ClaimCampaignSlugParams{Slug: slug, CampaignID: c.ID})
		if err != nil {
			return fmt.Errorf("take the slug %s: %w", slug, err)
		}
		if n == 0 {
			return fault.New(fault.Conflict, fmt.Sprintf("the slug %q belongs to another campaign", slug))
		}
	}
	return nil
}

// advance makes the campaign's row, or moves it on from the version that c was read at.
func advance(ctx context.Context, tx *db.Tx, c *Campaign, now stamp.Time) error {
	c.Version++
	if c.ID != "" {
		n, err := tx.SetCampaignVersion(ctx, query.SetCampaignVersionParams{
			ID: c.ID, Slug: c.Slug, Version: c.Version, UpdatedAt: now, FromVersion: c.Version - 1,
		})
		switch {
		case err == nil && n == 0, fault.Is(db.Fault(err), fault.Conflict):
			return errOvertaken(err)
		case err != nil:
			return fmt.Errorf("change the campaign: %w", err)
		}
		return nil
	}
	id, err := uuid.NewV7()
	if err != nil {
		return fmt.Errorf("make an id: %w", err)
	}
	c.ID = id.String()
	err = tx.InsertCampaign(ctx, query.InsertCampaignParams{ID: c.ID, Slug: c.Slug, Version: c.Version, CreatedAt: now, UpdatedAt: now})
	if fault.Is(db.Fault(err), fault.Conflict) {
		return errOvertaken(err)
	}
	if err != nil {
		return fmt.Errorf("add the campaign: %w", err)
	}
	return nil
}

// Version returns one version of a campaign, for letters that were written on it.
func (s *Store) Version(ctx context.Context, id string, version int64) (*Campaign, error) {
	key := versionKey{id, version}
	if c, ok := s.versions.Load(key); ok {
		return c.(*Campaign), nil //nolint:forcetypeassert // only campaigns are stored
	}
	row, err := s.db.Read().CampaignVersion(ctx, query.CampaignVersionParams{CampaignID: id, Version: version})
	if err != nil {
		return nil, fmt.Errorf("read version %d of campaign %s: %w", version, id, db.Fault(err))
	}
	return s.parsed(key, row.Source, row.CreatedAt)
}

// parsed reads a stored file as it was meant on the day it was applied.
func (s *Store) parsed(key versionKey, source string, applied stamp.Time) (*Campaign, error) {
	if c, ok := s.versions.Load(key); ok {
		return c.(*Campaign), nil //nolint:forcetypeassert // only campaigns are stored
	}
	c, err := parseStored(source, applied.Time())
	if err != nil {
		return nil, fmt.Errorf("stored version %d of campaign %s: %w", key.version, key.id, err)
	}
	c.ID, c.Version = key.id, key.version
	s.versions.Store(key, c)
	return c, nil
}

// List returns all campaigns, the newest first.
func (s *Store) List(ctx context.Context) ([]Listed, error) {
	rows, err := s.db.Read().ListCampaigns(ctx)
	if err != nil {
		return nil, fmt.Errorf("list campaigns: %w", db.Fault(err))
	}
	all := make([]Listed, 0, len(rows))
	for _, row := range rows {
		c, err := s.parsed(versionKey{row.ID, row.Version}, row.Source, row.UpdatedAt)
		if err != nil {
			return nil, err
		}
		all = append(all, Listed{c, Counts{int(row.Submitted), int(row.Delivered), int(row.Joined), int(row.Disowned)}})
	}
	return all, nil
}

// Applied is one version of a campaign's file.
type Applied struct {
	Version int64
	Source  string
	Author  string
	At      time.Time
}

// Versions returns all versions of a campaign, the newest first.
func (s *Store) Versions(ctx context.Context, id string) ([]Applied, error) {
	rows, err := s.db.Read().ListCampaignVersions(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("list versions: %w", db.Fault(err))
	}
	all := make([]Applied, len(rows))
	for i, row := range rows {
		all[i] = Applied{Version: row.Version, Source: row.Source, Author: row.Author, At: row.CreatedAt.Time()}
	}
	return all, nil
}
