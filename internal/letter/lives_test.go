package letter_test

import (
	"strings"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/cwc/cwctest"
	"github.com/franklin-letters/franklin/congress/district"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
	"github.com/franklin-letters/franklin/internal/letter"
)

// written is a submission as it was taken in under lines that put the address into a seat.
func (p *post) written(f letter.Form, seat congress.Seat, basis district.Basis) letter.Submission {
	s := p.submission(f)
	s.Recipient = recipientOf(seat)
	s.Recipient.Found.Basis = basis
	return s
}

// TestSEC_FRAUD_3_ChangedLinesAreLookedAtAgain: letters that were taken in under other lines
// do not go to an office whose constituent the writer is no more. The others go, also those
// of whom the lines of today know nothing.
func TestSEC_FRAUD_3_ChangedLinesAreLookedAtAgain(t *testing.T) {
	t.Parallel()
	seat := func(n uint8) congress.Seat { return congress.Seat{State: "AZ", District: n} }
	later := start.AddDate(2, 0, 0) // no lines are loaded for that Congress
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newPost(t, d)
		today := guide(t)
		n := 0
		for name, c := range map[string]struct {
			zip   string
			seat  congress.Seat
			basis district.Basis
			at    time.Time
			lives bool
		}{
			"moved":                        {"85281", seat(9), district.BasisZIP, start, false},
			"moved, though chosen":         {"85281", seat(9), district.BasisChoice, start, false},
			"moved, though stood in":       {"85281", seat(9), district.BasisPoint, start, false},
			"one of two, chosen":           {"85281", seat(1), district.BasisChoice, start, true},
			"the other, stood in":          {"85281", seat(4), district.BasisPoint, start, true},
			"now cut by a line":            {"85281", seat(4), district.BasisZIP, start, true},
			"no lines for the day":         {"85281", seat(9), district.BasisZIP, later, true},
			"a ZIP code without any place": {"85999", seat(9), district.BasisZIP, start, true},
		} {
			n++
			f := person(n)
			f.ZIP = c.zip
			r := p.submit(p.written(f, c.seat, c.basis))
			l := p.lettersOf(r.SubmissionID)[0]
			if got := today.Lives(p.submissionRow(r.SubmissionID), c.seat, c.at); got != c.lives {
				t.Errorf("%s: that they live there is %t", name, got)
			}
			if !c.at.Equal(start) {
				continue // the Capitol of these tests keeps no other day
			}
			p.house.Lives = today.Lives
			p.deliver(l.ID)
			sent := p.xml(l.DeliveryID) != ""
			l = p.letter(l.ID)
			if sent != c.lives || sent != (l.State == string(letter.Accepted)) {
				t.Errorf("%s: that it was sent is %t, and it is %s: %s", name, sent, l.State, l.Reason)
			}
			if !sent && (l.State != string(letter.Refused) || !strings.Contains(string(l.Reason), "the district lines have changed")) {
				t.Errorf("%s: it is %s: %s", name, l.State, l.Reason)
			}
		}
		resent := p.lettersOf(p.submit(p.written(person(n+2), seat(9), district.BasisZIP)).SubmissionID)[0]
		p.house.Lives, p.house.ResendUnknown = nil, true
		p.script(cwctest.Act{Do: cwctest.ErrorAfter}) // it is there, but nobody knows
		p.deliver(resent.ID)
		p.house.Lives = today.Lives
		p.clock.turn(time.Hour)
		p.deliver(resent.ID)
		p.expect(resent.ID, letter.Accepted, letter.ChannelHouse, "ready sending unknown sending accepted")

		p.house.Lives = nil
		busy := p.lettersOf(p.submit(p.written(person(n+3), seat(9), district.BasisZIP)).SubmissionID)[0]
		p.script(cwctest.Act{Do: cwctest.Unavailable}) // it is certainly not there
		p.deliver(busy.ID)
		p.house.Lives = today.Lives
		p.clock.turn(time.Hour)
		p.deliver(busy.ID)
		p.expect(busy.ID, letter.Refused, letter.ChannelHouse, "ready sending waiting sending refused")

		p.house.Lives = nil // the control: nobody looks
		l := p.lettersOf(p.submit(p.written(person(n+1), seat(9), district.BasisZIP)).SubmissionID)[0]
		if p.deliver(l.ID); p.xml(l.DeliveryID) == "" {
			t.Error("a letter of the control was not sent")
		}
	})
}
