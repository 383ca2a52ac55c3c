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
		if as, known, err := d.sentAs(ctx, l, history); known || err != nil {
			return as, err
		}
	}
	return d.Channels[l.Channel].Self(), nil
}

// sentAs returns as whom the message was sent that the office has or may have. That was said by
// the last attempt that was not a repeat of one whose fate is unknown. It is not known of attempts
// that were made before senders were written down.
func (d *Desk) sentAs(ctx context.Context, l query.Letter, history []query.LetterHistory) (as Sender, known bool, err error) {
	var sent *query.LetterHistory
	for i, h := range history {
		if State(h.ToState) == Sending && State(h.FromState) != Unknown {
			sent = &history[i]
		}
	}
	if sent == nil {
		return as, false, nil
	}
	text, err := d.DB.Read().SenderAt(ctx, query.SenderAtParams{Channel: l.Channel, Node: sent.Node, At: sent.At})
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
