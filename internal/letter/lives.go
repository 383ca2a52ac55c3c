package letter

import (
	"slices"
	"time"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/district"
	"github.com/franklin-letters/franklin/internal/db/query"
)

// Lives says whether the address of a submission lies in a seat's district at a moment. It
// says no only when that is known.
type Lives func(s query.Submission, seat congress.Seat, at time.Time) bool

// Lives looks the address up again, in the lines that are in use by now. They may have
// changed since the letter was taken in: a new Congress has begun, or newer lines were
// loaded. A seat that the person chose, or stood in, counts as long as the ZIP code allows it.
func (g Guide) Lives(s query.Submission, seat congress.Seat, at time.Time) bool {
	address := district.Address{Street: string(s.Address1), City: string(s.City), State: congress.State(s.State), ZIP: string(s.Zip)}
	if b := district.Basis(s.Basis); b == district.BasisChoice || b == district.BasisPoint {
		address.Street, address.City = "", ""
	}
	found, err := g.Districts.ByAddress(address, at)
	return err != nil || len(found.Candidates) == 0 || slices.Contains(found.Candidates, seat)
}
