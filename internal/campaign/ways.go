package campaign

import (
	"fmt"
	"slices"
	"strings"
)

// Target is a group of offices that a campaign writes to.
type Target string

// The targets of a letter: each supporter's own members of Congress.
const (
	Representative Target = "representative"
	Senators       Target = "senators" // both
)

// Channel is a way to an office.
type Channel string

// The channels that a campaign may name. Whether an installation has the first two is a
// matter of its settings.
const (
	CWCHouse  Channel = "cwc-house"  // the House's mail system
	CWCSenate Channel = "cwc-senate" // the Senate's
	Print     Channel = "print"      // printed here, and handed over by people of the organisation
	Handoff   Channel = "handoff"    // the supporter's own hands
)

// Writes reports whether the campaign writes to the target.
func (c *Campaign) Writes(to Target) bool { return slices.Contains(c.Targets, to) }

// targets reads whom the campaign writes to; Representatives unless told.
func (r *reading) targets(names []string) {
	if len(names) == 0 {
		names = []string{string(Representative)}
	}
	for i, name := range names {
		t := Target(strings.ToLower(strings.TrimSpace(name)))
		if (t == Representative || t == Senators) && !r.c.Writes(t) {
			r.c.Targets = append(r.c.Targets, t)
			continue
		}
		r.fault(fmt.Sprintf("targets[%d]", i), "must be representative or senators, each once: the letter goes to each supporter's own members of Congress")
	}
}

// channels reads in which order the ways to an office are tried. A way that takes every
// letter ends the list, for nothing behind it would ever be tried.
func (r *reading) channels(names []string) {
	if len(names) == 0 {
		r.c.Channels = r.usualChannels()
		return
	}
	for i, name := range names {
		field, c := fmt.Sprintf("channels[%d]", i), Channel(strings.ToLower(strings.TrimSpace(name)))
		switch {
		case !slices.Contains([]Channel{CWCHouse, CWCSenate, Print, Handoff}, c):
			r.fault(field, "must be cwc-house, cwc-senate, print or handoff")
		case slices.Contains(r.c.Channels, c):
			r.fault(field, "names %s a second time", c)
		case c == CWCHouse && !r.c.Writes(Representative):
			r.fault(field, "leads to the House, and the targets name no representative")
		case c == CWCSenate && !r.c.Writes(Senators):
			r.fault(field, "leads to the Senate, and the targets name no senators")
		case slices.Contains(r.c.Channels, Handoff):
			r.fault(field, "stands behind handoff, which takes every letter: put handoff last")
		case c != Handoff && slices.Contains(r.c.Channels, Print):
			r.fault(field, "stands behind print, which takes every letter: put it before print")
		}
		r.c.Channels = append(r.c.Channels, c)
	}
}

// usualChannels are the mail systems of the chambers written to, and then the supporters.
func (r *reading) usualChannels() []Channel {
	var usual []Channel
	if r.c.Writes(Representative) {
		usual = append(usual, CWCHouse)
	}
	if r.c.Writes(Senators) {
		usual = append(usual, CWCSenate)
	}
	return append(usual, Handoff)
}
