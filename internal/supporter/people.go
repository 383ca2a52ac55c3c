package supporter

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/fault"
	"github.com/franklin-letters/franklin/internal/mail"
)

// List is a mailing list, and the purpose of a consent.
type List string

// The lists.
const (
	// Updates is the list of updates, action alerts and newsletters.
	Updates List = "updates"
	// Everything stands for all lists, and in a suppression for all mail.
	Everything List = ""
	// Answers is the one mail that asks a letter's writer, who agreed to it, whether the
	// offices answered.
	Answers List = "answers"
	// OwnActs is no list: it stands for the mails that a person's own act calls for, such as
	// the one that asks to confirm a letter.
	OwnActs List = "own-acts"
)

// outcomes is how the lists begin of those who asked to be told how a campaign ends.
const outcomes = "outcome-"

// OutcomeOf is the list of the one mail that tells how a campaign ended, for those who asked
// for it and may be on no other list.
func OutcomeOf(campaignID string) List { return List(outcomes + campaignID) }

// IsOutcome reports whether a list is one of OutcomeOf.
func (l List) IsOutcome() bool { return strings.HasPrefix(string(l), outcomes) }

// partners is how the purposes begin of those who let a partner have their data.
const partners = "partner:"

// PartnerOf is the purpose of a consent to pass a person's data on to a partner of a
// campaign. It is kept like a list, and is none of ours: no mail of ours is sent by it.
func PartnerOf(key string) List { return List(partners + key) }

// Partner returns the key of PartnerOf; ok is false for lists of our own.
func (l List) Partner() (key string, ok bool) { return strings.CutPrefix(string(l), partners) }

// People is the door to what is known about people.
type People struct {
	DB    *db.DB
	Keys  Keys
	Clock func() time.Time
	// BaseURL is where links in mails lead, without a slash at its end.
	BaseURL string
	// OnList, if given, is told in the same transaction who has confirmed that they want to be
	// on a list. It may be told several times of one person.
	OnList func(ctx context.Context, tx *db.Tx, supporterID string, list List) error
	// Erasures, if given, is where erasures are written down outside of the database.
	Erasures *Erasures
	// Left, if given, is told in the same transaction who left by a link in a mailing. It may
	// be told several times of one person.
	Left func(ctx context.Context, tx *db.Tx, who Link) error
}

// ErrNoSecret says that the installation's secret is not at hand, without which no mailbox
// can be found in what is kept by its hash.
var ErrNoSecret = errors.New("the installation's secret is missing, without which no address can be found")

// newID returns a UUID of version 7, which sorts by time.
func newID() string { return uuid.Must(uuid.NewV7()).String() }

// person returns a person's row; ok is false when there is none, or it was forgotten who
// it was.
func person(ctx context.Context, q *query.Queries, id string) (s query.Supporter, ok bool, err error) {
	return known(q.SupporterByID(ctx, id))
}

// blind is the key by which the person behind a mailbox is found.
func (p *People) blind(address string) string { return p.DB.Blind(mail.Mailbox(address)) }

// byAddress returns the row of the person behind a mailbox.
func (p *People) byAddress(ctx context.Context, q *query.Queries, address string) (s query.Supporter, ok bool, err error) {
	return known(q.SupporterByEmailKey(ctx, p.blind(address)))
}

func known(s query.Supporter, err error) (query.Supporter, bool, error) {
	if err = db.Fault(err); fault.Is(err, fault.NotFound) {
		return s, false, nil
	}
	if err != nil {
		return s, false, fmt.Errorf("find a person: %w", err)
	}
	return s, s.Email != "", nil
}

// Person is who somebody is, as far as pages and mails need it.
type Person struct {
	ID    string
	Email string
	Lang  string
}

// ByAddress returns the person behind a mailbox, in any spelling of its address.
func (p *People) ByAddress(ctx context.Context, address string) (_ Person, ok bool, err error) {
	s, ok, err := p.byAddress(ctx, p.DB.Read(), address)
	return Person{s.ID, string(s.Email), s.Lang}, ok, err
}
