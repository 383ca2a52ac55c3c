package account

import (
	"context"
	"fmt"
	"time"

	"github.com/franklin-letters/franklin/internal/audit"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/db/stamp"
	"github.com/franklin-letters/franklin/internal/fault"
)

// How long a member stays signed in: so long after the last click, and so long in all.
const (
	IdleFor    = 2 * time.Hour
	SessionFor = 12 * time.Hour
)

// FreshFor is how old a sign-in may be for an act on many letters at once, or on a whole
// channel. Whoever finds a browser open can click on until SessionFor is over, but the next
// link does not come to them. It is IdleFor, so that nobody is asked who has just come back
// from a pause.
const FreshFor = IdleFor

// seenEvery keeps each click from writing.
const seenEvery = time.Minute

// seenWithin is how long a page waits for a click to be written down.
const seenWithin = time.Second

// clocksDiffer is more than the clocks of two nodes do.
const clocksDiffer = 10 * time.Minute

// SignIn uses a link up and returns the token of a new session, which the browser keeps. Its
// faults are those of Linked. All other links of the member end.
func (s *Store) SignIn(ctx context.Context, token, browser string) (session string, m Member, err error) {
	if m, err = s.Linked(ctx, token, browser); err != nil {
		return "", m, err
	}
	session = newToken()
	e := audit.Entry{Who: m.Who(), Action: audit.StaffSignIn, Subject: m.ID}
	err = s.logged(ctx, e, func(ctx context.Context, tx *db.Tx) error {
		n, err := tx.UseStaffLink(ctx, hashOf(token))
		if err == nil && n == 0 {
			err = errEnded // somebody was quicker
		}
		if err != nil {
			return err
		}
		if _, err := tx.DropStaffLinks(ctx, m.ID); err != nil {
			return err
		}
		if _, err := tx.StaffSignedIn(ctx, query.StaffSignedInParams{ID: m.ID, SignedInAt: s.now()}); err != nil {
			return err
		}
		return tx.InsertStaffSession(ctx, query.InsertStaffSessionParams{
			Token: hashOf(session), StaffID: m.ID, CreatedAt: s.now(), SeenAt: s.now(),
		})
	})
	return session, m, err
}

// SignedIn returns who is signed in with the token of a session. It returns a not-found
// fault when nobody is, any more. A database that takes no writes keeps nobody from looking:
// the session ends sooner then, because this click does not count.
func (s *Store) SignedIn(ctx context.Context, session string) (Member, error) {
	row, err := s.DB.Read().StaffSession(ctx, hashOf(session))
	if err != nil {
		return Member{}, fmt.Errorf("find a session: %w", db.Fault(err))
	}
	n, now := row.StaffSession, s.now()
	if over(n, now) || row.Staff.DisabledAt > 0 {
		return Member{}, fault.New(fault.NotFound, "the session is over")
	}
	m := memberOf(row.Staff)
	m.Began = n.CreatedAt.Time()
	if now < n.SeenAt.Add(seenEvery) {
		return m, nil
	}
	if err := s.see(ctx, n.Token, now); err != nil && !fault.Is(err, fault.Unavailable) {
		return Member{}, fmt.Errorf("prolong a session: %w", err)
	}
	return m, nil
}

// over reports whether the time of a session has run out. One of the future was begun or used
// while a clock was wrong, and would last too long.
func over(n query.StaffSession, now stamp.Time) bool {
	future := now.Add(clocksDiffer)
	return now >= n.SeenAt.Add(IdleFor) || now >= n.CreatedAt.Add(SessionFor) || n.SeenAt > future || n.CreatedAt > future
}

// see writes down that a session was used.
func (s *Store) see(ctx context.Context, token string, now stamp.Time) error {
	ctx, cancel := context.WithTimeout(ctx, seenWithin)
	defer cancel()
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.SeeStaffSession(ctx, query.SeeStaffSessionParams{Token: token, SeenAt: now})
		return err
	})
}

// SignOut ends a session. One that is over already is no error.
func (s *Store) SignOut(ctx context.Context, session string) error {
	err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.EndStaffSession(ctx, hashOf(session))
		return err
	})
	if err != nil {
		return fmt.Errorf("sign out: %w", err)
	}
	return nil
}

// forgetSessions drops those that are over.
func forgetSessions(ctx context.Context, tx *db.Tx, now time.Time) error {
	_, err := tx.ForgetStaffSessions(ctx, query.ForgetStaffSessionsParams{Unseen: stamp.Of(now.Add(-IdleFor)), Before: stamp.Of(now.Add(-SessionFor))})
	return err
}
