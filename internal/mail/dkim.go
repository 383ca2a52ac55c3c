package mail

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/emersion/go-msgauth/dkim"
)

// DKIM is the key with which messages are signed (RFC 6376), and where receivers find its
// public half: in the DNS, under Name.
type DKIM struct {
	Domain   string
	Selector string
	// Key is an *rsa.PrivateKey, which every receiver understands, or an
	// ed25519.PrivateKey, which many do not.
	Key crypto.Signer
}

// minRSA is what RFC 8301 demands of signers, in bits; it recommends twice that.
const minRSA = 1024

// signedHeaders are those that a reader or a mail program acts upon. One that stands twice
// here is oversigned: the signature breaks when somebody adds another one in front.
var signedHeaders = []string{
	"From", "From", "To", "To", "Subject", "Subject", "Date", "Date", "Message-ID", "Message-ID", "Reply-To", "Reply-To", "MIME-Version",
	"Content-Type", "Content-Type", "List-ID", "List-ID", "List-Unsubscribe", "List-Unsubscribe", "List-Unsubscribe-Post", "List-Unsubscribe-Post",
}

var selectorForm = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$`)

// check demands a usable key, and a domain that counts as that of the sender: the same, or
// one above or below it, as DMARC compares them when it is relaxed.
func (d DKIM) check(from string) error {
	_, domain, _ := strings.Cut(from, "@")
	switch key := d.Key.(type) {
	case *rsa.PrivateKey:
		if key.N.BitLen() < minRSA {
			return fmt.Errorf("mail: the DKIM key has %d bits; make one of 2048", key.N.BitLen())
		}
	case ed25519.PrivateKey:
	default:
		return errors.New("mail: the DKIM key is neither RSA nor Ed25519")
	}
	if !selectorForm.MatchString(d.Selector) {
		return errors.New("mail: the DKIM selector must be letters in lower case, digits and dashes")
	}
	if !Aligned(d.Domain, domain) {
		return fmt.Errorf("mail: the DKIM domain %s is not that of the sender's address, so the signature would prove nothing", d.Domain)
	}
	return nil
}

// Aligned reports whether one of two domains is the other or lies below it.
func Aligned(a, b string) bool {
	return a != "" && b != "" && (a == b || strings.HasSuffix(a, "."+b) || strings.HasSuffix(b, "."+a))
}

// sign returns the message with its signature in front. Relays may change blanks and
// where lines of the head are folded, and nothing else.
//
// go-mail's own signer is not used: it folds a long list of headers after it has signed
// it unfolded, so the signature of a message with list headers never verifies.
func (d DKIM) sign(raw []byte) ([]byte, error) {
	var signed bytes.Buffer
	signed.Grow(len(raw) + 1024)
	err := dkim.Sign(&signed, bytes.NewReader(raw), &dkim.SignOptions{
		Domain: d.Domain, Selector: d.Selector, Signer: d.Key, HeaderKeys: signedHeaders,
		HeaderCanonicalization: dkim.CanonicalizationRelaxed, BodyCanonicalization: dkim.CanonicalizationRelaxed,
	})
	return signed.Bytes(), err
}

// DKIMName is the name in the DNS under which receivers look for the key of a selector.
func DKIMName(selector, domain string) string { return selector + "._domainkey." + domain }

// Record returns the text to publish there.
func (d DKIM) Record() string {
	switch public := d.Key.Public().(type) {
	case ed25519.PublicKey:
		return "v=DKIM1; k=ed25519; p=" + base64.StdEncoding.EncodeToString(public)
	default:
		der, err := x509.MarshalPKIXPublicKey(public)
		if err != nil {
			return ""
		}
		return "v=DKIM1; k=rsa; p=" + base64.StdEncoding.EncodeToString(der)
	}
}

// NewDKIMKey makes a key and returns it in PEM: RSA with 2048 bits, or Ed25519.
func NewDKIMKey(ed bool) ([]byte, error) {
	var key crypto.Signer
	var err error
	if ed {
		_, key, err = ed25519.GenerateKey(rand.Reader)
	} else {
		key, err = rsa.GenerateKey(rand.Reader, 2048)
	}
	if err != nil {
		return nil, fmt.Errorf("make a DKIM key: %w", err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, fmt.Errorf("write a DKIM key: %w", err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), nil
}

// ParseDKIMKey reads a key in PEM, as NewDKIMKey, OpenSSL and opendkim-genkey write them.
// The error never holds any of it.
func ParseDKIMKey(text []byte) (crypto.Signer, error) {
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, errors.New("the DKIM key is not in PEM")
	}
	if key, err := x509.ParsePKCS1PrivateKey(block.Bytes); err == nil {
		return key, nil
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, errors.New("the DKIM key cannot be read")
	}
	switch key := key.(type) {
	case *rsa.PrivateKey:
		return key, nil
	case ed25519.PrivateKey:
		return key, nil
	default:
		return nil, errors.New("the DKIM key is neither RSA nor Ed25519")
	}
}
