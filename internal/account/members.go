package account

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"

	"github.com/google/uuid"

	"github.com/franklin-letters/franklin/internal/audit"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/db/stamp"
	"github.com/franklin-letters/franklin/internal/fault"
	"github.com/franklin-letters/franklin/internal/mail"
	"github.com/franklin-letters/franklin/internal/seal"
)

// Member is somebody of the staff.
type Member struct {
	ID    string
	Email string
	// Name is how the log of acts calls the member. No two have the same.
	Name     string
	Role     Role
	Since    time.Time
	SignedIn time.Time // the last time; zero for never
	Disabled time.Time // zero for a member who may sign in
	Began    time.Time // when they signed in in this browser; zero unless SignedIn found them
}

// Fresh reports whether the member signed in in this browser not longer than FreshFor ago.
func (m Member) Fresh(now time.Time) bool { return now.Before(m.Began.Add(FreshFor)) }

// May reports whether the member has the right.
func (m Member) May(right Right) bool { return m.Disabled.IsZero() && m.Role.May(right) }

// Who is the member in the log of acts.
func (m Member) Who() string { return m.Name + " (staff)" }

func memberOf(r query.Staff) Member {
	return Member{
		ID: r.ID, Email: string(r.Email), Name: r.Name, Role: Role(r.Role),
		Since: r.CreatedAt.Time(), SignedIn: r.SignedInAt.Time(), Disabled: r.DisabledAt.Time(),
	}
}

// List returns all members, the first one first.
func (s *Store) List(ctx context.Context) ([]Member, error) {
	rows, err := s.DB.Read().ListStaff(ctx)
	if err != nil {
		return nil, fmt.Errorf("list the staff: %w", db.Fault(err))
	}
	all := make([]Member, len(rows))
	for i, r := range rows {
		all[i] = memberOf(r)
	}
	return all, nil
}

// ByAddress returns the member with the address, in any spelling; a not-found fault when
// there is none.
func (s *Store) ByAddress(ctx context.Context, address string) (Member, error) {
	return s.byMailbox(ctx, s.Mailbox(address))
}

// Mailbox is by what a member is found whose address is sealed: a keyed hash. It may stand
// in a job's arguments.
func (s *Store) Mailbox(address string) string { return s.DB.Blind(mail.Mailbox(address)) }

func (s *Store) byMailbox(ctx context.Context, mailbox string) (Member, error) {
	row, err := s.DB.Read().StaffByMailbox(ctx, mailbox)
	if err = db.Fault(err); fault.Is(err, fault.NotFound) {
		return Member{}, fault.Wrap(fault.NotFound, err, "nobody of the staff has this address")
	}
	if err != nil {
		return Member{}, fmt.Errorf("find a member of the staff: %w", err)
	}
	return memberOf(row), nil
}

// longestName is how many bytes a name may have.
const longestName = 60

// errTaken says that there is such a member.
var errTaken = errors.New("taken")

// Invite makes somebody a member, in the name of who, and returns the link by which they
// first sign in. An empty name becomes what stands before the @. Inviting an address that a
// member has is a conflict.
func (s *Store) Invite(ctx context.Context, address, name string, role Role, who string) (Member, Link, error) {
	m, err := s.invited(address, name, role)
	if err != nil {
		return m, Link{}, err
	}
	link := s.newLink(m.ID, "", InviteFor)
	e := audit.Entry{Who: who, Action: audit.StaffInvite, Subject: m.ID, Detail: m.Name + " as " + string(role)}
	err = s.logged(ctx, e, func(ctx context.Context, tx *db.Tx) error {
		n, err := tx.InsertStaff(ctx, query.InsertStaffParams{
			ID: m.ID, EmailKey: s.Mailbox(m.Email), Email: seal.Text(m.Email), Name: m.Name, Role: string(role), CreatedAt: s.now(),
		})
		if err == nil && n == 0 {
			err = fault.Wrap(fault.Conflict, errTaken, "somebody of the staff has this address, or this name")
		}
		if err != nil {
			return err
		}
		return link.keep(ctx, tx)
	})
	return m, link, err
}

// invited checks what is said about a new member.
func (s *Store) invited(address, name string, role Role) (Member, error) {
	email, err := mail.ValidAddress(address)
	if err != nil {
		return Member{}, fault.Wrap(fault.Invalid, err, err.Error())
	}
	if err := checkRole(role); err != nil {
		return Member{}, err
	}
	if name = strings.TrimSpace(name); name == "" {
		name, _, _ = strings.Cut(email, "@")
	}
	if len(name) > longestName || strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return Member{}, fault.New(fault.Invalid, fmt.Sprintf("a name has at most %d bytes and no line breaks", longestName))
	}
	id, err := uuid.NewV7()
	if err != nil {
		return Member{}, fmt.Errorf("make an id: %w", err)
	}
	return Member{ID: id.String(), Email: email, Name: name, Role: role, Since: s.Clock()}, nil
}

func checkRole(role Role) error {
	if len(role) == 0 || !role.May(SeeDesk) {
		return fault.New(fault.Invalid, fmt.Sprintf("there is no role %q; the roles are %v", role, Roles()))
	}
	return nil
}

// SetRole gives a member another role, in the name of who. It counts from the member's next
// click on.
func (s *Store) SetRole(ctx context.Context, address string, role Role, who string) error {
	if err := checkRole(role); err != nil {
		return err
	}
	m, err := s.ByAddress(ctx, address)
	if err != nil {
		return err
	}
	e := audit.Entry{Who: who, Action: audit.StaffRole, Subject: m.ID, Detail: fmt.Sprintf("%s from %s to %s", m.Name, m.Role, role)}
	return s.logged(ctx, e, func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.SetStaffRole(ctx, query.SetStaffRoleParams{ID: m.ID, Role: string(role)})
		return err
	})
}

// Disable ends a membership, in the name of who: sessions and links of the member are gone
// with it.
func (s *Store) Disable(ctx context.Context, address, who string) error {
	return s.setDisabled(ctx, address, s.Clock(), audit.StaffDisable, who)
}

// Enable lets a disabled member sign in again, in the name of who.
func (s *Store) Enable(ctx context.Context, address, who string) error {
	return s.setDisabled(ctx, address, time.Time{}, audit.StaffEnable, who)
}

func (s *Store) setDisabled(ctx context.Context, address string, at time.Time, action audit.Action, who string) error {
	m, err := s.ByAddress(ctx, address)
	if err != nil {
		return err
	}
	return s.logged(ctx, audit.Entry{Who: who, Action: action, Subject: m.ID, Detail: m.Name}, func(ctx context.Context, tx *db.Tx) error {
		if _, err := tx.DisableStaff(ctx, query.DisableStaffParams{ID: m.ID, DisabledAt: stamp.Of(at)}); err != nil {
			return err
		}
		_, err := tx.DropStaffLinks(ctx, m.ID)
		if err == nil {
			_, err = tx.DropStaffSessions(ctx, m.ID)
		}
		return err
	})
}
