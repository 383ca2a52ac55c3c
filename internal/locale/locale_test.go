package locale

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"sort"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/franklin-letters/franklin/congress"
)

// catalogue returns the forms of every message: "other" alone for one without plural.
func catalogue(t *testing.T, lang Lang) map[string]map[string]string {
	t.Helper()
	raw, err := catalogueFiles.ReadFile("catalogue/" + string(lang) + ".json")
	if err != nil {
		t.Fatal(err)
	}
	var tree map[string]any
	if err := json.Unmarshal(raw, &tree); err != nil {
		t.Fatal(err)
	}
	all := map[string]map[string]string{}
	walk(all, "", tree)
	return all
}

func walk(all map[string]map[string]string, prefix string, tree map[string]any) {
	for key, value := range tree {
		id := strings.TrimPrefix(prefix+"."+key, ".")
		switch v := value.(type) {
		case string:
			all[id] = map[string]string{"other": v}
		case map[string]any:
			if _, plural := v["other"].(string); !plural {
				walk(all, id, v)
				continue
			}
			all[id] = map[string]string{}
			for form, text := range v {
				all[id][form], _ = text.(string)
			}
		}
	}
}

func TestEveryLanguageHasEveryMessage(t *testing.T) {
	en := catalogue(t, English)
	ids := slices.Sorted(maps.Keys(en))
	if diff := cmp.Diff(messageIDs[:], ids); diff != "" {
		t.Errorf("messages.go is not what the generator makes of en.json; run go generate:\n%s", diff)
	}
	forms := map[Lang][]string{English: {"one", "other"}, Spanish: {"many", "one", "other"}}
	for _, lang := range Languages() {
		own := catalogue(t, lang)
		if diff := cmp.Diff(ids, slices.Sorted(maps.Keys(own))); diff != "" {
			t.Errorf("%s has other messages than English:\n%s", lang, diff)
		}
		for id, texts := range own {
			if len(en[id]) > 1 && !slices.Equal(slices.Sorted(maps.Keys(texts)), forms[lang]) {
				t.Errorf("%s %s: plural forms %v, want %v", lang, id, slices.Sorted(maps.Keys(texts)), forms[lang])
			}
			for form, text := range texts {
				if strings.TrimSpace(text) == "" || strings.TrimSpace(text) != text {
					t.Errorf("%s %s.%s is empty or has blanks around it", lang, id, form)
				}
				if got, want := variables(text), variables(en[id]["other"]); !slices.Equal(got, want) && form != "one" {
					t.Errorf("%s %s.%s uses %v, English uses %v", lang, id, form, got, want)
				}
			}
		}
	}
}

var variable = regexp.MustCompile(`{{\.(\w+)}}`)

func variables(text string) []string {
	var names []string
	for _, m := range variable.FindAllStringSubmatch(text, -1) {
		names = append(names, m[1])
	}
	sort.Strings(names)
	return slices.Compact(names)
}

// TestNoEnglishInSpanish finds messages that were never translated. Short ones may be the
// same in both languages.
func TestNoEnglishInSpanish(t *testing.T) {
	en, es := catalogue(t, English), catalogue(t, Spanish)
	english := regexp.MustCompile(`(?i)\b(the|your|you|of|and|is|are|will|letter|please|this|it)\b`)
	for id, texts := range es {
		if texts["other"] == en[id]["other"] && strings.Count(texts["other"], " ") > 1 {
			t.Errorf("%s is English in both languages: %q", id, texts["other"])
		}
		for _, text := range texts {
			if found := english.FindString(text); found != "" {
				t.Errorf("%s has the English word %q: %q", id, found, text)
			}
		}
	}
}

// TestPlainLanguage holds sentences to twenty-five words, most to far fewer.
func TestPlainLanguage(t *testing.T) {
	ends := regexp.MustCompile(`[.?!:]\s`)
	long := 0
	for id, texts := range catalogue(t, English) {
		for _, text := range texts {
			for _, sentence := range ends.Split(text, -1) {
				n := len(strings.Fields(sentence))
				if n > 20 && id != "time.months" {
					long++
				}
				if n > 30 {
					t.Errorf("%s has a sentence of %d words: %q", id, n, sentence)
				}
			}
		}
	}
	if long > 8 {
		t.Errorf("%d sentences have more than 20 words", long)
	}
}

// TestEveryMessageIsUsed reads the program's sources: a message that nobody says is
// clutter that translators pay for.
func TestEveryMessageIsUsed(t *testing.T) {
	said := map[string]bool{}
	root := filepath.Join("..", "..")
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (strings.HasPrefix(d.Name(), ".") && d.Name() != ".." || d.Name() == "node_modules") {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || d.Name() == "messages.go" {
			return nil
		}
		return collectSelectors(path, said)
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range generatedMethods(t) {
		if !said[name] {
			t.Errorf("nobody says %s", name)
		}
	}
}

func collectSelectors(path string, said map[string]bool) error {
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
	if err != nil {
		return nil //nolint:nilerr // a file that somebody is writing right now is not this test's business
	}
	ast.Inspect(file, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok {
			said[s.Sel.Name] = true
		}
		return true
	})
	return nil
}

func generatedMethods(t *testing.T) []string {
	t.Helper()
	source, err := os.ReadFile("messages.go")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, m := range regexp.MustCompile(`(?m)^func \(l \*Locale\) (\w+)\(`).FindAllSubmatch(source, -1) {
		names = append(names, string(m[1]))
	}
	if len(names) != len(messageIDs) {
		t.Fatalf("%d methods for %d messages", len(names), len(messageIDs))
	}
	return names
}

func TestConstantsAndVariables(t *testing.T) {
	en, es := In(English), In(Spanish)
	for _, c := range []struct{ got, want string }{
		{en.FormFirstName(), "First or given name"},
		{es.FormFirstName(), "Nombre"},
		{en.ProgressCount(1), "1 letter"},
		{en.ProgressCount(1204), "1,204 letters"},
		{es.ProgressCount(1), "1 carta"},
		{es.ProgressCount(3000), "3,000 cartas"},
		{es.ProgressCount(2000000), "2,000,000 de cartas"},
		{en.ProgressOf("3,000", "1,204"), "1,204 of 3,000 letters"},
		{es.ReviewSend("Del. Norton"), "Enviar mi carta a Del. Norton"},
		{In("fr").FormCity(), "City"},
	} {
		if c.got != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
}

func TestDatesAreWashingtons(t *testing.T) {
	en, es := In(English), In(Spanish)
	winter := time.Date(2026, 11, 24, 4, 3, 0, 0, time.UTC)
	summer := time.Date(2026, 7, 1, 16, 30, 0, 0, time.UTC)
	nb := "\u00a0"
	for _, c := range []struct{ got, want string }{
		{en.Moment(winter), "November 23, 2026 at 11:03" + nb + "p.m. Eastern time"},
		{es.Moment(winter), "23 de noviembre de 2026 a las 11:03" + nb + "p." + nb + "m., hora del Este"},
		{en.Clock(summer), "12:30" + nb + "p.m."},
		{en.Clock(summer.Add(-12 * time.Hour)), "12:30" + nb + "a.m."},
		{es.Clock(summer.Add(-3 * time.Hour)), "9:30" + nb + "a." + nb + "m."},
		{es.Date(summer), "1 de julio de 2026"},
		{en.Stamp(summer), "JUL 1 2026"},
		{es.Stamp(summer), "1 JUL 2026"},
	} {
		if c.got != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
}

func TestNumber(t *testing.T) {
	for n, want := range map[int]string{0: "0", 7: "7", 999: "999", 1000: "1,000", 3000: "3,000", 1234567: "1,234,567", -1200: "-1,200"} {
		for _, lang := range Languages() {
			if got := In(lang).Number(n); got != want {
				t.Errorf("%s: %d is written %q, want %q", lang, n, got, want)
			}
		}
	}
}

func TestSeats(t *testing.T) {
	for _, c := range []struct{ seat, enDistrict, esDistrict, enTitle, esTitle string }{
		{"AZ-04", "Arizona’s 4th District", "Distrito 4 de Arizona", "Rep.", "Rep."},
		{"TX-22", "Texas’ 22nd District", "Distrito 22 de Texas", "Rep.", "Rep."},
		{"NY-11", "New York’s 11th District", "Distrito 11 de Nueva York", "Rep.", "Rep."},
		{"AK-00", "Alaska (the whole state)", "Alaska (todo el estado)", "Rep.", "Rep."},
		{"DC-00", "District of Columbia", "Distrito de Columbia", "Del.", "Del."},
		{"PR-00", "Puerto Rico", "Puerto Rico", "Resident Commissioner", "Comisionado Residente"},
		{"AZ-S1", "Arizona", "Arizona", "Sen.", "Sen."},
	} {
		seat, err := congress.ParseSeat(c.seat)
		if err != nil {
			t.Fatal(err)
		}
		en, es := In(English), In(Spanish)
		got := []string{en.District(seat), es.District(seat), en.Honorific(seat), es.Honorific(seat)}
		if diff := cmp.Diff([]string{c.enDistrict, c.esDistrict, c.enTitle, c.esTitle}, got); diff != "" {
			t.Errorf("%s: %s", c.seat, diff)
		}
		if en.YourOffice(seat) == "" || es.YourOffice(seat) == "" {
			t.Errorf("%s has no office", c.seat)
		}
	}
}

func TestStatesStandInTheOrderOfTheLanguage(t *testing.T) {
	for _, lang := range Languages() {
		if n := len(In(lang).States()); n != 56 {
			t.Errorf("%s has %d states", lang, n)
		}
	}
	var near []string
	for _, s := range In(Spanish).States() {
		if strings.HasPrefix(s.Name, "M") || strings.HasPrefix(s.Name, "C") {
			near = append(near, s.Name)
		}
	}
	want := []string{
		"California", "Carolina del Norte", "Carolina del Sur", "Colorado", "Connecticut",
		"Maine", "Maryland", "Massachusetts", "Míchigan", "Minnesota", "Misisipi", "Misuri", "Montana",
	}
	if diff := cmp.Diff(want, near); diff != "" {
		t.Error(diff)
	}
}

func TestParty(t *testing.T) {
	for _, c := range []struct{ word, en, es string }{
		{"Democrat", "Democratic Party", "Partido Demócrata"},
		{"R", "Republican Party", "Partido Republicano"},
		{"Independent", "Independent", "Independiente"},
		{"Libertarian", "Libertarian", "Libertarian"},
	} {
		if en, es := In(English).Party(c.word), In(Spanish).Party(c.word); en != c.en || es != c.es {
			t.Errorf("%s: %q, %q", c.word, en, es)
		}
	}
}
