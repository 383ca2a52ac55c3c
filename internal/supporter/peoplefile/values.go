package peoplefile

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/internal/supporter/segment"
)

// spreadsheetZIP is a ZIP code, also what a spreadsheet made of one: ="02138", '02138,
// 2138.0, 02138-1234.
var spreadsheetZIP = regexp.MustCompile(`^(?:="|')?(\d{3,5})(?:-?\d{4})?(?:\.0+)?"?$`)

func zip5(s string) (string, bool) {
	m := spreadsheetZIP.FindStringSubmatch(strings.TrimSpace(s))
	if m == nil {
		return "", false
	}
	return strings.Repeat("0", 5-len(m[1])) + m[1], true
}

func stateCode(s string) string {
	s = strings.TrimSpace(s)
	if code := strings.ToUpper(s); slices.Contains([]string{"AA", "AE", "AP"}, code) {
		return code
	}
	state, err := congress.ParseState(strings.ToUpper(s[:min(len(s), 40)]))
	if err != nil {
		return ""
	}
	return string(state)
}

// languages are names that other programs write in place of a code.
var languages = map[string]string{"english": "en", "spanish": "es", "español": "es", "espanol": "es", "inglés": "en"}

var langForm = regexp.MustCompile(`^[a-z]{2,3}(?:[-_].*)?$`)

func langCode(s string) string {
	s = strings.ToLower(strings.TrimSpace(s))
	if code, ok := languages[s]; ok {
		return code
	}
	if !langForm.MatchString(s) {
		return ""
	}
	code, _, _ := strings.Cut(strings.ReplaceAll(s, "_", "-"), "-")
	return code
}

// Source is a source as it is kept: short, in small letters, of letters, digits and few signs.
func Source(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("-_./:", r):
			return unicode.ToLower(r)
		case unicode.IsSpace(r) || r == '+':
			return '-'
		}
		return -1
	}, strings.TrimSpace(s[:min(len(s), 8*segment.MaxSource)]))
	for len(s) > segment.MaxSource {
		runes := []rune(s)
		s = string(runes[:len(runes)-1])
	}
	return s
}

// statusOf reads what other programs call the state of a mailbox.
func statusOf(s string) Status {
	switch s = strings.ToLower(strings.Join(strings.Fields(s), " ")); {
	case strings.HasPrefix(s, "unsub"), strings.HasPrefix(s, "opted out"), s == "opt out", s == "optout", s == "opted-out", s == "removed":
		return Unsubscribed
	case strings.HasPrefix(s, "bounc"), s == "cleaned", s == "invalid", s == "hard bounce", s == "hard-bounce":
		return Bounced
	case strings.Contains(s, "complain"), strings.HasPrefix(s, "spam"):
		return Complained
	case s == string(Outside), s == "none", s == "never subscribed", s == "nonsubscribed", s == "transactional":
		return Outside
	}
	return Fine
}

// yes reads a column that says that somebody has left.
func yes(s string) bool {
	return slices.Contains([]string{"1", "true", "yes", "y", "t", "x"}, strings.ToLower(strings.TrimSpace(s)))
}
