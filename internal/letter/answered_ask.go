package letter

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/db/stamp"
	"github.com/franklin-letters/franklin/internal/fault"
	"github.com/franklin-letters/franklin/internal/mail"
	"github.com/franklin-letters/franklin/internal/supporter"
)

// AnswerAfter is how long an office has had the letter when its writer is asked whether it
// answered. It is less than ScrubAfter, so the address is still there.
const AnswerAfter = 14 * day

// Question says whether the writer of a submission is to be asked, once, whether the
// offices answered.
type Question struct {
	Agreed time.Time // zero for never
	Asked  time.Time // zero for not yet
}

// Question returns what the writer of a submission agreed to.
func (d *Desk) Question(ctx context.Context, submissionID string) (Question, error) {
	q, err := d.DB.Read().Question(ctx, submissionID)
	if err = db.Fault(err); fault.Is(err, fault.NotFound) {
		return Question{}, nil
	}
	if err != nil {
		return Question{}, fmt.Errorf("read what was agreed to: %w", err)
	}
	return Question{Agreed: q.AgreedAt.Time(), Asked: q.AskedAt.Time()}, nil
}

// AgreeToAnswer records that the writer of a submission wants to be asked by mail, in the
// words that they agreed to. Doing it twice is as good as once. It does nothing where the
// address has been forgotten or the letter was disowned.
func (d *Desk) AgreeToAnswer(ctx context.Context, submissionID, words, lang string) error {
	now, sum := d.Clock(), sha256.Sum256([]byte(words))
	err := d.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		s, err := tx.SubmissionByID(ctx, submissionID)
		if err != nil || s.Email == "" || !s.DisownedAt.IsZero() {
			return err
		}
		_, err = tx.InsertQuestion(ctx, query.InsertQuestionParams{
			SubmissionID: submissionID, Words: words, WordsHash: hex.EncodeToString(sum[:]), Lang: lang,
			AgreedAt: stamp.Of(now), DueAt: stamp.Of(now.Add(AnswerAfter)),
		})
		return err
	})
	if err != nil {
		return fmt.Errorf("record what was agreed to: %w", db.Fault(err))
	}
	return nil
}

// DoNotAsk takes back what AgreeToAnswer recorded, unless the mail has been sent already.
func (d *Desk) DoNotAsk(ctx context.Context, submissionID string) error {
	err := d.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.DeleteUnaskedQuestion(ctx, submissionID)
		return err
	})
	if err != nil {
		return fmt.Errorf("take back what was agreed to: %w", err)
	}
	return nil
}

// AskForAnswers looks at the questions that are due and calls ask, in the transaction that
// settles each, with those whose letters have been with their offices for AnswerAfter. Of
// several nodes one asks.
func (d *Desk) AskForAnswers(ctx context.Context, ask func(ctx context.Context, tx *db.Tx, submissionID string) error) error {
	for {
		now := d.Clock()
		due, err := d.DB.Read().ListDueQuestions(ctx, query.ListDueQuestionsParams{Now: stamp.Of(now), MaxRows: reconcileBatch})
		if err != nil {
			return fmt.Errorf("list the questions that are due: %w", db.Fault(err))
		}
		for _, row := range due {
			err := d.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error { return d.settleQuestion(ctx, tx, row, now, ask) })
			if err != nil {
				return fmt.Errorf("ask whether an office answered: %w", err)
			}
		}
		if len(due) < reconcileBatch {
			return nil
		}
	}
}

func (d *Desk) settleQuestion(
	ctx context.Context, tx *db.Tx, row query.ListDueQuestionsRow, now time.Time, ask func(context.Context, *db.Tx, string) error,
) error {
	letters, err := tx.ListLettersOfSubmission(ctx, row.SubmissionID)
	if err != nil {
		return err
	}
	next := askAt(letters, now)
	settled := query.SettleQuestionParams{SubmissionID: row.SubmissionID, WasDue: row.DueAt, DueAt: stamp.Of(next)}
	asked := !next.IsZero() && !next.After(now)
	if asked {
		settled.DueAt, settled.AskedAt = 0, stamp.Of(now)
	}
	n, err := tx.SettleQuestion(ctx, settled)
	if err != nil || n == 0 || !asked {
		return err
	}
	return ask(ctx, tx, row.SubmissionID)
}

// askAt is when to ask about letters: some time after the last of them arrived. While none
// has, it is tomorrow; zero when none can any more.
func askAt(letters []query.Letter, now time.Time) time.Time {
	var last time.Time
	open := false
	for _, l := range letters {
		if at := l.DeliveredAt.Time(); State(l.State).Counts() && at.After(last) {
			last = at
		}
		open = open || !State(l.State).Final()
	}
	switch {
	case !last.IsZero():
		return last.Add(AnswerAfter)
	case open:
		return now.Add(day)
	}
	return time.Time{}
}

// AnswerNotice returns the mail that asks whether the offices answered. It returns false
// when the address has been forgotten or blocked, or the letter was disowned; and, because
// whoever pressed send may agree to it, when the mailbox's owner has not answered since the
// letter came and it is not the mailbox's turn; see claim. It holds no word that the form's
// writer chose.
func (d *Desk) AnswerNotice(ctx context.Context, submissionID string, n Notices) (mail.Message, bool, error) {
	s, err := d.DB.Read().SubmissionByID(ctx, submissionID)
	if err != nil {
		return mail.Message{}, false, fmt.Errorf("read a submission: %w", db.Fault(err))
	}
	if s.Email == "" || !s.DisownedAt.IsZero() {
		return mail.Message{}, false, nil
	}
	if blocked, err := d.People.Suppressed(ctx, string(s.Email), supporter.Answers); err != nil || blocked {
		return mail.Message{}, false, err
	}
	if turn, err := d.answeredOrTurn(ctx, s); err != nil || !turn {
		return mail.Message{}, false, err
	}
	c, err := d.Campaigns.Version(ctx, s.CampaignID, s.CampaignVersion)
	if err != nil {
		return mail.Message{}, false, err
	}
	n.Neutral = n.Neutral || c.Neutral
	return n.Answer(reader(s, s.ID), c.Words(s.Lang).Title, n.BaseURL+"/answer/"+d.Keys.AnswerToken(s.ID)+inLang(s)), true, nil
}
