package mail_test

import (
	"errors"
	stdmail "net/mail"
	"strings"
	"testing"
	"unicode"

	"github.com/franklin-letters/franklin/internal/mail"
)

func TestValidAddress(t *testing.T) {
	for text, want := range map[string]string{
		"ann@example.org":                   "ann@example.org",
		"  ann@example.org\t":               "ann@example.org",
		"Ann.Lee@Example.ORG":               "Ann.Lee@example.org",
		"ann+letters@mail.example.org":      "ann+letters@mail.example.org",
		"o'brien@example.org":               "o'brien@example.org",
		"_x-1@ex-ample.co.uk":               "_x-1@ex-ample.co.uk",
		"ann@123.com":                       "ann@123.com",
		"ann@bücher.example":                "ann@xn--bcher-kva.example",
		"ann@пример.рф":                     "ann@xn--e1afmkfd.xn--p1ai",
		"ann@xn--bcher-kva.example":         "ann@xn--bcher-kva.example",
		strings.Repeat("a", 64) + "@e.org":  strings.Repeat("a", 64) + "@e.org",
		strings.Repeat(" ", 200) + "a@b.co": "a@b.co",
	} {
		if got, err := mail.ValidAddress(text); err != nil || got != want {
			t.Errorf("ValidAddress(%q) = %q, %v; want %q", text, got, err, want)
		}
	}
}

func TestValidAddressRefuses(t *testing.T) {
	for text, want := range map[string]mail.AddressReason{
		"":                                       mail.AddressEmpty,
		"   ":                                    mail.AddressEmpty,
		strings.Repeat("a", 10_000) + "@b.co":    mail.AddressTooLong,
		strings.Repeat("a@b.", 64):               mail.AddressTooLong,
		`"a> ORCPT=x@y"@z.org`:                   mail.AddressNotPlain,
		"\"a\r\nb\"@z.org":                       mail.AddressNotPlain,
		"ann@example.org\r\nBcc: eve@e.org":      mail.AddressNotPlain,
		"ann@example.org\n":                      mail.AddressNotPlain,
		"ann\x00@example.org":                    mail.AddressNotPlain,
		"ann\u2028@example.org":                  mail.AddressNotPlain,
		"ann\u200b@example.org":                  mail.AddressNotPlain,
		"ann\u202e@example.org":                  mail.AddressNotPlain,
		"ann\xff@example.org":                    mail.AddressNotPlain,
		"Ann <a@b.org>":                          mail.AddressNotPlain,
		"<a@b.org>":                              mail.AddressNotPlain,
		"a@b.org, c@d.org":                       mail.AddressNotPlain,
		"a@b.org;c@d.org":                        mail.AddressNotPlain,
		"a(comment)@b.org":                       mail.AddressNotPlain,
		"a@[127.0.0.1]":                          mail.AddressNotPlain,
		"a b@c.org":                              mail.AddressNotPlain,
		"@relay.org:a@b.org":                     mail.AddressNotPlain,
		"ann":                                    mail.AddressNoAt,
		"ann@@example.org":                       mail.AddressNoAt,
		"a@b@c.org":                              mail.AddressNoAt,
		"@example.org":                           mail.AddressBadStart,
		".ann@example.org":                       mail.AddressBadStart,
		"ann.@example.org":                       mail.AddressBadStart,
		"a..nn@example.org":                      mail.AddressBadStart,
		"josé@example.org":                       mail.AddressBadStart,
		strings.Repeat("a", 65) + "@example.org": mail.AddressBadStart,
		"a@":                                     mail.AddressBadDomain,
		"a@.org":                                 mail.AddressBadDomain,
		"a@b..org":                               mail.AddressBadDomain,
		"a@b.org.":                               mail.AddressBadDomain,
		"a@-b.org":                               mail.AddressBadDomain,
		"a@b-.org":                               mail.AddressBadDomain,
		"a@b_c.org":                              mail.AddressBadDomain,
		"a@b.o":                                  mail.AddressBadDomain,
		"a@b.123":                                mail.AddressBadDomain,
		"a@b.org!":                               mail.AddressBadDomain,
		"a@" + strings.Repeat("b", 64) + ".org":  mail.AddressBadDomain,
		"a@localhost":                            mail.AddressNoDot,
		"a@127.0.0.1":                            mail.AddressNumeric,
		"a@gооgle.com":                           mail.AddressMixed, // Cyrillic o, twice
		"a@αpple.com":                            mail.AddressMixed, // Greek alpha
	} {
		got, err := mail.ValidAddress(text)
		var refusal *mail.AddressError
		if !errors.As(err, &refusal) || refusal.Reason != want || got != "" {
			t.Errorf("ValidAddress(%.60q) = %q, %v; want the reason %s", text, got, err, want)
			continue
		}
		if said := refusal.Error(); !strings.HasPrefix(said, "Enter ") && !strings.HasPrefix(said, "Check ") {
			t.Errorf("%s: %q does not say what to do", want, said)
		}
	}
}

func TestSuggest(t *testing.T) {
	for address, want := range map[string]string{
		"ann@gmial.com": "ann@gmail.com", "ann@gmai.com": "ann@gmail.com", "ann@gmaill.com": "ann@gmail.com", "ann@gmail.con": "ann@gmail.com",
		"ann@gnail.com": "ann@gmail.com", "ann@yaho.com": "ann@yahoo.com", "ann@hotmial.com": "ann@hotmail.com", "ann@outlok.com": "ann@outlook.com",
		"ann@iclould.com": "ann@icloud.com", "ann@comcast.nte": "ann@comcast.net", "ann@church.ogr": "ann@church.org", "ann@gmial.con": "ann@gmail.com",
		// As intended.
		"ann@gmail.com": "", "ann@mail.com": "", "ann@ymail.com": "", "ann@email.com": "", "ann@me.com": "", "ann@mae.com": "",
		"ann@example.org": "", "ann@gmail.example.org": "", "ann@aol.co": "", "ann": "",
	} {
		got, ok := mail.Suggest(address)
		if ok != (want != "") || ok && got != want {
			t.Errorf("Suggest(%q) = %q, %v; want %q", address, got, ok, want)
		}
	}
}

func FuzzValidAddress(f *testing.F) {
	for _, seed := range []string{"ann@example.org", "a@bücher.example", `"a b"@c.org`, "a@[::1]", "a@gmial.con", "é@é.é", "a@b.org\r\nX: y", "a@xn--a.b"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := mail.ValidAddress(text)
		if err != nil {
			if got != "" || len(text) > 16 && strings.Contains(err.Error(), text) {
				t.Errorf("refusing %q gave %q and said %v", text, got, err)
			}
			return
		}
		if again, err := mail.ValidAddress(got); err != nil || again != got {
			t.Errorf("%q became %q, which is not its own normal form: %q, %v", text, got, again, err)
		}
		if strings.ContainsFunc(got, func(r rune) bool { return r > unicode.MaxASCII || r <= ' ' }) || strings.Count(got, "@") != 1 || len(got) > 254 {
			t.Errorf("%q became %q", text, got)
		}
		if parsed, err := stdmail.ParseAddress(got); err != nil || parsed.Address != got || parsed.Name != "" {
			t.Errorf("net/mail reads %q as %v, %v", got, parsed, err)
		}
		if better, ok := mail.Suggest(got); ok {
			if _, err := mail.ValidAddress(better); err != nil {
				t.Errorf("the suggestion %q for %q is not valid: %v", better, got, err)
			}
		}
	})
}
