package peoplefile

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
)

// personBytes bounds one person of a JSON file.
const personBytes = 1 << 20

// errNoPeople is what a JSON file without people is refused with.
var errNoPeople = errors.New("this JSON holds no people: it needs a list of people, or pages with _embedded and osdi:people")

// errBigPerson refuses a person who would not fit into memory.
var errBigPerson = errors.New("one person of this JSON is longer than a megabyte")

// osdi is a person as OSDI writes them, as far as we read it.
type osdi struct {
	Given     string            `json:"given_name"`
	Family    string            `json:"family_name"`
	Languages []string          `json:"languages_spoken"`
	Language  string            `json:"preferred_language"`
	Source    string            `json:"source"`
	Custom    map[string]any    `json:"custom_fields"`
	Emails    []osdiEmail       `json:"email_addresses"`
	Postal    []osdiPostal      `json:"postal_addresses"`
	Tags      []json.RawMessage `json:"tags"`
	AddTags   []string          `json:"add_tags"`
	Person    *osdi             `json:"person"` // in a signup, around the rest
}

type osdiEmail struct {
	Primary bool   `json:"primary"`
	Address string `json:"address"`
	Status  string `json:"status"`
}

type osdiPostal struct {
	Primary bool   `json:"primary"`
	Region  string `json:"region"`
	ZIP     string `json:"postal_code"`
	Country string `json:"country"`
}

// jsonReader reads people from a list, from pages, or from one person after the other.
type jsonReader struct {
	limit  *limited
	dec    *json.Decoder
	custom []string
	n      int
	inside bool // of a list of people
	found  bool
	depth  int // of lists and pages that are open around
}

// limited fails when too much is read for one value.
type limited struct {
	in   io.Reader
	left int
}

func (l *limited) Read(b []byte) (int, error) {
	if l.left <= 0 {
		return 0, errBigPerson
	}
	n, err := l.in.Read(b[:min(len(b), l.left)])
	l.left -= n
	return n, err
}

func newJSON(in io.Reader, custom []string) Reader {
	l := &limited{in, personBytes}
	return &jsonReader{limit: l, dec: json.NewDecoder(l), custom: custom}
}

// Columns says what is read.
func (r *jsonReader) Columns() string {
	return "read names, e-mail address and status, state, ZIP code, language, source, tags and the organisation's own fields of each person"
}

// Next reads the next person.
func (r *jsonReader) Next() (Person, error) {
	for {
		r.limit.left = personBytes
		if r.inside {
			if r.dec.More() {
				return r.person()
			}
			if _, err := r.dec.Token(); err != nil {
				return Person{}, r.broken(err)
			}
			r.inside = false
			continue
		}
		t, err := r.dec.Token()
		if errors.Is(err, io.EOF) && r.depth == 0 {
			return Person{}, r.end()
		}
		if err != nil {
			return Person{}, r.broken(err)
		}
		if err := r.step(t); err != nil {
			return Person{}, r.broken(err)
		}
	}
}

// step goes from one token outside of a list of people to where the next one begins.
func (r *jsonReader) step(t json.Token) error {
	switch t {
	case json.Delim('['):
		r.inside, r.found = true, true
	case json.Delim('{'):
		r.depth++
	case json.Delim('}'):
		r.depth--
	case "_embedded", "osdi:people":
	default:
		if _, key := t.(string); key && r.depth > 0 {
			var skipped json.RawMessage
			return r.dec.Decode(&skipped)
		}
	}
	return nil
}

// end is what a file ends with that is whole.
func (r *jsonReader) end() error {
	if !r.found {
		return errNoPeople
	}
	return io.EOF
}

// broken is what a file ends with in its middle. One that was cut off is not taken for whole.
func (r *jsonReader) broken(err error) error {
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return fmt.Errorf("behind person %d: %w", r.n, err)
}

func (r *jsonReader) person() (Person, error) {
	r.n++
	var raw json.RawMessage
	if err := r.dec.Decode(&raw); err != nil {
		return Person{}, r.broken(err)
	}
	p := Person{Line: r.n}
	o, ok := parsed(raw)
	if !ok {
		p.Problems = append(p.Problems, "this is not a person as OSDI writes one")
		return p, nil
	}
	tags := o.AddTags
	if o.Person != nil {
		o = *o.Person
	}
	p.fill(o)
	p.Tags = tags
	for _, t := range o.Tags {
		p.Tags = append(p.Tags, tagName(t))
	}
	p.Custom = map[string]string{}
	for _, name := range r.custom {
		if value, ok := o.Custom[name]; ok && value != nil {
			p.Custom[name] = fmt.Sprint(value)
		}
	}
	p.clean()
	return p, nil
}

// parsed reads a person of OSDI.
func parsed(raw json.RawMessage) (o osdi, ok bool) {
	err := json.Unmarshal(raw, &o)
	return o, err == nil && bytes.HasPrefix(bytes.TrimSpace(raw), []byte("{"))
}

// fill takes over what a person of OSDI says of themselves.
func (p *Person) fill(o osdi) {
	p.First, p.Last, p.Source, p.Lang = o.Given, o.Family, o.Source, o.Language
	if p.Lang == "" && len(o.Languages) > 0 {
		p.Lang = o.Languages[0]
	}
	if len(o.Emails) > 0 {
		one := o.Emails[max(0, slices.IndexFunc(o.Emails, func(e osdiEmail) bool { return e.Primary }))]
		p.Email, p.Status = one.Address, statusOf(one.Status)
	}
	if len(o.Postal) > 0 {
		one := o.Postal[max(0, slices.IndexFunc(o.Postal, func(a osdiPostal) bool { return a.Primary }))]
		if one.Country == "" || one.Country == "US" {
			p.State, p.ZIP = one.Region, one.ZIP
		}
	}
}

// tagName reads a tag, which is a text or an object with a name.
func tagName(raw json.RawMessage) string {
	var name string
	if json.Unmarshal(raw, &name) == nil {
		return name
	}
	var tag struct {
		Name string `json:"name"`
	}
	_ = json.Unmarshal(raw, &tag) // no tag else
	return tag.Name
}
