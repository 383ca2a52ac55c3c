package letter

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/cwc"
	"github.com/franklin-letters/franklin/congress/roster"
	"github.com/franklin-letters/franklin/internal/campaign"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/query"
)

// Holder says who holds a seat at a moment.
type Holder func(seat congress.Seat, at time.Time) (roster.Answer, error)

// system is the mail system of one chamber. The channels to the House and to the Senate
// are one of these each.
type system struct {
	chamber congress.Chamber
	client  interface {
		Send(ctx context.Context, message []byte) cwc.Outcome
		Offices(ctx context.Context) (cwc.OfficeList, error)
	}
	db      *db.DB
	clock   func() time.Time
	holder  Holder
	lives   Lives
	repeats bool   // letters of unknown fate are sent again
	setting string // where the last good list of offices is kept
	offices *offices
}

// send builds the letter's message in the name of the sender and gives it to the system.
func (y system) send(ctx context.Context, row query.LetterWithSubmissionRow, c *campaign.Campaign, as Sender) cwc.Outcome {
	seat, err := congress.ParseSeat(row.Letter.Seat)
	if err != nil {
		return cwc.Outcome{Result: cwc.Refused, Reasons: []string{err.Error()}}
	}
	if y.vacant(seat) {
		return off("the seat is vacant: nobody is there to take a position")
	}
	if y.moved(row, seat) {
		return cwc.Outcome{Result: cwc.Refused, Reasons: []string{"the district lines have changed since the letter was written: this address now has another Representative"}}
	}
	listed, err := y.list(ctx)
	if err != nil {
		return cwc.Outcome{Result: listResult(err), Detail: err.Error()}
	}
	code, ok := listed.Code(seat)
	if !ok {
		return off(fmt.Sprintf("the office is not on the %s's list of offices that take letters", chamberNames[y.chamber]))
	}
	message, err := cwc.Build(messageOf(row, c, code, as), y.chamber)
	if err != nil {
		return unbuilt(err)
	}
	return y.client.Send(ctx, message)
}

var chamberNames = map[congress.Chamber]string{congress.House: "House", congress.Senate: "Senate"}

// off is the outcome for an office that takes no letters this way. Nothing was sent.
func off(why string) cwc.Outcome {
	return cwc.Outcome{Result: cwc.Refused, OfficeOff: true, Reasons: []string{why}}
}

// vacant reports whether the seat is known to be vacant. A roster that cannot say stops no
// letter: the seat was held when the letter was taken in.
func (y system) vacant(seat congress.Seat) bool {
	if y.holder == nil {
		return false
	}
	holder, err := y.holder(seat, y.clock())
	return err == nil && !holder.Seated()
}

// moved reports whether the address is known to lie in another district by now. A letter
// that an earlier attempt may have brought there is not asked about: it would be called
// refused although the office may have it.
func (y system) moved(row query.LetterWithSubmissionRow, seat congress.Seat) bool {
	perhapsThere := State(row.Letter.State) == Unknown // before this attempt
	return y.lives != nil && !perhapsThere && !y.lives(row.Submission, seat, y.clock())
}

// rebuild makes the bytes that send gives to the system, without sending them or asking for
// the list of offices.
func (y system) rebuild(ctx context.Context, row query.LetterWithSubmissionRow, c *campaign.Campaign, as Sender) ([]byte, error) {
	seat, err := congress.ParseSeat(row.Letter.Seat)
	if err != nil {
		return nil, err
	}
	office := row.Letter.Office
	if code, ok := y.known(ctx).Code(seat); ok {
		office = code
	}
	return cwc.Build(messageOf(row, c, office, as), y.chamber)
}

// unbuilt says what a message that breaks the system's rules means: the fault is the
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

func messageOf(row query.LetterWithSubmissionRow, c *campaign.Campaign, office string, as Sender) cwc.Message {
	l, s := row.Letter, row.Submission
	statement, own := cwc.Texts(c.Letter.Text, string(l.Message))
	m := cwc.Message{
		Delivery: cwc.Delivery{
			ID:                  l.DeliveryID,
			Date:                cwc.DeliveryDate(l.CreatedAt.Time()),
			Agent:               as.Agent,
			AckEmail:            as.AckEmail,
			Contact:             as.Contact,
			Organization:        as.Organization,
			OrganizationContact: as.OrgContact,
			OrganizationAbout:   as.About,
			CampaignID:          cwc.CampaignID(as.Agent, c.ID, c.Bill.String(), stanceOf(c)),
		},
		Recipient: cwc.Recipient{Office: office, NewsletterOptIn: cwc.No},
		Constituent: cwc.Constituent{
			Prefix: string(s.Prefix), FirstName: string(s.FirstName), LastName: string(s.LastName),
			Address1: string(s.Address1), Address2: string(s.Address2), City: string(s.City), State: congress.State(s.State), Zip: string(s.Zip),
			Phone: string(s.Phone), Email: string(s.Email),
		},
		Letter: cwc.Letter{
			Subject: string(l.Subject), Topics: c.Topics, Stance: stanceOf(c),
			OrganizationStatement: statement, ConstituentMessage: own,
			MoreInfo: as.SiteURL + "/c/" + c.Slug,
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
