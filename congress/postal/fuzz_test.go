package postal_test

import (
	"strings"
	"testing"

	"github.com/franklin-letters/franklin/congress/postal"
)

// bound is how long a text may come out, whatever goes in.
const bound = 600

func FuzzParseStreet(f *testing.F) {
	for _, row := range append(same, sameRoads...) {
		for _, name := range row {
			f.Add(name)
		}
	}
	for _, name := range countyNames {
		f.Add(name)
	}
	f.Add("1 Str St U") // found before
	f.Add("1 Saint St U")
	f.Add("1 St Saint St U")
	f.Add("tr 1 Str St U")
	f.Fuzz(func(t *testing.T, name string) {
		s := postal.ParseStreet(name)
		text := s.String()
		checkText(t, name, text)
		if len(name) > 64 || len(text) > 120 || strings.Count(text, " ") > 25 { // what is cut off may read otherwise without the rest
			return
		}
		if again := postal.ParseStreet(text); again != s {
			t.Errorf("%q is %+v, but %q is %+v", name, s, text, again)
		}
		if typed := postal.Parse("123 " + text); s.Name != "" && !typed.HasNumber {
			t.Errorf("123 %q is %+v", text, typed)
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, c := range lines {
		f.Add(c.typed)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		l := postal.Parse(typed)
		for _, text := range []string{l.Unit, l.Box, l.Route, l.Mailbox, l.Urbanization, l.Number.String(), postal.City(typed)} {
			checkText(t, typed, text)
		}
		if !l.HasNumber && l.Number != (postal.Number{}) || (l.Kind == postal.KindStreet) != (l.Street.Name != "") || l.Kind > postal.KindGeneral {
			t.Errorf("%q is %+v", typed, l)
		}
		readings := l.Readings()
		if len(readings) > 6 || len(readings) > 0 && readings[0] != l.Street {
			t.Errorf("%q has the readings %v", typed, readings)
		}
		for _, s := range readings {
			checkText(t, typed, s.String())
		}
	})
}

func FuzzParseNumber(f *testing.F) {
	for _, text := range []string{"1498", "117-01", "P99", "LO00", "N6W23001", "123 1/2", "37 - 05", "½", "4294967296", "A-1-2"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		n, ok := postal.ParseNumber(text)
		if !ok {
			return
		}
		checkText(t, text, n.String())
		if again, ok := postal.ParseNumber(n.String()); !ok || again != n {
			t.Errorf("%q is %+v, but %q is %+v, %v", text, n, n.String(), again, ok)
		}
	})
}

// checkText holds that a text is upper-case ASCII of single spaces and not long.
func checkText(t *testing.T, from, text string) {
	t.Helper()
	for i := range len(text) {
		c := text[i]
		word := 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '-' || c == '#'
		if !word && (c != ' ' || i == 0 || i == len(text)-1 || text[i-1] == ' ') {
			t.Errorf("%q gives %q", from, text)
			return
		}
	}
	if len(text) > bound {
		t.Errorf("%d bytes give %d", len(from), len(text))
	}
}
