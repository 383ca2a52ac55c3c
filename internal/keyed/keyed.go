// Package keyed makes hashes that nobody can make without the key: HMAC with SHA-256. What
// comes of the key alone is computed once for many hashes; it takes as long as a short text.
package keyed

import (
	"crypto/hmac"
	"crypto/sha256"
	"hash"
	"sync"
)

// Size is the length of a sum in bytes.
const Size = sha256.Size

// Hash hashes texts under one key. It is safe for concurrent use; the zero value has no key and
// must not be asked.
type Hash struct{ states *sync.Pool }

// state is a hash that has taken its key in, and room for what it reads and writes.
type state struct {
	mac  hash.Hash
	text []byte
}

// New returns the hash under a key.
func New(key []byte) Hash {
	return Hash{&sync.Pool{New: func() any { return &state{mac: hmac.New(sha256.New, key)} }}}
}

// For returns the hash of a text for a purpose, which is that of no other purpose.
func (h Hash) For(purpose, text string) []byte {
	all := h.Sum(purpose, "\x00", text)
	return all[:]
}

// Sum returns the hash of a text, which is given in parts.
func (h Hash) Sum(parts ...string) (sum [Size]byte) {
	s := h.states.Get().(*state) //nolint:forcetypeassert // the pool makes nothing else
	defer h.states.Put(s)
	s.text = s.text[:0]
	for _, part := range parts {
		s.text = append(s.text, part...)
	}
	s.mac.Reset()
	s.mac.Write(s.text)
	s.text = s.mac.Sum(s.text[:0])
	copy(sum[:], s.text)
	return sum
}
