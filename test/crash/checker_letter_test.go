package crash

import "strings"

// letter checks one submission against its sender's note and the Capitol: I1 and I4.
func (v *verdict) letter(r row) {
	a, arrived := v.posted[r.key], v.stored[r.deliveryID]
	switch {
	case a == nil:
		v.say("I4: %s is in the database and nobody posted it", r.key)
		return
	case r.letters != 1:
		v.say("I3: %s has %d letters", r.email, r.letters)
	case r.email != a.email || r.joined != a.joined || r.office != a.office:
		v.say("I4: %s was stored as %s to %s, joined %t; posted was to %s, joined %t", a.email, r.email, r.office, r.joined, a.office, a.joined)
	}
	switch {
	case r.state != r.lastMove:
		v.say("I7: %s is %s, its history ends with %s", r.email, r.state, r.lastMove)
	case r.tries != r.sendings:
		v.say("I7: %s counts %d attempts, its history %d", r.email, r.tries, r.sendings)
	}
	v.end(r, a, len(arrived) > 0)
	v.consent(r, a)
	for _, m := range arrived {
		if m.email != a.email || m.office != a.office || squeeze(m.words) != squeeze(a.words) {
			v.say("I4: %s: the Capitol has a letter from %s to %s that was not posted so", a.email, m.email, m.office)
		}
	}
}

// end checks the state in which a letter came to rest.
func (v *verdict) end(r row, a *attempt, arrived bool) {
	switch {
	case r.state == "accepted" && !arrived:
		v.say("I1: %s is said to be accepted and is not in the Capitol", r.email)
	case r.state == "withdrawn" && arrived:
		v.say("I4: %s was withdrawn and is in the Capitol", r.email)
	case r.state == "frozen" && arrived:
		v.say("I4: %s was put aside and is in the Capitol", r.email)
	}
	if r.against > 0 {
		v.say("I4: %s was reported as not theirs and sent %d times after that", r.email, r.against)
	}
	if a.trap && r.state != "frozen" && r.state != "withdrawn" {
		v.say("I4: %s was to be put aside and ends as %s", r.email, r.state)
	}
	switch r.state {
	case "accepted":
		return
	case "unknown":
		if !v.resends || a.stopAsked { // what its owner reported is never sent again
			return
		}
	case "frozen":
		if a.trap {
			return
		}
	case "withdrawn":
		if a.backAsked || a.stopAsked {
			return
		}
	}
	v.say("I1: %s ends as %s", r.email, r.state)
}

// consent checks that one who joined is on the list, unless they left, and nobody else.
func (v *verdict) consent(r row, a *attempt) {
	want := 0
	if a.joined && !a.stopAsked {
		want = 1
	}
	undecided := a.stopAsked && a.stopped.IsZero()
	if r.consents != want && !undecided {
		v.say("I4: %s has %d consents instead of %d", r.email, r.consents, want)
	}
}

// squeeze makes texts comparable that differ in blanks only.
func squeeze(text string) string { return strings.Join(strings.Fields(text), " ") }
