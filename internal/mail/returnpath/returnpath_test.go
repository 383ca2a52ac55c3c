package returnpath_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/franklin-letters/franklin/internal/mail"
	"github.com/franklin-letters/franklin/internal/mail/returnpath"
)

var noon = time.Date(2026, time.November, 23, 17, 30, 0, 0, time.UTC)

var ref = returnpath.Ref{Kind: returnpath.Supporter, ID: uuid.MustParse("0192f3a4-5b6c-7d8e-9fa0-b1c2d3e4f506"), Part: 4_000_000_001}

func paths() returnpath.Paths {
	return returnpath.New([]byte("a secret of the tests, long enough"), "mail.Lantern.us")
}

func TestPathIsReadBack(t *testing.T) {
	p := paths()
	address := p.Path(ref, noon)
	if valid, err := mail.ValidAddress(address); err != nil || valid != address {
		t.Fatalf("%s is no plain address: %v", address, err)
	}
	if local, _, _ := strings.Cut(address, "@"); len(local) > 64 {
		t.Errorf("%d characters stand in front of the @", len(local))
	}
	for name, spelled := range map[string]string{
		"as made": address, "in capitals": strings.ToUpper(address),
		"in two cases": strings.ToUpper(address[:20]) + address[20:],
	} {
		for _, after := range []time.Duration{0, time.Minute, returnpath.Valid} {
			if got, err := p.Open(spelled, noon.Add(after)); err != nil || got != ref {
				t.Errorf("%s, after %v: %+v, %v", name, after, got, err)
			}
		}
	}
	if token := p.Token(ref, noon); len(token) != returnpath.TokenLength || "bounces+"+token+"@"+p.Domain() != address {
		t.Errorf("the token %s is not that of %s", token, address)
	}
}

func TestPathExpires(t *testing.T) {
	p := paths()
	address := p.Path(ref, noon)
	for _, after := range []time.Duration{returnpath.Valid + 2*time.Hour, 365 * 24 * time.Hour, -2 * time.Hour} {
		if _, err := p.Open(address, noon.Add(after)); !errors.Is(err, returnpath.ErrExpired) {
			t.Errorf("after %v: %v", after, err)
		}
	}
}

func TestForgedPathsAreRefused(t *testing.T) {
	p := paths()
	good := p.Path(ref, noon)
	token := p.Token(ref, noon)
	other := p.Token(returnpath.Ref{Kind: returnpath.Supporter, ID: uuid.Max}, noon)
	forged := map[string]string{
		"empty":                "",
		"no token":             "bounces@mail.lantern.us",
		"another domain":       "bounces+" + token + "@lantern.us",
		"another box":          "bounce+" + token + "@mail.lantern.us",
		"another secret":       returnpath.New([]byte("another secret of the tests, long"), "mail.lantern.us").Path(ref, noon),
		"another's mark":       "bounces+" + token[:39] + other[39:] + "@mail.lantern.us",
		"cut":                  strings.Replace(good, token, token[:54], 1),
		"longer":               strings.Replace(good, token, token+"a", 1),
		"not of the alphabet":  strings.Replace(good, token, "1"+token[1:], 1),
		"another spelling":     strings.Replace(good, token, token[:54]+next(token[54]), 1),
		"two tokens":           strings.Replace(good, token, token+"+"+token, 1),
		"two domains":          good + "@mail.lantern.us",
		"with a line end":      strings.Replace(good, token, token[:54]+"\n", 1),
		"with a person's name": "bounces+victim=example.org@mail.lantern.us",
	}
	for i := range token { // every letter is signed
		forged["letter "+string(rune('a'+i))] = strings.Replace(good, token, token[:i]+next(token[i])+token[i+1:], 1)
	}
	for name, address := range forged {
		if got, err := p.Open(address, noon); err == nil {
			t.Errorf("%s: %s is taken for %+v", name, address, got)
		}
	}
	if _, err := (returnpath.Paths{}).OpenToken(token, noon); !errors.Is(err, returnpath.ErrForged) {
		t.Errorf("without a secret: %v", err)
	}
}

// next is another letter of the alphabet.
func next(letter byte) string {
	const alphabet = "abcdefghijklmnopqrstuvwxyz234567"
	return string(alphabet[(strings.IndexByte(alphabet, letter)+1)%len(alphabet)])
}

func TestKindsAndPartsAreApart(t *testing.T) {
	p := paths()
	seen := map[string]bool{}
	for _, r := range []returnpath.Ref{
		ref, {Kind: returnpath.Submission, ID: ref.ID, Part: ref.Part}, {Kind: ref.Kind, ID: ref.ID}, {Kind: ref.Kind, ID: uuid.Nil, Part: ref.Part},
	} {
		token := p.Token(r, noon)
		if got, err := p.OpenToken(token, noon); err != nil || got != r || seen[token] {
			t.Errorf("%+v becomes %+v, %v", r, got, err)
		}
		seen[token] = true
	}
	if p.Token(ref, noon) != p.Token(ref, noon.Add(20*time.Minute)) || p.Token(ref, noon) == p.Token(ref, noon.Add(time.Hour)) {
		t.Error("tokens do not go by the hour")
	}
}

func FuzzOpen(f *testing.F) {
	p := paths()
	f.Add(p.Path(ref, noon))
	f.Add("bounces+@mail.lantern.us")
	f.Add("@+@")
	f.Fuzz(func(t *testing.T, address string) {
		got, err := p.Open(address, noon)
		if err == nil && !strings.EqualFold(p.Path(got, noon), address) {
			t.Errorf("%q is read as %+v", address, got)
		}
	})
}
