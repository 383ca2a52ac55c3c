// Package account knows the people who run an installation: who is a member of the staff,
// in which role, and in which browsers they are signed in.
//
// There are no passwords. A member signs in by a link that works once: one that the console
// prints, or one that is mailed to the address on record and opens only in the browser that
// asked for it. Links and sessions are kept as hashes, so a copy of the database opens
// nothing, and both end at once when a member is disabled. What a role may do is one table,
// roles.go; pages ask Member.May.
package account

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

	"github.com/franklin-letters/franklin/internal/audit"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/stamp"
)

// Store keeps members, links and sessions.
type Store struct {
	DB    *db.DB
	Clock func() time.Time
	// BaseURL is that of the public pages, below which the staff pages are.
	BaseURL string
}

// Base is the path below which all staff pages are.
const Base = "/staff"

func (s *Store) now() stamp.Time { return stamp.Of(s.Clock()) }

// hashOf is what is kept of a token. Tokens are random, so a plain hash cannot be searched.
func hashOf(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// newToken returns 26 letters and digits that cannot be guessed.
func newToken() string { return rand.Text() }

// logged does something to a member and writes it into the log of acts in the same
// transaction.
func (s *Store) logged(ctx context.Context, e audit.Entry, do func(context.Context, *db.Tx) error) error {
	e.At = s.Clock()
	err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := do(ctx, tx); err != nil {
			return err
		}
		return audit.Record(ctx, tx, e)
	})
	if err != nil {
		return fmt.Errorf("%s: %w", e.Action, err)
	}
	return nil
}

// Forget drops links and sessions whose time is over.
func (s *Store) Forget(ctx context.Context) error {
	now := s.Clock()
	err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if _, err := tx.ForgetStaffLinks(ctx, stamp.Of(now)); err != nil {
			return err
		}
		return forgetSessions(ctx, tx, now)
	})
	if err != nil {
		return fmt.Errorf("forget old links and sessions of staff: %w", err)
	}
	return nil
}
