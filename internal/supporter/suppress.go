package supporter

import (
	"context"
	"fmt"
	"slices"

	"github.com/franklin-letters/franklin/internal/audit"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/keys"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/db/stamp"
	"github.com/franklin-letters/franklin/internal/supporter/segment"
)

// Reason is why mail must not go to a mailbox.
type Reason string

// The reasons.
const (
	Unsubscribed Reason = "unsubscribe"     // left one list
	Never        Reason = "unsubscribe-all" // wants no mail any more
	HardBounce   Reason = "hard-bounce"     // the mailbox does not exist
	Complaint    Reason = "complaint"       // its owner called a mail spam
	Manual       Reason = "manual"          // an operator's decision
	NotMe        Reason = "not-me"          // its owner did not write what came in their name
	Legal        Reason = "legal"           // a court, or a claim of the owner's
)

// rule says what a reason does.
type rule struct {
	// asking lets pass what a later act of the person's own calls for. Without it, nobody
	// who left could write a letter or come back.
	asking bool
	// barred takes no letter in the owner's name either.
	barred bool
	// undone is lifted by the owner, who confirms anew that they want mail. The other reasons
	// are for an operator to lift.
	undone bool
}

var reasons = map[Reason]rule{
	Unsubscribed: {asking: true, undone: true},
	Never:        {asking: true, undone: true},
	Complaint:    {asking: true, undone: true},
	HardBounce:   {},
	Manual:       {},
	NotMe:        {barred: true},
	Legal:        {barred: true},
}

// Reasons returns the reasons that an operator may give or lift.
func Reasons() []Reason { return []Reason{HardBounce, Legal, Manual, NotMe} }

// Suppression is one reason why mail does not go to a mailbox.
type Suppression struct {
	List   List // Everything for all mail
	Reason Reason
	Since  stamp.Time
}

// bars reports whether the suppression keeps a mail of the list from going out.
func (s Suppression) bars(list List) bool {
	if s.List != Everything && s.List != list {
		return false
	}
	return list != OwnActs || !reasons[s.Reason].asking
}

// Suppressed reports whether a mail of the list must not go to the address, in any
// spelling. Ask when a mail is put in line, and again when it is about to leave.
func (p *People) Suppressed(ctx context.Context, address string, list List) (bool, error) {
	all, err := p.Suppressions(ctx, address)
	return slices.ContainsFunc(all, func(s Suppression) bool { return s.bars(list) }), err
}

// Barred reports whether the owner of the address wants no letter in their name.
func (p *People) Barred(ctx context.Context, address string) (bool, error) {
	all, err := p.Suppressions(ctx, address)
	return slices.ContainsFunc(all, func(s Suppression) bool { return reasons[s.Reason].barred }), err
}

// BarredAmong returns those of the addresses whose owners want no letter in their name. It is
// Barred for many.
func (p *People) BarredAmong(ctx context.Context, addresses []string) (map[string]bool, error) {
	return p.among(ctx, p.DB.Read(), addresses, func(s Suppression) bool { return reasons[s.Reason].barred })
}

// Suppressions returns why mail does not go to an address, the oldest reason first.
func (p *People) Suppressions(ctx context.Context, address string) ([]Suppression, error) {
	var all []Suppression
	for _, hash := range p.Keys.mailboxes(address) {
		rows, err := p.DB.Read().ListSuppressions(ctx, hash)
		if err != nil {
			return nil, fmt.Errorf("look whether mail may go: %w", db.Fault(err))
		}
		for _, r := range rows {
			all = append(all, Suppression{List(r.List), Reason(r.Reason), r.CreatedAt})
		}
	}
	return all, nil
}

// SuppressedAmong returns those of the addresses to which mail of a list must not go: it is
// Suppressed for many, as the queries see them: those of the transaction that puts people in
// line or sends.
func (p *People) SuppressedAmong(ctx context.Context, q *query.Queries, addresses []string, list List) (map[string]bool, error) {
	return p.among(ctx, q, addresses, func(s Suppression) bool { return s.bars(list) })
}

// among returns those of the addresses that have such a suppression, in any spelling.
func (p *People) among(ctx context.Context, q *query.Queries, addresses []string, such func(Suppression) bool) (map[string]bool, error) {
	of := make(map[string][]string, len(addresses))
	hashes := make(keys.List, 0, len(addresses))
	for _, address := range addresses {
		for _, hash := range p.Keys.mailboxes(address) {
			of[hash] = append(of[hash], address)
			hashes = append(hashes, hash)
		}
	}
	rows, err := q.ListSuppressionsOf(ctx, hashes)
	if err != nil {
		return nil, fmt.Errorf("look to whom mail may go: %w", db.Fault(err))
	}
	found := map[string]bool{}
	for _, r := range rows {
		if !such(Suppression{List: List(r.List), Reason: Reason(r.Reason)}) {
			continue
		}
		for _, address := range of[r.Address] {
			found[address] = true
		}
	}
	return found, nil
}

// Suppress keeps mail of a list, or all mail, from an address from now on. Whoever is
// behind it leaves the list. Doing it twice is as good as once. who is the operator, or
// the part of the program that learned of it.
func (p *People) Suppress(ctx context.Context, address string, list List, reason Reason, who string) error {
	if p.Keys.none() {
		return ErrNoSecret
	}
	hash := p.Keys.Mailbox(address)
	err := p.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		s, ok, err := p.byAddress(ctx, tx.Queries, address)
		if err != nil {
			return err
		}
		if !ok {
			s.ID = ""
		}
		if err := p.SuppressIn(ctx, tx, Link{Supporter: s.ID, Mailbox: hash, List: list}, reason, Way(reason)); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Entry{At: p.Clock(), Who: who, Action: audit.AddressBlocked, Subject: hash, Detail: string(reason)})
	})
	if err != nil {
		return fmt.Errorf("keep mail from an address: %w", err)
	}
	return nil
}

// SuppressIn is Suppress in the caller's transaction, for a mailbox that is known by its
// hash. It withdraws what the person agreed to and takes them off the list.
func (p *People) SuppressIn(ctx context.Context, tx *db.Tx, who Link, reason Reason, way Way) error {
	now := stamp.Of(p.Clock())
	_, err := tx.InsertSuppression(ctx, query.InsertSuppressionParams{Address: who.Mailbox, List: string(who.List), Reason: string(reason), CreatedAt: now})
	if err != nil || who.Supporter == "" {
		return err
	}
	_, err = tx.WithdrawConsents(ctx, query.WithdrawConsentsParams{
		SupporterID: who.Supporter, Purpose: string(who.List), WithdrawnAt: now, WithdrawnWay: string(way),
	})
	if err != nil {
		return err
	}
	_, err = tx.DropSubscriptions(ctx, query.DropSubscriptionsParams{SupporterID: who.Supporter, List: string(who.List)})
	if err != nil {
		return err
	}
	return segment.Changed(ctx, tx, who.Supporter)
}

// Release lets mail go to an address again, and letters be written with it, when its owner
// has asked an operator for that. What the owner has to undo by joining anew stays. It
// returns false when nothing was lifted.
func (p *People) Release(ctx context.Context, address, who string) (bool, error) {
	lifted := false
	err := p.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		lifted, err = lift(ctx, tx, p.Keys.mailboxes(address), func(s query.Suppression) bool { return !reasons[Reason(s.Reason)].undone })
		if err != nil || !lifted {
			return err
		}
		return audit.Record(ctx, tx, audit.Entry{At: p.Clock(), Who: who, Action: audit.AddressReleased, Subject: p.Keys.Mailbox(address)})
	})
	if err != nil {
		return false, fmt.Errorf("let mail go to an address again: %w", err)
	}
	return lifted, nil
}

// lift takes those suppressions of a mailbox away that the function names.
func lift(ctx context.Context, tx *db.Tx, hashes []string, which func(query.Suppression) bool) (lifted bool, err error) {
	for _, hash := range hashes {
		rows, err := tx.ListSuppressions(ctx, hash)
		if err != nil {
			return false, err
		}
		for _, r := range rows {
			if !which(r) {
				continue
			}
			_, err := tx.DeleteSuppression(ctx, query.DeleteSuppressionParams{Address: hash, List: r.List, Reason: r.Reason})
			if err != nil {
				return false, err
			}
			lifted = true
		}
	}
	return lifted, nil
}
