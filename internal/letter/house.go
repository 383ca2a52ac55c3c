package letter

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/cwc"
	"github.com/franklin-letters/franklin/internal/campaign"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/query"
)

// Names of the channels.
const (
	ChannelHouse   = "cwc-house"
	ChannelHandoff = "handoff"
)

// House is the channel to the House's mail system.
type House struct {
	Client *cwc.HouseClient
	Sender Sender
	DB     *db.DB
	Clock  func() time.Time
	// ResendUnknown allows a letter whose fate is unknown to be sent again under the same
	// delivery number. It is safe only towards a system that recognises repeats.
	ResendUnknown bool

	offices offices
}

// Sender is who delivers, and for which organisation: the parts of a message that are the
// same in all of them.
type Sender struct {
	Agent        string
	AckEmail     string
	Contact      cwc.Contact
	Organization string
	OrgContact   cwc.Contact
	About        string
	SiteURL      string
}

// Send builds the letter's message and gives it to the House. The same letter always makes
// the same bytes, so that a repeat can be recognised.
func (h *House) Send(ctx context.Context, row query.LetterWithSubmissionRow, c *campaign.Campaign) cwc.Outcome {
	seat, err := congress.ParseSeat(row.Letter.Seat)
	if err != nil {
		return cwc.Outcome{Result: cwc.Refused, Reasons: []string{err.Error()}}
	}
	listed, err := h.list(ctx)
	if err != nil {
		return cwc.Outcome{Result: listResult(err), Detail: err.Error()}
	}
	code, ok := listed.Code(seat)
	if !ok {
		return cwc.Outcome{Result: cwc.Refused, OfficeOff: true, Reasons: []string{"the office is not on the House's list of offices that take letters"}}
	}
	message, err := cwc.Build(h.message(row, c, code), congress.House)
	if err != nil {
		return unbuilt(err)
	}
	return h.Client.Send(ctx, message)
}

// Rebuild makes the bytes that Send gives to the House, without sending them: the same ones
// as long as the settings are. It asks nobody; the office is spelled as in the last list
// that was fetched. Its error is cwc.Problems when the message breaks the House's rules.
func (h *House) Rebuild(ctx context.Context, row query.LetterWithSubmissionRow, c *campaign.Campaign) ([]byte, error) {
	seat, err := congress.ParseSeat(row.Letter.Seat)
	if err != nil {
		return nil, err
	}
	office := row.Letter.Office
	if code, ok := h.known(ctx).Code(seat); ok {
		office = code
	}
	return cwc.Build(h.message(row, c, office), congress.House)
}

// unbuilt says what a message that breaks the House's rules means: the fault is the
// letter's, or that of the settings, which an operator can mend while the letter waits.
func unbuilt(err error) cwc.Outcome {
	problems, _ := errors.AsType[cwc.Problems](err)
	for _, p := range problems {
		if strings.HasPrefix(p.Path, "CWC/Delivery/") || p.Path == "CWC/Message/MoreInfo" {
			return cwc.Outcome{Result: cwc.Misconfigured, Detail: "the settings make no message: " + p.String()}
		}
	}
	return cwc.Outcome{Result: cwc.Refused, Reasons: []string{err.Error()}}
}

// listResult says what a failed fetch of the list means for a letter: nothing was sent.
func listResult(err error) cwc.Result {
	switch {
	case errors.Is(err, cwc.ErrMisconfigured):
		return cwc.Misconfigured
	case errors.Is(err, cwc.ErrBusy):
		return cwc.Busy
	default:
		return cwc.NotSent
	}
}

func (h *House) message(row query.LetterWithSubmissionRow, c *campaign.Campaign, office string) cwc.Message {
	l, s := row.Letter, row.Submission
	statement, own := cwc.Texts(c.Letter.Text, l.Message)
	m := cwc.Message{
		Delivery: cwc.Delivery{
			ID:                  l.DeliveryID,
			Date:                cwc.DeliveryDate(l.CreatedAt.Time()),
			Agent:               h.Sender.Agent,
			AckEmail:            h.Sender.AckEmail,
			Contact:             h.Sender.Contact,
			Organization:        h.Sender.Organization,
			OrganizationContact: h.Sender.OrgContact,
			OrganizationAbout:   h.Sender.About,
			CampaignID:          cwc.CampaignID(h.Sender.Agent, c.ID, c.Bill.String(), stanceOf(c)),
		},
		Recipient: cwc.Recipient{Office: office, NewsletterOptIn: cwc.No},
		Constituent: cwc.Constituent{
			Prefix: s.Prefix, FirstName: s.FirstName, LastName: s.LastName,
			Address1: s.Address1, Address2: s.Address2, City: s.City, State: congress.State(s.State), Zip: s.Zip,
			Phone: s.Phone, Email: s.Email,
		},
		Letter: cwc.Letter{
			Subject: l.Subject, Topics: c.Topics, Stance: stanceOf(c),
			OrganizationStatement: statement, ConstituentMessage: own,
			MoreInfo: h.Sender.SiteURL + "/c/" + c.Slug,
		},
	}
	if !c.Bill.IsZero() {
		m.Letter.Bills = []congress.Bill{c.Bill}
	}
	return m
}

func stanceOf(c *campaign.Campaign) cwc.Stance {
	switch c.Stance {
	case campaign.Pro:
		return cwc.Pro
	case campaign.Con:
		return cwc.Con
	}
	return cwc.NoStance
}
