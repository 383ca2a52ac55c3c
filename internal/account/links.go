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

// How long the links work.
const (
	InviteFor = 72 * time.Hour
	AskedFor  = 15 * time.Minute
)

// Link is a new link to sign in by. Only who gets it knows it.
type Link struct {
	URL     string
	Expires time.Time

	row query.InsertStaffLinkParams
}

// newLink makes a link. Only the browser that was given the token may use it; without one
// every browser may.
func (s *Store) newLink(member, browser string, lasts time.Duration) Link {
	token := newToken()
	l := Link{URL: s.BaseURL + Base + "/enter/" + token, Expires: s.Clock().Add(lasts)}
	l.row = query.InsertStaffLinkParams{Token: hashOf(token), StaffID: member, Browser: browser, ExpiresAt: stamp.Of(l.Expires)}
	return l
}

func (l Link) keep(ctx context.Context, tx *db.Tx) error { return tx.InsertStaffLink(ctx, l.row) }

// ConsoleLink returns a link for a member that works in every browser, in the name of who:
// for a member whom no mail reaches.
func (s *Store) ConsoleLink(ctx context.Context, address, who string) (Link, error) {
	m, err := s.ByAddress(ctx, address)
	if err != nil {
		return Link{}, err
	}
	if !m.Disabled.IsZero() {
		return Link{}, fault.New(fault.Conflict, "the member is disabled; franklin staff enable ends that")
	}
	link := s.newLink(m.ID, "", AskedFor)
	return link, s.logged(ctx, audit.Entry{Who: who, Action: audit.StaffLink, Subject: m.ID, Detail: m.Name}, link.keep)
}

// NewBrowser returns what a browser is given when it asks for a link, and Browser what a
// job's arguments may hold of it.
func NewBrowser() string { return newToken() }

// Browser is the mark of a browser; "" for one that has asked for nothing.
func Browser(token string) string {
	if token == "" {
		return ""
	}
	return hashOf(token)
}

// AskedLink returns the link to mail to the member with a Mailbox, for the browser with the
// mark. It returns a not-found fault when nobody may sign in with the mailbox.
func (s *Store) AskedLink(ctx context.Context, mailbox, browser string) (Member, Link, error) {
	m, err := s.byMailbox(ctx, mailbox)
	if err != nil {
		return m, Link{}, err
	}
	if !m.Disabled.IsZero() {
		return m, Link{}, fault.New(fault.NotFound, "the member is disabled")
	}
	if browser == "" {
		return m, Link{}, fault.New(fault.Invalid, "no browser asked for the link")
	}
	link := s.newLink(m.ID, browser, AskedFor)
	if err := s.DB.Tx(ctx, link.keep); err != nil {
		return m, Link{}, fmt.Errorf("make a link to sign in: %w", err)
	}
	return m, link, nil
}

// Linked returns the member that the token of a link is for, without using it. browser is
// what the browser was given. It returns a not-found fault for a link that does not work any
// more, and a forbidden one for a link that another browser asked for.
func (s *Store) Linked(ctx context.Context, token, browser string) (Member, error) {
	row, err := s.DB.Read().StaffLink(ctx, hashOf(token))
	if err != nil {
		return Member{}, fmt.Errorf("find a link: %w", db.Fault(err))
	}
	if row.ExpiresAt <= s.now() {
		return Member{}, errEnded
	}
	if row.Browser != "" && row.Browser != Browser(browser) {
		return Member{}, fault.New(fault.Forbidden, "another browser asked for the link")
	}
	m, err := s.DB.Read().StaffByID(ctx, row.StaffID)
	if err != nil {
		return Member{}, fmt.Errorf("find a member of the staff: %w", db.Fault(err))
	}
	if m.DisabledAt > 0 {
		return Member{}, errEnded
	}
	return memberOf(m), nil
}

var errEnded = fault.New(fault.NotFound, "the link does not work any more")
