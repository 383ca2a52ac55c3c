package supporter_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
	"github.com/franklin-letters/franklin/internal/supporter"
	"github.com/franklin-letters/franklin/internal/supporter/segment"
)

// Many new people count at once, as what their rows say of them: also when all is read anew.
func TestImportedPeopleNeedNoFolding(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		lines := []string{"email,status,state,zip,language,source,tags"}
		for i := range 3000 {
			status := []string{"", "", "not subscribed", "bounced"}[i%4]
			lines = append(lines, fmt.Sprintf(`person%d@example.org,%s,TX,%05d,%s,petition/%d,"tag %d, volunteer"`, i, status, 78000+i, []string{"en", "es"}[i%2], i%3, i%5))
		}
		w.bring(strings.Join(lines, "\n"), func(o *supporter.Import) {
			o.Tags = []string{"petition"}
			o.Place = func(zip, state string) (string, string) {
				return map[bool]string{true: state}[zip < "79500"], "TX-07"
			}
		})
		segments := w.segments()
		if n, err := segments.Waiting(t.Context(), 10); err != nil || n != 0 {
			t.Errorf("%d people wait to be folded in, %v", n, err)
		}
		count := func(want map[string]int64) {
			t.Helper()
			for text, n := range want {
				s, err := segment.Parse(text)
				if err != nil {
					t.Fatal(err)
				}
				if got, err := segments.Count(t.Context(), s); err != nil || got != n {
					t.Errorf("%s: %d people, %v; want %d", text, got, err, n)
				}
			}
		}
		want := map[string]int64{
			"everyone": 3000, "state = TX": 3000, "district = TX-07": 1500, "zip = 780*": 100, "language = es": 1500, "source = petition/1": 1000,
			"tag = petition": 3000, "tag in (volunteer)": 3000, `tag = "tag 4"`: 600, "list = updates": 1500, "joined >= 2026-11-23": 1500,
		}
		count(want)
		if err := segments.Rebuild(t.Context()); err != nil {
			t.Fatal(err)
		}
		count(want)
	})
}
