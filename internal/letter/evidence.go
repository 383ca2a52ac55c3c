package letter

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"regexp"
	"time"

	"github.com/franklin-letters/franklin/congress/cwc"
	"github.com/franklin-letters/franklin/internal/audit"
	"github.com/franklin-letters/franklin/internal/campaign"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/fault"
	"github.com/franklin-letters/franklin/internal/guard"
	"github.com/franklin-letters/franklin/internal/text"
)

// Evidence is all that is known about one letter, for whoever must prove it. After the
// scrub the words, the name and the message are gone; hashes, times and moves stay.
type Evidence struct {
	Letter     query.Letter
	Submission query.Submission
	Campaign   *campaign.Campaign // the version the letter was written on
	Consents   []query.Consent    // of the person, the oldest first
	History    []query.LetterHistory
	Question   Question // whether the writer wanted to be asked if the office answered
	Answer     Answer   // what the writer said about that; empty for nothing

	Shown        Shown
	KeyClass     KeyClass
	Confirmation Confirmation
	Message      Rebuilt
}

// Shown is the text as the supporter saw it before pressing send.
type Shown struct {
	Statement string // the campaign's text
	Own       string // the supporter's; empty when they changed nothing
	Hash      string // stored with the letter; see TextHash
	// Intact reports whether the text in the database still has that hash. It is false
	// once the text is scrubbed.
	Intact bool
	Diff   []text.Change // from the campaign's text to the supporter's
}

// TextHash returns the SHA-256, in hexadecimal, of a letter as its writer saw it: the
// subject, an empty line, and the text, in UTF-8.
func TextHash(subject, shown string) string {
	sum := sha256.Sum256([]byte(subject + "\n\n" + shown))
	return hex.EncodeToString(sum[:])
}

// KeyClass says where the key of a form came from.
type KeyClass string

// The classes. A form carries a key signed by this installation for its campaign; a program
// that posts the form by itself may bring any other, where that is allowed.
const (
	KeySigned    KeyClass = "signed-form"
	KeyPlain     KeyClass = "plain-form" // of NewKey: one of our forms, but without a signature
	KeyForeign   KeyClass = "foreign"
	KeyUnchecked KeyClass = "unchecked" // the installation's secret is not at hand
)

var plainKey = regexp.MustCompile(`^[0-9a-f]{32}$`)

func (k Keys) class(s query.Submission) KeyClass {
	switch {
	case plainKey.MatchString(s.Key):
		return KeyPlain
	case len(s.Key) != guard.FormKeyLength:
		return KeyForeign
	case len(k.secret) == 0:
		return KeyUnchecked
	case guard.NewForms(k.secret, 0, 0).Check(s.Key, s.CampaignID, s.CreatedAt.Time()) == guard.Forged:
		return KeyForeign
	}
	return KeySigned
}

// Confirmation says whether the owner of the mailbox confirmed the letter.
type Confirmation struct {
	State string // not-asked, awaited, confirmed, never
	At    time.Time
}

// confirmationOf reads it off the letter's moves.
func confirmationOf(history []query.LetterHistory) Confirmation {
	c := Confirmation{State: "not-asked"}
	for _, h := range history {
		switch {
		case State(h.ToState) == Unconfirmed:
			c.State = "awaited"
		case State(h.FromState) != Unconfirmed:
		case Actor(h.Actor) == BySupporter && State(h.ToState) != Withdrawn:
			c = Confirmation{"confirmed", h.At.Time()}
		default:
			c.State = "never"
		}
	}
	return c
}

// Rebuilt is the message to the office, made again by what makes it for delivery.
type Rebuilt struct {
	XML    string
	SHA256 string
	Made   Made
	Why    string // why there is none
}

// Made says how a message that is shown stands to the one that was sent.
type Made string

// How it stands.
const (
	MadeAsSent Made = "as-sent"         // in the same bytes
	MadeAhead  Made = "not-sent"        // as it would be sent by the settings of today
	MadeAfter  Made = "todays-settings" // the settings with which it was sent are not on record
)

// Why there is no message to an office.
const (
	MessageErased  = "the words and the address were erased after their time"
	MessagePrinted = "the letter goes on paper"
	MessageByHand  = "the letter is the supporter's own to send"
)

// Evidence opens the letter with the id or delivery number in the name of who, which is
// written into the log of acts first: what cannot be logged is not shown. It returns a
// not-found fault for an unknown one.
func (d *Desk) Evidence(ctx context.Context, id, who string) (Evidence, error) {
	l, err := d.DB.Read().LetterByID(ctx, id)
	if err = db.Fault(err); fault.Is(err, fault.NotFound) {
		l, err = d.DB.Read().LetterByDeliveryID(ctx, id)
	}
	if err != nil {
		return Evidence{}, fmt.Errorf("find a letter: %w", db.Fault(err))
	}
	err = d.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		return audit.Record(ctx, tx, audit.Entry{At: d.Clock(), Who: who, Action: audit.LetterView, Subject: l.ID})
	})
	if err != nil {
		return Evidence{}, err
	}
	return d.gather(ctx, l.ID)
}

func (d *Desk) gather(ctx context.Context, letterID string) (Evidence, error) {
	row, err := d.DB.Read().LetterWithSubmission(ctx, letterID)
	if err != nil {
		return Evidence{}, fmt.Errorf("read a letter: %w", db.Fault(err))
	}
	e := Evidence{Letter: row.Letter, Submission: row.Submission, KeyClass: d.Keys.class(row.Submission)}
	if e.Campaign, err = d.Campaigns.Version(ctx, row.Letter.CampaignID, row.Submission.CampaignVersion); err != nil {
		return Evidence{}, err
	}
	if e.Consents, err = d.DB.Read().ListConsents(ctx, row.Submission.SupporterID); err != nil {
		return Evidence{}, fmt.Errorf("read consents: %w", db.Fault(err))
	}
	if e.History, err = d.History(ctx, letterID); err != nil {
		return Evidence{}, err
	}
	if e.Question, err = d.Question(ctx, row.Submission.ID); err != nil {
		return Evidence{}, err
	}
	if e.Answer, err = d.said(ctx, row.Letter); err != nil {
		return Evidence{}, err
	}
	e.Confirmation = confirmationOf(e.History)
	e.Shown = shown(row.Letter, e.Campaign)
	e.Message, err = d.rebuilt(ctx, row, e.Campaign, e.History)
	return e, err
}

func shown(l query.Letter, c *campaign.Campaign) Shown {
	s := Shown{Statement: c.Letter.Text, Own: string(l.Message), Hash: l.TextHash}
	if l.Subject == "" { // scrubbed
		return s
	}
	s.Intact = TextHash(string(l.Subject), cmp.Or(string(l.Message), c.Letter.Text)) == l.TextHash
	if l.Message != "" {
		s.Diff = text.Diff(c.Letter.Text, string(l.Message))
	}
	return s
}

func (d *Desk) rebuilt(ctx context.Context, row query.LetterWithSubmissionRow, c *campaign.Campaign, history []query.LetterHistory) (Rebuilt, error) {
	channel := d.Channels[row.Letter.Channel]
	switch {
	case row.Letter.Subject == "":
		return Rebuilt{Why: MessageErased}, nil
	case row.Letter.Channel == ChannelPrint:
		return Rebuilt{Why: MessagePrinted}, nil
	case row.Letter.Channel == ChannelHandoff:
		return Rebuilt{Why: MessageByHand}, nil
	case channel == nil:
		return Rebuilt{Why: "this installation has no channel " + row.Letter.Channel}, nil
	}
	as, made, err := d.signed(ctx, row.Letter, history)
	if err != nil {
		return Rebuilt{}, err
	}
	message, err := channel.Rebuild(ctx, row, c, as)
	if problems, ok := errors.AsType[cwc.Problems](err); ok {
		return Rebuilt{Why: "the settings make no message: " + problems.Error()}, nil
	}
	if err != nil {
		return Rebuilt{Why: err.Error()}, nil //nolint:nilerr // the rest of the dossier is shown
	}
	sum := sha256.Sum256(message)
	return Rebuilt{XML: string(message), SHA256: hex.EncodeToString(sum[:]), Made: made}, nil
}

// signed returns as whom a letter's message was sent, or would be.
func (d *Desk) signed(ctx context.Context, l query.Letter, history []query.LetterHistory) (Sender, Made, error) {
	self := d.Channels[l.Channel].Self()
	attempt := attemptOf(history)
	if attempt == nil {
		return self, MadeAhead, nil
	}
	as, known, err := d.sentAs(ctx, l.Channel, attempt)
	if !known {
		return self, MadeAfter, err
	}
	return as, MadeAsSent, err
}
