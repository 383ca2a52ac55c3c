package databuild

import (
	"testing"

	"github.com/franklin-letters/franklin/congress/district"
)

// TestKnownOverrides: what the program itself says must be said as fully as in a file.
func TestKnownOverrides(t *testing.T) {
	for _, rule := range knownOverrides() {
		if err := rule.check(); err != nil {
			t.Error(err)
		}
	}
}

// FuzzOverrides: whatever is taken names a state, a span of the term and a source.
func FuzzOverrides(f *testing.F) {
	f.Add([]byte(`[{"state":"MO","congress":120,"inherits":119,"source":"s","dated":"2026-09-25","note":"n"}]`))
	f.Add([]byte(`[{"state":"NV","congress":120,"file":"../x","source":"s","dated":"2026-09-25","note":"n"}]`))
	f.Add([]byte(`[{"state":"AZ","congress":120,"from":"2028-05-01T00:00:00Z","source":"s","dated":"2028-04-01","note":"n"}]`))
	f.Add([]byte(`{}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		list, err := parseOverrides(raw)
		if err != nil {
			return
		}
		for _, rule := range list {
			p := district.Plan{State: rule.State, Congress: rule.Congress, From: rule.Congress.Start(), To: rule.Congress.End()}
			rule.apply(&p)
			if !p.State.Valid() || p.Note == "" || !p.From.Before(p.To) || p.From.Before(rule.Congress.Start()) || p.To.After(rule.Congress.End()) {
				t.Errorf("%q became %+v", raw, p)
			}
		}
	})
}

// FuzzPairs reads any cells of a relation; a district that is taken is one of the House.
func FuzzPairs(f *testing.F) {
	f.Add("85281", "0404")
	f.Add("85281", "")
	f.Add("99501", "0298")
	f.Add("60091", "17ZZ")
	f.Fuzz(func(t *testing.T, zcta, geoid string) {
		known := pairs{}
		if known.add(zcta, geoid) != nil {
			return
		}
		for zip, seats := range known {
			if zip > 99_999 || len(seats) != 1 || !seats[0].Valid() {
				t.Errorf("%q %q became %d %s", zcta, geoid, zip, seats)
			}
		}
	})
}
