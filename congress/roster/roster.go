package roster

import (
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/franklin-letters/franklin/congress"
)

// ErrNoSeat means that somebody asked for a seat that does not exist.
var ErrNoSeat = errors.New("there is no such seat")

// OutOfDateError means that the roster cannot know who held a seat at the time asked for.
// Whoever gets it must show no name: a newer roster is needed, or an older one.
type OutOfDateError struct {
	Seat     congress.Seat
	At       time.Time
	Congress congress.Number // the one the roster was compiled for
	AsOf     Date
	// Since is set when the time is in the right Congress but before the present
	// holder's term, or the present vacancy, began.
	Since Date
}

// Error says what the roster does know.
func (e *OutOfDateError) Error() string {
	if e.Since != "" {
		return fmt.Sprintf("the roster knows who holds %s only since %s, not on %s", e.Seat, e.Since, dateOf(e.At))
	}
	return fmt.Sprintf("the roster is for the %s Congress (as of %s), but on %s the %s sits: refresh it",
		e.Congress, e.AsOf, dateOf(e.At), congress.CongressAt(e.At))
}

// Roster answers who holds which seat. It is immutable and safe for concurrent use.
type Roster struct {
	congress congress.Number
	asOf     Date
	members  map[congress.Seat]Member
	vacant   map[congress.Seat]Date
}

// Load reads a compiled file.
func Load(r io.Reader) (*Roster, error) {
	f, err := Decode(r)
	if err != nil {
		return nil, err
	}
	return New(f)
}

// New makes a roster of f, after checking it.
func New(f File) (*Roster, error) {
	if err := f.Check(); err != nil {
		return nil, fmt.Errorf("roster: %w", err)
	}
	r := &Roster{
		congress: f.Congress, asOf: f.AsOf,
		members: make(map[congress.Seat]Member, len(f.Members)), vacant: make(map[congress.Seat]Date, len(f.Vacancies)),
	}
	for _, m := range f.Members {
		r.members[m.Seat] = m
	}
	for _, v := range f.Vacancies {
		r.vacant[v.Seat] = v.Since
	}
	return r, nil
}

// Congress returns the Congress whose members the roster holds.
func (r *Roster) Congress() congress.Number { return r.congress }

// AsOf returns the day up to which the roster follows the public record.
func (r *Roster) AsOf() Date { return r.asOf }

// Holder says who holds the seat at the given time, or that it is vacant. It returns
// ErrNoSeat for a seat that does not exist and an *OutOfDateError for a time the roster
// knows nothing about.
//
// A member whose term begins after both the roster's date and the time asked for is
// elected but not yet sworn in: until then the seat is vacant.
func (r *Roster) Holder(seat congress.Seat, at time.Time) (Answer, error) {
	if !seat.Valid() {
		return Answer{}, fmt.Errorf("roster: %w: %q", ErrNoSeat, seat)
	}
	if congress.CongressAt(at) != r.congress {
		return Answer{}, &OutOfDateError{Seat: seat, At: at, Congress: r.congress, AsOf: r.asOf}
	}
	answer := Answer{Seat: seat, Role: RoleOf(seat), Status: Vacant, Since: r.vacant[seat], AsOf: r.asOf}
	member, held := r.members[seat]
	if held {
		answer.Status, answer.Member, answer.Since = Seated, member, member.Start
	}
	if day := dateOf(at); day < answer.Since {
		if day < r.asOf {
			return Answer{}, &OutOfDateError{Seat: seat, At: at, Congress: r.congress, AsOf: r.asOf, Since: answer.Since}
		}
		return Answer{Seat: seat, Role: answer.Role, Status: Vacant, AsOf: r.asOf}, nil
	}
	return answer, nil
}

// All answers for the 541 seats, first the House's in order of state and district, then
// the Senate's. It fails like Holder, at the first seat the roster cannot answer for.
func (r *Roster) All(at time.Time) ([]Answer, error) {
	seats := append(congress.AllHouseSeats(), congress.AllSenateSeats()...)
	answers := make([]Answer, 0, len(seats))
	for _, seat := range seats {
		a, err := r.Holder(seat, at)
		if err != nil {
			return nil, err
		}
		answers = append(answers, a)
	}
	return answers, nil
}

// freshness is how long a roster may go without a refresh. A member leaves or arrives
// about once a month in the House.
const freshness = 30 * 24 * time.Hour

// Stale reports whether the roster should be refreshed, and why in a sentence for the
// operator: it is older than 30 days, or its Congress has ended.
func (r *Roster) Stale(at time.Time) (reason string, stale bool) {
	if sitting := congress.CongressAt(at); sitting != r.congress {
		return fmt.Sprintf("the roster is for the %s Congress, the %s is sitting", r.congress, sitting), true
	}
	asOf, _ := r.asOf.Time() // New checked that it is a day
	if age := at.Sub(asOf); age > freshness {
		return fmt.Sprintf("the roster is of %s, %d days old", r.asOf, int(age.Hours()/24)), true
	}
	return "", false
}
