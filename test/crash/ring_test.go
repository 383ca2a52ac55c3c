package crash

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"strings"
)

// ring holds the keys of the server by their ids. The checker opens sealed values by itself.
type ring map[string][]byte

func readRing(path string) (ring, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	keys := ring{}
	for line := range strings.Lines(string(content)) {
		var id, key string
		if n, _ := fmt.Sscanf(line, "key %s %s", &id, &key); n < 2 {
			continue
		}
		if keys[id], err = base64.StdEncoding.DecodeString(key); err != nil {
			return nil, err
		}
	}
	return keys, nil
}

// open opens a value. All that is there must be sealed.
func (r ring) open(value string) (string, error) {
	if value == "" {
		return "", nil
	}
	id, sealed, found := strings.Cut(strings.TrimPrefix(value, "\x02"), ":")
	if !found || r[id] == nil {
		return "", errors.New("it is not sealed under a key of the ring")
	}
	content, err := base64.RawStdEncoding.DecodeString(sealed)
	if err != nil || len(content) < 12 {
		return "", errors.New("it is cut short")
	}
	block, err := aes.NewCipher(r[id])
	if err != nil {
		return "", err
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		return "", err
	}
	text, err := gcm.Open(nil, content[:12], content[12:], nil)
	return string(text), err
}
