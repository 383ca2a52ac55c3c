// Package peoplefile reads files of people as other programs write them: tables and OSDI
// JSON. It hands out one person after the other, with the line they stand in, and holds no
// more than one in memory.
package peoplefile

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strings"

	"github.com/franklin-letters/franklin/internal/mail"
	"github.com/franklin-letters/franklin/internal/supporter/segment"
	"github.com/franklin-letters/franklin/internal/text"
)

// Status is what another program knew of a mailbox.
type Status string

// The statuses. Whoever left, bounced or complained elsewhere is not written to from here.
const (
	Fine         Status = ""
	Unsubscribed Status = "unsubscribed"
	Bounced      Status = "bounced"
	Complained   Status = "complained"
	// Outside is not on the list, without having left it.
	Outside Status = "not subscribed"
)

// Person is one person of a file.
type Person struct {
	Line     int // in a table; the number of the person in JSON
	Email    string
	First    string
	Last     string
	State    string
	ZIP      string // five digits
	Lang     string
	Source   string
	Tags     []string
	Status   Status
	Custom   map[string]string
	Problems []string // why the person cannot be taken in, in plain words
}

// Reader hands out people until io.EOF. Any other error ends the file.
type Reader interface {
	Next() (Person, error)
	// Columns says what of a file is read, for the one who brings it.
	Columns() string
}

// Open looks at a file. custom are the names of the organisation's own fields.
func Open(in io.Reader, custom []string) (Reader, error) {
	buffered := bufio.NewReaderSize(in, 1<<16)
	for {
		begin, err := buffered.Peek(1)
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, err
		}
		if len(begin) == 0 || !bytes.ContainsAny(begin, " \t\r\n") {
			if len(begin) > 0 && (begin[0] == '{' || begin[0] == '[') {
				return newJSON(buffered, custom), nil
			}
			return newTable(buffered, custom)
		}
		_, _ = buffered.Discard(1) // it is there
	}
}

// maxName bounds names and values in characters.
const maxName = 100

// clean brings a person into the form in which people are kept, and finds what is wrong.
func (p *Person) clean() {
	p.First, p.Last = short(p.First), short(p.Last)
	email, err := mail.ValidAddress(p.Email)
	if err != nil {
		p.Problems = append(p.Problems, "the e-mail address: "+err.Error())
	}
	p.Email = email
	if p.ZIP != "" {
		if zip, ok := zip5(p.ZIP); ok {
			p.ZIP = zip
		} else {
			p.ZIP = ""
		}
	}
	p.State = stateCode(p.State)
	p.Lang = langCode(p.Lang)
	p.Source = Source(p.Source)
	var tags []string
	for _, t := range p.Tags {
		if strings.TrimSpace(t) == "" {
			continue
		}
		tag, err := segment.Tag(t)
		if err != nil {
			p.Problems = append(p.Problems, "a tag: "+err.Error())
			continue
		}
		tags = append(tags, tag)
	}
	p.Tags = tags
	for name, value := range p.Custom {
		if p.Custom[name] = short(value); p.Custom[name] == "" {
			delete(p.Custom, name)
		}
	}
}

// short is a text in one line of bounded length, without signs that nobody means.
func short(s string) string {
	s = text.Line(s)
	if n := 0; text.Length(s) > maxName {
		for i := range s {
			if n++; n > maxName {
				return s[:i]
			}
		}
	}
	return s
}

// errNoEmail is what a table without addresses is refused with.
var errNoEmail = errors.New("the table needs a column email; its first line must name the columns")
