package guard

import (
	"net/netip"
	"time"
)

// Limits of asking for links by which staff sign in. A network's share of a mailbox's links is
// small, so that nobody uses up all of them from one place and so keeps the member out.
const (
	signInsPerMinute    = 10 // from one network
	signInMailsPerHour  = 12 // to one mailbox
	signInSharesPerHour = 4  // to one mailbox, asked for from one network
)

// SignIn counts somebody who asks to sign in and returns how long their network has to wait;
// 0: not at all. mail is false when the mailbox has had its share, which must not show.
func (g *Guard) SignIn(network netip.Prefix, mailbox string, now time.Time) (wait time.Duration, mail bool) {
	if wait = g.count(g.signIns, network, now); wait > 0 {
		return wait, false
	}
	if network.IsValid() && g.signInShares.wait(g.hash(network.String()+" "+mailbox), now) > 0 {
		return 0, false
	}
	return 0, g.signInMails.wait(g.hash(mailbox), now) == 0
}
