package letter

import (
	"errors"
	"time"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/district"
	"github.com/franklin-letters/franklin/congress/roster"
)

// Obstacle is why a letter cannot go to a Representative who votes on the demand.
type Obstacle string

// The obstacles. Each has a page of its own that says why and what is still possible.
const (
	NoObstacle    Obstacle = ""
	Delegate      Obstacle = "delegate" // DC and the territories: nobody who votes on the floor
	Vacancy       Obstacle = "vacancy"
	MilitaryMail  Obstacle = "military"
	FreelyAssoc   Obstacle = "freely-associated"
	Foreign       Obstacle = "foreign"
	POBox         Obstacle = "po-box" // a ZIP code without an area of its own
	UnknownZIP    Obstacle = "unknown-zip"
	StateMismatch Obstacle = "state-mismatch"
	OutOfDate     Obstacle = "out-of-date" // our lines or our roster do not cover the day
)

// Recipient says whom a person's letter goes to, or why there is nobody.
type Recipient struct {
	Found    district.Result
	Office   roster.Answer   // whose seat it is; zero unless one seat is known
	Offices  []roster.Answer // all to whom the person writes, once Addressees has said so
	Choices  []roster.Answer // the possible seats when the person has to choose
	Obstacle Obstacle
}

// Clear reports whether it is known to whom the person writes, and nothing is in the way.
func (r Recipient) Clear() bool {
	return r.Obstacle == NoObstacle && (r.Found.Unique() || len(r.Offices) > 0)
}

// Position is where a browser says that it is.
type Position struct {
	Lat, Lon       float64
	AccuracyMetres float64
}

// Guide finds the seat of an address and who holds it.
type Guide struct {
	Districts *district.Locator
	Roster    *roster.Roster
}

// Recipient finds the office for a cleaned form. The district is that of the address, or
// the one the person chose, or the one the browser's position settles beyond its error.
// A choice that the ZIP code does not allow is ignored, so that the person is asked again.
func (g Guide) Recipient(f Form, where *Position, at time.Time) (Recipient, error) {
	address := district.Address{Street: f.Address1, City: f.City, State: congress.State(f.State), ZIP: f.ZIP}
	found, err := g.Districts.ByAddress(address, at)
	var mismatch *district.StateMismatchError
	var stale *district.OutOfDateError
	switch {
	case errors.As(err, &mismatch) && mismatch.Class == district.ClassFreely:
		// No form offers these countries as a state, so whatever was picked was picked for want of them.
		return Recipient{Found: found, Obstacle: FreelyAssoc}, nil
	case errors.As(err, &mismatch):
		return Recipient{Found: found, Obstacle: StateMismatch}, nil
	case errors.As(err, &stale):
		return Recipient{Obstacle: OutOfDate}, nil
	case err != nil:
		return Recipient{}, err
	}
	if found.Split() {
		found = g.settle(found, f, where, at)
	}
	return g.offices(found, at)
}

// settle narrows several possible seats down to the one chosen or stood in.
func (g Guide) settle(found district.Result, f Form, where *Position, at time.Time) district.Result {
	if seat, err := congress.ParseSeat(f.District); err == nil {
		if one, err := g.Districts.Choose(found, seat, at); err == nil {
			return one
		}
	}
	if where == nil {
		return found
	}
	point, err := g.Districts.ByPointIn(congress.State(f.State), where.Lat, where.Lon, where.AccuracyMetres, at)
	if err != nil || !point.Unique() {
		return found
	}
	// A position outside the ZIP code says where the phone is, not where the person lives.
	if _, err := g.Districts.Choose(found, point.Seat, at); err != nil {
		return found
	}
	return point
}

// offices adds who holds the seats, and what stands in the way.
func (g Guide) offices(found district.Result, at time.Time) (Recipient, error) {
	r := Recipient{Found: found}
	if found.Split() {
		for _, seat := range found.Candidates {
			office, err := g.Roster.Holder(seat, at)
			if r.outdated(err) {
				return r, nil
			} else if err != nil {
				return Recipient{}, err
			}
			r.Choices = append(r.Choices, office)
		}
		return r, nil
	}
	if !found.Unique() {
		r.Obstacle = obstacleOf(found.Class)
		return r, nil
	}
	office, err := g.Roster.Holder(found.Seat, at)
	if r.outdated(err) {
		return r, nil
	} else if err != nil {
		return Recipient{}, err
	}
	r.Office = office
	switch {
	case !found.Seat.Voting():
		r.Obstacle = Delegate
	case !office.Seated():
		r.Obstacle = Vacancy
	}
	return r, nil
}

func (r *Recipient) outdated(err error) bool {
	if _, stale := errors.AsType[*roster.OutOfDateError](err); stale {
		r.Obstacle = OutOfDate
		return true
	}
	return false
}

func obstacleOf(class district.ZIPClass) Obstacle {
	switch class {
	case district.ClassMilitary:
		return MilitaryMail
	case district.ClassFreely:
		return FreelyAssoc
	case district.ClassForeign:
		return Foreign
	case district.ClassPOBox:
		return POBox
	case district.ClassStandard, district.ClassTerritory, district.ClassUnknown:
		return UnknownZIP
	}
	return UnknownZIP
}
