package segment_test

import (
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/franklin-letters/franklin/internal/supporter/segment"
)

func TestParsePrints(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"everyone":                      "everyone",
		"state = TX":                    "state = TX",
		"STATE=texas and Language = ES": "state = TX and language = es",
		"district = tx7":                "district = TX-07",
		"seat in (AK, tx-7, TX-07)":     "district in (AK-00, TX-07)",
		"zip = 787*":                    "zip = 787*",
		"party = d or party != R":       "party = Democrat or party != Republican",
		"not party = R":                 "party != Republican",
		"not not tag = a":               "tag = a",
		`tag = "Big  Donor"`:            `tag = "big donor"`,
		`tag = "or"`:                    `tag = "or"`,
		`tag = "a \"b\" \\ c"`:          `tag = "a \"b\" \\ c"`,
		"not acted(stop-abuse)":         "not acted(stop-abuse)",
		"list = updates":                "list = updates",
		"source = Facebook*":            "source = facebook*",
		"joined<2026-01-01":             "joined < 2026-01-01",
		"(a_ = b":                       "",
		"not (state = TX and (state = CA or tag = x))":                 "not (state = TX and (state = CA or tag = x))",
		"state = TX and (tag = b and (tag = c and tag = d))":           "state = TX and tag = b and tag = c and tag = d",
		"(state = TX and tag = b) or tag = c":                          "state = TX and tag = b or tag = c",
		"state = TX and (tag = volunteer or not acted(stop-abuse))":    "state = TX and (tag = volunteer or not acted(stop-abuse))",
		"joined >= 2026-01-01 and language = es and tag in (b, a, b) ": "joined >= 2026-01-01 and language = es and tag in (a, b)",
	} {
		s, err := segment.Parse(text)
		if want == "" {
			if err == nil {
				t.Errorf("%q is taken as %s", text, s)
			}
			continue
		}
		if err != nil || s.String() != want {
			t.Errorf("%q: %q, %v; want %q", text, s, err, want)
		}
	}
}

func TestParseSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                                     "at character 1: expected state, district, zip, party, list, tag, language, source, joined or acted(...), not the end",
		"state = TX and":                       "at character 15: expected state, district",
		"state = XX":                           `at character 9: "XX" is no state: write its two letters, such as TX`,
		"state TX":                             "at character 7: expected =, != or in behind state, not TX",
		"state = ":                             "at character 9: expected a state, such as TX, not the end",
		"state = and":                          "at character 9: expected a state, such as TX, not and",
		"état = TX":                            "at character 1: expected state",
		"tag = é and stat = TX":                "at character 13: expected state",
		"district = TX-99":                     `at character 12: "TX-99" is no district`,
		"district = TX-S1":                     `"TX-S1" is no district`,
		"zip = 1234":                           `at character 7: "1234" is no ZIP code`,
		"party = Whig":                         `at character 9: "Whig" is no party`,
		"committee = Judiciary":                "at character 1: the list of members has no committees",
		"joined = 2026-01-01":                  "at character 8: expected <, <=, > or >= behind joined, not =",
		"joined > 2026-02-30":                  "at character 10: expected a day, such as 2026-01-31, not 2026-02-30",
		"acted stop":                           "at character 7: expected ( and the campaign behind acted, not stop",
		"acted(stop":                           "at character 11: expected ) behind the campaign, not the end",
		"(state = TX":                          "at character 12: expected ) to close the parenthesis, not the end",
		"state = TX state = CA":                "at character 12: expected and, or, or the end, not state",
		`tag = "a`:                             "at character 7: the quote that begins here is never closed",
		"tag = 'a'":                            `at character 7: '\'' cannot stand here`,
		"state in TX":                          "at character 10: expected ( before the values, not TX",
		"state in (TX":                         "at character 13: expected ) behind the values, not the end",
		"everyone and state = TX":              "at character 1: everyone stands alone",
		"state = TX; DROP TABLE":               "at character 11: ';' cannot stand here",
		"language = spanish":                   `at character 12: "spanish" is not a language`,
		strings.Repeat("(", 60) + "state = TX": "at character 51: too many parentheses",
		strings.Repeat("x", 9000):              "a filter may have 8000 characters",
	} {
		s, err := segment.Parse(text)
		if syntax, ok := errors.AsType[*segment.SyntaxError](err); !ok || !strings.Contains(syntax.Error(), want) {
			t.Errorf("%q: %q, %v; want %q", text, s, err, want)
		}
	}
}

// texts makes filters of every form.
func texts() *rapid.Generator[string] {
	value := func(values ...string) *rapid.Generator[string] { return rapid.SampledFrom(values) }
	tag := rapid.Custom(func(t *rapid.T) string {
		return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(rapid.StringMatching(`[a-zé"\\(=* ,.!-]{0,8}[a-z]`).Draw(t, "tag")) + `"`
	})
	var any func(depth int) *rapid.Generator[string]
	any = func(depth int) *rapid.Generator[string] {
		return rapid.Custom(func(t *rapid.T) string {
			kinds := 9
			if depth == 0 {
				kinds = 6
			}
			part := func() string { return any(depth-1).Draw(t, "part") }
			switch rapid.IntRange(0, kinds).Draw(t, "kind") {
			case 0:
				return "state in (" + value("TX", "CA", "ny").Draw(t, "a") + ", " + value("AK", "TX", "Ohio").Draw(t, "b") + ")"
			case 1:
				return "tag = " + tag.Draw(t, "tag")
			case 2:
				return "zip != " + value("787*", "78701", "9*").Draw(t, "zip")
			case 3:
				return "joined " + value("<", "<=", ">", ">=").Draw(t, "op") + " " + value("2026-01-01", "1970-01-01").Draw(t, "day")
			case 4:
				return "acted(" + value("stop-abuse", "other").Draw(t, "slug") + ")"
			case 5:
				return "district = " + value("TX-07", "ak", "ca52").Draw(t, "seat")
			case 6:
				return value("language = es", "list = updates", "source = facebook*", "party = r").Draw(t, "word")
			case 7:
				return "not (" + part() + ")"
			case 8:
				return "(" + part() + ") and " + part()
			}
			return part() + " or (" + part() + ")"
		})
	}
	return any(3)
}

func TestPrintParsesBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := texts().Draw(t, "text")
		s, err := segment.Parse(text)
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		again, err := segment.Parse(s.String())
		if err != nil || !segment.Same(again, s) {
			t.Fatalf("%q prints as %q, which parses as %q (%v)", text, s, again, err)
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, text := range []string{
		"everyone", "state = TX and (tag = \"a b\" or not acted(stop-abuse)) and joined >= 2026-01-01",
		"zip in (787*, 78701)", "not not not tag = \"\\\\\"", "((((", "tag = \"or\"", "source != fb/*",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := segment.Parse(text)
		if err != nil {
			if syntax, ok := errors.AsType[*segment.SyntaxError](err); !ok || syntax.At < 1 || syntax.Message == "" {
				t.Errorf("%q: %v", text, err)
			}
			return
		}
		again, err := segment.Parse(s.String())
		if err != nil || !segment.Same(again, s) {
			t.Errorf("%q prints as %q, which parses as %q (%v)", text, s, again, err)
		}
	})
}
