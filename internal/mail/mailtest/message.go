package mailtest

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"strings"
	"time"

	"github.com/emersion/go-message"
)

// Message is one caught message.
type Message struct {
	ID       int       `json:"id"` // counts from 1 in the order of arrival
	Received time.Time `json:"received"`
	From     string    `json:"from"` // as given to the server, not in the header
	To       []string  `json:"to"`
	Subject  string    `json:"subject"`
	Headers  []Header  `json:"headers"` // in the order they stand in
	Text     string    `json:"text"`
	HTML     string    `json:"html,omitempty"`
	// Raw is the message as received, with CRLF line ends.
	Raw []byte `json:"-"`
}

// Header is one header field with its value decoded.
type Header struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Header returns the decoded value of the first header with the name, in any case.
func (m Message) Header(name string) string {
	for _, h := range m.Headers {
		if strings.EqualFold(h.Name, name) {
			return h.Value
		}
	}
	return ""
}

// maxParts bounds how many parts of a message are looked at.
const maxParts = 100

// parse reads what it can; a message that is not well formed keeps its raw bytes, and
// its text is everything after the headers.
func parse(raw []byte) Message {
	m := Message{Raw: raw}
	entity, err := message.Read(bytes.NewReader(raw))
	if err != nil && entity == nil {
		m.Text = string(raw)
		return m
	}
	decoder := new(mime.WordDecoder)
	for fields := entity.Header.Fields(); fields.Next(); {
		value, err := decoder.DecodeHeader(fields.Value())
		if err != nil {
			value = fields.Value()
		}
		m.Headers = append(m.Headers, Header{Name: fields.Key(), Value: value})
	}
	m.Subject = m.Header("Subject")
	parts := 0
	// An unreadable part leaves the parts before it, and the raw message is always there.
	_ = entity.Walk(func(_ []int, part *message.Entity, err error) error {
		if parts++; err != nil || parts > maxParts {
			return errors.Join(err, io.EOF)
		}
		return m.take(part)
	})
	return m
}

// take keeps the first plain and the first HTML part.
func (m *Message) take(part *message.Entity) error {
	kind, _, err := part.Header.ContentType()
	if err != nil {
		kind = "text/plain" // what RFC 2045 says to assume
	}
	into := &m.Text
	switch {
	case kind == "text/html":
		into = &m.HTML
	case kind != "text/plain":
		return nil
	}
	body, err := io.ReadAll(part.Body)
	if *into == "" {
		*into = strings.ReplaceAll(strings.ToValidUTF8(string(body), "\uFFFD"), "\r\n", "\n")
	}
	return err
}
