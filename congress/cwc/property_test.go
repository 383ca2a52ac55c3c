package cwc_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/cwc"
)

// elements lists the names of a document's elements in order, by a parser that is not ours.
func elements(document []byte) ([]string, error) {
	d := xml.NewDecoder(bytes.NewReader(document))
	var names []string
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return names, nil
		}
		if err != nil {
			return nil, err
		}
		if start, ok := token.(xml.StartElement); ok {
			names = append(names, start.Name.Local)
			if len(start.Attr) > 0 || start.Name.Space != "" {
				return nil, errors.New("an element has attributes or a namespace")
			}
		}
	}
}

// hostile is text that has broken other writers of XML.
var hostile = []string{
	"</ConstituentMessage><X>", "]]>", "<![CDATA[x]]>", "<!DOCTYPE CWC [<!ENTITY xxe SYSTEM 'file:///etc/passwd'>]>", "&xxe;", "&amp;", "&#0;", "<!--", "-->", "<?xml version='1.0'?>",
	"a\x00b", "a\x0bb", "a\ufffeb\uffffc", "lone\rreturn", "CR\r\nLF", "bad \xff\xfe bytes \xed\xa0\x80", "🗽🇺🇸👩‍👩‍👧", "\u202etxet", "שלום", "Kalaniʻōpuʻu", "e\u0301", "\u2028line", "\u0085next", "'\"<>&",
}

// texts draws text for a field: ordinary, hostile, or anything.
func texts(t *rapid.T, name string) string {
	return rapid.OneOf(
		rapid.SampledFrom(hostile), rapid.String(), rapid.StringN(1, 40, 80),
		rapid.Map(rapid.SliceOfN(rapid.Byte(), 0, 30), func(b []byte) string { return string(b) }),
		rapid.Map(rapid.SampledFrom(hostile), func(s string) string { return "Dear Representative, " + s + " please." }),
	).Draw(t, name)
}

// fill sets every field of text in v to something drawn.
func fill(t *rapid.T, v reflect.Value, path string) {
	switch v.Kind() { //nolint:exhaustive // a message has no other kinds.
	case reflect.Struct:
		for i := range v.NumField() {
			fill(t, v.Field(i), path+"."+v.Type().Field(i).Name)
		}
	case reflect.String:
		if rapid.IntRange(0, 2).Draw(t, "change"+path) == 0 {
			v.SetString(texts(t, path))
		}
	}
}

// TestAnyTextMakesGoodXML writes any text into any field. Either Build refuses, or the
// result is well-formed, has the elements of the clean letter, gives back the cleaned text,
// and passes the House's schema.
func TestAnyTextMakesGoodXML(t *testing.T) {
	built := 0
	rapid.Check(t, func(t *rapid.T) {
		m, chamber := sample(), congress.House
		if rapid.Bool().Draw(t, "senate") {
			m, chamber = senateSample(), congress.Senate
		}
		if rapid.Bool().Draw(t, "all fields") {
			fill(t, reflect.ValueOf(&m).Elem(), "")
		} else {
			for name, field := range map[string]*string{
				"first": &m.Constituent.FirstName, "last": &m.Constituent.LastName, "street": &m.Constituent.Address1,
				"city": &m.Constituent.City, "subject": &m.Letter.Subject, "text": &m.Letter.ConstituentMessage,
			} {
				*field += " " + texts(t, name)
			}
		}
		document, err := cwc.Build(m, chamber)
		if err != nil {
			var problems cwc.Problems
			if !errors.As(err, &problems) || len(problems) == 0 {
				t.Fatalf("Build failed with %v", err)
			}
			return
		}
		built++
		clean := m.Clean(chamber)
		names, err := elements(document)
		if err != nil {
			t.Fatalf("not well-formed: %v\n%s", err, document)
		}
		if again := cwc.Check(clean, chamber); len(again) > 0 {
			t.Fatalf("built, although %v", again)
		}
		if len(names) < 30 {
			t.Fatalf("only %d elements", len(names))
		}
		back, err := cwc.Parse(bytes.NewReader(document))
		if err != nil {
			t.Fatalf("Parse refuses what Build wrote: %v", err)
		}
		if diff := cmp.Diff(clean, back); diff != "" {
			t.Fatalf("the text does not come back (-clean +parsed):\n%s", diff)
		}
		if chamber != congress.House {
			return
		}
		if problems, err := cwc.CheckXML(bytes.NewReader(document)); err != nil || len(problems) > 0 {
			t.Fatalf("the schema refuses what Build wrote: %v %v", problems, err)
		}
	})
	if built == 0 {
		t.Error("no message was built at all")
	}
}

func FuzzParse(f *testing.F) {
	for _, m := range []cwc.Message{sample(), small()} {
		document, err := cwc.Build(m, congress.House)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(document)
	}
	for _, text := range append(doctypes, fragments...) {
		f.Add([]byte(text + "<CWC></CWC>"))
	}
	f.Add([]byte("\xff\xfe<\x00C\x00"))
	f.Fuzz(func(t *testing.T, document []byte) {
		problems, err := cwc.CheckXML(bytes.NewReader(document))
		if err != nil || len(problems) > 100 {
			t.Fatalf("%d problems, %v", len(problems), err)
		}
		m, err := cwc.Parse(bytes.NewReader(document))
		if err != nil || strings.HasPrefix(m.Recipient.Office, "S") {
			return
		}
		if len(problems) > 0 {
			t.Fatalf("Parse takes what the schema refuses: %v", problems)
		}
		// What was read can be written again, unless a careful sender would not have sent it.
		again, err := cwc.Build(m, congress.House)
		if _, refused := errors.AsType[cwc.Problems](err); refused {
			return
		}
		if problems, err := cwc.CheckXML(bytes.NewReader(again)); err != nil || len(problems) > 0 {
			t.Fatalf("the schema refuses what was read and written again: %v %v", problems, err)
		}
	})
}

func FuzzReasons(f *testing.F) {
	for _, text := range []string{"<Errors><Error>a</Error></Errors>", `["a"]`, `{"error":"a"}`, "a", "", "<a><b>", "\xff", "<!DOCTYPE x>"} {
		f.Add([]byte(text), 400)
	}
	f.Fuzz(func(t *testing.T, body []byte, status int) {
		o := cwc.OutcomeOf(status, body)
		if len(o.Reasons) > 20 || o.Result == "" || o.Detail == "" {
			t.Fatalf("%+v", o)
		}
		for _, r := range o.Reasons {
			if len([]rune(r)) > 300 || strings.ContainsAny(r, "\n\r\x00\x1b") {
				t.Fatalf("the reason %q", r)
			}
		}
	})
}
