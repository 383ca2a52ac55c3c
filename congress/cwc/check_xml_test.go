package cwc_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/cwc"
)

const shared = "../../../shared/cwc"

// TestSharedVectors asks for the verdict that libxml2 gave on each vector.
func TestSharedVectors(t *testing.T) {
	list, err := os.ReadFile(filepath.Join(shared, "rng-vectors", "manifest.json"))
	if err != nil {
		t.Skip("the House's schema vectors are not on this machine; TestCheckXML covers the same rules")
	}
	var vectors []struct {
		File  string
		Case  string
		Valid bool
	}
	if err := json.Unmarshal(list, &vectors); err != nil || len(vectors) == 0 {
		t.Fatalf("%d vectors: %v", len(vectors), err)
	}
	for _, v := range vectors {
		document, err := os.ReadFile(filepath.Join(shared, "rng-vectors", v.File))
		if err != nil {
			t.Fatal(err)
		}
		if problems := problemsOf(t, document); (len(problems) == 0) != v.Valid {
			t.Errorf("%s (%s): schema says %t, we say %v", v.File, v.Case, v.Valid, problems)
		}
	}
}

// change replaces one place of house-full.xml. rule is "" where the schema takes the result.
type change struct{ from, to, rule string }

// schemaChanges are one change each. The verdicts are those of xmllint 2.9.14 against the
// House's schema, which TestAgainstXmllint asks again, with thousands more.
func schemaChanges() map[string][]change {
	return map[string][]change{
		"tokens": {
			{">2.0<", "> 2.0\n<", ""},
			{">2.0<", ">1.0<", "version"},
			{">2.0<", "><", "version"},
			{">HAZ04<", ">\t HAZ04 <", ""},
			{">HAZ04<", ">haz04<", "office"},
			{">HAZ04<", ">HAZ 04<", "office"},
			{">HAZ04<", ">&#xA0;HAZ04<", "office"},
			{">Y</IsR", "> y </IsR", ""},
			{">Y</IsR", ">Yes</IsR", "flag"},
			{">Y</IsR", "></IsR", "flag"},
			{">Pro<", ">pRO<", ""},
			{">Pro<", ">Neutral<", "stance"},
			{">Crime and Law", ">\n Crime  and\tLaw", ""},
			{">Crime and Law", ">crime and law", "topic"},
			{">20261123<", ">99999999<", ""},
			{">20261123<", ">2026-11-23<", "date"},
			{"zoe@example.org", "a@b@c.d", ""},
			{"zoe@example.org", "zoe@example", "email"},
			{"zoe@example.org", "zoe@example.\n", "email"},
			{"zoe@example.org", "@example.org", "email"},
			{">480-555-0123<", ">(480) 555-0123<", "phone"},
			{">480-555-0123<", "><", "phone"},
		},
		"strings": {
			{">85201-1234<", ">85201<", ""},
			{">85201-1234<", ">85201 <", "zip"},
			{">85201-1234<", ">852011234<", "zip"},
			{">Mesa<", ">   <", ""},
			{">Mesa<", ">Ai<", "length"},
			{">Mesa<", ">a\r\n<", "length"},
			{">Mesa<", ">a&#13;&#10;<", ""},
			{">Mesa<", ">éé<", "length"},
			{">Mesa<", ">𝒳𝒳𝒳<", ""},
			{">Mesa<", ">" + strings.Repeat("😀", 500) + "<", ""},
			{">Mesa<", ">" + strings.Repeat("x", 501) + "<", "length"},
			{">Ms.<", ">Mx.<", ""},
			{">Ms.<", "> <", ""},
			{">Ms.<", "><", "length"},
			{">AZ<", ">AE<", "state"},
			{">Unit 5<", ">#5<", "length"},
		},
		"numbers": {
			{">2172<", ">+5<", ""},
			{">2172<", "> 007 <", ""},
			{">2172<", ">0<", "number"},
			{">2172<", ">-5<", "number"},
			{">2172<", ">5.0<", "number"},
			{">2172<", ">" + strings.Repeat("9", 24) + "<", ""},
			{">2172<", ">" + strings.Repeat("9", 25) + "<", "number"},
			{">hr<", ">H.R.<", "bill"},
		},
		"addresses": {
			{">https://letters.example.org/c/consent-loophole?a=1&amp;b=2<", "><", ""},
			{">https://letters.example.org/c/consent-loophole?a=1&amp;b=2<", ">not a url<", ""},
			{">https://letters.example.org/c/consent-loophole?a=1&amp;b=2<", ">http://é.example/ü?q=ä<", ""},
			{">https://letters.example.org/c/consent-loophole?a=1&amp;b=2<", ">100%<", "address"},
			{">https://letters.example.org/c/consent-loophole?a=1&amp;b=2<", ">:nothing<", "address"},
			{">https://letters.example.org/c/consent-loophole?a=1&amp;b=2<", ">a#b#c<", "address"},
			{">https://letters.example.org/c/consent-loophole?a=1&amp;b=2<", ">//a:2147483647<", ""},
			{">https://letters.example.org/c/consent-loophole?a=1&amp;b=2<", ">//a:2147483648<", "address"},
			{">https://letters.example.org/c/consent-loophole?a=1&amp;b=2<", ">//a:<", "address"},
		},
		"structure": {
			{"<Suffix>Jr.</Suffix>", "", ""},
			{"<Prefix>Ms.</Prefix>", "", "required"},
			{"<Prefix>Ms.</Prefix>", "<Prefix>Ms.</Prefix><Prefix>Ms.</Prefix>", "repeated"},
			{"<Prefix>Ms.</Prefix>", "<Prefix>Ms.<b/></Prefix>", "text"},
			{"<Prefix>", "<Prefix a='1'>", "attribute"},
			{"<Prefix>", "stray<Prefix>", "stray-text"},
			{"<Prefix>", "&#32;<![CDATA[ ]]><Prefix>", ""},
			{"<Prefix>", "&#xA0;<Prefix>", "stray-text"},
			{"<Prefix>", "<Extra/><Prefix>", "unknown"},
			{"<Recipient>", "<Recipient/><Recipient>", "required"},
			{"  <CWCVersion>2.0</CWCVersion>", "", "required"},
			{"<Bill>\n        <BillCongress>119</BillCongress>\n        <BillTypeAbbreviation>hr</BillTypeAbbreviation>\n        <BillNumber>2172</BillNumber>", "<Bill>", ""},
			{"<LibraryOfCongressTopics>", "<LibraryOfCongressTopics><LibraryOfCongressTopic>Health</LibraryOfCongressTopic><LibraryOfCongressTopic>Health</LibraryOfCongressTopic>", ""},
			{"<Subject>", "<ConstituentMessage>Too early.</ConstituentMessage><Subject>", "repeated"},
			{"<CWCVersion>2.0</CWCVersion>\n  <Delivery>", "<Delivery>", "required"},
			{"<Recipient>\n    <MemberOffice>HAZ04</MemberOffice>", "<Constituent/><Recipient>\n    <MemberOffice>HAZ04</MemberOffice>", "required"},
			{"</Message>\n", "</Message><Message/>\n", "repeated"},
		},
		"namespaces": {
			{"<CWC>", "<CWC xmlns=''>", ""},
			{"<CWC>", "<CWC xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'>", ""},
			{"<CWC>", "<CWC xmlns='urn:x'>", "root"},
			{"<CWC>", "<CWC xml:lang='en'>", "attribute"},
			{"<CWC>", "<CWC q:a='b'>", "attribute"},
			{"<City>", "<City xmlns='urn:x'>", "unknown"},
			{"<City>", "<City xmlns:p='urn:x'>", ""},
		},
		"syntax": {
			{">Mesa<", "><![CDATA[Mesa]]><", ""},
			{">Mesa<", ">Me<!-- no -->sa<", ""},
			{">Mesa<", ">M<?p x?>esa<", ""},
			{">Mesa<", ">&#77;&#x65;sa<", ""},
			{">Mesa<", ">Mesa &nbsp;<", "xml"},
			{">Mesa<", ">Mesa & more<", "xml"},
			{">Mesa<", ">Mesa ]]> more<", "xml"},
			{">Mesa<", ">Mesa &#0;<", "xml"},
			{">Mesa<", ">Mesa \x0b<", "xml"},
			{">Mesa<", ">Mesa \xff<", "xml"},
			{">Mesa<", ">Mesa <!-- a -- b --><", "xml"},
			{">Mesa<", ">Mesa <?xml a?><", "xml"},
			{"</City>", "</City >", ""},
			{"</City>", "</Citi>", "xml"},
			{"</CWC>", "</CWC><!-- end -->", ""},
			{"</CWC>", "</CWC>x", "xml"},
			{"</CWC>", "</CWC><CWC/>", "xml"},
			{"</CWC>", "", "xml"},
			{"<CWC>", "<CWC a='1' a='2'>", "xml"},
			{"<?xml", " <?xml", "xml"},
			{`<?xml version="1.0" encoding="UTF-8"?>`, "", ""},
			{`version="1.0"`, `version="1.1"`, ""},
			{`version="1.0"`, `version="2.0"`, "xml"},
			{`encoding="UTF-8"`, `encoding="bogus"`, "xml"},
			{`encoding="UTF-8"`, `encoding="UTF-16"`, "xml"},
		},
		"document type": {
			{"<CWC>", "<!DOCTYPE CWC><CWC>", ""},
			{"<CWC>", "<!DOCTYPE CWC SYSTEM 'http://127.0.0.1:9/x'><CWC>", ""},
			{"<CWC>", "<!DOCTYPE CWC [<!ENTITY e 'x'><!-- c --><?p?>]><CWC>", ""},
			{"<CWC>", "<!DOCTYPE CWC [<!ENTITY e '&'>]><CWC>", "xml"},
			{"<CWC>", "<!DOCTYPE CWC [<!ELEMENT CWC ANY>]><CWC>", "xml"}, // narrower on purpose
			{"<CWC>", "<!DOCTYPE CWC><!DOCTYPE CWC><CWC>", "xml"},
		},
	}
}

func TestCheckXML(t *testing.T) {
	base, err := os.ReadFile("testdata/house-full.xml")
	if err != nil {
		t.Fatal(err)
	}
	for group, changes := range schemaChanges() {
		t.Run(group, func(t *testing.T) {
			for _, c := range changes {
				got := ""
				problems := problemsOf(t, replaced(t, base, c.from, c.to))
				if len(problems) > 0 {
					got = problems[0].Rule
				}
				if got != c.rule {
					t.Errorf("%.60q for %.60q: got %q %v, want %q", c.to, c.from, got, problems, c.rule)
				}
			}
		})
	}
}

func TestCheckXMLEntities(t *testing.T) {
	base, err := os.ReadFile("testdata/house-full.xml")
	if err != nil {
		t.Fatal(err)
	}
	var laughs strings.Builder
	laughs.WriteString(`<!ENTITY a "lol">`)
	for c := 'b'; c <= 'j'; c++ {
		fmt.Fprintf(&laughs, `<!ENTITY %c "%s">`, c, strings.Repeat(fmt.Sprintf("&%c;", c-1), 10))
	}
	for name, tc := range map[string]struct {
		subset, city string
		valid        bool
	}{
		"text":              {`<!ENTITY e "Mes">`, "&e;a", true},
		"empty":             {`<!ENTITY e "">`, "Mesa&e;", true},
		"first one counts":  {`<!ENTITY e "Mes"><!ENTITY e "<b/>">`, "&e;a", true},
		"nested":            {`<!ENTITY e "M&f;"><!ENTITY f "esa">`, "&e;", true},
		"escaped less-than": {`<!ENTITY e "&#38;#60;">`, "Mesa&e;", true},
		"comment":           {`<!ENTITY e "<!-- x -->">`, "Mesa&e;", true},
		"element":           {`<!ENTITY e "<b/>">`, "Mesa&e;", false},
		"unbalanced":        {`<!ENTITY e "</City>">`, "Mesa&e;", false},
		"open element":      {`<!ENTITY e "<b>">`, "Mesa&e;", false},
		"too short":         {`<!ENTITY e "M">`, "&e;", false},
		"itself":            {`<!ENTITY e "&e;">`, "Mesa&e;", false},
		"circle":            {`<!ENTITY e "&f;"><!ENTITY f "&e;">`, "Mesa&e;", false},
		"undeclared":        {`<!ENTITY e "x">`, "Mesa&f;", false},
		"external":          {`<!ENTITY e SYSTEM "file:///etc/hostname">`, "Mesa&e;", false},
		"parameter":         {`<!ENTITY % p "x"> %p;`, "Mesa", false},
		"laughs":            {laughs.String(), "Mesa&j;", false},
		"quadratic":         {`<!ENTITY e "` + strings.Repeat("x", 10_000) + `">`, strings.Repeat("&e;", 10_000), false},
		"many empty":        {`<!ENTITY e "">`, "Mesa" + strings.Repeat("&e;", 100_000), false},
	} {
		document := replaced(t, base, "<CWC>", "<!DOCTYPE CWC ["+tc.subset+"]><CWC>")
		document = replaced(t, document, ">Mesa<", ">"+tc.city+"<")
		if problems := problemsOf(t, document); (len(problems) == 0) != tc.valid {
			t.Errorf("%s: want valid %t, got %v", name, tc.valid, problems)
		}
	}
}

func TestCheckXMLEncodings(t *testing.T) {
	base, err := os.ReadFile("testdata/house-full.xml")
	if err != nil {
		t.Fatal(err)
	}
	plain := strings.NewReplacer("ë", "e", "’", "'").Replace(string(base))
	latin := strings.ReplaceAll(plain, "Zoe", "Zo\xeb")
	declare := func(text, encoding string) string { return strings.Replace(text, "UTF-8", encoding, 1) }
	for name, tc := range map[string]struct {
		document string
		valid    bool
	}{
		"UTF-8 with mark":             {"\ufeff" + string(base), true},
		"two marks":                   {"\ufeff\ufeff" + string(base), false},
		"Latin 1":                     {declare(latin, "ISO-8859-1"), true},
		"Latin 1 undeclared":          {latin, false},
		"ASCII":                       {declare(plain, "us-ascii"), true},
		"ASCII with more":             {declare(string(base), "US-ASCII"), false},
		"Windows 1252":                {declare(strings.ReplaceAll(latin, "O'B", "O\x92B"), "windows-1252"), true},
		"Windows 1252 hole":           {declare(strings.ReplaceAll(latin, "O'B", "O\x81B"), "windows-1252"), false},
		"UTF-16 LE with mark":         {"\xff\xfe" + inUTF16(declare(string(base), "UTF-16"), false), true},
		"UTF-16 BE with mark":         {"\xfe\xff" + inUTF16(declare(string(base), "UTF-16BE"), true), true},
		"UTF-16 LE":                   {inUTF16(string(base), false), true},
		"UTF-16 BE":                   {inUTF16(string(base), true), true},
		"UTF-16 LE declared BE":       {"\xff\xfe" + inUTF16(declare(string(base), "UTF-16BE"), false), false},
		"UTF-16 with a lone half":     {"\xff\xfe" + inUTF16(string(base), false)[:200] + "\x00\xd8" + inUTF16(string(base), false)[200:], false},
		"UTF-16 cut after a half":     {"\xff\xfe" + inUTF16(string(base), false)[:200] + "\x00\xd8", false},
		"UTF-16 declared but UTF-8":   {declare(string(base), "UTF-16"), false},
		"KOI8-R, narrower on purpose": {declare(plain, "KOI8-R"), false},
		"a NUL ends it":               {string(base) + "\x00\xff<", true},
		"a NUL within":                {strings.Replace(string(base), "Mesa", "Me\x00sa", 1), false},
		"nothing":                     {"", false},
		"white space":                 {" \n", false},
	} {
		if problems := problemsOf(t, []byte(tc.document)); (len(problems) == 0) != tc.valid {
			t.Errorf("%s: want valid %t, got %v", name, tc.valid, problems)
		}
	}
}

func TestCheckXMLIsBounded(t *testing.T) {
	for name, document := range map[string]string{
		"long":          strings.Repeat(" ", 600<<10),
		"deep":          strings.Repeat("<a>", 100_000),
		"many":          "<CWC>" + strings.Repeat("<a/>", 100_000) + "</CWC>",
		"many lines":    "<CWC>" + strings.Repeat("<a/>\n", 100_000) + "</CWC>",
		"many texts":    "<CWC>" + strings.Repeat("&amp;", 100_000) + "</CWC>",
		"attributes":    "<CWC" + strings.Repeat(" a='b'", 80_000) + "/>",
		"open comments": "<CWC>" + strings.Repeat("<!-- ", 100_000),
		"open entities": "<CWC>" + strings.Repeat("&a", 200_000),
		"open brackets": "<CWC>" + strings.Repeat("<![CDATA[", 50_000),
	} {
		problems := problemsOf(t, []byte(document))
		if len(problems) == 0 || len(problems) > 100 {
			t.Errorf("%s: %d problems", name, len(problems))
		}
	}
	broken := errors.New("broken pipe")
	if _, err := cwc.CheckXML(iotest.ErrReader(broken)); !errors.Is(err, broken) {
		t.Errorf("the error of reading is %v", err)
	}
}

// TestCheckXMLOrder moves the two texts about: the statement comes first, whatever
// stands between them; all else in the letter may stand anywhere.
func TestCheckXMLOrder(t *testing.T) {
	const statement, message = "<OrganizationStatement>Vote yes.</OrganizationStatement>", "<ConstituentMessage>Vote yes, please.</ConstituentMessage>"
	m := small()
	m.Letter.OrganizationStatement, m.Letter.ConstituentMessage = "", "Vote yes, please."
	base := build(t, m, congress.House)
	for _, tc := range []struct {
		before, after string // around the subject
		rule          string
	}{
		{statement + message, "", ""},
		{statement, message, ""},
		{"", statement + message, ""},
		{message, "", ""},
		{"", statement, ""},
		{"", "", "required"},
		{message, statement, "order"},
		{"", message + statement, "order"},
		{statement, statement, "repeated"},
		{statement + message, statement, "repeated"},
	} {
		document := replaced(t, base, message, "")
		document = replaced(t, document, "<Subject>", tc.before+"<Subject>")
		document = replaced(t, document, "</Subject>", "</Subject>"+tc.after)
		got := ""
		if problems := problemsOf(t, document); len(problems) > 0 {
			got = problems[0].Rule
		}
		if got != tc.rule {
			t.Errorf("%q, subject, %q: got %q, want %q", tc.before, tc.after, got, tc.rule)
		}
	}
}
