package crash

import (
	"fmt"
	"slices"
	"strings"
)

// evidence is what is left when the storm is over, from three sources that know nothing of
// each other: the clients' notes, the database, and the Capitol.
type evidence struct {
	resends   bool // whether the server may send a letter of unknown fate again
	attempts  []*attempt
	rows      []row
	counts    counts
	integrity []string // complaints of the database about itself
	received  []reception
}

// row is a submission with its letter, as the database has them.
type row struct {
	key, email string
	joined     bool
	letters    int // of this submission
	deliveryID string
	office     string
	state      string
	tries      int
	lastMove   string // the last state of its history
	sendings   int    // how often the history says that it was sent
}

type counts struct{ submitted, delivered, joined int }

// reception is one message that reached the Capitol.
type reception struct {
	deliveryID, sum, email, office, words string
	stored                                bool
}

// violations returns every broken promise in plain words.
func (e evidence) violations() []string {
	all := slices.Clone(e.integrity)
	say := func(format string, args ...any) { all = append(all, fmt.Sprintf(format, args...)) }
	byKey, byDelivery := map[string]row{}, map[string]row{}
	people := map[string]int{}
	for _, r := range e.rows {
		byKey[r.key], byDelivery[r.deliveryID] = r, r
		people[r.email]++
	}
	if len(byDelivery) != len(e.rows) {
		say("%d submissions share their delivery numbers", len(e.rows)-len(byDelivery))
	}
	for email, n := range people {
		if n > 1 {
			say("%s has %d submissions", email, n)
		}
	}
	arrived := e.arrivals(byDelivery, say)
	posted := map[string]*attempt{}
	for _, a := range e.attempts {
		posted[a.key] = a
		if a.fault != "" {
			say("%s: %s", a.email, a.fault)
		}
		if _, kept := byKey[a.key]; a.acknowledged && !kept {
			say("%s: an acknowledged letter is lost", a.email)
		}
	}
	for _, r := range e.rows {
		e.examine(r, posted[r.key], arrived[r.deliveryID], say)
	}
	e.count(say)
	return all
}

// arrivals checks what reached the Capitol, and returns what is stored there by delivery
// number.
func (e evidence) arrivals(letters map[string]row, say func(string, ...any)) map[string][]reception {
	stored, first := map[string][]reception{}, map[string]string{}
	again := map[string]int{}
	for _, m := range e.received {
		again[m.deliveryID]++
		if sum, seen := first[m.deliveryID]; !seen {
			first[m.deliveryID] = m.sum
		} else if sum != m.sum {
			say("%s came again with other bytes", m.deliveryID)
		}
		if m.stored {
			stored[m.deliveryID] = append(stored[m.deliveryID], m)
		}
		if _, known := letters[m.deliveryID]; !known {
			say("%s is in the Capitol and nobody sent it", m.deliveryID)
		}
	}
	for id, n := range again {
		if n > 1 && !e.resends {
			say("%s reached the Capitol %d times, though letters of unknown fate may not be repeated", id, n)
		}
		if len(stored[id]) > 1 {
			say("%s stands in the Capitol %d times", id, len(stored[id]))
		}
	}
	return stored
}

// examine checks one submission against its sender's note and the Capitol.
func (e evidence) examine(r row, sent *attempt, arrived []reception, say func(string, ...any)) {
	switch {
	case sent == nil:
		say("%s is in the database and nobody posted it", r.key)
		return
	case r.letters != 1:
		say("%s has %d letters", r.email, r.letters)
	case r.email != sent.email || r.joined != sent.joined || r.office != sent.office:
		say("%s was stored as %s to %s, joined %t; posted was to %s, joined %t", sent.email, r.email, r.office, r.joined, sent.office, sent.joined)
	}
	switch {
	case r.state != r.lastMove:
		say("%s is %s, its history ends with %s", r.email, r.state, r.lastMove)
	case r.tries != r.sendings:
		say("%s counts %d attempts, its history %d", r.email, r.tries, r.sendings)
	}
	switch {
	case r.state == "accepted" && len(arrived) == 0:
		say("%s is said to be accepted and is not in the Capitol", r.email)
	case r.state == "unknown" && e.resends, r.state != "accepted" && r.state != "unknown":
		say("%s ends as %s", r.email, r.state)
	}
	for _, m := range arrived {
		if m.email != sent.email || m.office != sent.office || squeeze(m.words) != squeeze(sent.words) {
			say("%s: the Capitol has a letter from %s to %s that was not posted so", sent.email, m.email, m.office)
		}
	}
}

// squeeze makes texts comparable that differ in blanks only.
func squeeze(text string) string { return strings.Join(strings.Fields(text), " ") }

// count checks the campaign's counters against the rows.
func (e evidence) count(say func(string, ...any)) {
	want := counts{submitted: len(e.rows)}
	for _, r := range e.rows {
		if r.state == "accepted" {
			want.delivered++
		}
		if r.joined {
			want.joined++
		}
	}
	if e.counts != want {
		say("the campaign counts %+v, the rows say %+v", e.counts, want)
	}
}
