// Package audit keeps the log of who looked at what and did what: operators on the command
// line, members of the staff on their pages, and supporters where an act of theirs changes more than their own letter.
//
// An entry is written in the transaction of what it tells about, so neither exists without
// the other. Entries are only added; they are forgotten after KeptFor. They hold ids and
// the operator's own words, never a supporter's.
package audit

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/db/stamp"
)

// KeptFor is how long an entry is kept: two years.
const KeptFor = 2 * 365 * 24 * time.Hour

// Supporter is who acts through the link to a receipt.
const Supporter = "supporter"

// Guard is who stops a campaign that too many people say they did not write on.
const Guard = "guard"

// Action is what was done, as "letter.view".
type Action string

// The actions.
const (
	LetterView      Action = "letter.view"
	LetterHold      Action = "letter.hold"
	LetterRelease   Action = "letter.release"
	LetterRefuse    Action = "letter.refuse"
	LetterResolve   Action = "letter.resolve"
	LetterRetry     Action = "letter.retry"
	LetterDisowned  Action = "letter.disowned"
	LetterWithdrawn Action = "letter.withdraw"
	LetterReported  Action = "letter.report"
	AddressBlocked  Action = "address.block"
	AddressReleased Action = "address.unblock"
	ConsentProved   Action = "consent.prove"
	PersonErased    Action = "person.erase"
	PersonFind      Action = "person.find"
	PersonView      Action = "person.view"
	PersonMerge     Action = "person.merge"
	PersonTag       Action = "person.tag"
	PeopleImport    Action = "people.import"
	PeopleExport    Action = "people.export"
	CampaignHeld    Action = "campaign.hold"
	CampaignResumed Action = "campaign.resume"
	MailBounced     Action = "mail.bounce"
	MailComplaint   Action = "mail.complaint"
	MailRefused     Action = "mail.refused"
	MailLeft        Action = "mail.unsubscribe"
	MailView        Action = "mail.view"
	MailClose       Action = "mail.close"
	MailingWrite    Action = "mailing.write"
	MailingMove     Action = "mailing.move"
	MailingPreview  Action = "mailing.preview"
	MailingTest     Action = "mailing.test"
	JourneyPause    Action = "journey.pause"
	JourneyResume   Action = "journey.resume"
	PrintMake       Action = "print.make"
	PrintWrite      Action = "print.write"
	PrintHandOver   Action = "print.hand-over"
	QueuePause      Action = "queue.pause"
	QueueResume     Action = "queue.resume"
	QueueJobs       Action = "queue.jobs"
	StaffInvite     Action = "staff.invite"
	StaffLink       Action = "staff.link"
	StaffRole       Action = "staff.role"
	StaffDisable    Action = "staff.disable"
	StaffEnable     Action = "staff.enable"
	StaffSignIn     Action = "staff.sign-in"
	KeyAdd          Action = "key.add"
	KeyUse          Action = "key.use"
	KeyDrop         Action = "key.drop"
)

// Entry is one line of the log. Subject is the id of what it is about: a letter, a
// submission, a channel, or the keyed hash of an address.
type Entry struct {
	ID      string
	At      time.Time
	Who     string
	Action  Action
	Subject string
	Detail  string
}

// Record adds the entry in the caller's transaction. Its id is made here.
func Record(ctx context.Context, tx *db.Tx, e Entry) error {
	id, err := uuid.NewV7()
	if err != nil {
		return fmt.Errorf("make an id: %w", err)
	}
	err = tx.InsertAudit(ctx, query.InsertAuditParams{
		ID: id.String(), At: stamp.Of(e.At), Who: e.Who, Action: string(e.Action), Subject: e.Subject, Detail: e.Detail,
	})
	if err != nil {
		return fmt.Errorf("write the log: %w", err)
	}
	return nil
}

// Count returns how often an action was done to a subject since a moment.
func Count(ctx context.Context, tx *db.Tx, action Action, subject string, since time.Time) (int64, error) {
	n, err := tx.CountAudit(ctx, query.CountAuditParams{Subject: subject, Action: string(action), Since: stamp.Of(since)})
	if err != nil {
		return 0, fmt.Errorf("count in the log: %w", err)
	}
	return n, nil
}

// Page says which part of the log to read.
type Page struct {
	Subject string    // of all when empty
	Since   time.Time // zero for the beginning
	Before  string    // id of the last entry of the page before; empty for the newest
	Limit   int
}

// newest stands behind every id, which begins with a hexadecimal digit.
const newest = "g"

// List returns a page of the log, the newest entry first.
func List(ctx context.Context, d *db.DB, p Page) ([]Entry, error) {
	if p.Before == "" {
		p.Before = newest
	}
	rows, err := d.Read().ListAudit(ctx, query.ListAuditParams{
		BeforeID: p.Before, Since: stamp.Of(p.Since), Subject: p.Subject, MaxRows: int64(p.Limit),
	})
	if err != nil {
		return nil, fmt.Errorf("read the log: %w", db.Fault(err))
	}
	all := make([]Entry, len(rows))
	for i, r := range rows {
		all[i] = Entry{ID: r.ID, At: r.At.Time(), Who: r.Who, Action: Action(r.Action), Subject: r.Subject, Detail: r.Detail}
	}
	return all, nil
}

// Forget drops what is older than KeptFor.
func Forget(ctx context.Context, d *db.DB, now time.Time) error {
	err := d.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.ForgetAudit(ctx, stamp.Of(now.Add(-KeptFor)))
		return err
	})
	if err != nil {
		return fmt.Errorf("forget old entries of the log: %w", err)
	}
	return nil
}
