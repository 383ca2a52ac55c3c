package supporter

import (
	"crypto/hmac"
	"encoding/base64"
	"encoding/hex"
	"strconv"
	"strings"
	"time"

	"github.com/franklin-letters/franklin/internal/keyed"
	"github.com/franklin-letters/franklin/internal/mail"
)

// Keys signs the links in mails to people and hashes their mailboxes under the
// installation's own secret. What was made with an older secret is still accepted, so that
// a link outlives a change of the secret.
type Keys struct {
	current keyed.Hash   // with which everything new is made
	all     []keyed.Hash // the current one first; none where no secret is at hand
}

// NewKeys takes the current secret and, behind it, older ones. Each must have 32 bytes
// from a good random source.
func NewKeys(secrets ...[]byte) Keys {
	k := Keys{current: keyed.New(nil), all: make([]keyed.Hash, len(secrets))}
	for i, secret := range secrets {
		k.all[i] = keyed.New(secret)
	}
	if len(k.all) > 0 {
		k.current = k.all[0]
	}
	return k
}

// none reports whether no secret is at hand.
func (k Keys) none() bool { return len(k.all) == 0 }

// Mailbox returns the keyed hash under which a mailbox is known where its address must not
// stand: in the list of those who want no mail, and in the count of what was mailed. Every
// spelling of the mailbox has the same one; see mail.Mailbox.
func (k Keys) Mailbox(email string) string { return hashed(k.current, email) }

func hashed(hash keyed.Hash, email string) string {
	return hex.EncodeToString(hash.For("mailbox", mail.Mailbox(email))[:16])
}

// mailboxes returns the hashes of a mailbox under all secrets, the current one's first.
func (k Keys) mailboxes(email string) []string {
	all := make([]string, len(k.all))
	for i, hash := range k.all {
		all[i] = hashed(hash, email)
	}
	return all
}

// Purposes of the links. None does what another one does.
const (
	toLeave = "leave"
	toJoin  = "join"
	toData  = "my data"
	toAct   = "act"
)

// How long the links work.
const (
	LeaveFor = 366 * 24 * time.Hour // twelve months
	JoinFor  = 7 * 24 * time.Hour   // then an unconfirmed person is erased
	DataFor  = 24 * time.Hour
	ActFor   = 60 * 24 * time.Hour // an action alert's
)

// Link is what a mailed link says: whom it is about, and until when it works. Mailbox is
// the keyed hash of the address, so that leaving works also when the person was forgotten.
type Link struct {
	Supporter string
	Mailbox   string
	List      List // "" in a link to one's own data
	Until     time.Time
	Mailing   string // the id of the mailing that the link stood in; "" for none
}

// text is the link without its mark. Ids and hashes hold no dots.
func (l Link) text() string {
	parts := []string{l.Supporter, l.Mailbox, string(l.List), strconv.FormatInt(l.Until.Unix(), 36)}
	if l.Mailing != "" {
		parts = append(parts, l.Mailing)
	}
	return strings.Join(parts, ".")
}

// sign returns the token of a link: its text and 128 bits that nobody else can make.
func (k Keys) sign(purpose string, l Link) string {
	return l.text() + "." + mark(k.current, purpose, l.text())
}

func mark(hash keyed.Hash, purpose, text string) string {
	return base64.RawURLEncoding.EncodeToString(hash.For(purpose, text)[:16])
}

// open returns what a token says, if this installation signed it for the purpose and it
// has not run out.
func (k Keys) open(purpose, token string, now time.Time) (Link, bool) {
	dot := max(0, strings.LastIndexByte(token, '.'))
	text, mac := token[:dot], strings.TrimPrefix(token[dot:], ".")
	for _, hash := range k.all {
		// The texts are compared, not the bits they stand for: a token has one spelling.
		if hmac.Equal([]byte(mac), []byte(mark(hash, purpose, text))) {
			l := parseLink(text)
			return l, now.Before(l.Until)
		}
	}
	return Link{}, false
}

// parseLink reads what sign has written.
func parseLink(text string) Link {
	parts := strings.Split(text, ".")
	if len(parts) != 4 && len(parts) != 5 {
		return Link{}
	}
	seconds, _ := strconv.ParseInt(parts[3], 36, 64) // we wrote it ourselves
	l := Link{Supporter: parts[0], Mailbox: parts[1], List: List(parts[2]), Until: time.Unix(seconds, 0)}
	if len(parts) == 5 {
		l.Mailing = parts[4]
	}
	return l
}
