// Package returnpath makes and reads the addresses to which failed mail comes back.
//
// Every mail leaves with a return address of its own, bounces+TOKEN@domain (VERP). The
// token names what was sent and when, and is signed under the installation's secret, so
// that a report of failure proves by the address it came to that it is about a mail of
// ours: whoever only knows somebody's e-mail address cannot make one up. The token is
// written in small letters and digits, because some mail systems change the case of
// addresses, and is its own proof also where it stands elsewhere, as in a Message-ID or
// another header that a complaint quotes with the address blacked out.
package returnpath

import (
	"crypto/hmac"
	"encoding/base32"
	"encoding/binary"
	"errors"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/franklin-letters/franklin/internal/keyed"
)

// Valid is for how long after the send a report about it counts.
const Valid = 14 * 24 * time.Hour

// ReferenceHeader holds what the return address says, for complaints that quote a mail with
// its addresses blacked out.
const ReferenceHeader = "X-Reference"

// TokenLength is the length of every token.
const TokenLength = 55

// Box is the mailbox of return addresses, in front of the plus sign.
const Box = "bounces"

// Kind says what kind of thing a mail was sent for, so that ids of two tables are never
// taken for each other.
type Kind byte

// The kinds.
const (
	Submission Kind = 's' // ID is that of the submission whose writer got the mail
	Supporter  Kind = 'p' // ID is that of the supporter
	Step       Kind = 'j' // ID is that of a mail that follows by itself; see package journey
)

// Ref is what a mail was: to whom it went, and as part of what.
type Ref struct {
	Kind Kind
	ID   uuid.UUID
	Part uint32 // the number of the mailing; 0 for none
}

// The reasons why a token does not count.
var (
	ErrForged  = errors.New("the return address is not one of ours")
	ErrExpired = errors.New("the mail of this return address was sent too long ago")
)

// Paths makes and reads return addresses. The zero value reads none.
type Paths struct {
	key    keyed.Hash
	domain string
}

// New needs the installation's secret and the domain whose mail comes to us.
func New(secret []byte, domain string) Paths {
	key := keyed.New(secret).Sum("return path")
	return Paths{key: keyed.New(key[:]), domain: strings.ToLower(domain)}
}

// Domain is the domain of the return addresses.
func (p Paths) Domain() string { return p.domain }

// A token is a kind, an id, a part, the hour of the send, and the mark: 34 bytes.
const (
	bodyBytes = 1 + 16 + 4 + 3
	markBytes = 10
)

var spelling = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// Token returns the signed words for a mail that is sent at a time. Two mails for the same
// thing in one hour have the same.
func (p Paths) Token(r Ref, sent time.Time) string {
	b := make([]byte, 0, bodyBytes+markBytes)
	b = append(b, byte(r.Kind))
	b = append(b, r.ID[:]...)
	b = binary.BigEndian.AppendUint32(b, r.Part)
	var hour [4]byte
	binary.BigEndian.PutUint32(hour[:], uint32(sent.Unix()/3600)) //nolint:gosec // 24 bits of hours last until the year 3883
	b = append(b, hour[1:]...)
	return spelling.EncodeToString(append(b, p.mark(b)...))
}

// Path returns the return address for a mail that is sent at a time. Its local part has 63
// characters of the 64 that are allowed.
func (p Paths) Path(r Ref, sent time.Time) string {
	return Box + "+" + p.Token(r, sent) + "@" + p.domain
}

func (p Paths) mark(body []byte) []byte {
	sum := p.key.Sum(string(body))
	return sum[:markBytes]
}

// Open reads a return address. It returns what the mail was, or ErrForged or ErrExpired.
func (p Paths) Open(address string, now time.Time) (Ref, error) {
	local, domain, _ := strings.Cut(address, "@")
	box, token, _ := strings.Cut(local, "+")
	if !strings.EqualFold(box, Box) || !strings.EqualFold(domain, p.domain) {
		return Ref{}, ErrForged
	}
	return p.OpenToken(token, now)
}

// OpenToken is Open for the token by itself.
func (p Paths) OpenToken(token string, now time.Time) (Ref, error) {
	if len(token) != TokenLength || p.key == (keyed.Hash{}) {
		return Ref{}, ErrForged
	}
	b, err := spelling.DecodeString(strings.ToLower(token))
	// A token has one spelling: the last letter has bits to spare, which must be zero.
	if err != nil || len(b) != bodyBytes+markBytes || spelling.EncodeToString(b) != strings.ToLower(token) {
		return Ref{}, ErrForged
	}
	body := b[:bodyBytes]
	if !hmac.Equal(b[bodyBytes:], p.mark(body)) {
		return Ref{}, ErrForged
	}
	r := Ref{Kind: Kind(body[0]), ID: uuid.UUID(body[1:17]), Part: binary.BigEndian.Uint32(body[17:21])}
	hours := int64(body[21])<<16 | int64(body[22])<<8 | int64(body[23])
	if age := now.Sub(time.Unix(hours*3600, 0)); age > Valid+time.Hour || age < -time.Hour { // the hour was rounded down; clocks differ
		return Ref{}, ErrExpired
	}
	return r, nil
}
