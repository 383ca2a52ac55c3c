package paper_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/internal/paper"
)

var noon = time.Date(2026, time.November, 23, 12, 0, 0, 0, time.UTC)

func batch(letters ...paper.Letter) paper.Batch {
	return paper.Batch{
		ID: "01997c0a-7d1e-7abc-8def-0123456789ab", Made: noon, Organization: "Lantern Alliance", Campaign: "Close the consent loophole",
		Office: "Rep. Greg Stanton", Place: "Arizona's 4th District", Code: "HAZ04", Phone: "202-225-9888",
		To:      []string{"The Honorable Greg Stanton", "207 Cannon House Office Building", "Washington, DC 20515"},
		Letters: letters,
	}
}

func letterOf(name, text string) paper.Letter {
	return paper.Letter{
		From: []string{name, "1100 West Main Street", "Unit 5", "Mesa, AZ 85201", "ada@example.org"}, Date: noon,
		Subject: "Please support H.R. 2172", Text: text, Name: name, Number: "0123456789abcdef0123456789abcdef",
	}
}

const plain = "Nobody in custody can consent to sex with the officer who holds them.\n\nPlease vote for H.R. 2172."

func write(t *testing.T, b paper.Batch) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := paper.Write(&out, b); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// read returns the text of each page by a program that is not ours.
func read(t *testing.T, document []byte) []string {
	t.Helper()
	program, err := exec.LookPath("pdftotext")
	if err != nil {
		t.Skip("pdftotext is not installed")
	}
	file := filepath.Join(t.TempDir(), "letters.pdf")
	if err := os.WriteFile(file, document, 0o600); err != nil {
		t.Fatal(err)
	}
	text, err := exec.CommandContext(t.Context(), program, "-layout", file, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSuffix(string(text), "\f"), "\f")
}

func TestEveryLetterHasPagesOfItsOwn(t *testing.T) {
	long := strings.Repeat("This bill matters to my family and to my town, and I ask for your vote.\n\n", 60)
	document := write(t, batch(letterOf("Ada Lovelace", plain), letterOf("Grace Hopper", long), letterOf("Zoë O’Brien", plain)))
	if n := bytes.Count(document, []byte("/Type /Page\n")); n < 6 {
		t.Errorf("%d pages", n)
	}
	pages := read(t, document)
	for _, want := range []string{"3 letters to", "Rep. Greg Stanton", "207 Cannon House Office Building", "Close the consent loophole", "November 23, 2026", "HAZ04", "How to hand these over", "202-225-9888"} {
		if !strings.Contains(pages[0], want) {
			t.Errorf("the cover sheet does not say %q", want)
		}
	}
	starts := 0
	for i, page := range pages[1:] {
		if strings.Contains(page, "1100 West Main Street") {
			starts++
		}
		if n := strings.Count(page, "Letter "+strconv.Itoa(starts)+" of 3 to"); n != 1 {
			t.Errorf("page %d is not named as one of letter %d:\n%s", i+2, starts, page)
		}
	}
	if starts != 3 || !strings.Contains(pages[1], "Mesa, AZ 85201") || !strings.Contains(pages[1], "Please vote for H.R. 2172.") {
		t.Errorf("%d letters begin; the first page is\n%s", starts, pages[1])
	}
}

// TestNamesFromEverywhere: what the type has comes out as it was written, the rest is
// marked, and the cover sheet says where.
func TestNamesFromEverywhere(t *testing.T) {
	for _, name := range []string{"Zoë O’Brien", "Nguyễn Thị Hương", "Łukasz Żółć", "Kalaniʻōpuʻu", "Ιωάννα", "Андрей Шевченко", "Ğülşah Çelik", "Sean Ó Súilleabháin"} {
		pages := read(t, write(t, batch(letterOf(name, plain))))
		if !strings.Contains(pages[1], name) || strings.Contains(pages[0], "cannot be printed") {
			t.Errorf("%s comes out as\n%s", name, pages[1])
		}
	}
	pages := read(t, write(t, batch(letterOf("Ada", plain), letterOf("王小明", plain), letterOf("Ada", plain+" 🗽"), letterOf("שלום", plain))))
	if !strings.Contains(pages[0], "in letter 2, 3, 4.") || !strings.Contains(pages[2], "□□□") {
		t.Errorf("the cover sheet says\n%s\nthe second letter\n%s", pages[0], pages[2])
	}
}

func TestTheSameBatchMakesTheSameBytes(t *testing.T) {
	b := batch(letterOf("Ada", plain))
	first := write(t, b)
	if !bytes.Equal(first, write(t, b)) {
		t.Error("the second file differs")
	}
	if !bytes.HasPrefix(first, []byte("%PDF-")) || len(first) > 200_000 {
		t.Errorf("%d bytes, beginning with %.8q", len(first), first)
	}
}

func FuzzWrite(f *testing.F) {
	for _, s := range []string{"", plain, "\x00\xff", "🗽", "e\u0301", "שלום", strings.Repeat("x", 3000), "\u2028", "(\\)", "\t\r\n"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if err := paper.Write(&bytes.Buffer{}, batch(letterOf(text, text))); err != nil {
			t.Fatal(err)
		}
	})
}
