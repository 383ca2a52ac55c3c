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
func Channels() []string { return []string{ChannelHouse, ChannelSenate} }

func pauseSetting(channel string) string { return "paused-" + channel }

// PauseOf returns the pause of a channel; false when the channel is open. Every node reads
// it in the transaction that begins an attempt.
func PauseOf(ctx context.Context, d *db.DB, channel string) (Pause, bool, error) {
	return pauseIn(ctx, d.Read(), channel)
}

func pauseIn(ctx context.Context, q *query.Queries, channel string) (Pause, bool, error) {
	value, err := q.Setting(ctx, pauseSetting(channel))
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

// Pause stops a channel on all nodes, for a reason. Attempts under way end as they will.
func (d *Desk) Pause(ctx context.Context, channel, who, why string) error {
	if err := channelKnown(channel); err != nil {
		return err
	}
	if why == "" {
		return errNoReason
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

// Resume opens a channel again. It returns how many letters are in line whose time came
// meanwhile.
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
	d.wake()
	n, err := d.inLine(ctx, channel)
	return int(n.Letters), err
}

// hasten makes a letter due now that waits for its next attempt. A letter that waits for its writer is a conflict.
func (d *Desk) hasten(ctx context.Context, l query.Letter, who, why string) error {
	now := d.Clock()
	err := d.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		n, err := tx.HastenLetter(ctx, query.HastenLetterParams{ID: l.ID, State: l.State, Attempts: l.Attempts, DueAt: stamp.Of(now)})
		if err != nil {
			return err
		}
		if n == 0 {
			return errLostRace
		}
		return audit.Record(ctx, tx, audit.Entry{At: now, Who: who, Action: audit.LetterRetry, Subject: l.ID, Detail: why})
	})
	if err != nil && !errors.Is(err, errLostRace) {
		return fmt.Errorf("make a letter due: %w", err)
	}
	d.wake()
	return err
}
