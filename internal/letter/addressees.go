package letter

import (
	"time"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/roster"
	"github.com/franklin-letters/franklin/internal/campaign"
)

// Seats returns the seats to which a letter goes, one letter to each.
func (r Recipient) Seats() []congress.Seat {
	if len(r.Offices) == 0 {
		return []congress.Seat{r.Found.Seat}
	}
	seats := make([]congress.Seat, len(r.Offices))
	for i, office := range r.Offices {
		seats[i] = office.Seat
	}
	return seats
}

// Addressees says to whom a person writes on the campaign whose recipient was found: to the
// Representative, to both senators of the form's state, or to all three. What stands in the
// way of one chamber's letter does not keep the other's back: senators need no district,
// and have their letters while the House seat is vacant.
func (g Guide) Addressees(r Recipient, f Form, c *campaign.Campaign, at time.Time) (Recipient, error) {
	if r.Clear() && c.Writes(campaign.Representative) {
		r.Offices = []roster.Answer{r.Office}
	}
	if !c.Writes(campaign.Senators) {
		return r, nil
	}
	switch {
	case r.Obstacle == Vacancy:
	case !c.Writes(campaign.Representative) && (r.Obstacle == NoObstacle || r.Obstacle == POBox):
	case !r.Clear():
		return r, nil
	}
	r.Obstacle = NoObstacle
	for _, seat := range congress.State(f.State).SenateSeats() {
		holder, err := g.Roster.Holder(seat, at)
		if r.outdated(err) {
			return r, nil
		} else if err != nil {
			return Recipient{}, err
		}
		if holder.Seated() {
			r.Offices = append(r.Offices, holder)
		}
	}
	if len(r.Offices) == 0 {
		r.Obstacle = Vacancy
	}
	return r, nil
}
