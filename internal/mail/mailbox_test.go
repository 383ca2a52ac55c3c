package mail_test

import (
	"testing"

	"github.com/franklin-letters/franklin/internal/mail"
)

func TestMailbox(t *testing.T) {
	for spelling, want := range map[string]string{
		"ann@example.org":                   "ann@example.org",
		"Ann@EXAMPLE.org":                   "ann@example.org",
		"ann+news@example.org":              "ann@example.org",
		"ann+a+b@example.org":               "ann@example.org",
		"a.nn@example.org":                  "a.nn@example.org",
		"A.n.n+x@Gmail.com":                 "ann@gmail.com",
		"ann@googlemail.com":                "ann@gmail.com",
		"ann@gmail.example":                 "ann@gmail.example",
		"+tag@example.org":                  "+tag@example.org",
		"ann@bücher.example":                "ann@xn--bcher-kva.example",
		"ann@BÜCHER.example":                "ann@xn--bcher-kva.example",
		"ann@xn--bcher-kva.example":         "ann@xn--bcher-kva.example",
		"not an address":                    "not an address",
		"":                                  "",
		"Ann.Lee+1@sub.gmail.com":           "ann.lee@sub.gmail.com",
		"ann@\u0065\u0301cole.example":      "ann@xn--cole-9oa.example",
		"ann@\u00e9cole.example":            "ann@xn--cole-9oa.example",
		"ann@xn--cole-9oa.EXAMPLE":          "ann@xn--cole-9oa.example",
		"ann+\u00e9@example.org":            "ann@example.org",
		"@":                                 "@",
		"ann@":                              "ann@",
		"ann@example.org ":                  "ann@example.org",
		"o'neil+campaign-2026@example.org":  "o'neil@example.org",
		"first_last+tag@mail.example.co.uk": "first_last@mail.example.co.uk",
	} {
		if got := mail.Mailbox(spelling); got != want {
			t.Errorf("Mailbox(%q) = %q, want %q", spelling, got, want)
		}
	}
}

func FuzzMailbox(f *testing.F) {
	for _, seed := range []string{"ann@example.org", "A.n.n+x@Gmail.com", "+@gmail.com", ".@gmail.com", "ann@bücher.example", "@", ""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, address string) {
		valid, err := mail.ValidAddress(address)
		if err != nil {
			return
		}
		once := mail.Mailbox(valid)
		if again := mail.Mailbox(once); again != once {
			t.Errorf("%q becomes %q and then %q", valid, once, again)
		}
		if once != mail.Mailbox(address) {
			t.Errorf("%q and its clean form %q are two mailboxes", address, valid)
		}
	})
}
