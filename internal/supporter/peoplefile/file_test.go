package peoplefile_test

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/text/encoding/unicode"
	"pgregory.net/rapid"

	"github.com/franklin-letters/franklin/internal/supporter/peoplefile"
	"github.com/franklin-letters/franklin/internal/table"
)

// all reads a file to its end.
func all(in io.Reader) (people []peoplefile.Person, err error) {
	r, err := peoplefile.Open(in, []string{"employer"})
	if err != nil {
		return nil, err
	}
	for {
		p, err := r.Next()
		if errors.Is(err, io.EOF) {
			return people, nil
		}
		if err != nil {
			return people, err
		}
		people = append(people, p)
	}
}

// What other programs write is read.
func TestTablesOfOtherPrograms(t *testing.T) {
	t.Parallel()
	utf16 := func(endian unicode.Endianness, mark unicode.BOMPolicy, s string) string {
		text, err := unicode.UTF16(endian, mark).NewEncoder().String(s)
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	const plain = "Email;Nombre;Apellido;Estado;C\u00f3digo postal\nzoe@example.org;Zo\u00eb;Mu\u00f1oz;Texas;78701\n"
	for name, file := range map[string]string{
		"semicolons": plain, "commas": strings.ReplaceAll(plain, ";", ","), "tabs": strings.ReplaceAll(plain, ";", "\t"), "mark": "\ufeff" + plain,
		"returns": strings.ReplaceAll(plain, "\n", "\r\n"), "old mac": strings.ReplaceAll(plain, "\n", "\r"),
		"UTF-16 LE": utf16(unicode.LittleEndian, unicode.UseBOM, plain), "UTF-16 BE": utf16(unicode.BigEndian, unicode.UseBOM, plain),
		"UTF-16 without a mark": utf16(unicode.LittleEndian, unicode.IgnoreBOM, plain),
		"Latin-1":               strings.NewReplacer("\u00f3", "\xf3", "\u00eb", "\xeb", "\u00f1", "\xf1").Replace(plain),
		"Mailchimp":             "Email Address,First Name,Last Name,State,Zip Code,MEMBER_RATING\nzoe@example.org,Zo\u00eb,Mu\u00f1oz,TX,78701,2\n",
		"Action Network":        "first_name,last_name,email,zip_code,state,Email Subscription Status\nZo\u00eb,Mu\u00f1oz,zoe@example.org,78701-1234,TX,subscribed\n",
		"a spreadsheet":         "E-mail,fname,lname,region,postal_code\nzoe@example.org,Zo\u00eb,Mu\u00f1oz,texas,\"=\"\"78701\"\"\"\n",
		"OSDI": `[{"given_name":"Zo\u00eb","family_name":"Mu\u00f1oz","email_addresses":[{"address":"old@example.org"},{"primary":true,"address":"zoe@example.org"}],
			"postal_addresses":[{"region":"TX","postal_code":"78701","country":"US"}]}]`,
		"OSDI pages": `{"total_pages":1,"_links":{"osdi:people":[{"href":"x"}]},"_embedded":{"osdi:people":[{"given_name":"Zo\u00eb","family_name":"Mu\u00f1oz",
			"email_addresses":[{"address":"zoe@example.org"}],"postal_addresses":[{"region":"TX","postal_code":"78701"}]}]}}` + "\n" + `{"_embedded":{"osdi:people":[]}}`,
		"OSDI signup": `[{"person":{"given_name":"Zo\u00eb","family_name":"Mu\u00f1oz","email_addresses":[{"address":"zoe@example.org"}],"postal_addresses":[{"region":"TX","postal_code":"78701"}]}}]`,
	} {
		people, err := all(strings.NewReader(file))
		if err != nil || len(people) != 1 {
			t.Errorf("%s: %+v, %v", name, people, err)
			continue
		}
		p := people[0]
		if p.Email != "zoe@example.org" || p.First != "Zo\u00eb" || p.Last != "Mu\u00f1oz" || p.State != "TX" || p.ZIP != "78701" || p.Status != peoplefile.Fine || len(p.Problems) > 0 {
			t.Errorf("%s: %+v", name, p)
		}
	}
}

func TestProblemsHaveTheirLine(t *testing.T) {
	t.Parallel()
	people, err := all(strings.NewReader("email,first,employer,unsubscribed\n\n\"a@example.org\",\"Two\nlines\",Acme,\nb@,B,,\nc@example.org,C,,2024-01-01,and more\nd@example.org,D\x00,,\ne@example.org,E,,yes\n"))
	if err != nil {
		t.Fatal(err)
	}
	type seen struct {
		line     int
		problems int
		status   peoplefile.Status
	}
	var got []seen
	for _, p := range people {
		got = append(got, seen{p.Line, len(p.Problems), p.Status})
	}
	want := []seen{{3, 0, ""}, {5, 1, ""}, {6, 1, peoplefile.Unsubscribed}, {7, 1, ""}, {8, 0, peoplefile.Unsubscribed}}
	if !slices.Equal(got, want) {
		t.Errorf("%+v, want %+v", got, want)
	}
	if people[0].First != "Two lines" || !maps.Equal(people[0].Custom, map[string]string{"employer": "Acme"}) {
		t.Errorf("%+v", people[0])
	}
	for file, want := range map[string]string{"": "needs a column email", "name,zip\na,1\n": "needs a column email", "{}": "holds no people"} {
		if people, err := all(strings.NewReader(file)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %+v, %v; want %q", file, people, err, want)
		}
	}
	if people, err := all(strings.NewReader(`["x"]`)); err != nil || len(people) != 1 || len(people[0].Problems) != 1 {
		t.Errorf("%+v, %v", people, err)
	}
}

// A file of JSON that was cut off anywhere is not taken for whole, because nobody would miss
// the people behind.
func TestAFileThatWasCutOff(t *testing.T) {
	t.Parallel()
	const person = `{"email_addresses":[{"address":"a@example.org"}]}`
	for _, whole := range []string{"[" + person + "," + person + "]", `{"total":2,"_embedded":{"osdi:people":[` + person + `]},"_links":{"next":null}}`} {
		if people, err := all(strings.NewReader(whole)); err != nil || len(people) == 0 {
			t.Errorf("%s: %d people, %v", whole, len(people), err)
		}
		for i := 1; i < len(whole); i++ {
			if _, err := all(strings.NewReader(whole[:i])); err == nil {
				t.Errorf("%s is taken for whole", whole[:i])
			}
		}
	}
}

// SEC-CSV-1: no cell that is written is a formula to a spreadsheet, and reading gives back
// what was written.
func TestSEC_CSV_1_NoCellIsAFormula(t *testing.T) {
	t.Parallel()
	for _, cell := range []string{
		"=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "|calc", "%x", "＝1+1", "＋1", "－1", "＠x", " =1", "'=1", "''=1", `"=1`, ";=1", "a;=1", "a,+1", `a"-1`, "a\n=1", "=cmd|' /C calc'!A0",
	} {
		written := peoplefile.Guarded(cell)
		for _, part := range strings.FieldsFunc(written, func(r rune) bool { return strings.ContainsRune(";,\"\n\r\t", r) }) {
			if r := []rune(strings.TrimLeft(part, " ")); len(r) > 0 && strings.ContainsRune("=+-@|%＝＋－＠", r[0]) {
				t.Errorf("%q is written as %q, which a spreadsheet may run", cell, written)
			}
		}
		if got := peoplefile.Unguarded(written); got != cell {
			t.Errorf("%q comes back as %q", cell, got)
		}
	}
	for _, cell := range []string{"O'Brien", "Ann-Marie", "a@example.org", "5 - 3", "", "'", "TX-07"} {
		if got := peoplefile.Guarded(cell); got != cell {
			t.Errorf("%q is written as %q", cell, got)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		cell := rapid.StringMatching(`['=+\-@|%"; ,a\t＝]{0,12}`).Draw(t, "cell")
		if got := peoplefile.Unguarded(peoplefile.Guarded(cell)); got != cell {
			t.Fatalf("%q is written as %q and comes back as %q", cell, peoplefile.Guarded(cell), got)
		}
	})
}

// counting counts what was read of a file that never ends.
type counting struct {
	in io.Reader
	n  int64
}

func (c *counting) Read(b []byte) (int, error) {
	n, err := c.in.Read(b)
	c.n += int64(n)
	return n, err
}

// endless repeats a text up to a gigabyte.
func endless(head, again string) io.Reader {
	readers := []io.Reader{strings.NewReader(head)}
	return io.MultiReader(append(readers, io.LimitReader(&repeating{text: again}, 1<<30))...)
}

type repeating struct {
	text string
	at   int
}

func (r *repeating) Read(b []byte) (int, error) {
	n := 0
	for n < len(b) {
		c := copy(b[n:], r.text[r.at:])
		n, r.at = n+c, (r.at+c)%len(r.text)
	}
	return n, nil
}

func zipOf(t *testing.T, entries ...*zip.FileHeader) io.Reader {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, h := range entries {
		f, err := w.CreateHeader(h)
		if err == nil {
			_, err = f.Write(bytes.Repeat([]byte("a@example.org\n"), 1000))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return &b
}

// SEC-CSV-2: what is made to hurt is refused after a look at its beginning, in little memory,
// and nothing is written anywhere.
func TestSEC_CSV_2_BombsAreRefused(t *testing.T) { //nolint:paralleltest // it looks at the memory of the process
	dir := t.TempDir()
	t.Chdir(dir)
	link := &zip.FileHeader{Name: "link"}
	link.SetMode(os.ModeSymlink | 0o777)
	many := make([]*zip.FileHeader, 5000)
	for i := range many {
		many[i] = &zip.FileHeader{Name: strconv.Itoa(i)}
	}
	var bomb bytes.Buffer
	zipper := gzip.NewWriter(&bomb)
	if _, err := io.Copy(zipper, io.LimitReader(&repeating{text: "a"}, 64<<20)); err != nil {
		t.Fatal(err)
	}
	if err := zipper.Close(); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		in   io.Reader
		want error // nil: any
	}{
		"a line of a gigabyte":            {endless("", "a"), nil},
		"a row of a gigabyte":             {endless("email\n", "a"), table.ErrLongLine},
		"a million columns":               {endless("email", ",x"), table.ErrColumns},
		"a row of endless columns":        {endless("email\n", "a,"), table.ErrLongLine},
		"zeros":                           {endless("", "\x00"), table.ErrBinary},
		"zeros behind a name":             {endless("email", "\x00"), nil},
		"an endless row of UTF-16":        {endless("\xff\xfee\x00m\x00a\x00i\x00l\x00\n\x00", "a\x00"), table.ErrLongLine},
		"a zip that climbs out":           {zipOf(t, &zip.FileHeader{Name: "../../evil.csv", Method: zip.Deflate}), table.ErrArchive},
		"a zip with a link":               {zipOf(t, link), table.ErrArchive},
		"a zip with very many entries":    {zipOf(t, many...), table.ErrArchive},
		"a gzip bomb":                     {&bomb, table.ErrArchive},
		"an endless person in JSON":       {endless(`[{"given_name":"`, "a"), nil},
		"endless depth in JSON":           {endless("", "["), nil},
		"endless objects in JSON":         {endless("", `{"a":`), nil},
		"an endless list that is skipped": {endless(`{"x":[`, "1,"), nil},
	} {
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		read := &counting{in: c.in}
		people, err := all(read)
		runtime.ReadMemStats(&after)
		if err == nil || c.want != nil && !errors.Is(err, c.want) {
			t.Errorf("%s: %d people, %v; want %v", name, len(people), err, c.want)
		}
		if read.n > 8<<20 {
			t.Errorf("%s: %d bytes were read", name, read.n)
		}
		if grown := int64(after.Sys) - int64(before.Sys); grown > 64<<20 {
			t.Errorf("%s: the process has grown by %d MB", name, grown>>20)
		}
	}
	if files, err := filepath.Glob("*"); err != nil || len(files) > 0 {
		t.Errorf("%v were written, %v", files, err)
	}
	if _, err := os.Stat(filepath.Join(filepath.Dir(filepath.Dir(dir)), "evil.csv")); err == nil {
		t.Error("a file was written outside")
	}
}

func FuzzOpen(f *testing.F) {
	for _, file := range []string{
		"email,first\na@example.org,A\n", "\xff\xfee\x00", `[{"email_addresses":[{"address":"a@example.org"}]}]`, `{"_embedded":{"osdi:people":[{}]}}`, "email\n\"a\nb", "PK\x03\x04",
	} {
		f.Add([]byte(file))
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		people, _ := all(bytes.NewReader(file))
		for _, p := range people {
			if p.Line < 1 || len(p.Problems) == 0 && !strings.Contains(p.Email, "@") {
				t.Errorf("%+v", p)
			}
		}
	})
}
