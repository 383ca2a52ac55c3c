package crash

import (
	"fmt"
	"slices"
	"time"
)

// evidence is what is left when the storm is over, from sources that know nothing of each
// other: the clients' notes, the database, the Capitol and the mail relay.
type evidence struct {
	ring       ring // opens what the database has sealed
	resends    bool // whether the server may send a letter of unknown fate again
	attempts   []*attempt
	rows       []row
	counts     counts
	integrity  []string // complaints of the database about itself
	chains     []string // letters whose history is no chain of moves
	disowned   map[string]int
	received   []reception
	mails      []mailing
	recoveries []time.Duration // from each start of a killed server until it answered
}

// row is a submission with its letter, as the database has them.
type row struct {
	id, key, email string
	joined         bool
	letters        int // of this submission
	consents       int // of its person that hold
	deliveryID     string
	office         string
	state          string
	tries          int
	lastMove       string // the last state of its history
	sendings       int    // how often the history says that it was sent
	against        int    // how often it was sent after its report as not theirs was on record
}

type counts struct{ submitted, delivered, joined int }

// reception is one message that reached the Capitol.
type reception struct {
	deliveryID, sum, email, office, words string
	stored                                bool
}

// maxRecovery is how long a killed server may take to answer again.
const maxRecovery = 2 * time.Second

// inHand is how long a mail or letter that the server had in hand may take to leave.
const inHand = time.Second

// violations returns every broken invariant in plain words, each with its number: I1 to I9
// of docs/reliability.md.
func (e evidence) violations() []string {
	v := &verdict{evidence: e, posted: map[string]*attempt{}, byKey: map[string]row{}, byDelivery: map[string]row{}, stored: map[string][]reception{}}
	for _, a := range e.attempts {
		v.posted[a.key] = a
	}
	for _, r := range e.rows {
		v.byKey[r.key], v.byDelivery[r.deliveryID] = r, r
	}
	v.acknowledgements()
	v.deliveries()
	v.people()
	for _, r := range e.rows {
		v.letter(r)
	}
	v.counters()
	v.mailings()
	v.logs()
	for _, complaint := range e.integrity {
		v.say("I8: %s", complaint)
	}
	v.recovery()
	return v.broken
}

// verdict is the checker at work.
type verdict struct {
	evidence

	posted     map[string]*attempt    // by key
	byKey      map[string]row         // by key
	byDelivery map[string]row         // by delivery number
	stored     map[string][]reception // by delivery number
	broken     []string
}

func (v *verdict) say(format string, args ...any) {
	v.broken = append(v.broken, fmt.Sprintf(format, args...))
}

// acknowledgements is the first half of I1: what was answered is there.
func (v *verdict) acknowledgements() {
	for _, a := range v.attempts {
		r, kept := v.byKey[a.key]
		switch {
		case a.fault != "":
			v.say("I1: %s: %s", a.email, a.fault)
		case a.acknowledged && !kept:
			v.say("I1: %s: an acknowledged letter is lost", a.email)
		case a.barred && kept:
			v.say("I4: %s: a letter was taken with an address whose owner wants none", a.email)
		case a.back && kept && r.state != "withdrawn" && len(v.stored[r.deliveryID]) == 0 && r.state != "accepted" && r.state != "unknown":
			v.say("I1: %s: was taken back, and is %s", a.email, r.state)
		}
	}
}

// deliveries is I2, and what of I4 the Capitol can tell.
func (v *verdict) deliveries() {
	first, times := map[string]string{}, map[string]int{}
	for _, m := range v.received {
		times[m.deliveryID]++
		if sum, seen := first[m.deliveryID]; !seen {
			first[m.deliveryID] = m.sum
		} else if sum != m.sum {
			v.say("I2: %s came again with other bytes", m.deliveryID)
		}
		if m.stored {
			v.stored[m.deliveryID] = append(v.stored[m.deliveryID], m)
		}
		if _, known := v.byDelivery[m.deliveryID]; !known {
			v.say("I4: %s is in the Capitol and nobody sent it", m.deliveryID)
		}
	}
	for id, n := range times {
		if n > 1 && !v.resends {
			v.say("I2: %s reached the Capitol %d times, though letters of unknown fate may not be repeated", id, n)
		}
		if len(v.stored[id]) > 1 {
			v.say("I2: %s stands in the Capitol %d times", id, len(v.stored[id]))
		}
	}
}

// people is I3: one campaign, person and office, one letter and one delivery number.
func (v *verdict) people() {
	people := map[string]int{}
	for _, r := range v.rows {
		people[r.email]++
	}
	for email, n := range people {
		if n > 1 {
			v.say("I3: %s has %d submissions", email, n)
		}
	}
	if n := len(v.rows) - len(v.byDelivery); n > 0 {
		v.say("I3: %d submissions share their delivery numbers", n)
	}
	if n := len(v.rows) - len(v.byKey); n > 0 {
		v.say("I3: %d submissions share their keys", n)
	}
}

// counters is I5.
func (v *verdict) counters() {
	want := counts{submitted: len(v.rows)}
	for _, r := range v.rows {
		if r.state == "accepted" {
			want.delivered++
		}
		if r.joined {
			want.joined++
		}
	}
	if v.counts != want {
		v.say("I5: the campaign counts %+v, the rows say %+v", v.counts, want)
	}
}

// mailings is I6: no mail to those who have stopped it, none to strangers.
func (v *verdict) mailings() {
	known := map[string]*attempt{}
	for _, a := range v.attempts {
		if !a.barred {
			known[a.email] = a
		}
	}
	for _, m := range v.mails {
		a := known[m.to]
		switch {
		case a == nil:
			v.say("I6: mail went to %s, who never wrote", m.to)
		case !a.stopped.IsZero() && m.begun.After(a.stopped.Add(inHand)):
			v.say("I6: mail went to %s %v after its owner had stopped it", m.to, m.begun.Sub(a.stopped).Round(time.Millisecond))
		}
	}
}

// logs is I7: histories are chains of moves, and the log of acts has each act once.
func (v *verdict) logs() {
	for _, id := range v.chains {
		v.say("I7: the history of letter %s is no chain of moves", id)
	}
	for _, r := range v.rows {
		a, n := v.posted[r.key], v.disowned[r.id]
		switch {
		case a != nil && !a.stopped.IsZero() && n != 1:
			v.say("I7: the log has the report of %s %d times", r.email, n)
		case n > 0 && (a == nil || !a.stopAsked):
			v.say("I7: the log has a report by %s, who reported nothing", r.email)
		}
	}
}

// recovery is I9. On a machine that does other work one start in twenty may be late.
func (v *verdict) recovery() {
	slow := 0
	for _, took := range v.recoveries {
		if took > maxRecovery {
			slow++
		}
	}
	if slow > len(v.recoveries)/20 {
		v.say("I9: %d of %d starts took more than %v, the slowest %v", slow, len(v.recoveries), maxRecovery, slices.Max(v.recoveries).Round(time.Millisecond))
	}
}
