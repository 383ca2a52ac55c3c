package letter

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/internal/campaign"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/db/stamp"
	"github.com/franklin-letters/franklin/internal/fault"
)

// Answer is what the writer of a letter says about the office's answer.
type Answer string

// The answers.
const (
	AnswerReal Answer = "real" // it went into what the letter said
	AnswerForm Answer = "form" // the same words for everybody
	AnswerNone Answer = "none" // nothing came so far
)

// Answers returns all answers, the best first.
func Answers() []Answer { return []Answer{AnswerReal, AnswerForm, AnswerNone} }

// FewestAnswers is how many people must have spoken about an office before what they said
// is shown, so that nobody's own answer can be made out.
const FewestAnswers = 5

// markAnswer is the purpose of the marks in the links of the mail that asks whether the
// offices answered. They open no receipt.
const markAnswer = "answer"

// AnswerToken returns the part of a link by which the writer of a submission says whether
// the offices answered.
func (k Keys) AnswerToken(submissionID string) string {
	return submissionID + "." + k.mark(markAnswer, submissionID)
}

// ToAnswer returns the submission that a token of AnswerToken belongs to.
func (k Keys) ToAnswer(token string) (string, bool) { return k.marked(markAnswer, token) }

// Heard is what the writer of a submission has said about its letters that arrived.
type Heard struct {
	Campaign *campaign.Campaign // the version the letters were written on
	Letters  []HeardLetter      // those that arrived
}

// HeardLetter is one of them. Answer is empty until the writer has said something.
type HeardLetter struct {
	ID     string
	Seat   congress.Seat
	Answer Answer
	At     time.Time
}

// Heard looks at what was said about the letters of a submission. It changes nothing.
func (d *Desk) Heard(ctx context.Context, submissionID string) (Heard, error) {
	s, err := d.DB.Read().SubmissionByID(ctx, submissionID)
	if err != nil {
		return Heard{}, fmt.Errorf("find a submission: %w", db.Fault(err))
	}
	letters, err := d.DB.Read().ListLettersOfSubmission(ctx, submissionID)
	if err != nil {
		return Heard{}, fmt.Errorf("find the letters: %w", db.Fault(err))
	}
	said, err := d.DB.Read().ListAnswersOfSubmission(ctx, submissionID)
	if err != nil {
		return Heard{}, fmt.Errorf("find the answers: %w", db.Fault(err))
	}
	c, err := d.Campaigns.Version(ctx, s.CampaignID, s.CampaignVersion)
	if err != nil {
		return Heard{}, err
	}
	h := Heard{Campaign: c}
	for _, l := range letters {
		if !State(l.State).Counts() {
			continue
		}
		seat, err := congress.ParseSeat(l.Seat)
		if err != nil {
			return Heard{}, fmt.Errorf("read the seat of a letter: %w", err)
		}
		one := HeardLetter{ID: l.ID, Seat: seat}
		if i := slices.IndexFunc(said, func(a query.Answer) bool { return a.LetterID == l.ID }); i >= 0 {
			one.Answer, one.At = Answer(said[i].Answer), said[i].AnsweredAt.Time()
		}
		h.Letters = append(h.Letters, one)
	}
	return h, nil
}

// said is what the writer has said about the answer to a letter; empty for nothing.
func (d *Desk) said(ctx context.Context, l query.Letter) (Answer, error) {
	all, err := d.DB.Read().ListAnswersOfSubmission(ctx, l.SubmissionID)
	if err != nil {
		return "", fmt.Errorf("find the answers: %w", db.Fault(err))
	}
	for _, a := range all {
		if a.LetterID == l.ID {
			return Answer(a.Answer), nil
		}
	}
	return "", nil
}

// Answered records what the writer says about a letter of theirs; the last word counts. It
// returns an invalid fault for an answer that there is not, and a not-found fault for a
// letter that is not of the submission, has not arrived, or was disowned.
func (d *Desk) Answered(ctx context.Context, submissionID, letterID string, a Answer) error {
	if !slices.Contains(Answers(), a) {
		return fault.New(fault.Invalid, "")
	}
	err := d.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		s, err := tx.SubmissionByID(ctx, submissionID)
		if err != nil {
			return err
		}
		l, err := tx.LetterByID(ctx, letterID)
		if err != nil {
			return err
		}
		if l.SubmissionID != submissionID || !State(l.State).Counts() || !s.DisownedAt.IsZero() {
			return fault.New(fault.NotFound, "")
		}
		return tx.UpsertAnswer(ctx, query.UpsertAnswerParams{
			LetterID: l.ID, CampaignID: l.CampaignID, Seat: l.Seat, Answer: string(a), AnsweredAt: stamp.Of(d.Clock()),
		})
	})
	if err != nil {
		return fmt.Errorf("record an answer: %w", db.Fault(err))
	}
	return nil
}

// Rate is what people said about one office on one campaign.
type Rate struct {
	Seat             congress.Seat
	Real, Form, None int
}

// People is how many have spoken.
func (r Rate) People() int { return r.Real + r.Form + r.None }

// Rates returns what people said about each office on a campaign, in the order of the
// seats. Offices about which fewer than FewestAnswers have spoken are left out.
func Rates(ctx context.Context, d *db.DB, campaignID string) ([]Rate, error) {
	rows, err := d.Read().CountAnswers(ctx, campaignID)
	if err != nil {
		return nil, fmt.Errorf("count the answers: %w", db.Fault(err))
	}
	var all []Rate
	for _, row := range rows {
		seat, err := congress.ParseSeat(row.Seat)
		if err != nil {
			return nil, fmt.Errorf("read the seat of an answer: %w", err)
		}
		if len(all) == 0 || all[len(all)-1].Seat != seat {
			all = append(all, Rate{Seat: seat})
		}
		one := &all[len(all)-1]
		switch Answer(row.Answer) {
		case AnswerReal:
			one.Real = int(row.People)
		case AnswerForm:
			one.Form = int(row.People)
		case AnswerNone:
			one.None = int(row.People)
		}
	}
	all = slices.DeleteFunc(all, func(r Rate) bool { return r.People() < FewestAnswers })
	slices.SortFunc(all, func(a, b Rate) int { return cmp.Compare(a.Seat.String(), b.Seat.String()) })
	return all, nil
}
