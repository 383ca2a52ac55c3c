package xmltree_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/franklin-letters/franklin/congress/cwc/internal/xmltree"
)

var wide = xmltree.Limits{Size: 1 << 16, Depth: 16, Grown: 1 << 12, Doctype: true}

// outline writes a tree on one line: names, attributes in brackets, text in quotes.
func outline(n *xmltree.Node) string {
	if n.Kind == xmltree.Text {
		return "'" + n.Text + "'"
	}
	var b strings.Builder
	b.WriteString(n.Name)
	if n.Space != "" {
		b.WriteString("{" + n.Space + "}")
	}
	if len(n.Attrs) > 0 {
		b.WriteString("[" + strings.Join(n.Attrs, " ") + "]")
	}
	for _, c := range n.Children {
		b.WriteString("(" + outline(c) + ")")
	}
	return b.String()
}

func TestParse(t *testing.T) {
	for document, want := range map[string]string{
		"<a/>":                                            "a",
		"<a b='1' xmlns='u' xmlns:p='v'/>":                "a{u}[b]",
		"<a xmlns='u'><b xmlns=''/><c/></a>":              "a{u}(b)(c{u})",
		"<p:a p:b='' xmlns:p='v'/>":                       "p:a[p:b]",
		"<a>x<![CDATA[<y>]]>&amp;&#65;</a>":               "a('x')('<y>')('&')('A')",
		"<a>x\r\ny\rz</a>":                                "a('x\ny\nz')",
		"<a><!-- b --><?c d?></a>":                        "a",
		"<!DOCTYPE a [<!ENTITY e '<b>1</b>'>]><a>&e;</a>": "a(b('1'))",
		"<!DOCTYPE a [<!ENTITY e 'u'>]><a xmlns='&e;'/>":  "a{u}",
	} {
		n, err := xmltree.Parse([]byte(document), wide)
		if err != nil {
			t.Errorf("%s: %v", document, err)
			continue
		}
		if got := outline(n); got != want {
			t.Errorf("%s is %s, want %s", document, got, want)
		}
	}
}

func TestParseNamesTheLine(t *testing.T) {
	for document, want := range map[string]string{
		"<a>\n<b>\n</a>":                    "line 3: the element b is closed by a",
		"<?xml version='1.0'?>\n\n<a>\n&b;": "line 4: the entity b is not declared",
		"<a>\n\n":                           "line 3: the element a is not closed",
		"<!DOCTYPE a [<!ENTITY e '\n\n<b>'>]>\n<a>&e;</a>": "line 4: the element b is not closed",
		"\xff":                             "it contains bytes that are not characters of its encoding",
		"<a>" + strings.Repeat(" ", 1<<16): "it is longer than 65536 bytes",
		strings.Repeat("<a>", 20):          "line 1: its elements are nested too deep",
	} {
		_, err := xmltree.Parse([]byte(document), wide)
		problem, ok := errors.AsType[*xmltree.SyntaxError](err)
		if !ok || problem.Error() != want {
			t.Errorf("%.40q: got %v, want %s", document, err, want)
		}
	}
}

func TestParseWithoutDocumentTypes(t *testing.T) {
	narrow := wide
	narrow.Doctype = false
	if _, err := xmltree.Parse([]byte("<!DOCTYPE a><a/>"), narrow); err == nil {
		t.Error("a document type is taken")
	}
}

// FuzzParse holds the parser to its limits and to not crashing.
func FuzzParse(f *testing.F) {
	for _, text := range []string{"<a/>", "<a>&e;</a>", "<!DOCTYPE a [<!ENTITY e '&e;'>]><a>&e;</a>", "\xff\xfe<\x00a\x00/\x00>\x00", "<?xml version='1.0' encoding='windows-1252'?><a>\x80</a>"} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, document []byte) {
		root, err := xmltree.Parse(document, wide)
		if (root == nil) == (err == nil) {
			t.Fatalf("a tree %v and an error %v", root, err)
		}
		if root != nil && size(root) > 2*(wide.Size+wide.Grown) {
			t.Fatalf("%d bytes grow to %d", len(document), size(root))
		}
	})
}

func size(n *xmltree.Node) int {
	total := len(n.Name) + len(n.Text)
	for _, c := range n.Children {
		total += size(c)
	}
	return total
}
