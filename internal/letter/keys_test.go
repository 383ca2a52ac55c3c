package letter_test

import (
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/franklin-letters/franklin/internal/letter"
)

func keys() letter.Keys { return letter.NewKeys([]byte(strings.Repeat("k", 32))) }

func TestPerson(t *testing.T) {
	person := func(change func(*letter.Form)) string {
		f := jane()
		f.FirstName, f.LastName = "Zoë Ann", "O'Neill"
		change(&f)
		return keys().Person(f)
	}
	self := person(func(*letter.Form) {})
	for name, change := range map[string]func(*letter.Form){
		"case":            func(f *letter.Form) { f.FirstName, f.LastName = "ZOË ANN", "o'neill" },
		"blanks":          func(f *letter.Form) { f.FirstName = " zoë  ann " },
		"no blank":        func(f *letter.Form) { f.FirstName = "ZoëAnn" },
		"accents apart":   func(f *letter.Form) { f.FirstName = "Zoe\u0308 Ann" },
		"apostrophe":      func(f *letter.Form) { f.LastName = "O’Neill" },
		"wide letters":    func(f *letter.Form) { f.LastName = "Ｏ'Neill" },
		"e-mail tag":      func(f *letter.Form) { f.Email = "jane+b@example.org" },
		"e-mail case":     func(f *letter.Form) { f.Email = "JANE@Example.ORG" },
		"another address": func(f *letter.Form) { f.Address1, f.ZIP, f.Phone, f.Prefix = "2 Side Street", "10001", "", "Dr." },
		"another letter":  func(f *letter.Form) { f.Subject, f.Message, f.Key, f.Lang, f.Join = "x", "y", "z", "es", true },
	} {
		if person(change) != self {
			t.Errorf("%s makes another person", name)
		}
	}
	for name, change := range map[string]func(*letter.Form){
		"first name":            func(f *letter.Form) { f.FirstName = "Zoe Ann" },
		"last name":             func(f *letter.Form) { f.LastName = "Neill" },
		"e-mail":                func(f *letter.Form) { f.Email = "jane.b@example.org" },
		"border of the names":   func(f *letter.Form) { f.FirstName, f.LastName = "Zoë", "Ann O'Neill" },
		"border of the mailbox": func(f *letter.Form) { f.Email, f.FirstName = "jane@example.orgz", "oë Ann" },
	} {
		if person(change) == self {
			t.Errorf("%s does not make another person", name)
		}
	}
	if f := jane(); letter.NewKeys([]byte(strings.Repeat("o", 32))).Person(f) == keys().Person(f) {
		t.Error("another installation knows the same fingerprint")
	}
}

func TestReceiptToken(t *testing.T) {
	id := uuid.Must(uuid.NewV7()).String()
	token := keys().ReceiptToken(id)
	if got, ok := keys().SubmissionOf(token); !ok || got != id {
		t.Fatalf("%q opens %q, %v", token, got, ok)
	}
	for i := range token {
		for bit := range 8 {
			flipped := []byte(token)
			flipped[i] ^= 1 << bit
			if got, ok := keys().SubmissionOf(string(flipped)); ok {
				t.Errorf("bit %d of byte %d flipped: opens %q", bit, i, got)
			}
		}
	}
	other := keys().ReceiptToken(uuid.Must(uuid.NewV7()).String())
	_, otherMAC, _ := strings.Cut(other, ".")
	for name, bad := range map[string]string{
		"nothing": "", "a dot": ".", "no mark": id, "empty mark": id + ".", "cut": token[:len(token)-1], "longer": token + "A",
		"with a line end": token + "\n", "padded": token + "==", "another's mark": id + "." + otherMAC, "two marks": token + "." + otherMAC,
		"another secret": letter.NewKeys([]byte(strings.Repeat("o", 32))).ReceiptToken(id), "a fingerprint": id + "." + keys().Person(jane()),
	} {
		if got, ok := keys().SubmissionOf(bad); ok {
			t.Errorf("%s: %q opens %q", name, bad, got)
		}
	}
}

// TestMailedToken: it opens the same receipt as the one on the screen and tells that it came
// by mail, which the other one never does.
func TestMailedToken(t *testing.T) {
	id, other := uuid.Must(uuid.NewV7()).String(), uuid.Must(uuid.NewV7()).String()
	shown, mailed := keys().ReceiptToken(id), keys().MailedToken(id)
	if got, ok := keys().SubmissionOf(mailed); !ok || got != id || !keys().Mailed(mailed) {
		t.Errorf("%q opens %q, %v", mailed, got, ok)
	}
	_, mark, _ := strings.Cut(keys().MailedToken(other), ".")
	for name, token := range map[string]string{
		"shown": shown, "nothing": "", "another's mark": id + "." + mark, "longer": mailed + "A",
		"another secret": letter.NewKeys([]byte(strings.Repeat("o", 32))).MailedToken(id),
	} {
		if keys().Mailed(token) {
			t.Errorf("%s: %q counts as mailed", name, token)
		}
	}
}

func FuzzSubmissionOf(f *testing.F) {
	f.Add(keys().ReceiptToken("0197c0de-0000-7000-8000-000000000000"))
	f.Add("..")
	f.Add("\x00.\xff")
	f.Fuzz(func(t *testing.T, token string) {
		if id, ok := keys().SubmissionOf(token); ok && keys().ReceiptToken(id) != token && keys().MailedToken(id) != token {
			t.Errorf("%q opens %q, whose tokens are others", token, id)
		}
	})
}
