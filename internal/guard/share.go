package guard

import (
	"strconv"
	"time"
)

// Count is what one node counted under one key of a rule. Key is a keyed hash.
type Count struct {
	Rule string
	Key  string
	N    int
}

type place struct {
	rule string
	key  uint64
}

// maxShared bounds how many counts a node tells the others.
const maxShared = 500

// Shares returns what the other nodes should know: the counts that have come to a quarter of
// their limits. So nothing is told of people who write as people do, and each other node
// lets at most a quarter of a limit through that this one does not hear of.
func (g *Guard) Shares(now time.Time) []Count {
	c := g.config
	var all []Count
	for _, rule := range []struct {
		name  string
		limit int
		of    *windows
	}{
		{string(Network), c.NetworkPeople, g.networks},
		{string(Mailbox), c.MailboxLetters, g.mailboxes},
		{string(Household), c.HouseholdPeople, g.households},
		{string(Office), c.OfficeLetters, g.offices},
		{string(Campaign), c.CampaignLetters, g.campaigns},
		{string(SameWords), c.SameWords, g.own},
	} {
		if rule.limit == 0 {
			continue
		}
		for key, n := range rule.of.atLeast(max(2, rule.limit/4), maxShared-len(all), now) {
			all = append(all, Count{rule.name, strconv.FormatUint(key, 16), n})
		}
	}
	return all
}

// Learn takes what all other nodes counted in place of what it learnt before. What it cannot
// read it leaves out.
func (g *Guard) Learn(all []Count) {
	others := make(map[place]int, len(all))
	for _, c := range all {
		if key, err := strconv.ParseUint(c.Key, 16, 64); err == nil {
			others[place{c.Rule, key}] = c.N
		}
	}
	g.others.Store(&others)
}

// elsewhere returns what the other nodes counted.
func (g *Guard) elsewhere(rule string, key uint64) int {
	if others := g.others.Load(); others != nil {
		return (*others)[place{rule, key}]
	}
	return 0
}
