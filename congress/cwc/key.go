package cwc

import (
	"log/slog"
	"net/url"
	"strings"
)

// Key is the access key of an approved sender. The House wants it in the address of each
// request, so it is one careless log line away from the public. A Key therefore cannot be
// printed: the value sits behind a function, out of reach of fmt, slog and encoders even
// where they cannot call its methods.
type Key struct{ reveal func() string }

const hiddenKey = "[key]"

// NewKey returns the key with the given value. Blanks around it are taken off.
func NewKey(value string) Key {
	value = strings.TrimSpace(value)
	return Key{reveal: func() string { return value }}
}

// IsZero reports whether there is no key.
func (k Key) IsZero() bool { return k.value() == "" }

// Equal reports whether text is the key.
func (k Key) Equal(text string) bool { return !k.IsZero() && k.value() == text }

func (k Key) value() string {
	if k.reveal == nil {
		return ""
	}
	return k.reveal()
}

// String returns a stand-in.
func (k Key) String() string {
	if k.IsZero() {
		return ""
	}
	return hiddenKey
}

// GoString returns a stand-in.
func (k Key) GoString() string { return "cwc.Key(" + k.String() + ")" }

// LogValue returns a stand-in.
func (k Key) LogValue() slog.Value { return slog.StringValue(k.String()) }

// MarshalText returns a stand-in, so that a Key in a settings struct can be encoded.
func (k Key) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// strike takes the key out of text, in each spelling in which a server or an error may
// repeat it.
func (k Key) strike(text string) string {
	v := k.value()
	if v == "" {
		return text
	}
	return strings.NewReplacer(
		v, hiddenKey, url.QueryEscape(v), hiddenKey, url.PathEscape(v), hiddenKey,
	).Replace(text)
}
