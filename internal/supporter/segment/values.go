package segment

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/roster"
)

// fields are the names that people may write for a field.
var fields = map[string]field{
	"state": fieldState, "district": fieldDistrict, "seat": fieldDistrict, "zip": fieldZIP, "party": fieldParty,
	"list": fieldList, "tag": fieldTag, "language": fieldLanguage, "lang": fieldLanguage, "source": fieldSource,
}

const fieldWords = "state, district, zip, party, list, tag, language, source, joined or acted(...)"

// fieldActed stands for the campaign in acted(...), which is no field.
const fieldActed field = "acted"

// values says of each field what its values are, and reads one.
var values = map[field]struct {
	what string
	read func(string) (string, error)
}{
	fieldState:    {"a state, such as TX", readState},
	fieldDistrict: {"a district, such as TX-07", readDistrict},
	fieldZIP:      {"a ZIP code, such as 78701 or 787*", readZIP},
	fieldParty:    {"a party: Democrat, Republican or Independent", readParty},
	fieldList:     {"a list, such as updates", shaped(slug, "%q is not a list: write its name, such as updates")},
	fieldTag:      {"a tag", Tag},
	fieldLanguage: {"a language, such as es", shaped(language, "%q is not a language: write two letters, such as es")},
	fieldSource:   {"a source, such as facebook or facebook*", readSource},
	fieldActed:    {"a campaign", shaped(slug, "%q is not a campaign: write its short name, as in the address of its page")},
}

var (
	slug     = regexp.MustCompile(`^[a-z0-9]+(?:-[a-z0-9]+)*$`)
	language = regexp.MustCompile(`^[a-z]{2,3}$`)
	zipForm  = regexp.MustCompile(`^(?:\d{5}|\d{1,4}\*)$`)
)

// shaped reads a value in lower case that has a form.
func shaped(form *regexp.Regexp, complaint string) func(string) (string, error) {
	return func(text string) (string, error) {
		v := strings.ToLower(text)
		if len(v) > 100 || !form.MatchString(v) {
			return "", fmt.Errorf(complaint, text)
		}
		return v, nil
	}
}

func readState(text string) (string, error) {
	s, err := congress.ParseState(text)
	if err != nil {
		return "", fmt.Errorf("%q is no state: write its two letters, such as TX", text)
	}
	return string(s), nil
}

func readDistrict(text string) (string, error) {
	seat, err := congress.ParseSeat(text)
	if err != nil || seat.Chamber() != congress.House {
		return "", fmt.Errorf("%q is no district: write state and number, such as TX-07, or AK-00 for a state with one", text)
	}
	return seat.String(), nil
}

func readZIP(text string) (string, error) {
	if !zipForm.MatchString(text) {
		return "", fmt.Errorf("%q is no ZIP code: write five digits, or the first ones and a star, such as 787*", text)
	}
	return text, nil
}

func readParty(text string) (string, error) {
	switch strings.ToLower(text) {
	case "democrat", "democratic", "d":
		return string(roster.Democrat), nil
	case "republican", "r":
		return string(roster.Republican), nil
	case "independent", "i":
		return string(roster.Independent), nil
	}
	return "", fmt.Errorf("%q is no party of the members: write Democrat, Republican or Independent", text)
}

func readSource(text string) (string, error) {
	v := strings.ToLower(text)
	if v == "" || len(v) > MaxSource || strings.ContainsFunc(v, unicode.IsControl) {
		return "", fmt.Errorf("a source has up to %d characters", MaxSource)
	}
	return v, nil
}

// MaxSource bounds the text of a source, MaxTag that of a tag in characters.
const (
	MaxSource = 100
	MaxTag    = 50
)

// Tag returns a tag as it is stored: without spaces around it, in small letters.
func Tag(text string) (string, error) {
	tag := strings.Join(strings.Fields(strings.ToLower(text)), " ")
	switch {
	case tag == "":
		return "", errors.New("a tag needs a name")
	case utf8.RuneCountInString(tag) > MaxTag:
		return "", fmt.Errorf("a tag may have %d characters", MaxTag)
	case !utf8.ValidString(tag) || strings.ContainsFunc(tag, func(r rune) bool { return !unicode.IsPrint(r) }):
		return "", errors.New("a tag holds a sign that cannot be printed")
	}
	return tag, nil
}

func parseDay(text string) (day, error) {
	t, err := time.Parse(dayForm, text)
	if err != nil || t.Year() < 1970 {
		return 0, errors.New("no day")
	}
	return dayOf(t), nil
}
