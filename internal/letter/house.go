package letter

import (
	"context"
	"time"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/cwc"
	"github.com/franklin-letters/franklin/internal/campaign"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/query"
)

// House is the channel to the House's mail system.
type House struct {
	Client *cwc.HouseClient
	Sender Sender
	DB     *db.DB
	Clock  func() time.Time
	// Holder says who holds a seat, so that nothing is sent to a vacant one; without it all
	// seats count as held.
	Holder Holder
	// Lives looks at each attempt whether the writer still lives in the district; without it
	// that is as it was when the letter was taken in.
	Lives Lives
	// ResendUnknown allows a letter whose fate is unknown to be sent again under the same
	// delivery number. It is safe only towards a system that recognises repeats.
	ResendUnknown bool

	offices offices
}

func (h *House) system() system {
	return system{
		chamber: congress.House, client: h.Client, db: h.DB, clock: h.Clock, holder: h.Holder, lives: h.Lives, repeats: h.ResendUnknown,
		setting: "cwc-house-offices", offices: &h.offices,
	}
}

// Send builds the letter's message and gives it to the House. The same letter of the same sender
// always makes the same bytes, so that a repeat can be recognised.
func (h *House) Send(ctx context.Context, row query.LetterWithSubmissionRow, c *campaign.Campaign, as Sender) cwc.Outcome {
	return h.system().send(ctx, row, c, as)
}

// Rebuild makes the bytes that Send gives to the House, without sending them. It asks nobody;
// the office is spelled as in the last list that was fetched. Its error is cwc.Problems when the message breaks the House's rules.
func (h *House) Rebuild(ctx context.Context, row query.LetterWithSubmissionRow, c *campaign.Campaign, as Sender) ([]byte, error) {
	return h.system().rebuild(ctx, row, c, as)
}

// Self returns Sender.
func (h *House) Self() Sender { return h.Sender }

// Repeats reports whether the House's system is trusted to recognise repeats.
func (h *House) Repeats() bool { return h.ResendUnknown }
