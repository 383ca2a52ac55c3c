package cwc_test

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
	"unicode/utf16"
)

// mutator makes one or a few changes to a message, of the kinds that people, programs and
// attackers make.
type mutator struct{ r *rand.Rand }

var (
	leafForm  = regexp.MustCompile(`<([A-Za-z0-9]+)>([^<]*)</[A-Za-z0-9]+>`)
	blockForm = regexp.MustCompile(`(?s)<(Delivery|DeliveryAgentContact|OrganizationContact|Recipient|Constituent|Message|LibraryOfCongressTopics|Bills|Bill)>.*?</(?:Delivery|DeliveryAgentContact|OrganizationContact|Recipient|Constituent|Message|LibraryOfCongressTopics|Bills|Bill)>`)
	tagForm   = regexp.MustCompile(`</?[A-Za-z0-9]+>`)
)

// leafValues are worth trying in any element.
var leafValues = []string{
	"", " ", "   ", "      ", "\n", "a", "ab", "abc", "abcd", "abcde", "abcdef", "é", "éé", "ééé", "😀", "😀😀", "😀😀😀", "a\r\nb", "ab\r\n",
	"+5", "007", " 5 ", "0", "-1", "+0", "1.0", "1e3", strings.Repeat("9", 24), strings.Repeat("9", 25), strings.Repeat("0", 40) + "7",
	"Y", "y", " n ", "Yes", "Pro", "con", "pRo ", "2.0", " 2.0 ", "2", "HCA48", "hca48", "\tHAZ04\n", "HAZ4", "HAZ004", "MP00", "SAZ01",
	"hr", "H.R.", " hconres", "hrs", "12345", "12345-6789", "12345 ", " 12345", "123456789", "１２３４５", "AZ", "az", " VA ", "AE", "ZZ",
	"202-555-0100", "2025550100", "(202) 555-0100", " 202-555-0100 ", "a@b.c", "a@b", "a@b.", "@b.c", "a@.c", "a@@b.c", "a@b@c.d", "a b@c.d",
	" a@b.c ", "a@b..", "a@ b.c", "a&#10;@b.c", "a@b.&#13;", "Education", "education", " Health\n", "Arts, Culture, Religion", "Arts,Culture,Religion",
	"20261123", "2026-11-23", "99999999", "GHXX1236285LFVUID194HDCl6452ADEE", "GHXX1236285LFVUID194HDCl6452ADE", " GHXX1236285LFVUID194HDCl6452ADEE ",
	"<!--x-->", "a<!--b-->c", "<![CDATA[abc]]>", "<![CDATA[ ]]>", "<![CDATA[]]>", "<?p x?>abc", "&amp;&lt;&gt;", "&#65;&#x42;C", "&nbsp;abc", "&#xA0;&#xA0;&#xA0;",
	"a]]>b", "a]]&gt;b", "<b/>", "ab<b>c</b>", "&#0;", "&#xFFFE;", "&#x10FFFF;abc", "\u0085\u2028 x", "\ufeffabc", "\ufffe", "\x01", "\x7fabc",
}

// fragments are put between tags or anywhere.
var fragments = []string{
	"x", " ", "\n\t", "<!-- c -->", "<!---->", "<!-- a--b -->", "<!--->", "<?p?>", "<?p x?>", "<?xml x?>", "<?p:q x?>", "<?1?>", "<?xml-x y?>", "<![CDATA[ ]]>", "<![CDATA[x]]>", "<![CDATA[]]>",
	"&#32;", "&#13;", "&#xA0;", "&#120;", "&amp;", "&foo;", "&", "<", ">", "]]>", "<Foo/>", "<Foo>x</Foo>", "</Foo>", "<City/>", "<Bills/>", "<Prefix>Ms.</Prefix>",
	"<City>Mesa</City>", "<MoreInfo>x</MoreInfo>", "<Bills></Bills>", "<Bill/>", "<Title>x</Title>", "<Address3>Rear</Address3>", "\x00", "\x0b", "\xff", "\xed\xa0\x80", "\ufeff", "<!DOCTYPE CWC>",
	"<CWC/>", "</CWC>", "<", "/>", "\"", "'", "=",
}

var rootAttributes = []string{
	`a="b"`, `xmlns=""`, `xmlns="u"`, `xmlns:p="u"`, `xmlns:p=""`, `xml:lang="en"`, `xml:space="preserve"`, `xsi:nil="true"`, `xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"`,
	`xmlns="http://www.w3.org/XML/1998/namespace"`, `xmlns="http://www.w3.org/2000/xmlns/"`, `xmlns:xml="x"`, `xmlns:p:q="u"`, `xmlns:1="u"`, `xmlns:="u"`, `xmlns:é='u'`, `xmlns:p="&#9;"`,
	`xmlns="&#32;"`, `xmlns="&amp;"`, `xmlns:p="<"`, `xmlns:p="&lt;"`, `xmlns:p="&x;"`, `xmlns:p="a" xmlns:p="b"`, `xmlns=""  xmlns=""`, `a`, `a=b`, `xmlns:p = 'a"b'`, `xmlns:p="a"xmlns:q="b"`, `xmlns:-="u"`, `:a="b"`,
	"xmlns:p='\n'", `xmlns:p="]]>"`, `xmlns:xmlns="u"`, `xmlns:p="&"`,
}

var doctypes = []string{
	"<!DOCTYPE CWC>", "<!DOCTYPE x>", "<!DOCTYPE>", "<!DOCTYPE CWC []>", "<!DOCTYPE CWC[ ]>", "<!DOCTYPE CWC [<!-- c --><?p?>]>", "<!DOCTYPE CWC SYSTEM 'nowhere.dtd'>", `<!DOCTYPE CWC PUBLIC "-//x" "nowhere.dtd">`,
	`<!DOCTYPE CWC PUBLIC "-//x">`, `<!DOCTYPE CWC [<!ENTITY foo "x">]>`, `<!DOCTYPE CWC [<!ENTITY foo "">]>`, `<!DOCTYPE CWC [<!ENTITY foo " ">]>`, `<!DOCTYPE CWC [<!ENTITY foo "<b/>">]>`,
	`<!DOCTYPE CWC [<!ENTITY foo "<Suffix>Jr.</Suffix>">]>`, `<!DOCTYPE CWC [<!ENTITY foo "&bar;"><!ENTITY bar "<![CDATA[<]]>">]>`, `<!DOCTYPE CWC [<!ENTITY foo "&foo;">]>`, `<!DOCTYPE CWC [<!ENTITY foo "&#60;">]>`,
	`<!DOCTYPE CWC [<!ENTITY foo "&#38;#60;">]>`, `<!DOCTYPE CWC [<!ENTITY foo "%x;">]>`, `<!DOCTYPE CWC [<!ENTITY foo "]]>">]>`, `<!DOCTYPE CWC [<!ENTITY foo "a" >] >`, `<!DOCTYPE CWC [<!ENTITY foo"a">]>`,
	`<!DOCTYPE CWC [<!ENTITY foo 'a&#13;&#10;b'>]>`, `<!DOCTYPE CWC [<!ENTITY amp "x">]>`, `<!DOCTYPE CWC [<!ELEMENT CWC ANY>]>`, `<!DOCTYPE CWC [<!ATTLIST City a CDATA "x">]>`, `<!DOCTYPE CWC [x]>`, `<!DOCTYPE CWC [ %p; ]>`,
}

func pick[T any](m mutator, from []T) T { return from[m.r.IntN(len(from))] }

// mutate returns a changed document.
func (m mutator) mutate(document string) string {
	for range 1 + m.r.IntN(2)*m.r.IntN(2) {
		document = m.once(document)
	}
	return document
}

func (m mutator) once(d string) string {
	switch m.r.IntN(17) {
	case 0, 1, 2, 3:
		return m.leaf(d, pick(m, leafValues))
	case 4:
		return m.leaf(d, m.number())
	case 5, 6:
		return m.address(d)
	case 7:
		return m.span(d, leafForm, "")
	case 8:
		return m.double(d)
	case 9:
		return m.swap(d)
	case 10, 11:
		return m.between(d)
	case 12:
		return m.anywhere(d)
	case 13:
		return strings.Replace(d, "<CWC>", "<CWC "+pick(m, rootAttributes)+">", 1)
	case 14:
		return m.doctype(d)
	case 15:
		return m.texts(d)
	default:
		return m.encoded(d)
	}
}

// spot picks one match of form.
func (m mutator) spot(d string, form *regexp.Regexp) []int {
	all := form.FindAllStringSubmatchIndex(d, -1)
	if len(all) == 0 {
		return []int{0, 0, 0, 0, 0, 0}
	}
	return pick(m, all)
}

func (m mutator) leaf(d, value string) string {
	at := m.spot(d, leafForm)
	return d[:at[4]] + value + d[at[5]:]
}

// number walks around the limits of lengths.
func (m mutator) number() string {
	size := pick(m, []int{1, 2, 3, 4, 5, 6, 7, 31, 32, 33, 499, 500, 501, 9_999, 10_000, 10_001})
	unit := pick(m, []string{"a", " ", "7", "é", "😀", "&amp;", "&#10;", "\n"})
	return strings.Repeat(unit, size)
}

// address puts together something like a URI.
func (m mutator) address(d string) string {
	parts := []string{
		"http:", "https:", "//", "/", "?", "#", "[", "]", "@", ":", "::1", "a", "b.c", "80", "%41", "%4", "%zz", "%", " ", "  ", "é", "😀", "\"", "{", "|", "\\", "^", "`", "&lt;", "&amp;", "'",
		"a:b", "1:2", "+", "-", ".", "..", "//", "x?y", "#f", "mailto:a@b", "urn:x:y", "\n", "\t", "&#127;", "~", "!", "*", "$", "1.2.3.4", "256.1.1.1", ":99999999999",
	}
	var b strings.Builder
	for range 1 + m.r.IntN(6) {
		b.WriteString(pick(m, parts))
	}
	element := regexp.MustCompile(`<MoreInfo>[^<]*</MoreInfo>`)
	return element.ReplaceAllLiteralString(d, "<MoreInfo>"+b.String()+"</MoreInfo>")
}

func (m mutator) span(d string, form *regexp.Regexp, by string) string {
	at := m.spot(d, form)
	return d[:at[0]] + by + d[at[1]:]
}

func (m mutator) double(d string) string {
	at := m.spot(d, pick(m, []*regexp.Regexp{leafForm, blockForm}))
	switch m.r.IntN(4) {
	case 0:
		return d[:at[0]] + d[at[1]:] // take away
	case 1: // empty it
		name := d[at[2]:at[3]]
		return d[:at[0]] + "<" + name + pick(m, []string{"/>", " />", "/ >", "></" + name + ">", "> </" + name + ">", "><!--c--></" + name + ">"}) + d[at[1]:]
	case 2: // elsewhere
		piece := d[at[0]:at[1]]
		rest := d[:at[0]] + d[at[1]:]
		to := m.spot(rest, tagForm)[0]
		return rest[:to] + piece + rest[to:]
	default:
		return d[:at[1]] + d[at[0]:at[1]] + d[at[1]:]
	}
}

// texts puts the two texts somewhere else in the letter.
func (m mutator) texts(d string) string {
	for _, form := range []*regexp.Regexp{statementForm, messageForm} {
		if piece := form.FindString(d); piece != "" && m.r.IntN(3) > 0 {
			d = strings.Replace(d, piece, "", 1)
			to := pick(m, []string{"<Subject>", "<LibraryOfCongressTopics>", "</Message>", "<Constituent>", "<ProOrCon>"})
			d = strings.Replace(d, to, pick(m, []string{piece, piece, piece, "", piece + piece})+to, 1)
		}
	}
	return d
}

var (
	statementForm = regexp.MustCompile(`<OrganizationStatement>[^<]*</OrganizationStatement>`)
	messageForm   = regexp.MustCompile(`<ConstituentMessage>[^<]*</ConstituentMessage>`)
)

func (m mutator) swap(d string) string {
	a, b := m.spot(d, leafForm), m.spot(d, leafForm)
	if a[0] > b[0] {
		a, b = b, a
	}
	if a[1] > b[0] {
		return d
	}
	return d[:a[0]] + d[b[0]:b[1]] + d[a[1]:b[0]] + d[a[0]:a[1]] + d[b[1]:]
}

func (m mutator) between(d string) string {
	at := m.spot(d, tagForm)
	to := at[pick(m, []int{0, 1})]
	return d[:to] + pick(m, fragments) + d[to:]
}

func (m mutator) anywhere(d string) string {
	at := m.r.IntN(len(d) + 1)
	if m.r.IntN(2) == 0 {
		return d[:at] + pick(m, fragments) + d[at:]
	}
	return d[:at] + d[min(len(d), at+1+m.r.IntN(4)):]
}

func (m mutator) doctype(d string) string {
	d = strings.Replace(d, "<CWC>", pick(m, doctypes)+"<CWC>", 1)
	if m.r.IntN(2) == 0 {
		return m.leaf(d, pick(m, []string{"ab&foo;", "&foo;", "a&foo;bcdef", "&foo;&foo;"}))
	}
	at := m.spot(d, tagForm)[1]
	return d[:at] + "&foo;" + d[at:]
}

func (m mutator) encoded(d string) string {
	name := pick(m, []string{"UTF-8", "utf8", "UTF-16", "UTF-16LE", "UTF-16BE", "ISO-8859-1", "US-ASCII", "windows-1252", "bogus", ""})
	_, body, _ := strings.Cut(d, "?>")
	declaration := pick(m, []string{
		`<?xml version="1.0"?>`, `<?xml version="1.0" encoding="%s"?>`, `<?xml version='1.0' encoding='%s' standalone='yes'?>`,
		`<?xml version="1.1" encoding="%s" ?>`, `<?xml encoding="%s"?>`, ``, `<?xml version="1.0" standalone="no"?>`, ` <?xml version="1.0"?>`,
	})
	if strings.Contains(declaration, "%s") {
		declaration = fmt.Sprintf(declaration, name)
	}
	text := declaration + body
	switch m.r.IntN(6) {
	case 0:
		return "\xff\xfe" + inUTF16(text, false)
	case 1:
		return "\xfe\xff" + inUTF16(text, true)
	case 2:
		return inUTF16(text, m.r.IntN(2) == 0)
	case 3:
		return inLatin1(text)
	case 4:
		return "\ufeff" + text
	default:
		return text
	}
}

func inUTF16(text string, bigEndian bool) string {
	var b []byte
	for _, u := range utf16.Encode([]rune(text)) {
		if bigEndian {
			b = append(b, byte(u>>8), byte(u))
		} else {
			b = append(b, byte(u), byte(u>>8))
		}
	}
	return string(b)
}

func inLatin1(text string) string {
	var b []byte
	for _, r := range text {
		if r < 0x100 {
			b = append(b, byte(r))
		}
	}
	return string(b)
}
