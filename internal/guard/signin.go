package guard

import (
	"net/netip"
	"time"
)

// Limits of asking for links by which staff sign in: so many a minute from one network, and
// for one mailbox an hour's share of six.
const (
	signInsPerMinute = 10
	signInMailEvery  = 10 * time.Minute
)

// SignIn counts somebody who asks to sign in and returns how long their network has to wait;
// 0: not at all. mail is false when the mailbox has had its share, which must not show.
func (g *Guard) SignIn(network netip.Prefix, mailbox string, now time.Time) (wait time.Duration, mail bool) {
	if wait = g.count(g.signIns, network, now); wait > 0 {
		return wait, false
	}
	return 0, g.signInMails.wait(g.hash(mailbox), now) == 0
}
