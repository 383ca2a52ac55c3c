package datasync

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/district"
	"github.com/franklin-letters/franklin/congress/roster"
)

// How far new data may fall short of those in use before they are not believed.
const (
	leastShare    = 0.98  // of the records in use must be there again
	mostDisagreed = 0.005 // of ZIP codes' points may lie outside the ZIP code's districts
)

// verifyDistricts tries new district data: every seat is found from the point of some ZIP
// code, points and ZIP codes agree, known places lie where everybody knows, and nothing
// is much less than in the data in use.
func verifyDistricts(fresh, inUse *district.Locator, landmarks []Landmark, now time.Time) error {
	for _, n := range congresses(fresh) {
		if err := verifyCongress(n, fresh, inUse, now); err != nil {
			return fmt.Errorf("%s Congress: %w", n, err)
		}
		if err := visit(fresh, n, landmarks); err != nil {
			return err
		}
	}
	for _, n := range congresses(inUse) {
		if !slices.Contains(congresses(fresh), n) && n >= slices.Max(congresses(fresh)) {
			return fmt.Errorf("the lines of the %s Congress, which are in use, are missing", n)
		}
	}
	return noneCoarser(fresh.Manifest(), inUse.Manifest())
}

// verifyCongress tries the lines of one Congress. Those of the sitting one must be there
// for all states.
func verifyCongress(n congress.Number, fresh, inUse *district.Locator, now time.Time) error {
	at := n.Start().Add(time.Hour)
	lacking := fresh.Uncovered(at)
	if len(lacking) > 0 && n == congress.CongressAt(now) {
		return fmt.Errorf("the lines of %v are missing", lacking)
	}
	got, err := takeStock(fresh, at)
	if err == nil {
		err = got.check(lacking)
	}
	if err != nil || !slices.Contains(congresses(inUse), n) {
		return err
	}
	before, err := takeStock(inUse, at)
	if err != nil {
		return err
	}
	return got.compare(before)
}

// congresses returns the Congresses whose lines are loaded.
func congresses(l *district.Locator) []congress.Number {
	var all []congress.Number
	for _, p := range l.Manifest().Plans {
		if !slices.Contains(all, p.Congress) {
			all = append(all, p.Congress)
		}
	}
	slices.Sort(all)
	return all
}

// stock is what the data know at one moment.
type stock struct {
	zips, areas, points, disagreed int
	seats                          map[congress.Seat]bool
}

// takeStock asks for every ZIP code and for its point.
func takeStock(l *district.Locator, at time.Time) (stock, error) {
	s := stock{seats: map[congress.Seat]bool{}}
	for n := range 100_000 {
		zip := fmt.Sprintf("%05d", n)
		place, known := l.Place(zip)
		if !known {
			continue
		}
		s.zips++
		if !place.Area {
			continue
		}
		s.areas++
		byZIP, err := l.ByZIP(zip, "", at)
		if _, stale := errors.AsType[*district.OutOfDateError](err); stale {
			continue // in a state without lines then
		}
		if err != nil {
			return s, err
		}
		if !place.HasPoint {
			continue
		}
		byPoint, err := l.ByPoint(place.Lat, place.Lon, 0, at)
		if _, stale := errors.AsType[*district.OutOfDateError](err); stale {
			continue
		}
		if err != nil {
			return s, err
		}
		s.points++
		if !byPoint.Unique() {
			continue // within reach of a rough line
		}
		s.seats[byPoint.Seat] = true
		if !slices.Contains(byZIP.Candidates, byPoint.Seat) {
			s.disagreed++
		}
	}
	return s, nil
}

// check judges the data by themselves; uncovered are the states without lines.
func (s stock) check(uncovered []congress.State) error {
	var missing []string
	for _, seat := range congress.AllHouseSeats() {
		if !s.seats[seat] && !slices.Contains(uncovered, seat.State) {
			missing = append(missing, seat.String())
		}
	}
	if len(missing) > 0 {
		return fmt.Errorf("no ZIP code's point lies in %s", strings.Join(missing, " "))
	}
	if float64(s.disagreed) > mostDisagreed*float64(s.points) {
		return fmt.Errorf("%d of %d ZIP codes have their point in a district that they do not meet", s.disagreed, s.points)
	}
	return nil
}

// compare judges them by those in use.
func (s stock) compare(before stock) error {
	for what, n := range map[string][2]int{"ZIP codes": {s.zips, before.zips}, "ZIP code areas": {s.areas, before.areas}, "points": {s.points, before.points}} {
		if float64(n[0]) < leastShare*float64(n[1]) {
			return fmt.Errorf("there are only %d %s, and %d in the data in use", n[0], what, n[1])
		}
	}
	return nil
}

// visit looks where the landmarks lie.
func visit(l *district.Locator, n congress.Number, landmarks []Landmark) error {
	var errs []error
	at := n.Start().Add(time.Hour)
	uncovered := l.Uncovered(at)
	for _, m := range landmarks {
		if m.Congress != 0 && m.Congress != n || slices.Contains(uncovered, m.State) {
			continue
		}
		r, err := l.ByPointIn(m.State, m.Lat, m.Lon, 0, at)
		switch {
		case err != nil:
			errs = append(errs, fmt.Errorf("%s, %s: %w", m.Name, m.State, err))
		case slices.ContainsFunc(append(r.Candidates, r.Seat), func(s congress.Seat) bool {
			return s.State == m.State && (m.Congress == 0 || s.District == m.District)
		}):
		case m.Congress != 0:
			errs = append(errs, fmt.Errorf("the lines of the %s Congress put %s in %q, not in %s", n, m.Name, r.Seat, congress.Seat{State: m.State, District: m.District}))
		default:
			errs = append(errs, fmt.Errorf("%s lies in %q, not in %s", m.Name, r.Seat, m.State.Name()))
		}
	}
	return errors.Join(errs...)
}

// noneCoarser refuses rough lines for a state whose exact ones are in use.
func noneCoarser(fresh, inUse district.Manifest) error {
	for _, p := range inUse.Plans {
		for _, q := range fresh.Plans {
			if q.State == p.State && q.Congress == p.Congress && q.Coarse && !p.Coarse {
				return fmt.Errorf("the lines of %s in the %s Congress would become rougher than those in use", p.State.Name(), p.Congress)
			}
		}
	}
	return nil
}

// verifyRoster tries a new roster: its day has come and is of its Congress, all 541 seats
// are accounted for, and it has not lost members that the one in use has.
func verifyRoster(fresh, inUse *roster.Roster, now time.Time) error {
	day, ok := fresh.AsOf().Time()
	if !ok || day.After(now.Add(24*time.Hour)) {
		return fmt.Errorf("its day is %s, which has not come", fresh.AsOf())
	}
	if n := congress.CongressAt(day.Add(36 * time.Hour)); n != fresh.Congress() {
		return fmt.Errorf("it is of %s and for the %s Congress, but the %s sat then", fresh.AsOf(), fresh.Congress(), n)
	}
	members, err := seated(fresh)
	if err != nil {
		return err
	}
	before, err := seated(inUse)
	if err != nil {
		return fmt.Errorf("the roster in use: %w", err)
	}
	if float64(members) < leastShare*float64(before) {
		return fmt.Errorf("it has only %d members, and the one in use has %d", members, before)
	}
	return nil
}

// seated counts the members; everybody else of the 541 seats is a vacancy.
func seated(r *roster.Roster) (int, error) {
	day, _ := r.AsOf().Time() // checked when it was opened
	answers, err := r.All(day.Add(18 * time.Hour))
	if err != nil {
		return 0, err
	}
	if want := len(congress.AllHouseSeats()) + len(congress.AllSenateSeats()); len(answers) != want {
		return 0, fmt.Errorf("%d seats are accounted for, not %d", len(answers), want)
	}
	n := 0
	for _, a := range answers {
		if a.Seated() {
			n++
		}
	}
	return n, nil
}
