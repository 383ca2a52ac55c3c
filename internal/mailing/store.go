package mailing

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/internal/audit"
	"github.com/franklin-letters/franklin/internal/campaign"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/db/stamp"
	"github.com/franklin-letters/franklin/internal/fault"
	"github.com/franklin-letters/franklin/internal/headed"
	"github.com/franklin-letters/franklin/internal/locale"
	"github.com/franklin-letters/franklin/internal/mail/returnpath"
	"github.com/franklin-letters/franklin/internal/notice"
	"github.com/franklin-letters/franklin/internal/supporter"
)

// Store keeps mailings and lets staff move them. All fields but those that say so are
// required.
type Store struct {
	DB        *db.DB
	Clock     func() time.Time
	Campaigns *campaign.Store
	People    *supporter.People
	House     notice.House
	Paths     returnpath.Paths
	// Member, if given, names who holds a seat, as "Rep. Ann Doe"; "" when nobody does or it
	// is not known. Held, if given, reports whether somebody does.
	Member func(congress.Seat, locale.Lang) string
	Held   func(congress.Seat) bool
	// Fit returns why mail in bulk must not leave; nil when it may.
	Fit func(context.Context) error
	// Filter, if given, returns the audience of a file that names one.
	Filter func(ctx context.Context, words string) (Audience, error)
}

// Mailing is a mailing with its file.
type Mailing struct {
	query.Mailing

	File *File
}

// Apply makes the file a draft under its name, or the new text of the draft that has that
// name. Its error is headed.Problems when the file is at fault, and a conflict when the
// mailing has begun.
func (s *Store) Apply(ctx context.Context, source []byte, who string) (m Mailing, created bool, err error) {
	return s.apply(ctx, source, who, func(bool, query.Mailing) error { return nil })
}

// Save is Apply for somebody who looked at the mailing first. Seen is when what they looked at
// was written, zero when they make a new one. It is a conflict when somebody else wrote it
// meanwhile, and when the name of a new one is taken.
func (s *Store) Save(ctx context.Context, source []byte, seen time.Time, who string) (Mailing, error) {
	m, _, err := s.apply(ctx, source, who, func(exists bool, row query.Mailing) error {
		switch {
		case seen.IsZero() && exists:
			return ErrNameTaken
		case !seen.IsZero() && (!exists || !row.UpdatedAt.Time().Equal(seen)):
			return ErrChanged
		}
		return nil
	})
	return m, err
}

// What keeps somebody from saving a mailing.
var (
	ErrNameTaken = fault.New(fault.Conflict, "another mailing has this name")
	ErrChanged   = fault.New(fault.Conflict, "somebody else changed the mailing meanwhile")
)

// apply writes a file down, unless check finds in the same transaction that it must not. That
// is told whether the mailing exists.
func (s *Store) apply(ctx context.Context, source []byte, who string, check func(exists bool, row query.Mailing) error) (m Mailing, created bool, err error) {
	file, err := Parse(source)
	if err != nil {
		return m, false, err
	}
	if err := s.Check(ctx, file); err != nil {
		return m, false, err
	}
	for range together {
		created, err = s.put(ctx, file.Name, source, who, check)
		if !fault.Is(err, fault.Conflict) || fault.Message(err) != "" {
			break
		}
	}
	if err != nil {
		return m, false, err
	}
	m, err = s.Find(ctx, file.Name)
	return m, created, err
}

// errQuicker says, as PostgreSQL does of a name or a number that was taken at the same moment, that
// somebody else was quicker: who looks again sees what there is now.
var errQuicker = fault.New(fault.Conflict, "")

// together is how many people can write at the same moment.
const together = 10

// put writes a file down under its name in a transaction of its own.
func (s *Store) put(ctx context.Context, name string, source []byte, who string, check func(exists bool, row query.Mailing) error) (created bool, err error) {
	err = s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		row, err := tx.MailingByName(ctx, name)
		created = fault.Is(db.Fault(err), fault.NotFound)
		if err != nil && !created {
			return err
		}
		if err := check(!created, row); err != nil {
			return err
		}
		if created {
			return s.insert(ctx, tx, name, source, who)
		}
		return s.replace(ctx, tx, row, source, who)
	})
	return created, err
}

func (s *Store) replace(ctx context.Context, tx *db.Tx, row query.Mailing, source []byte, who string) error {
	if !canChange(row) {
		return fault.Wrap(fault.Conflict, ErrState, fmt.Sprintf("the mailing %s is %s and cannot be changed any more; give the file another name", row.Name, row.State))
	}
	n, err := tx.ReplaceMailing(ctx, query.ReplaceMailingParams{ID: row.ID, Source: string(source), Author: who, UpdatedAt: s.now(), Seen: row.UpdatedAt})
	if err != nil {
		return err
	}
	if n == 0 {
		return errQuicker
	}
	return s.log(ctx, tx, row.ID, who, audit.MailingWrite, "")
}

// canChange reports whether nothing of a mailing was sent.
func canChange(row query.Mailing) bool {
	return row.BeganAt == 0 && (State(row.State) == Draft || State(row.State) == Scheduled)
}

func (s *Store) now() stamp.Time { return stamp.Of(s.Clock()) }

func (s *Store) insert(ctx context.Context, tx *db.Tx, name string, source []byte, who string) error {
	number, err := tx.NextMailingNumber(ctx)
	if err != nil {
		return err
	}
	id := uuid.Must(uuid.NewV7()).String()
	err = tx.InsertMailing(ctx, query.InsertMailingParams{
		ID: id, Number: number, Name: name, Source: string(source), Author: who, State: string(Draft), MovedBy: who, CreatedAt: s.now(), UpdatedAt: s.now(),
	})
	if err != nil {
		return err
	}
	return s.log(ctx, tx, id, who, audit.MailingWrite, "")
}

func (s *Store) log(ctx context.Context, tx *db.Tx, id, who string, action audit.Action, detail string) error {
	return audit.Record(ctx, tx, audit.Entry{At: s.Clock(), Who: who, Action: action, Subject: id, Detail: detail})
}

// Check reports what a file names that is not there, as a problem of the field that names it.
func (s *Store) Check(ctx context.Context, f *File) error {
	if _, err := s.campaignOf(ctx, f); err != nil {
		return misnamed("campaign", RuleUnknown, err)
	}
	people, err := s.audience(ctx, f)
	if err == nil {
		_, err = people.Page(ctx, "", 1) // whether the filter can be worked out
	}
	return misnamed("audience", RuleAudience, err)
}

func misnamed(field, rule string, err error) error {
	if fault.Is(err, fault.NotFound) || fault.Is(err, fault.Invalid) {
		return headed.Problems{{Field: field, Rule: rule, Value: fault.Message(err), Message: fault.Message(err)}}
	}
	return err
}

// campaignOf returns the campaign that a mailing leads to; nil for none.
func (s *Store) campaignOf(ctx context.Context, f *File) (*campaign.Listed, error) {
	if f.Campaign == "" {
		return nil, nil //nolint:nilnil // no campaign is an answer
	}
	c, err := s.Campaigns.Live(ctx, f.Campaign)
	if fault.Is(err, fault.NotFound) {
		return nil, fault.New(fault.NotFound, fmt.Sprintf("there is no campaign %q", f.Campaign))
	}
	return &c, err
}

// Find returns a mailing by its number or its name.
func (s *Store) Find(ctx context.Context, ref string) (m Mailing, err error) {
	if number, e := strconv.ParseInt(ref, 10, 64); e == nil {
		m.Mailing, err = s.DB.Read().MailingByNumber(ctx, number)
	} else {
		m.Mailing, err = s.DB.Read().MailingByName(ctx, strings.TrimSpace(ref))
	}
	if err = db.Fault(err); fault.Is(err, fault.NotFound) {
		return m, fault.New(fault.NotFound, fmt.Sprintf("there is no mailing %q", ref))
	}
	if err != nil {
		return m, fmt.Errorf("find a mailing: %w", err)
	}
	m.File, err = Stored([]byte(m.Source))
	return m, err
}

// Page returns the mailings before a number with what became of them, the newest first; from
// the newest on when it is 0.
func (s *Store) Page(ctx context.Context, before int64, limit int) ([]Standing, error) {
	if before <= 0 {
		before = math.MaxInt64
	}
	rows, err := s.DB.Read().ListMailingsBefore(ctx, query.ListMailingsBeforeParams{Before: before, MaxRows: int64(limit)})
	if err != nil {
		return nil, fmt.Errorf("list mailings: %w", db.Fault(err))
	}
	return standings(ctx, s.DB, rows)
}

// List returns all mailings, the newest first.
func (s *Store) List(ctx context.Context) ([]query.ListMailingsRow, error) {
	rows, err := s.DB.Read().ListMailings(ctx)
	if err != nil {
		return nil, fmt.Errorf("list mailings: %w", db.Fault(err))
	}
	return rows, nil
}

// ErrMoved says that somebody else was quicker: the mailing does not stand any more, or does not
// say any more, what its mover saw.
var ErrMoved = fault.New(fault.Conflict, "somebody else moved or changed the mailing at the same moment; look again")

// What the errors that refuse something wrap, for pages that say so in words of their own.
var (
	ErrState  = errors.New("a mailing in this state")
	ErrClosed = errors.New("an alert of a campaign that is not open")
	ErrEarly  = errors.New("an alert of a campaign that is not open yet")
	ErrUnfit  = errors.New("mail in bulk from here")
	ErrNoMail = errors.New("mail to an address that gets none")
)

// move is a change of state.
type move struct {
	to     State
	by     Actor
	who    string
	reason string
	starts time.Time // when it may begin; zero leaves it
}

// carry makes a move in the caller's transaction and writes it into the log.
func (s *Store) carry(ctx context.Context, tx *db.Tx, row query.Mailing, m move) error {
	if !May(State(row.State), m.to, m.by) {
		return fault.Wrap(fault.Conflict, ErrState, fmt.Sprintf("the mailing %s is %s: it cannot become %s", row.Name, row.State, m.to))
	}
	p := query.MoveMailingParams{
		ID: row.ID, FromState: row.State, Source: row.Source, State: string(m.to), Reason: m.reason, MovedBy: m.who,
		StartsAt: row.StartsAt, BeganAt: row.BeganAt, EndedAt: row.EndedAt, UpdatedAt: s.now(),
		HeardDelivered: row.HeardDelivered, HeardComplained: row.HeardComplained,
	}
	if !m.starts.IsZero() {
		p.StartsAt = stamp.Of(m.starts)
	}
	if State(row.State) == Paused && m.to == Sending {
		n, err := numbersOf(ctx, tx.Queries, row)
		if err != nil {
			return err
		}
		p.HeardDelivered, p.HeardComplained = n.Delivered, n.Complained
	}
	switch m.to { //nolint:exhaustive // the others have no moment of their own
	case Sending:
		if p.BeganAt == 0 {
			p.BeganAt = s.now()
		}
		if p.StartsAt == 0 || p.StartsAt > s.now() { // started by hand, before its time
			p.StartsAt = s.now()
		}
	case Draft:
		p.StartsAt = 0
	case Done, Cancelled:
		p.EndedAt = s.now()
	}
	n, err := tx.MoveMailing(ctx, p)
	if err != nil {
		return err
	}
	if n == 0 {
		return ErrMoved
	}
	detail := row.State + " to " + string(m.to)
	if m.reason != "" {
		detail += ": " + m.reason
	}
	return s.log(ctx, tx, row.ID, m.who, audit.MailingMove, detail)
}

func (s *Store) move(ctx context.Context, row query.Mailing, m move) error {
	err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error { return s.carry(ctx, tx, row, m) })
	if err != nil && fault.Message(err) == "" {
		return fmt.Errorf("move a mailing: %w", err)
	}
	return err
}

// Ready returns why a mailing must not begin, but for that nobody would get it.
func (s *Store) Ready(ctx context.Context, m Mailing) error {
	if _, err := Parse([]byte(m.Source)); err != nil {
		return fault.Wrap(fault.Conflict, err, err.Error())
	}
	c, err := s.campaignOf(ctx, m.File)
	if err != nil {
		return err
	}
	if err := actable(m.File, c, s.Clock()); err != nil {
		return err
	}
	if _, err := s.audience(ctx, m.File); err != nil {
		return err
	}
	return s.fit(ctx)
}

// actable returns why nobody could act on a mailing that leaves at a moment; nil when they can, or
// need not.
func actable(f *File, c *campaign.Listed, at time.Time) error {
	if f.Kind != Alert {
		return nil
	}
	switch c.Life(at) {
	case campaign.Open:
		return nil
	case campaign.Scheduled:
		return fault.Wrap(fault.Conflict, ErrEarly, fmt.Sprintf("the campaign %s is not open yet: schedule the alert for when it is", c.Slug))
	default:
		return fault.Wrap(fault.Conflict, ErrClosed, fmt.Sprintf("the campaign %s is not open, so nobody could act on the alert", c.Slug))
	}
}

func (s *Store) fit(ctx context.Context) error {
	if err := s.Fit(ctx); err != nil {
		return fault.Wrap(fault.Conflict, errors.Join(ErrUnfit, err), err.Error())
	}
	return nil
}

// ErrNobody says that a mailing would be over at once, and could not be started again.
var ErrNobody = fault.New(fault.Conflict, "nobody would get it now")

// Mark tells what a mailing says, and to whom, from what it said before somebody changed its text
// or the saved segment that it names.
func (s *Store) Mark(ctx context.Context, m Mailing) (string, error) {
	audience, err := s.audience(ctx, m.File)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256([]byte(m.Source + "\x00" + audience.String()))
	return hex.EncodeToString(sum[:16]), nil
}

// Start lets a mailing go now. It refuses one that nobody would get, and one that is paused: that
// goes on by Resume, for whoever saw why it stopped.
func (s *Store) Start(ctx context.Context, m Mailing, who string) error {
	if State(m.State) == Paused {
		return fault.Wrap(fault.Conflict, ErrState, fmt.Sprintf("the mailing %s is paused: resume it", m.Name))
	}
	if some, err := s.anybody(ctx, m); err != nil || !some {
		return cmp.Or(err, ErrNobody)
	}
	if err := s.Ready(ctx, m); err != nil {
		return err
	}
	return s.move(ctx, m.Mailing, move{to: Sending, by: ByStaff, who: who})
}

// ErrPast says that a mailing cannot leave at a moment that has passed.
var ErrPast = fault.New(fault.Invalid, "the moment has passed; to send now, start the mailing")

// Schedule lets a mailing go at a moment, at which its alert's campaign must be open.
func (s *Store) Schedule(ctx context.Context, m Mailing, at time.Time, who string) error {
	if !at.After(s.Clock()) {
		return ErrPast
	}
	c, err := s.campaignOf(ctx, m.File)
	if err != nil {
		return err
	}
	if err := actable(m.File, c, at); err != nil {
		return err
	}
	if _, err := s.audience(ctx, m.File); err != nil {
		return err
	}
	if err := s.fit(ctx); err != nil {
		return err
	}
	return s.move(ctx, m.Mailing, move{to: Scheduled, by: ByStaff, who: who, starts: at})
}

// Unschedule makes a scheduled mailing a draft again.
func (s *Store) Unschedule(ctx context.Context, m Mailing, who string) error {
	return s.move(ctx, m.Mailing, move{to: Draft, by: ByStaff, who: who})
}

// Pause stops a mailing: when it returns, no further message begins.
func (s *Store) Pause(ctx context.Context, m Mailing, who, why string) error {
	return s.move(ctx, m.Mailing, move{to: Paused, by: ByStaff, who: who, reason: why})
}

// Resume lets a mailing go on that is paused. Complaints count anew from here: whoever lets it go on has seen
// the others.
func (s *Store) Resume(ctx context.Context, m Mailing, who, why string) error {
	if State(m.State) != Paused {
		return fault.Wrap(fault.Conflict, ErrState, fmt.Sprintf("the mailing %s is %s: only one that is paused can go on", m.Name, m.State))
	}
	if err := s.Ready(ctx, m); err != nil {
		return err
	}
	return s.move(ctx, m.Mailing, move{to: Sending, by: ByStaff, who: who, reason: why})
}

// Cancel gives a mailing up. Who has not got it gets nothing.
func (s *Store) Cancel(ctx context.Context, m Mailing, who, why string) error {
	return s.move(ctx, m.Mailing, move{to: Cancelled, by: ByStaff, who: who, reason: why})
}

// letterhead is what the store knows of how messages look.
func (s *Store) letterhead() letterhead {
	return letterhead{people: s.People, house: s.House, paths: s.Paths, member: s.Member, clock: s.Clock}
}

// composer returns what writes the messages of a mailing.
func (s *Store) composer(ctx context.Context, m Mailing) (*composer, error) {
	c, err := s.campaignOf(ctx, m.File)
	if err != nil {
		return nil, err
	}
	return newComposer(s.letterhead(), m.Mailing, m.File, c), nil
}

// errNoFilter says that this installation knows no filters.
var errNoFilter = errors.New("the file names an audience, and no filter is known")
