package mail_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"regexp"
	"strings"
	"testing"

	"github.com/emersion/go-msgauth/dkim"

	"github.com/franklin-letters/franklin/internal/mail"
	"github.com/franklin-letters/franklin/internal/mail/mailtest"
)

// signature returns a new key as the settings have it.
func signature(tb testing.TB, ed bool) *mail.DKIM {
	tb.Helper()
	text, err := mail.NewDKIMKey(ed)
	if err != nil {
		tb.Fatal(err)
	}
	key, err := mail.ParseDKIMKey(text)
	if err != nil {
		tb.Fatal(err)
	}
	return &mail.DKIM{Domain: "campaign.example", Selector: "franklin", Key: key}
}

// verify returns why the signature of a message does not hold, or nil. Foreign programs
// verify mails in package notice.
func verify(t *testing.T, d *mail.DKIM, raw []byte) error {
	t.Helper()
	found, err := dkim.VerifyWithOptions(bytes.NewReader(raw), &dkim.VerifyOptions{LookupTXT: func(name string) ([]string, error) {
		if name != mail.DKIMName(d.Selector, d.Domain) {
			return nil, errors.New("asked for " + name)
		}
		return []string{d.Record()}, nil
	}})
	if err != nil || len(found) != 1 {
		t.Fatalf("%d signatures, %v", len(found), err)
	}
	return found[0].Err
}

func signed(t *testing.T, d *mail.DKIM, m mail.Message) []byte {
	t.Helper()
	c := catcher(t, mailtest.Options{})
	config := settings(t, c.Addr())
	config.DKIM = d
	if err := sender(t, config).Send(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	return c.Messages()[0].Raw
}

// letterToList is a message with everything that a list's messages have.
func letterToList() mail.Message {
	m := message()
	m.List, m.Unsubscribe, m.UnsubscribeMail = "news.campaign.example", "https://campaign.example/leave/"+strings.Repeat("t", 80)+"?lang=en", "leave@campaign.example"
	m.ReplyTo = "office@campaign.example"
	return m
}

// TestMAIL_U_1_TamperingBreaksTheSignature changes what a reader or a mail program acts upon,
// and puts a second header in front, which many programs show instead of the signed one.
func TestMAIL_U_1_TamperingBreaksTheSignature(t *testing.T) {
	for _, ed := range []bool{false, true} {
		d := signature(t, ed)
		raw := signed(t, d, letterToList())
		if err := verify(t, d, raw); err != nil {
			t.Fatalf("untouched: %v", err)
		}
		for name, change := range map[string]struct{ old, new string }{
			"the way out":            {"https://campaign.example/leave/", "https://evil.example/leave/"},
			"the way out by mail":    {"leave@campaign.example", "leave@evil.example"},
			"one click":              {"List-Unsubscribe-Post: ", "X-Was: "},
			"the sender":             {"letters@campaign.example", "letters@evil.example"},
			"the subject":            {"Subject: ", "Subject: Re: "},
			"the answer's address":   {"office@campaign.example", "office@evil.example"},
			"a word":                 {"please confirm", "please condemn"},
			"a second sender":        {"From: ", "From: eve@evil.example\r\nFrom: "},
			"a second subject":       {"Subject: ", "Subject: You won\r\nSubject: "},
			"a second way out":       {"List-Unsubscribe: ", "List-Unsubscribe: <https://evil.example>\r\nList-Unsubscribe: "},
			"a second type":          {"Content-Type: multipart", "Content-Type: text/html\r\nContent-Type: multipart"},
			"a list that it was not": {"List-ID: ", "List-ID: <evil.example>\r\nList-ID: "},
		} {
			spoilt := strings.Replace(string(raw), change.old, change.new, 1)
			if spoilt == string(raw) {
				t.Errorf("%s: %q is not there", name, change.old)
			} else if verify(t, d, []byte(spoilt)) == nil {
				t.Errorf("%s can be changed", name)
			}
		}
		for name, change := range map[string]struct{ old, new string }{
			"folding": {"Subject: ", "Subject:\r\n  "}, "blanks at the end of a line": {"Hello,\r\n", "Hello,  \r\n"},
			"a header of a relay": {"From: ", "Received: from a by b\r\nFrom: "},
		} {
			if err := verify(t, d, []byte(strings.Replace(string(raw), change.old, change.new, 1))); err != nil {
				t.Errorf("%s breaks it: %v", name, err)
			}
		}
	}
}

// TestMAIL_U_1_ListHeaders: one https address, what RFC 8058 wants beside it, and all of it signed.
func TestMAIL_U_1_ListHeaders(t *testing.T) {
	d := signature(t, false)
	m := letterToList()
	raw := string(signed(t, d, m))
	for _, want := range []string{
		"List-Unsubscribe: <" + m.Unsubscribe + ">,\r\n <mailto:leave@campaign.example?subject=unsubscribe>\r\n",
		"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n", "List-ID: <news.campaign.example>\r\n", "Precedence: bulk\r\n",
	} {
		if strings.Count(raw, want) != 1 {
			t.Errorf("%q is not there once:\n%s", want, raw)
		}
	}
	list := regexp.MustCompile(`[ ;]h=([^;]+);`).FindStringSubmatch(raw)
	for _, want := range []string{"From:From:", ":List-Unsubscribe:", ":List-Unsubscribe-Post", ":List-ID:", ":Message-ID:", ":Reply-To:"} {
		if list == nil || !strings.Contains(list[1], want) {
			t.Errorf("%s is not signed: %q", want, list)
		}
	}
	for line := range strings.SplitSeq(raw, "\r\n") {
		if len(line) > 998 {
			t.Errorf("a line of %d bytes", len(line))
		}
	}
	m.UnsubscribeMail = ""
	if raw := string(signed(t, nil, m)); !strings.Contains(raw, "List-Unsubscribe: <"+m.Unsubscribe+">\r\n") || strings.Contains(raw, "DKIM") {
		t.Error(raw)
	}
}

func TestEnvelope(t *testing.T) {
	c := catcher(t, mailtest.Options{})
	config := settings(t, c.Addr())
	config.ReplyTo, config.ReturnPath = "office@campaign.example", "bounces@campaign.example"
	own := message()
	own.To, own.ReplyTo, own.ReturnPath = "bob@example.org", "desk@campaign.example", "b+17@campaign.example"
	for _, m := range []mail.Message{message(), own} {
		if err := sender(t, config).Send(t.Context(), m); err != nil {
			t.Fatal(err)
		}
	}
	for i, want := range []struct{ path, reply string }{{"bounces@campaign.example", "<office@campaign.example>"}, {"b+17@campaign.example", "<desk@campaign.example>"}} {
		if got := c.Messages()[i]; got.From != want.path || got.Header("Reply-To") != want.reply || strings.Contains(string(got.Raw), want.path) {
			t.Errorf("from %s, answers to %s", got.From, got.Header("Reply-To"))
		}
	}
}

func TestDKIMKeys(t *testing.T) {
	weak, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	curve, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(curve)
	if err != nil {
		t.Fatal(err)
	}
	old := pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(weak)})
	if key, err := mail.ParseDKIMKey(old); err != nil || !weak.Equal(key) {
		t.Errorf("a key of opendkim-genkey: %v", err)
	}
	for name, text := range map[string]string{
		"nothing": "", "words": "secret", "garbage": "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n",
		"another kind": string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})),
	} {
		if key, err := mail.ParseDKIMKey([]byte(text)); err == nil || key != nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v, %v", name, key, err)
		}
	}
	if _, is := signature(t, true).Key.(ed25519.PrivateKey); !is {
		t.Error("not Ed25519")
	}
	if record := signature(t, true).Record(); !strings.HasPrefix(record, "v=DKIM1; k=ed25519; p=") || len(record) != 66 {
		t.Error(record)
	}
	if key := signature(t, false).Key.(*rsa.PrivateKey); key.N.BitLen() != 2048 {
		t.Errorf("%d bits", key.N.BitLen())
	}
}

func TestDKIMSettings(t *testing.T) {
	config := mail.Config{Host: "smtp.example.org", Port: 587, TLS: mail.TLSStart, From: "letters@mail.campaign.example"}
	for _, c := range []struct {
		domain, selector string
		good             bool
	}{
		{"mail.campaign.example", "franklin", true},
		{"campaign.example", "a.b-1", true},
		{"deep.mail.campaign.example", "f", true},
		{"evil.example", "franklin", false},
		{"l.campaign.example", "franklin", false},
		{"ampaign.example", "franklin", false},
		{"", "franklin", false},
		{"campaign.example", "", false},
		{"campaign.example", "a; d=evil", false},
		{"campaign.example", "-a", false},
	} {
		d := signature(t, true)
		d.Domain, d.Selector = c.domain, c.selector
		config.DKIM = d
		if err := config.Check(); (err == nil) != c.good {
			t.Errorf("%s of %s: %v", c.selector, c.domain, err)
		}
	}
	small, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	small.N.Rsh(small.N, 512)
	for _, d := range []mail.DKIM{{Domain: "campaign.example", Selector: "f"}, {Domain: "campaign.example", Selector: "f", Key: small}} {
		config.DKIM = &d
		if config.Check() == nil {
			t.Errorf("a key of %T is taken", d.Key)
		}
	}
}
