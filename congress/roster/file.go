package roster

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"regexp"
	"strings"

	"github.com/franklin-letters/franklin/congress"
)

// Format names the layout of the compiled file, so that a newer one is refused and not
// half understood.
const Format = "franklin roster 1"

// File is the compiled roster as it lies on disk: JSON with one member on a line, in
// order of seat, so that a swearing-in is a change of one line.
type File struct {
	Format    string          `json:"format"`
	Congress  congress.Number `json:"congress"`
	AsOf      Date            `json:"as_of"`
	Vacancies []Vacancy       `json:"vacancies"`
	Members   []Member        `json:"members"`
}

// Vacancy dates a seat that is known to be empty. Seats that have neither a member nor a
// Vacancy are vacant too, from an unknown date.
type Vacancy struct {
	Seat  congress.Seat `json:"seat"`
	Since Date          `json:"since"`
}

// Encode writes f. The same f always gives the same bytes.
func Encode(w io.Writer, f File) error {
	var b bytes.Buffer
	fmt.Fprintf(&b, "{\"format\": %q, \"congress\": %d, \"as_of\": %q,\n\"vacancies\": [", f.Format, f.Congress, f.AsOf)
	if err := encodeLines(&b, f.Vacancies); err != nil {
		return err
	}
	b.WriteString("],\n\"members\": [")
	if err := encodeLines(&b, f.Members); err != nil {
		return err
	}
	b.WriteString("]}\n")
	_, err := w.Write(b.Bytes())
	return err
}

func encodeLines[T any](b *bytes.Buffer, items []T) error {
	for i, item := range items {
		if i > 0 {
			b.WriteByte(',')
		}
		line, err := json.Marshal(item)
		if err != nil {
			return fmt.Errorf("roster: %w", err)
		}
		b.WriteByte('\n')
		b.Write(line)
	}
	b.WriteByte('\n')
	return nil
}

// Decode reads a compiled file and checks it: every seat exists and is held once,
// every member has a key, a name, a party and a start, and every link and phone number
// is well formed.
func Decode(r io.Reader) (File, error) {
	var f File
	if err := json.NewDecoder(r).Decode(&f); err != nil {
		return File{}, fmt.Errorf("roster: %w", err)
	}
	if f.Format != Format {
		return File{}, fmt.Errorf("roster: the file's format is %q, want %q", f.Format, Format)
	}
	if err := f.Check(); err != nil {
		return File{}, fmt.Errorf("roster: %w", err)
	}
	return f, nil
}

// Check reports everything that is wrong with f, or nil.
func (f File) Check() error {
	var errs []error
	if !f.AsOf.Exact() {
		errs = append(errs, fmt.Errorf("as_of %q is not a day", f.AsOf))
	}
	if f.Congress < 1 {
		errs = append(errs, errors.New("no Congress is named"))
	}
	held := make(map[congress.Seat]bool, len(f.Members))
	people := make(map[string]bool, len(f.Members))
	for _, m := range f.Members {
		if err := m.check(); err != nil {
			errs = append(errs, fmt.Errorf("%s %s: %w", m.Seat, m.Bioguide, err))
		}
		if held[m.Seat] {
			errs = append(errs, fmt.Errorf("%s is held twice", m.Seat))
		}
		if people[m.Bioguide] {
			errs = append(errs, fmt.Errorf("%s holds two seats", m.Bioguide))
		}
		held[m.Seat], people[m.Bioguide] = true, true
	}
	for _, v := range f.Vacancies {
		if !v.Seat.Valid() || held[v.Seat] {
			errs = append(errs, fmt.Errorf("the vacancy %q is no seat, or somebody holds it", v.Seat))
		}
		if v.Since != "" && !v.Since.Valid() {
			errs = append(errs, fmt.Errorf("%s is vacant since %q, which is no date", v.Seat, v.Since))
		}
	}
	return errors.Join(errs...)
}

var (
	bioguideForm = regexp.MustCompile(`^[A-Z]\d{6}$`)
	phoneForm    = regexp.MustCompile(`^\d{3}-\d{3}-\d{4}$`)
)

func (m Member) check() error {
	switch {
	case !m.Seat.Valid():
		return errors.New("there is no such seat")
	case !bioguideForm.MatchString(m.Bioguide):
		return errors.New("the Bioguide key is not a letter and six digits")
	case m.Name == "" || m.First == "" || m.Last == "" || m.Party == "":
		return errors.New("a name or the party is missing")
	case !m.Start.Valid():
		return fmt.Errorf("the start %q is no date", m.Start)
	case m.Phone != "" && !phoneForm.MatchString(m.Phone):
		return fmt.Errorf("the phone number %q is not of the form 202-225-1234", m.Phone)
	case m.URL != "" && !IsOfficialLink(m.URL), m.ContactForm != "" && !IsOfficialLink(m.ContactForm):
		return errors.New("a link is not a web address under .gov")
	}
	return nil
}

// IsOfficialLink reports whether text is an https or http address on a .gov host. Links
// in the roster are shown to supporters as the office's own, so nothing else passes.
func IsOfficialLink(text string) bool {
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.User == nil && strings.HasSuffix(u.Hostname(), ".gov")
}
