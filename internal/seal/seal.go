// Package seal keeps personal texts unreadable in the database: whoever has its file, its
// backup or its dump, and not the key ring beside it, reads no name, address or letter.
//
// A Text is sealed by AES-256-GCM under the ring's current key when it is written and
// opened when it is read; internal/db does both, so nothing above it sees sealed values. A
// sealed value names its key, so that a ring of several keys opens what older ones sealed.
// A blind index, a keyed hash under a key that never changes, finds a row by a text that
// is sealed.
//
// It guards against who reads a copy of the database. Who can write to it may still put one
// row's sealed value into another row.
package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"

	"github.com/franklin-letters/franklin/internal/keyed"
)

// Text is a text that is kept sealed. Two sealings of the same text differ.
type Text string

// Word is a text that is kept sealed so that the database can still tell which ones are the
// same. Only for what need not be guarded against who knows what it may say.
type Word string

// A sealed value is STX, which no form lets through, the id of the key, a colon, and nonce,
// ciphertext and tag in base64.
const (
	begin = '\x02'
	head  = 1 + IDLength + 1
)

// overhead is what the nonce and the tag add to a text.
const overhead = 12 + 16

// IDLength is the length of a key's id.
const IDLength = 6

// keyBytes is the length of every key of the ring.
const keyBytes = 32

// ErrNoRing says that there is no key ring, or an empty one.
var ErrNoRing = errors.New("there is no key ring")

// ErrTampered says that a sealed value is not as it was written.
var ErrTampered = errors.New("a sealed value was changed or cut short")

// Sealed reports whether a value of the database is a sealed one.
func Sealed(value string) bool {
	return len(value) >= head && value[0] == begin && value[head-1] == ':'
}

// Head is how all values begin that are sealed under a key.
func Head(id string) string { return string(begin) + id + ":" }

// encoding is strict: else the last character could be changed unnoticed.
var encoding = base64.RawStdEncoding.Strict()

// key is one key of the ring, ready for use.
type key struct {
	id     string
	secret []byte
	random cipher.AEAD // puts a random nonce before the ciphertext
	given  cipher.AEAD // takes the nonce it is given
	nonces keyed.Hash  // of which that is made, from the text
}

func newKey(secret []byte) (key, error) {
	if len(secret) != keyBytes {
		return key{}, fmt.Errorf("a key has %d bytes, not %d", len(secret), keyBytes)
	}
	block, err := aes.NewCipher(secret)
	if err != nil {
		return key{}, err
	}
	k := key{id: idOf(secret), secret: secret, nonces: keyed.New(sum(secret, "franklin nonces of words"))}
	if k.random, err = cipher.NewGCMWithRandomNonce(block); err != nil {
		return key{}, err
	}
	k.given, err = cipher.NewGCM(block)
	return k, err
}

// idOf is a fingerprint, so that a wrong key is recognised before it is used.
func idOf(secret []byte) string { return hex.EncodeToString(sum(secret, "franklin key id"))[:IDLength] }

func sum(secret []byte, text string) []byte {
	all := keyed.New(secret).Sum(text)
	return all[:]
}

// Seal seals a text under the current key. The empty text stays empty: it says nothing.
func (r *Ring) Seal(text Text) (string, error) {
	return r.seal(string(text), func(k key, into, text []byte) []byte { return k.random.Seal(into, nil, text, nil) }) //nolint:gosec // no nonce is given: it makes a random one
}

// SealWord seals a word: the same one comes out the same, until the key changes.
func (r *Ring) SealWord(word Word) (string, error) {
	return r.seal(string(word), func(k key, into, text []byte) []byte {
		all := k.nonces.Sum(string(text))
		nonce := all[:k.given.NonceSize()]
		return k.given.Seal(append(into, nonce...), nonce, text, nil)
	})
}

// seal works in one piece of memory, which is used again: the text, the same sealed, and the
// value that comes of it.
func (r *Ring) seal(text string, with func(k key, into, text []byte) []byte) (string, error) {
	if text == "" {
		return "", nil
	}
	keys := r.now()
	k, known := keys.byID[keys.current]
	if !known {
		return "", ErrNoRing
	}
	size := len(text) + overhead
	work := r.memory(len(text) + size + head + encoding.EncodedLen(size))
	defer r.work.Put(work)
	open := append(*work, text...)
	sealed := with(k, open[len(open):len(open):len(open)+size], open)
	value := append(open[len(open)+size:len(open)+size], begin)
	value = append(append(value, k.id...), ':')
	return string(encoding.AppendEncode(value, sealed)), nil
}

// memory returns memory with room for so many bytes. It goes back to r.work.
func (r *Ring) memory(size int) *[]byte {
	kept, ok := r.work.Get().(*[]byte)
	if !ok {
		kept = new([]byte)
	}
	*kept = slices.Grow((*kept)[:0], size)
	return kept
}

// Open returns the text of a sealed value. A value that is not sealed is returned as it is:
// it was written before there was a key ring.
func (r *Ring) Open(value string) (string, error) {
	if !Sealed(value) {
		return value, nil
	}
	k, err := r.key(value[1 : head-1])
	if err != nil {
		return "", err
	}
	work := r.memory(encoding.DecodedLen(len(value) - head))
	defer r.work.Put(work)
	sealed, err := encoding.AppendDecode(*work, []byte(value[head:]))
	if err != nil {
		return "", fmt.Errorf("%w (key %s)", ErrTampered, k.id)
	}
	text, err := k.random.Open(sealed[:0], nil, sealed, nil)
	if err != nil {
		return "", fmt.Errorf("%w (key %s)", ErrTampered, k.id)
	}
	return string(text), nil
}

// Blind returns the blind index of a text: 128 bits in hexadecimal, the same for the same
// text for as long as the installation lives. It needs a ring that has been made.
func (r *Ring) Blind(text string) string {
	keys := r.now()
	if len(keys.index) == 0 {
		panic(ErrNoRing) // the program must not come this far; a hash without a key would hide nothing
	}
	sum := keys.blind.Sum(text)
	return hex.EncodeToString(sum[:16])
}
