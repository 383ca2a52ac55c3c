package supporter

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/db/stamp"
	"github.com/franklin-letters/franklin/internal/fault"
)

// Way is how somebody left a list.
type Way string

// The ways, beside the reasons of suppressions.
const (
	ByOneClick Way = "one-click"     // the button of a mail program (RFC 8058)
	ByPage     Way = "page"          // the page behind the link in a mail
	ByMail     Way = "mail"          // a mail to the address in List-Unsubscribe, or a reply
	ByOperator Way = "operator"      // somebody who was asked to
	ByDisown   Way = "not their act" // the owner of the mailbox did not give the consent
	ByTold     Way = "fulfilled"     // the one mail that they agreed to has been sent
)

// LeaveURL returns the address behind "unsubscribe" in a mail of the list to a person: the
// one of List-Unsubscribe, and the one in the mail's foot. It works for twelve months.
func (p *People) LeaveURL(supporterID, email string, list List) string {
	return p.BaseURL + "/leave/" + p.LeaveToken(supporterID, email, list)
}

// LeaveToken is the part of LeaveURL that names the person and the list.
func (p *People) LeaveToken(supporterID, email string, list List) string {
	return p.Keys.sign(toLeave, Link{Supporter: supporterID, Mailbox: p.Keys.Mailbox(email), List: list, Until: p.Clock().Add(LeaveFor)})
}

// LeaveMailing is LeaveURL in a mail of a mailing, which is told who left by it.
func (p *People) LeaveMailing(supporterID, email string, list List, mailing string) (address, token string) {
	token = p.Keys.sign(toLeave, Link{Supporter: supporterID, Mailbox: p.Keys.Mailbox(email), List: list, Until: p.Clock().Add(LeaveFor), Mailing: mailing})
	return p.BaseURL + "/leave/" + token, token
}

// ToLeave returns what a token of LeaveToken says.
func (p *People) ToLeave(token string) (Link, bool) { return p.Keys.open(toLeave, token, p.Clock()) }

// LeaveByToken takes the bearer of a token of LeaveToken off its list. A token that is not
// one is a fault of the kind NotFound.
func (p *People) LeaveByToken(ctx context.Context, token string, way Way) error {
	link, ok := p.ToLeave(token)
	if !ok {
		return fault.New(fault.NotFound, "")
	}
	return p.Leave(ctx, link, link.List, way)
}

// Leave takes a person off a list, or with Everything off all lists and has no mail sent to
// them at all any more. It holds when it returns: what asks Suppressed afterwards does not
// mail. Doing it twice is as good as once. Who was merged with another person leaves as that
// one, with both mailboxes.
func (p *People) Leave(ctx context.Context, who Link, list List, way Way) error {
	who.List = list
	reason := Unsubscribed
	if list == Everything {
		reason = Never
	}
	err := p.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := p.leaveIn(ctx, tx, who, reason, way); err != nil || who.Mailing == "" || p.Left == nil {
			return err
		}
		return p.Left(ctx, tx, who)
	})
	if err != nil {
		return fmt.Errorf("leave a list: %w", err)
	}
	return nil
}

// leaveIn is Leave in a transaction. It waits for a merge that is under way.
func (p *People) leaveIn(ctx context.Context, tx *db.Tx, who Link, reason Reason, way Way) error {
	if _, err := tx.LockSupporter(ctx, who.Supporter); err != nil {
		return err
	}
	if err := p.SuppressIn(ctx, tx, who, reason, way); err != nil {
		return err
	}
	id, err := present(ctx, tx.Queries, who.Supporter)
	if err != nil || id == who.Supporter {
		return err
	}
	s, known, err := person(ctx, tx.Queries, id)
	if err != nil || !known {
		return err
	}
	return p.SuppressIn(ctx, tx, Link{Supporter: id, Mailbox: p.Keys.Mailbox(string(s.Email)), List: who.List}, reason, way)
}

// Fulfilled ends a list that was for one mail, which has been sent, and the consent to it.
// Nothing keeps the person from asking for another.
func (p *People) Fulfilled(ctx context.Context, supporterID string, list List) error {
	now := stamp.Of(p.Clock())
	err := p.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.WithdrawConsents(ctx, query.WithdrawConsentsParams{
			SupporterID: supporterID, Purpose: string(list), WithdrawnAt: now, WithdrawnWay: string(ByTold),
		})
		if err != nil {
			return err
		}
		_, err = tx.DropSubscriptions(ctx, query.DropSubscriptionsParams{SupporterID: supporterID, List: string(list)})
		return err
	})
	if err != nil {
		return fmt.Errorf("end what was agreed to: %w", err)
	}
	return nil
}

// LeaveByAddress is Leave for whoever is behind an address; nobody need be.
func (p *People) LeaveByAddress(ctx context.Context, address string, list List, way Way) error {
	if p.Keys.none() {
		return ErrNoSecret
	}
	who := Link{Mailbox: p.Keys.Mailbox(address)}
	s, ok, err := p.byAddress(ctx, p.DB.Read(), address)
	if err != nil {
		return err
	}
	if ok {
		who.Supporter = s.ID
	}
	return p.Leave(ctx, who, list, way)
}

// Membership is what the page behind a link shows.
type Membership struct {
	Masked string // the address, as "a***@example.org"; "" when it was forgotten
	Lists  []List // on which the person is
}

// On reports whether the person is on the list.
func (m Membership) On(list List) bool { return slices.Contains(m.Lists, list) }

// Membership looks on which lists a person is. It changes nothing.
func (p *People) Membership(ctx context.Context, supporterID string) (Membership, error) {
	s, ok, err := person(ctx, p.DB.Read(), supporterID)
	if err != nil || !ok {
		return Membership{}, err
	}
	rows, err := p.DB.Read().ListSubscriptions(ctx, supporterID)
	if err != nil {
		return Membership{}, fmt.Errorf("find a person's lists: %w", db.Fault(err))
	}
	m := Membership{Masked: Masked(string(s.Email))}
	for _, r := range rows {
		if r.ConfirmedAt > 0 {
			m.Lists = append(m.Lists, List(r.List))
		}
	}
	return m, nil
}

// Masked shows an address so that its owner recognises it, and nobody to whom a mail was
// passed on learns it.
func Masked(email string) string {
	local, domain, ok := strings.Cut(email, "@")
	if !ok || local == "" {
		return ""
	}
	first := []rune(local)[0]
	return string(first) + "***@" + domain
}
