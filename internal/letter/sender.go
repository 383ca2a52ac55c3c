package letter

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"

	"github.com/franklin-letters/franklin/congress/cwc"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/db/stamp"
	"github.com/franklin-letters/franklin/internal/fault"
)

// Sender is who delivers, and for which organisation: the parts of a message that come from
// the settings and are the same in all of them.
type Sender struct {
	Agent        string
	AckEmail     string
	Contact      cwc.Contact
	Organization string
	OrgContact   cwc.Contact
	About        string
	SiteURL      string
}

// introduced remembers to which office systems this process has said in the database as whom it
// writes.
type introduced struct {
	mu   sync.Mutex
	done map[string]bool // by channel
}

// introduce writes down as whom this process writes to an office system, before its first attempt
// there: a message that is made again, for another attempt or as a proof, must be the same although
// the settings may have changed.
func (d *Desk) introduce(ctx context.Context, channel string) error {
	d.introduced.mu.Lock()
	defer d.introduced.mu.Unlock()
	if d.introduced.done[channel] {
		return nil
	}
	self, err := json.Marshal(d.Channels[channel].Self())
	if err != nil {
		return fmt.Errorf("write down who sends: %w", err)
	}
	err = d.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		return tx.PutSender(ctx, query.PutSenderParams{Channel: channel, Node: d.Node, Since: stamp.Of(d.Clock()), Sender: string(self)})
	})
	if err != nil {
		return fmt.Errorf("write down who sends: %w", err)
	}
	if d.introduced.done == nil {
		d.introduced.done = map[string]bool{}
	}
	d.introduced.done[channel] = true
	return nil
}

// signature returns as whom the next attempt at a letter is made: by the settings, unless nobody
// knows what became of an earlier attempt. What is sent again is the same message.
func (d *Desk) signature(ctx context.Context, l query.Letter) (Sender, error) {
	if err := d.introduce(ctx, l.Channel); err != nil {
		return Sender{}, err
	}
	if State(l.State) == Unknown {
		history, err := d.History(ctx, l.ID)
		if err != nil {
			return Sender{}, err
		}
		if attempt := attemptOf(history); attempt != nil {
			if as, known, err := d.sentAs(ctx, l.Channel, attempt); known || err != nil {
				return as, err
			}
		}
	}
	return d.Channels[l.Channel].Self(), nil
}

// attemptOf returns the attempt by which the office has a letter's message, or may have it: the
// last one that was not a repeat of one whose fate is unknown. There is none of a letter that was
// not sent, or that came back to be sent again.
func attemptOf(history []query.LetterHistory) *query.LetterHistory {
	var attempt *query.LetterHistory
	for i, h := range history {
		switch to := State(h.ToState); {
		case to == Sending && State(h.FromState) != Unknown:
			attempt = &history[i]
		case to == Ready, to == Waiting:
			attempt = nil
		}
	}
	return attempt
}

// sentAs returns as whom an attempt on a channel was made. It is not known of those that were made
// before senders were written down.
func (d *Desk) sentAs(ctx context.Context, channel string, attempt *query.LetterHistory) (as Sender, known bool, err error) {
	text, err := d.DB.Read().SenderAt(ctx, query.SenderAtParams{Channel: channel, Node: attempt.Node, At: attempt.At})
	if err = db.Fault(err); fault.Is(err, fault.NotFound) {
		return as, false, nil
	}
	if err == nil {
		err = json.Unmarshal([]byte(text), &as)
	}
	if err != nil {
		return Sender{}, false, fmt.Errorf("read who sent: %w", err)
	}
	return as, true, nil
}
