package peoplefile

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/franklin-letters/franklin/internal/table"
)

// tableReader reads a table of people.
type tableReader struct {
	rows    *table.Reader
	width   int
	columns map[string]int // what we read -> where it stands
	custom  map[string]int // of the organisation's fields
	header  []string
}

// names are the names under which other programs write what we read, as table.PlainName
// leaves them; the surest first.
var names = map[string][]string{
	"email":        {"email", "emailaddress", "primaryemail", "primaryemailaddress", "e-mail", "mail", "mailaddress", "email1", "emailaddress1", "emailaddresses", "contactemail", "correo", "correoelectrónico"},
	"first":        {"firstname", "first", "givenname", "fname", "forename", "nombre"},
	"last":         {"lastname", "last", "familyname", "surname", "lname", "apellido", "apellidos"},
	"state":        {"state", "region", "stateprovince", "statecode", "stateabbreviation", "primarystate", "stateregion", "st", "estado", "province"},
	"zip":          {"zip", "zipcode", "zip5", "postalcode", "postcode", "zippostalcode", "zippostal", "primaryzip", "primarypostalcode", "zip+4", "códigopostal"},
	"language":     {"language", "preferredlanguage", "lang", "locale", "idioma"},
	"source":       {"source", "sourcecode", "utmsource", "referrer", "leadsource", "originalsource", "origen"},
	"tags":         {"tags", "tag", "labels", "activistcodes", "taglist", "etiquetas"},
	"status":       {"status", "emailstatus", "subscriptionstatus", "subscriberstatus", "emailsubscriptionstatus", "memberrating"},
	"unsubscribed": {"unsubscribed", "optedout", "emailoptout", "optout", "donotemail", "unsubscribetime", "unsubtime", "isunsubscribed"},
}

func newTable(in io.Reader, custom []string) (Reader, error) {
	rows, err := table.New(in)
	if err != nil {
		return nil, err
	}
	header, err := rows.Next()
	if err != nil {
		return nil, errNoEmail
	}
	t := &tableReader{rows: rows, header: header, width: len(header), columns: map[string]int{}, custom: map[string]int{}}
	plain := make([]string, len(header))
	for i, h := range header {
		plain[i] = table.PlainName(h)
	}
	for what, known := range names {
		for _, name := range known {
			if i := slices.Index(plain, table.PlainName(name)); i >= 0 {
				t.columns[what] = i
				break
			}
		}
	}
	for _, name := range custom {
		if i := slices.Index(plain, table.PlainName(name)); i >= 0 {
			t.custom[name] = i
		}
	}
	if _, ok := t.columns["email"]; !ok {
		return nil, errNoEmail
	}
	return t, nil
}

// Columns says what is read and what is not.
func (t *tableReader) Columns() string {
	var read, left []string
	used := map[int]bool{}
	for _, of := range []map[string]int{t.columns, t.custom} {
		for _, i := range of {
			used[i] = true
		}
	}
	for i, h := range t.header {
		if used[i] {
			read = append(read, strings.TrimSpace(h))
		} else {
			left = append(left, strings.TrimSpace(h))
		}
	}
	said := "read " + strings.Join(read, ", ")
	if len(left) > 0 {
		said += "; left out " + strings.Join(left, ", ")
	}
	return said
}

// Next reads the next row that is not empty.
func (t *tableReader) Next() (Person, error) {
	for {
		row, err := t.rows.Next()
		if errors.Is(err, io.EOF) {
			return Person{}, io.EOF
		}
		if err != nil {
			return Person{}, fmt.Errorf("behind line %d: %w", t.rows.Line(), err)
		}
		if slices.ContainsFunc(row, func(cell string) bool { return strings.TrimSpace(cell) != "" }) {
			return t.person(row), nil
		}
	}
}

func (t *tableReader) person(row []string) Person {
	p := Person{Line: t.rows.Line()}
	at := func(i int, ok bool) string {
		if !ok || i >= len(row) {
			return ""
		}
		return Unguarded(row[i])
	}
	cell := func(what string) string {
		i, ok := t.columns[what]
		return at(i, ok)
	}
	if len(row) > t.width && slices.ContainsFunc(row[t.width:], func(cell string) bool { return strings.TrimSpace(cell) != "" }) {
		p.Problems = append(p.Problems, "the row has more cells than the first line names: a comma inside a cell needs quotes")
	}
	if slices.ContainsFunc(row, func(cell string) bool { return strings.ContainsRune(cell, 0) }) {
		p.Problems = append(p.Problems, "the row holds signs that are no text")
	}
	p.Email, p.First, p.Last, p.State, p.ZIP = cell("email"), cell("first"), cell("last"), cell("state"), cell("zip")
	p.Lang, p.Source = cell("language"), cell("source")
	p.Tags = strings.FieldsFunc(cell("tags"), func(r rune) bool { return r == ',' || r == ';' || r == '|' })
	p.Status = statusOf(cell("status"))
	if left := cell("unsubscribed"); p.Status == Fine && (yes(left) || strings.ContainsAny(left, "-/:")) { // a mark, or the day
		p.Status = Unsubscribed
	}
	for name, i := range t.custom {
		if p.Custom == nil {
			p.Custom = map[string]string{}
		}
		p.Custom[name] = at(i, true)
	}
	p.clean()
	return p
}
