package guard

import (
	"crypto/sha256"
	"encoding/binary"
	"math/bits"
	"net/netip"
	"time"
)

// maxProof bounds the length of a proof in characters; a browser counts up from 0.
const maxProof = 12

// Work returns how many bits of work the browser of somebody shall do for a letter; 0 for
// none. It is asked for where a campaign wants it of everybody, and on networks that have
// come to their limit. Whoever's browser does not work is asked by e-mail instead.
func (g *Guard) Work(network netip.Prefix, everybody bool, now time.Time) int {
	limit := g.config.NetworkPeople
	if everybody || limit > 0 && network.IsValid() && g.networks.size(g.hash(network.String()), now) >= limit {
		return g.config.WorkBits
	}
	return 0
}

// Worked reports whether a proof is good: the SHA-256 of the form's key, a line feed, the
// e-mail address as the form holds it, a line feed and the proof, a decimal number, begins
// with as many zero bits as are asked for. So a proof belongs to one form, which makes one
// letter, and to one address.
func (g *Guard) Worked(key, email, proof string) bool {
	if g.config.WorkBits == 0 || len(proof) > maxProof || proof == "" {
		return false
	}
	for _, c := range proof {
		if c < '0' || c > '9' {
			return false
		}
	}
	sum := sha256.Sum256([]byte(key + "\n" + email + "\n" + proof))
	return bits.LeadingZeros64(binary.BigEndian.Uint64(sum[:])) >= g.config.WorkBits
}
