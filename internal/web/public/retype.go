package public

import (
	"bytes"
	"encoding/hex"
	"iter"
)

// rawForm is a form as it came over the wire, application/x-www-form-urlencoded. It goes
// back into a page piece by piece, without being taken apart first: when there is no room
// for letters, a refusal may take a fiftieth of a letter's time.
type rawForm []byte

// pairs are the encoded names and values.
func (f rawForm) pairs() iter.Seq2[[]byte, []byte] {
	return func(yield func(name, value []byte) bool) {
		for pair := range bytes.SplitSeq(f, []byte("&")) {
			name, value, _ := bytes.Cut(pair, []byte("="))
			if !yield(name, value) {
				return
			}
		}
	}
}

// value is the first encoded value of a field.
func (f rawForm) value(field string) []byte {
	for name, value := range f.pairs() {
		if string(name) == field {
			return value
		}
	}
	return nil
}

// writeHidden writes each field of the form that was filled in as a hidden one. Names that
// are not the form's are left out.
func (f rawForm) writeHidden(page *bytes.Buffer) {
	for name, value := range f.pairs() {
		if len(value) > 0 && carried[string(name)] {
			page.WriteString(`<input type="hidden" name="`)
			page.Write(name)
			page.WriteString(`" value="`)
			writeText(page, value)
			page.WriteString(`">`)
		}
	}
}

// carried are the names of the fields that a page may carry on.
var carried = func() map[string]bool {
	names := map[string]bool{trapName: true}
	for _, h := range (Form{}).everything() {
		names[h.name] = true
	}
	return names
}()

// entities are how the characters are written that mean something in HTML.
var entities = [256]string{'&': "&amp;", '<': "&lt;", '>': "&gt;", '"': "&#34;", '\'': "&#39;"}

// writeText writes an encoded value as text of a page. A percent sign that encodes nothing
// stays one.
func writeText(page *bytes.Buffer, value []byte) {
	page.Grow(len(value) + len(value)/8)
	text := page.AvailableBuffer()
	for i := 0; i < len(value); i++ {
		c := value[i]
		switch {
		case c == '+':
			c = ' '
		case c == '%' && i+2 < len(value):
			var one [1]byte
			if _, err := hex.Decode(one[:], value[i+1:i+3]); err == nil {
				c, i = one[0], i+2
			}
		}
		if entity := entities[c]; entity != "" {
			text = append(text, entity...)
		} else {
			text = append(text, c)
		}
	}
	page.Write(text)
}
