package letter

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/cwc"
	"github.com/franklin-letters/franklin/internal/campaign"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/fault"
	"github.com/franklin-letters/franklin/internal/mail"
)

// Submission is one supporter's act, complete and checked: a cleaned form without
// problems, an open campaign, and a clear recipient.
type Submission struct {
	Form      Form
	Campaign  *campaign.Campaign
	Recipient Recipient
	// Suspicion, if not empty, freezes the letter for a person to look at.
	Suspicion string
	// Confirm asks the owner of the mailbox by e-mail, not before ConfirmAfter has passed;
	// until they confirm, the letter waits. It needs Options.Asked.
	Confirm      bool
	ConfirmAfter time.Duration
	// Discreet has somebody who wrote before told of it by mail, and leaves it to the caller
	// to say no more on the screen. It needs Options.Asked.
	Discreet bool
	// Mailing is the mailing by whose link the form was opened; "" for none.
	Mailing string
}

// Standing says how a submission stands after Submit.
type Standing string

// The standings.
const (
	Taken    Standing = "taken"    // new, and durable
	Repeated Standing = "repeated" // the same form again: the first post's receipt holds
	Already  Standing = "already"  // the same person has written on this campaign with another form
	KeyUsed  Standing = "key-used" // another person has sent this form; a fresh key is needed
	Barred   Standing = "barred"   // the owner of the e-mail address wants no letter in their name
)

// Receipt is the answer to a submission.
type Receipt struct {
	Standing     Standing
	SubmissionID string // of the submission that holds; empty for KeyUsed and Barred
}

// ErrClosing is in the chain of the error when the desk no longer takes letters.
var ErrClosing = errors.New("the desk is closing")

// Submit makes the submission and its letter durable, and returns only then. Calling it
// again with the same form changes nothing. It returns an unavailable fault when the
// database is away; the form can be posted again.
func (d *Desk) Submit(ctx context.Context, s Submission) (Receipt, error) {
	p := pending{draft: d.draft(s), answer: make(chan answer, 1)}
	select {
	case d.inbox <- p:
	case <-d.closing:
		return Receipt{}, fault.Retry(retrySoon, ErrClosing, "")
	case <-ctx.Done():
		return Receipt{}, fault.Retry(retrySoon, ctx.Err(), "")
	}
	select {
	case a := <-p.answer:
		return a.receipt, a.err
	case <-d.done:
		select { // the last batch may have answered before it ended
		case a := <-p.answer:
			return a.receipt, a.err
		default:
			return Receipt{}, fault.Retry(retrySoon, ErrClosing, "")
		}
	}
}

const retrySoon = 5 * time.Second

// draft is a submission with all rows it will write, made before it waits in line.
type draft struct {
	Submission

	id, supporterID  string
	person, emailKey string
	letters          []draftLetter // one to each office
	state            State         // of all of them, but that those carried by hand are not Ready but Waiting
	message          string        // empty when the campaign's text went unedited
	textHash         string
	at               time.Time
	known            bool // the mailbox was known before
	barred           bool // its owner wants no letter in their name
	again            bool // the same person wrote before: only the tick is new
}

// draftLetter is what the letters of a submission do not share.
type draftLetter struct {
	id, deliveryID string
	seat           congress.Seat
	channel        string
}

func (d *Desk) draft(s Submission) *draft {
	state := Ready
	switch {
	case s.Confirm:
		state = Unconfirmed
	case s.Suspicion != "":
		state = Frozen
	}
	letters := make([]draftLetter, 0, len(s.Recipient.Seats()))
	for _, seat := range s.Recipient.Seats() {
		letters = append(letters, draftLetter{newID(), cwc.DeliveryID(s.Form.Key, seat.OfficeCode()), seat, d.route(s.Campaign, seat, "")})
	}
	_, own := cwc.Texts(s.Campaign.Letter.Text, s.Form.Message)
	return &draft{
		Submission: s,
		id:         newID(), supporterID: newID(),
		person: d.Keys.Person(s.Form), emailKey: d.DB.Blind(mail.Mailbox(s.Form.Email)),
		letters: letters, state: state,
		message: own, textHash: TextHash(s.Form.Subject, cmp.Or(own, s.Campaign.Letter.Text)), at: d.Clock(),
	}
}

// newID returns a UUID of version 7, which sorts by time.
func newID() string { return uuid.Must(uuid.NewV7()).String() }

// IsID reports whether a text is written as the id of a letter is, so that it has a place among
// the ids.
func IsID(text string) bool {
	id, err := uuid.Parse(text)
	return err == nil && id.String() == text
}

// standing finds out why a submission was not inserted: its key or its person is known,
// or its mailbox is barred.
func standing(ctx context.Context, tx *db.Tx, d *draft) (Receipt, error) {
	if d.barred {
		return Receipt{Standing: Barred}, nil
	}
	old, err := tx.SubmissionByKey(ctx, d.Form.Key)
	switch {
	case err == nil && old.Person == d.person && old.CampaignID == d.Campaign.ID:
		return Receipt{Repeated, old.ID}, nil
	case err == nil:
		return Receipt{Standing: KeyUsed}, nil
	case !fault.Is(db.Fault(err), fault.NotFound):
		return Receipt{}, fmt.Errorf("find submission: %w", err)
	}
	old, err = tx.SubmissionByPerson(ctx, query.SubmissionByPersonParams{CampaignID: d.Campaign.ID, Person: d.person})
	if err != nil {
		return Receipt{}, fmt.Errorf("find submission: %w", err)
	}
	return Receipt{Already, old.ID}, nil
}
