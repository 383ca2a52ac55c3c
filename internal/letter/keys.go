package letter

import (
	"crypto/hmac"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/franklin-letters/franklin/internal/keyed"
	"github.com/franklin-letters/franklin/internal/mail"
	"github.com/franklin-letters/franklin/internal/supporter"
)

// Keys signs links and fingerprints people under the installation's own secret, so that
// neither can be made up by somebody who has only read the database.
type Keys struct {
	secret []byte
	hash   keyed.Hash
	people supporter.Keys // for the people themselves, under the same secret
}

// NewKeys needs a secret of at least 32 bytes from a good random source.
func NewKeys(secret []byte) Keys {
	k := Keys{secret: secret, hash: keyed.New(secret), people: supporter.NewKeys()}
	if secret != nil {
		k.people = supporter.NewKeys(secret)
	}
	return k
}

// NewKey returns a fresh key for one form: 128 random bits in hexadecimal.
func NewKey() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails; the program ends instead
	return hex.EncodeToString(b[:])
}

// Person returns the fingerprint by which one person's repeated letters are recognised:
// the same mailbox and the same name. Two people may share a mailbox.
func (k Keys) Person(f Form) string {
	fold := func(s string) string {
		return strings.Map(func(r rune) rune {
			if unicode.IsLetter(r) || unicode.IsDigit(r) {
				return unicode.ToLower(r)
			}
			return -1
		}, norm.NFKC.String(s))
	}
	return hex.EncodeToString(k.hash.For("person", mail.Mailbox(f.Email)+"\n"+fold(f.FirstName)+"\n"+fold(f.LastName))[:16])
}

// Purposes of the marks in a receipt's link: shown to whoever pressed send, or mailed.
const (
	markShown  = "receipt"
	markMailed = "mailed receipt"
)

// mark returns 128 bits, enough that links cannot be guessed, as text.
func (k Keys) mark(purpose, submissionID string) string {
	return base64.RawURLEncoding.EncodeToString(k.hash.For(purpose, submissionID)[:16])
}

// ReceiptToken returns the part of a receipt's address that proves the right to see it.
func (k Keys) ReceiptToken(submissionID string) string {
	return submissionID + "." + k.mark(markShown, submissionID)
}

// MailedToken opens the same receipt as ReceiptToken and proves, because it is only ever
// mailed, that its bearer reads the mailbox.
func (k Keys) MailedToken(submissionID string) string {
	return submissionID + "." + k.mark(markMailed, submissionID)
}

// Mailed reports whether the token is one of MailedToken.
func (k Keys) Mailed(token string) bool {
	id, mark, _ := strings.Cut(token, ".")
	return hmac.Equal([]byte(mark), []byte(k.mark(markMailed, id)))
}

// ByMail returns the submission of a token that is only ever mailed, in whichever mail: who has
// it reads the mailbox. That of StopToken is not one of them; it ends all mail anyway.
func (k Keys) ByMail(token string) (string, bool) {
	if k.Mailed(token) {
		return k.SubmissionOf(token)
	}
	if id, ok := k.ToConfirm(token); ok {
		return id, true
	}
	return k.ToAnswer(token)
}

// SubmissionOf returns the submission whose receipt the token opens; false for a token
// that this installation did not make.
func (k Keys) SubmissionOf(token string) (string, bool) {
	id, mac, _ := strings.Cut(token, ".")
	// The texts are compared, not the bits they stand for: a token has one spelling.
	if !hmac.Equal([]byte(mac), []byte(k.mark(markShown, id))) && !k.Mailed(token) {
		return "", false
	}
	return id, true
}
