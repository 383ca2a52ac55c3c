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
	"github.com/franklin-letters/franklin/internal/supporter"
	"github.com/franklin-letters/franklin/internal/supporter/segment"
)

// Notes in the history of letters that their writers, or the people in whose name they
// were written, want back.
const (
	noteTakenBack = "taken back by its writer"
	noteDisowned  = "reported by the owner of the e-mail address as not theirs"
	noteBlocked   = "the owner of the e-mail address wants no letters in their name"
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
			err := d.change(ctx, l, d.withdrawal(l, note))
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

// withdrawal is the move of a letter that somebody wants back. What a block withdraws was not
// reported itself, so the log tells it of each letter.
func (d *Desk) withdrawal(l query.Letter, note string) move {
	m := move{to: Withdrawn, actor: BySupporter, reason: note}
	if note == noteBlocked {
		m.also = func(ctx context.Context, tx *db.Tx) error {
			return audit.Record(ctx, tx, audit.Entry{At: d.Clock(), Who: audit.Supporter, Action: audit.LetterWithdrawn, Subject: l.ID, Detail: note})
		}
	}
	return m
}

// Disown records that the owner of the e-mail address did not write a submission: what has
// not been sent is withdrawn, the rest is marked in its history and counted. A reader of
// the mailbox, whom the mailed link proves, also has the address blocked: from then on no
// letter is taken with it, none that was taken is sent, and no mail goes to it. Doing it
// twice is as good as once.
func (d *Desk) Disown(ctx context.Context, submissionID string, mailbox bool) error {
	s, err := d.DB.Read().SubmissionByID(ctx, submissionID)
	if err != nil {
		return fmt.Errorf("find a submission: %w", db.Fault(err))
	}
	if _, err := d.withdraw(ctx, submissionID, noteDisowned); err != nil {
		return err
	}
	now, blocks := d.Clock(), mailbox && s.Email != ""
	err = d.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := d.disownIn(ctx, tx, s, now); err != nil || !blocks {
			return err
		}
		return d.blockIn(ctx, tx, s, d.Keys.Mailbox(string(s.Email)), now)
	})
	if err != nil {
		return fmt.Errorf("record that a letter is not theirs: %w", err)
	}
	if !blocks {
		return nil
	}
	return d.withdrawBlocked(ctx, s.SupporterID)
}

// withdrawBlocked withdraws all letters in a person's name that have not been sent, on all
// campaigns. It comes after the block: a letter that it does not reach, because it is on its
// way or because the program dies here, is kept back before its next attempt.
func (d *Desk) withdrawBlocked(ctx context.Context, supporterID string) error {
	all, err := d.DB.Read().ListSubmissionsOfSupporter(ctx, supporterID)
	if err != nil {
		return fmt.Errorf("find the other letters: %w", db.Fault(err))
	}
	for _, s := range all {
		if !s.ScrubbedAt.IsZero() { // its letters have ended
			continue
		}
		if _, err := d.withdraw(ctx, s.ID, noteBlocked); err != nil {
			return err
		}
	}
	return nil
}

// disownIn flags the submission, once, and marks the letters that have left.
func (d *Desk) disownIn(ctx context.Context, tx *db.Tx, s query.Submission, now time.Time) error {
	n, err := tx.DisownSubmission(ctx, query.DisownSubmissionParams{ID: s.ID, DisownedAt: stamp.Of(now)})
	if err != nil || n == 0 {
		return err
	}
	if err := segment.Changed(ctx, tx, s.SupporterID); err != nil {
		return err
	}
	letters, err := tx.ListLettersOfSubmission(ctx, s.ID)
	if err != nil {
		return err
	}
	for _, l := range letters {
		if err := markDisowned(ctx, tx, l, d.Node, now); err != nil {
			return err
		}
	}
	err = tx.AddCampaignCounts(ctx, query.AddCampaignCountsParams{CampaignID: s.CampaignID, Shard: tx.Shard(), Disowned: 1})
	if err != nil {
		return err
	}
	if err := d.holdDoubted(ctx, tx, s.CampaignID, now); err != nil {
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

// blockIn blocks the address with which a submission was made, and ends what its owner is
// said to have agreed to.
func (d *Desk) blockIn(ctx context.Context, tx *db.Tx, s query.Submission, address string, now time.Time) error {
	who := supporter.Link{Supporter: s.SupporterID, Mailbox: address}
	if err := d.People.SuppressIn(ctx, tx, who, supporter.NotMe, supporter.ByDisown); err != nil {
		return err
	}
	return audit.Record(ctx, tx, audit.Entry{At: now, Who: audit.Supporter, Action: audit.AddressBlocked, Subject: address, Detail: "reported with submission " + s.ID})
}

// Blocked reports whether the owner of the address wants no letter in their name.
func (d *Desk) Blocked(ctx context.Context, email string) (bool, error) {
	return d.People.Barred(ctx, email)
}

// silent reports whether no mail about a letter, which its writer's own act calls for, must
// go to the address.
func (d *Desk) silent(ctx context.Context, email string) (bool, error) {
	return d.People.Suppressed(ctx, email, supporter.OwnActs)
}
