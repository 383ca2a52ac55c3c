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

// Senate is the channel to the Senate's mail system.
type Senate struct {
	Client *cwc.SenateClient
	Sender Sender // the Senate may have registered another name of the agent than the House
	DB     *db.DB
	Clock  func() time.Time
	Holder Holder // see House

	offices offices
}

func (s *Senate) system() system {
	return system{
		chamber: congress.Senate, client: s.Client, db: s.DB, clock: s.Clock, holder: s.Holder,
		setting: "cwc-senate-offices", offices: &s.offices,
	}
}

// Send builds the letter's message and gives it to the Senate; see House.
func (s *Senate) Send(ctx context.Context, row query.LetterWithSubmissionRow, c *campaign.Campaign, as Sender) cwc.Outcome {
	return s.system().send(ctx, row, c, as)
}

// Rebuild makes the bytes that Send gives to the Senate; see House.
func (s *Senate) Rebuild(ctx context.Context, row query.LetterWithSubmissionRow, c *campaign.Campaign, as Sender) ([]byte, error) {
	return s.system().rebuild(ctx, row, c, as)
}

// Self returns Sender.
func (s *Senate) Self() Sender { return s.Sender }

// Repeats is true: the Senate answers 409 to a number that it knows, which says that an
// earlier attempt had landed.
func (s *Senate) Repeats() bool { return true }
