package segment

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// SyntaxError says where a text is no filter, and what was expected there.
type SyntaxError struct {
	// At is the place, counted in characters from 1.
	At int
	// Message says what is wrong, in the writer's words.
	Message string
}

// Error returns the place and the message.
func (e *SyntaxError) Error() string { return fmt.Sprintf("at character %d: %s", e.At, e.Message) }

// token is one word or sign of a text.
type token struct {
	at    int // in characters, from 1
	text  string
	value bool // quoted: never a keyword or a sign
	end   bool
}

// shown is the token as an error names it.
func (t token) shown() string {
	switch {
	case t.end:
		return "the end"
	case t.value:
		return `"` + t.text + `"`
	}
	return t.text
}

// is reports whether the token is a keyword or a sign.
func (t token) is(word string) bool {
	return !t.value && !t.end && strings.EqualFold(t.text, word)
}

// lex cuts a text into tokens; the last one is the end.
func lex(text string) ([]token, error) {
	var tokens []token
	at := 1
	for text != "" {
		r, size := utf8.DecodeRuneInString(text)
		if unicode.IsSpace(r) {
			text, at = text[size:], at+1
			continue
		}
		t, rest, err := next(text, at)
		if err != nil {
			return nil, err
		}
		tokens = append(tokens, t)
		at += utf8.RuneCountInString(text[:len(text)-len(rest)])
		text = rest
	}
	return append(tokens, token{at: at, end: true}), nil
}

// next takes the first token off a text.
func next(text string, at int) (t token, rest string, err error) {
	for _, sign := range []string{"!=", ">=", "<=", ">", "<", "=", "(", ")", ","} {
		if rest, ok := strings.CutPrefix(text, sign); ok {
			return token{at: at, text: sign}, rest, nil
		}
	}
	if text[0] == '"' {
		return quotedToken(text, at)
	}
	n := 0
	for _, r := range text {
		if !inWord(r) {
			break
		}
		n += utf8.RuneLen(r)
	}
	if n == 0 {
		r, _ := utf8.DecodeRuneInString(text)
		return token{}, "", &SyntaxError{at, fmt.Sprintf("%q cannot stand here; put names with other signs in quotes", r)}
	}
	return token{at: at, text: text[:n]}, text[n:], nil
}

func inWord(r rune) bool {
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsNumber(r) || strings.ContainsRune("_.-/:@+*#", r))
}

// quotedToken takes a value in quotes, in which \" and \\ stand for the signs themselves.
func quotedToken(text string, at int) (token, string, error) {
	var b strings.Builder
	escaped := false
	for i, r := range text[1:] {
		switch {
		case r == utf8.RuneError || unicode.IsControl(r):
			return token{}, "", &SyntaxError{at, "a name in quotes holds a sign that cannot be printed"}
		case escaped:
			b.WriteRune(r)
			escaped = false
		case r == '\\':
			escaped = true
		case r == '"':
			return token{at: at, text: b.String(), value: true}, text[1+i+1:], nil
		default:
			b.WriteRune(r)
		}
	}
	return token{}, "", &SyntaxError{at, "the quote that begins here is never closed"}
}
