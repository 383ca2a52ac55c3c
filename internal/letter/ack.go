package letter

import (
	"context"
	"errors"
	"fmt"

	"github.com/franklin-letters/franklin/internal/audit"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/fault"
)

// Ack is what an office's mail system reported about a letter after the attempt.
type Ack struct {
	// Numbers are what may be the letter's delivery number. Exactly one of them must be the
	// number of a letter of ours.
	Numbers  []string
	Accepted bool   // false for sent back
	Reason   string // of a refusal, in the system's words
}

// AckResult is what became of a report.
type AckResult struct {
	LetterID string // empty when the report is about no letter of ours, or about several
	From, To State  // the move; To is empty when there is none to make
	Why      string // why there is none
}

// noteNoReason stands for the words of a system about a letter whose own were erased.
const noteNoReason = "sent back by the office's mail system"

// Acknowledge moves the letter that a report is about, in the name of who fed it in: one of
// unknown fate becomes accepted or refused, an accepted one may be refused late. All else
// stays where it is, and doing it twice is as good as once. With dry nothing moves, and the
// result says what would.
func (d *Desk) Acknowledge(ctx context.Context, a Ack, who string, dry bool) (AckResult, error) {
	l, why, err := d.acknowledged(ctx, a.Numbers)
	if err != nil || why != "" {
		return AckResult{Why: why}, err
	}
	r := AckResult{LetterID: l.ID, From: State(l.State)}
	to := Refused
	if a.Accepted {
		to = Accepted
	}
	switch {
	case r.From == to:
		r.Why = "it is known already"
	case !May(r.From, to, ByOffice):
		r.Why = fmt.Sprintf("a letter that is %s does not become %s by a report; a person must look at it", r.From, to)
	default:
		r.To = to
	}
	if r.To == "" || dry {
		return r, nil
	}
	m, err := d.officesMove(ctx, l, r.To, a.Reason, who)
	if err != nil {
		return r, err
	}
	err = d.change(ctx, l, m)
	if errors.Is(err, errLostRace) {
		return AckResult{LetterID: l.ID, From: r.From, Why: "it was moved by somebody else just now"}, nil
	}
	return r, err
}

// acknowledged finds the one letter that the numbers name, or says why there is none.
func (d *Desk) acknowledged(ctx context.Context, numbers []string) (found query.Letter, why string, err error) {
	for _, n := range numbers {
		l, err := d.DB.Read().LetterByDeliveryID(ctx, n)
		if err = db.Fault(err); fault.Is(err, fault.NotFound) {
			continue
		}
		if err != nil {
			return found, "", fmt.Errorf("find the letter of a report: %w", err)
		}
		if found.ID != "" {
			return query.Letter{}, "it names several letters; a person must read it", nil
		}
		found = l
	}
	if found.ID == "" {
		return found, "it names no letter of ours", nil
	}
	return found, "", nil
}

// officesMove is the move that a report makes. Words about a letter whose own were erased
// are not kept, for they may quote them.
func (d *Desk) officesMove(ctx context.Context, l query.Letter, to State, reason, who string) (move, error) {
	s, err := d.DB.Read().SubmissionByID(ctx, l.SubmissionID)
	if err != nil {
		return move{}, fmt.Errorf("find the submission of a report: %w", db.Fault(err))
	}
	switch {
	case to == Accepted:
		reason = ""
	case reason == "" || !s.ScrubbedAt.IsZero():
		reason = noteNoReason
	}
	return move{to: to, actor: ByOffice, reason: reason, also: func(ctx context.Context, tx *db.Tx) error {
		return audit.Record(ctx, tx, audit.Entry{
			At: d.Clock(), Who: who, Action: audit.LetterReported, Subject: l.ID, Detail: fmt.Sprintf("%s to %s by a report", l.State, to),
		})
	}}, nil
}
