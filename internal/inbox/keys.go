package inbox

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/hex"
	"errors"
	"fmt"

	"github.com/franklin-letters/franklin/internal/keyed"
)

// keys hide what is stored: mails are encrypted, and what was seen is known by a keyed hash.
type keys struct{ under keyed.Hash }

func newKeys(secret []byte) keys { return keys{keyed.New(secret)} }

func (k keys) hash(value string) string {
	return hex.EncodeToString(k.under.For("mail seen", value)[:16])
}

func (k keys) aead() (cipher.AEAD, error) {
	block, err := aes.NewCipher(k.under.For("mail in", ""))
	if err != nil {
		return nil, fmt.Errorf("encrypt a mail: %w", err)
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return nil, fmt.Errorf("encrypt a mail: %w", err)
	}
	return aead, nil
}

// errSealed says that a stored mail cannot be read: it was stored under another secret.
var errSealed = errors.New("a stored mail cannot be decrypted: was it stored under another secret?")

func (k keys) seal(id string, raw []byte) ([]byte, error) {
	aead, err := k.aead()
	if err != nil {
		return nil, err
	}
	return aead.Seal(nil, nil, raw, []byte(id)), nil //nolint:gosec // the nonce is made within, at random
}

func (k keys) open(id string, sealed []byte) ([]byte, error) {
	aead, err := k.aead()
	if err != nil {
		return nil, err
	}
	raw, err := aead.Open(nil, nil, sealed, []byte(id))
	if err != nil {
		return nil, errSealed
	}
	return raw, nil
}
