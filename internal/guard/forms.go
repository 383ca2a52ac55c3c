package guard

import (
	"crypto/hmac"
	"crypto/rand"
	"encoding/base64"
	"encoding/binary"
	"time"

	"github.com/franklin-letters/franklin/internal/keyed"
)

// A form's key is 32 bytes in URL-safe base64: the second of its issue as 4 bytes, 12
// random bytes, and 16 bytes of HMAC-SHA256 over both and the campaign.
const (
	keyTime   = 4
	keyRandom = 12
	keyMAC    = 16
	// FormKeyLength is the number of characters of every key.
	FormKeyLength = (keyTime+keyRandom+keyMAC)*4/3 + 1
)

// clockSkew is how far ahead the clock of the node may be that made a key.
const clockSkew = 5 * time.Minute

// Freshness says whether a form's key is one of ours and how old it is.
type Freshness string

// The freshnesses.
const (
	Fresh  Freshness = "fresh"
	Forged Freshness = "forged" // missing, damaged, of another campaign or not made here
	Fast   Freshness = "fast"   // nobody reads and fills in a form in that time
	Stale  Freshness = "stale"  // the page was open, or kept in a cache, for too long
)

// Forms makes and checks the keys of forms. A key says when its form was shown and on
// which campaign; that it works once is the business of whoever keeps the letters. All
// nodes with the same secret take each other's keys.
type Forms struct {
	fastest time.Duration
	oldest  time.Duration
	hash    keyed.Hash
}

// NewForms makes keys under the installation's secret. Forms that come back in less than
// fastest are Fast, after more than oldest Stale; 0 turns either off.
func NewForms(secret []byte, fastest, oldest time.Duration) Forms {
	key := keyed.New(secret).Sum("form\x00")
	return Forms{fastest, oldest, keyed.New(key[:])}
}

var keyText = base64.RawURLEncoding.Strict() // a key has one spelling

// New returns a fresh key for a form of the campaign.
func (f Forms) New(campaign string, now time.Time) string {
	var raw [keyTime + keyRandom + keyMAC]byte
	binary.BigEndian.PutUint32(raw[:], uint32(now.Unix())) //nolint:gosec // until the year 2106
	_, _ = rand.Read(raw[keyTime : keyTime+keyRandom])     // never fails; the program ends instead
	f.sign(raw[:], campaign)
	return keyText.EncodeToString(raw[:])
}

// sign writes the code behind the first parts of a key.
func (f Forms) sign(raw []byte, campaign string) {
	sum := f.hash.Sum(string(raw[:keyTime+keyRandom]), campaign)
	copy(raw[keyTime+keyRandom:], sum[:keyMAC])
}

// Check says how fresh the key of a posted form is.
func (f Forms) Check(key, campaign string, now time.Time) Freshness {
	var raw, want [keyTime + keyRandom + keyMAC]byte
	if len(key) != FormKeyLength {
		return Forged
	}
	if _, err := keyText.Decode(raw[:], []byte(key)); err != nil {
		return Forged
	}
	copy(want[:], raw[:keyTime+keyRandom])
	f.sign(want[:], campaign)
	if !hmac.Equal(raw[:], want[:]) {
		return Forged
	}
	age := now.Sub(time.Unix(int64(binary.BigEndian.Uint32(raw[:])), 0))
	switch {
	case age < -clockSkew, f.oldest > 0 && age > f.oldest:
		return Stale
	case age >= 0 && age < f.fastest: // an age below zero says nothing: two clocks differ
		return Fast
	}
	return Fresh
}
