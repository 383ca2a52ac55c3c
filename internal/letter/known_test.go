package letter_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/letter"
)

// TestOnlyANewLetterChangesAPerson: anybody can type any address. What is not taken, because
// it was sent before or its owner wants no letters in their name, leaves the person as they are.
func TestOnlyANewLetterChangesAPerson(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newPost(t, d)
		f := person(1)
		f.FirstName, f.LastName, f.Lang = "Jane", "Doe", "en"
		first := p.take(f)
		row := func() query.Supporter {
			t.Helper()
			s, err := d.Read().SupporterByID(t.Context(), p.submissionRow(first.SubmissionID).SupporterID)
			if err != nil {
				t.Fatal(err)
			}
			return s
		}
		before := row()
		send := func(change func(*letter.Form)) letter.Standing {
			t.Helper()
			p.clock.turn(time.Minute)
			g := f
			change(&g)
			return p.submit(p.submission(g.Clean())).Standing
		}
		same := func(what string) {
			t.Helper()
			if diff := cmp.Diff(before, row()); diff != "" {
				t.Errorf("%s changes the person (-before +after):\n%s", what, diff)
			}
		}
		shout := func(g *letter.Form) {
			g.FirstName, g.LastName, g.Lang, g.ZIP, g.Email = "JANE!", "D O E", "es", "85142", "DOE1+x@example.org"
		}
		if s := send(shout); s != letter.Repeated {
			t.Errorf("the same form again is %s", s)
		}
		same("the same form again")
		if s := send(func(g *letter.Form) { shout(g); g.Key = letter.NewKey() }); s != letter.Already {
			t.Errorf("the same person again is %s", s)
		}
		same("the same person again")
		p.campaign = p.apply(smallWater())
		if s := send(func(g *letter.Form) { shout(g); g.Key = letter.NewKey() }); s != letter.Taken { // the control
			t.Errorf("a letter on another campaign is %s", s)
		}
		if now := row(); now.FirstName != "JANE!" || now.LastName != "D O E" || now.Lang != "es" || now.Zip != "85142" || now.UpdatedAt == before.UpdatedAt || now.CreatedAt != before.CreatedAt {
			t.Errorf("after a new letter: %+v", now)
		}
		before = row()
		p.disown(first.ID)
		if s := send(func(g *letter.Form) { g.Key, g.FirstName = letter.NewKey(), "Mallory" }); s != letter.Barred {
			t.Errorf("a letter from a blocked address is %s", s)
		}
		same("a letter from a blocked address")
	})
}
