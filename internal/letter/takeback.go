package letter

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/franklin-letters/franklin/internal/audit"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/db/stamp"
)

// Notes in the history of letters that their writers, or the people in whose name they
// were written, want back.
const (
	noteTakenBack = "taken back by its writer"
	noteDisowned  = "reported by the owner of the e-mail address as not theirs"
)

// Withdrawable reports whether a letter in the state can still be taken back.
func (s State) Withdrawable() bool { return May(s, Withdrawn, BySupporter) }

// TakeBack withdraws the letters of a submission that have not been sent. Doing it twice is
// as good as once. It returns how many letters it can no longer take back.
func (d *Desk) TakeBack(ctx context.Context, submissionID string) (gone int, err error) {
	return d.withdraw(ctx, submissionID, noteTakenBack)
}

func (d *Desk) withdraw(ctx context.Context, submissionID, note string) (gone int, err error) {
	letters, err := d.DB.Read().ListLettersOfSubmission(ctx, submissionID)
	if err != nil {
		return 0, fmt.Errorf("find the letters: %w", db.Fault(err))
	}
	for _, l := range letters {
		for State(l.State).Withdrawable() {
			err := d.change(ctx, l, move{to: Withdrawn, actor: BySupporter, reason: note})
			if err == nil {
				l.State = string(Withdrawn)
				break
			}
			if !errors.Is(err, errLostRace) {
				return gone, err
			}
			if l, err = d.DB.Read().LetterByID(ctx, l.ID); err != nil {
				return gone, fmt.Errorf("find a letter: %w", db.Fault(err))
			}
		}
		if State(l.State) != Withdrawn {
			gone++
		}
	}
	return gone, nil
}

// Disown records that the owner of the e-mail address did not write a submission: what has
// not been sent is withdrawn, the rest is marked in its history and counted. A reader of
// the mailbox, whom the mailed link proves, also has the address blocked: from then on no
// letter is taken with it and no mail goes to it. Doing it twice is as good as once.
func (d *Desk) Disown(ctx context.Context, submissionID string, mailbox bool) error {
	s, err := d.DB.Read().SubmissionByID(ctx, submissionID)
	if err != nil {
		return fmt.Errorf("find a submission: %w", db.Fault(err))
	}
	if _, err := d.withdraw(ctx, submissionID, noteDisowned); err != nil {
		return err
	}
	now := d.Clock()
	err = d.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := disownIn(ctx, tx, s, d.Node, now); err != nil {
			return err
		}
		if !mailbox || s.Email == "" {
			return nil
		}
		return d.blockIn(ctx, tx, s, now)
	})
	if err != nil {
		return fmt.Errorf("record that a letter is not theirs: %w", err)
	}
	return nil
}

// disownIn flags the submission, once, and marks the letters that have left.
func disownIn(ctx context.Context, tx *db.Tx, s query.Submission, node string, now time.Time) error {
	n, err := tx.DisownSubmission(ctx, query.DisownSubmissionParams{ID: s.ID, DisownedAt: stamp.Of(now)})
	if err != nil || n == 0 {
		return err
	}
	letters, err := tx.ListLettersOfSubmission(ctx, s.ID)
	if err != nil {
		return err
	}
	for _, l := range letters {
		if err := markDisowned(ctx, tx, l, node, now); err != nil {
			return err
		}
	}
	err = tx.AddCampaignCounts(ctx, query.AddCampaignCountsParams{CampaignID: s.CampaignID, Shard: tx.Shard(), Disowned: 1})
	if err != nil {
		return err
	}
	return audit.Record(ctx, tx, audit.Entry{At: now, Who: audit.Supporter, Action: audit.LetterDisowned, Subject: s.ID})
}

// markDisowned adds a line to the history that is no move.
func markDisowned(ctx context.Context, tx *db.Tx, l query.Letter, node string, now time.Time) error {
	if State(l.State) == Withdrawn {
		return nil
	}
	// This changes nothing but takes the row's lock, which the next line of history needs.
	n, err := tx.SetLetterChannel(ctx, query.SetLetterChannelParams{ID: l.ID, State: l.State, Channel: l.Channel, Office: l.Office})
	if err != nil {
		return err
	}
	if n == 0 { // it was moved a moment ago
		if l, err = tx.LetterByID(ctx, l.ID); err != nil {
			return err
		}
	}
	return tx.InsertLetterHistory(ctx, query.InsertLetterHistoryParams{
		LetterID: l.ID, At: stamp.Of(now), FromState: l.State, ToState: l.State, Actor: string(BySupporter), Node: node, Note: noteDisowned,
	})
}

// blockIn blocks the address of a submission and ends what its owner is said to have
// agreed to.
func (d *Desk) blockIn(ctx context.Context, tx *db.Tx, s query.Submission, now time.Time) error {
	address := d.Keys.Mailbox(s.Email)
	if err := tx.BlockAddress(ctx, query.BlockAddressParams{Address: address, CreatedAt: stamp.Of(now)}); err != nil {
		return err
	}
	_, err := tx.WithdrawConsents(ctx, query.WithdrawConsentsParams{
		SupporterID: s.SupporterID, Purpose: PurposeUpdates, WithdrawnAt: stamp.Of(now),
	})
	if err != nil {
		return err
	}
	return audit.Record(ctx, tx, audit.Entry{At: now, Who: audit.Supporter, Action: audit.AddressBlocked, Subject: address, Detail: "reported with submission " + s.ID})
}

// Blocked reports whether the owner of the address wants no letter in their name.
func (d *Desk) Blocked(ctx context.Context, email string) (bool, error) {
	n, err := d.DB.Read().CountBlocksOfAddress(ctx, d.Keys.Mailbox(email))
	if err != nil {
		return false, fmt.Errorf("look for a block: %w", db.Fault(err))
	}
	return n > 0, nil
}

// Unblock lets an address take part again, when its owner has asked an operator for it. It
// returns false when the address was not blocked.
func (d *Desk) Unblock(ctx context.Context, email, who string) (bool, error) {
	address, found := d.Keys.Mailbox(email), false
	err := d.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		n, err := tx.UnblockAddress(ctx, address)
		if found = n > 0; err != nil || !found {
			return err
		}
		return audit.Record(ctx, tx, audit.Entry{At: d.Clock(), Who: who, Action: audit.AddressReleased, Subject: address})
	})
	if err != nil {
		return false, fmt.Errorf("unblock an address: %w", err)
	}
	return found, nil
}
