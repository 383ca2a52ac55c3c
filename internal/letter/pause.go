package letter

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/franklin-letters/franklin/internal/audit"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/db/stamp"
	"github.com/franklin-letters/franklin/internal/fault"
)

// Pause says who stopped a channel, when and why. While it holds, no node sends a letter on
// the channel; the letters stay where they stand.
type Pause struct {
	At  time.Time `json:"at"`
	Who string    `json:"who"`
	Why string    `json:"why"`
}

// Channels returns the channels that this program walks by itself.
func Channels() []string { return []string{ChannelHouse} }

func pauseSetting(channel string) string { return "paused-" + channel }

// PauseOf returns the pause of a channel; false when the channel is open. Every node reads
// it before each attempt.
func PauseOf(ctx context.Context, d *db.DB, channel string) (Pause, bool, error) {
	value, err := d.Read().Setting(ctx, pauseSetting(channel))
	if err = db.Fault(err); fault.Is(err, fault.NotFound) {
		return Pause{}, false, nil
	}
	if err != nil {
		return Pause{}, false, fmt.Errorf("read whether %s is paused: %w", channel, err)
	}
	var p Pause
	if err := json.Unmarshal([]byte(value), &p); err != nil {
		return Pause{Why: "the setting cannot be read"}, true, nil //nolint:nilerr // what is there means: do not send
	}
	return p, true, nil
}

func channelKnown(channel string) error {
	if !slices.Contains(Channels(), channel) {
		return fault.New(fault.Invalid, fmt.Sprintf("there is no channel %q; the channels are %v", channel, Channels()))
	}
	return nil
}

// Pause stops a channel on all nodes. Attempts under way end as they will.
func (d *Desk) Pause(ctx context.Context, channel, who, why string) error {
	if err := channelKnown(channel); err != nil {
		return err
	}
	now := d.Clock()
	value, err := json.Marshal(Pause{At: now.UTC(), Who: who, Why: why})
	if err != nil {
		return fmt.Errorf("pause %s: %w", channel, err)
	}
	err = d.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := tx.PutSetting(ctx, query.PutSettingParams{Name: pauseSetting(channel), Value: string(value)}); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Entry{At: now, Who: who, Action: audit.QueuePause, Subject: channel, Detail: why})
	})
	if err != nil {
		return fmt.Errorf("pause %s: %w", channel, err)
	}
	return nil
}

// Resume opens a channel again and puts the letters whose time came meanwhile back into the
// queue. It returns how many they are.
func (d *Desk) Resume(ctx context.Context, channel, who string) (letters int, err error) {
	if err := channelKnown(channel); err != nil {
		return 0, err
	}
	err = d.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := tx.DeleteSetting(ctx, pauseSetting(channel)); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Entry{At: d.Clock(), Who: who, Action: audit.QueueResume, Subject: channel})
	})
	if err != nil {
		return 0, fmt.Errorf("resume %s: %w", channel, err)
	}
	for _, state := range []State{Ready, Waiting, Unknown} {
		n, err := d.requeueDue(ctx, channel, state)
		letters += n
		if err != nil {
			return letters, err
		}
	}
	return letters, nil
}

// requeueDue puts the due letters of one state back into the queue, a batch at a time.
func (d *Desk) requeueDue(ctx context.Context, channel string, state State) (letters int, err error) {
	page := query.ListDueLettersInStateParams{Before: stamp.Of(d.Clock()), State: string(state), Channel: channel, MaxRows: reconcileBatch}
	for {
		rows, err := d.DB.Read().ListDueLettersInState(ctx, page)
		if err != nil {
			return letters, fmt.Errorf("list due letters: %w", db.Fault(err))
		}
		var ids []string
		for _, r := range rows {
			page.AfterDue, page.AfterID = r.DueAt, r.ID
			if d.itsTime(query.Letter{Channel: r.Channel, State: r.State, DueAt: r.DueAt, CreatedAt: r.CreatedAt}) {
				ids = append(ids, r.ID)
			}
		}
		if err := d.requeue(ctx, ids); err != nil {
			return letters, err
		}
		letters += len(ids)
		if len(rows) < reconcileBatch {
			return letters, nil
		}
	}
}

// turn waits for a turn to send on a channel. It returns false when the channel is paused:
// it looks before it waits and again afterwards.
func (d *Desk) turn(ctx context.Context, channel string) (bool, error) {
	if _, paused, err := PauseOf(ctx, d.DB, channel); err != nil || paused {
		return false, err
	}
	if d.Pace == nil {
		return true, nil
	}
	if err := d.Pace(ctx); err != nil {
		return false, fmt.Errorf("wait for a turn to send: %w", err)
	}
	_, paused, err := PauseOf(ctx, d.DB, channel)
	return !paused, err
}

// hasten makes a letter due now that waits for its next attempt, and puts it into the
// queue. A letter that waits for its writer is a conflict.
func (d *Desk) hasten(ctx context.Context, l query.Letter, who, why string) error {
	if l.Channel != ChannelHouse || State(l.State) != Waiting {
		return fault.New(fault.Conflict, "it waits for its writer, not for us")
	}
	now := d.Clock()
	err := d.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		n, err := tx.HastenLetter(ctx, query.HastenLetterParams{ID: l.ID, State: l.State, Attempts: l.Attempts, DueAt: stamp.Of(now)})
		if err != nil {
			return err
		}
		if n == 0 {
			return errLostRace
		}
		err = audit.Record(ctx, tx, audit.Entry{At: now, Who: who, Action: audit.LetterRetry, Subject: l.ID, Detail: why})
		if err != nil {
			return err
		}
		return d.Enqueue(ctx, tx, []string{l.ID}, now)
	})
	if err != nil && !errors.Is(err, errLostRace) {
		return fmt.Errorf("make a letter due: %w", err)
	}
	return err
}
