package supporter_test

import (
	"encoding/base64"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
	"github.com/franklin-letters/franklin/internal/fault"
	"github.com/franklin-letters/franklin/internal/supporter"
)

// TestMAIL_U_6_TheLinkLastsAndIsBound: to a person and a list, for twelve months, through
// changes of the secret.
func TestMAIL_U_6_TheLinkLastsAndIsBound(t *testing.T) {
	w := newWorld(t, dbtest.New(t))
	token := w.people.LeaveToken("ann", "ann@example.org", supporter.Updates)
	link, ok := w.people.ToLeave(token)
	if !ok || link.Supporter != "ann" || link.List != supporter.Updates || link.Mailbox != w.people.Keys.Mailbox("Ann+x@Example.org") {
		t.Fatalf("%+v, %t", link, ok)
	}
	for _, c := range []struct {
		name  string
		after time.Duration
		keys  [][]byte
		want  bool
	}{
		{"at once", 0, [][]byte{secret}, true},
		{"after eleven months", 335 * 24 * time.Hour, [][]byte{secret}, true},
		{"after twelve months", 365 * 24 * time.Hour, [][]byte{secret}, true},
		{"after thirteen", 396 * 24 * time.Hour, [][]byte{secret}, false},
		{"the secret was changed", 24 * time.Hour, [][]byte{newer, secret}, true},
		{"the old secret was thrown away", 24 * time.Hour, [][]byte{newer}, false},
		{"without a secret", 0, nil, false},
	} {
		w.now = noon.Add(c.after)
		if _, ok := w.under(c.keys...).ToLeave(token); ok != c.want {
			t.Errorf("%s the link works: %t", c.name, ok)
		}
	}
}

// TestMAIL_U_6_SurvivesARestore: somebody whom the restored database does not know leaves
// all the same, and stays away when they are brought in again.
func TestMAIL_U_6_SurvivesARestore(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		if err := w.people.LeaveByToken(t.Context(), w.people.LeaveToken("lost", "lost@example.org", supporter.Updates), supporter.ByOneClick); err != nil {
			t.Fatal(err)
		}
		if !w.suppressed("lost@example.org", supporter.Updates) {
			t.Error("a mail would go to who has left")
		}
		if err := w.people.LeaveByToken(t.Context(), "lost.x.updates.zzz.y", supporter.ByOneClick); !fault.Is(err, fault.NotFound) {
			t.Errorf("a made-up link: %v", err)
		}
	})
}

// TestSEC_TOK_1_LinksArePurposeBound: no link does what another one does, and none can be
// changed.
func TestSEC_TOK_1_LinksArePurposeBound(t *testing.T) {
	w := newWorld(t, dbtest.New(t))
	last := func(url string) string { return url[strings.LastIndex(url, "/")+1:] }
	who := supporter.Person{ID: "ann", Email: "ann@example.org"}
	tokens := map[string]string{
		"leave": w.people.LeaveToken(who.ID, who.Email, supporter.Updates),
		"join":  last(w.people.JoinURL(who.ID, who.Email, supporter.Updates)),
		"data":  last(w.people.DataURL(who)),
	}
	opens := map[string]func(string) (supporter.Link, bool){"leave": w.people.ToLeave, "join": w.people.ToJoin, "data": w.people.ToData}
	for made, token := range tokens {
		for used, open := range opens {
			if _, ok := open(token); ok != (made == used) {
				t.Errorf("a link to %s used to %s works: %t", made, used, ok)
			}
		}
		for bit := range 8 * len(token) {
			broken := []byte(token)
			broken[bit/8] ^= 1 << (bit % 8)
			if _, ok := opens[made](string(broken)); ok {
				t.Fatalf("a link to %s with bit %d flipped works", made, bit)
			}
		}
		mark := token[strings.LastIndex(token, ".")+1:]
		if raw, err := base64.RawURLEncoding.DecodeString(mark); err != nil || len(raw) < 16 {
			t.Errorf("the mark of a link to %s has %d bytes, %v", made, len(raw), err)
		}
	}
	w.now = noon.Add(24*time.Hour + time.Second)
	if _, ok := w.people.ToData(tokens["data"]); ok {
		t.Error("a link to somebody's data works after a day")
	}
	w.now = noon.Add(7*24*time.Hour + time.Second)
	if _, ok := w.people.ToJoin(tokens["join"]); ok {
		t.Error("a link to join works after a week")
	}
}

// TestMAIL_U_5_Scopes: leaving one list keeps the others, leaving everything keeps none,
// and either holds at once at the index and at the question before the mail leaves.
func TestMAIL_U_5_Scopes(t *testing.T) {
	const partner = supporter.List("partner-x")
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		one, all, stays := w.member("one@example.org"), w.member("two@example.org"), w.member("zoe@example.org")
		for _, who := range []supporter.Person{one, all, stays} {
			w.tick(who, partner, true)
		}
		if got := w.audience(supporter.Updates) + "/" + w.audience(partner); got != "one two zoe/one two zoe" {
			t.Fatalf("before anybody leaves: %s", got)
		}
		for range 2 { // twice is as good as once
			w.leave(one, supporter.Updates)
			w.leave(all, supporter.Everything)
		}
		if got := w.audience(supporter.Updates) + "/" + w.audience(partner); got != "zoe/one zoe" {
			t.Errorf("who is on the lists: %s", got)
		}
		for address, want := range map[string][2]bool{"ONE+x@example.org": {true, false}, "two@example.org": {true, true}, "zoe@example.org": {false, false}} {
			if got := [2]bool{w.suppressed(address, supporter.Updates), w.suppressed(address, partner)}; got != want {
				t.Errorf("%s: suppressed on the two lists %v, want %v", address, got, want)
			}
		}
		for _, c := range w.consents(one) {
			if gone := !c.Withdrawn.IsZero(); gone != (c.List == supporter.Updates) || gone && c.Way != supporter.ByPage {
				t.Errorf("%+v", c)
			}
		}
	})
}

func TestLeaveByAddress(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.member("ann@example.org")
		for _, address := range []string{"Ann@Example.org", "nobody@example.org"} {
			if err := w.people.LeaveByAddress(t.Context(), address, supporter.Updates, supporter.ByMail); err != nil {
				t.Fatal(err)
			}
			if !w.suppressed(address, supporter.Updates) || w.suppressed(address, supporter.OwnActs) {
				t.Errorf("%s can still be mailed, or not even asked", address)
			}
		}
		if got := w.audience(supporter.Updates); got != "" {
			t.Errorf("on the list: %s", got)
		}
		if err := w.under().LeaveByAddress(t.Context(), "ann@example.org", supporter.Updates, supporter.ByMail); err == nil {
			t.Error("without the secret somebody is said to have left")
		}
	})
}

func TestMasked(t *testing.T) {
	for email, want := range map[string]string{"ann@example.org": "a***@example.org", "ñandú@example.org": "ñ***@example.org", "a@b.org": "a***@b.org", "": "", "@x": ""} {
		if got := supporter.Masked(email); got != want {
			t.Errorf("%q is shown as %q, want %q", email, got, want)
		}
	}
}

// TestMAIL_U_1_LinksFromBeforeAMerge: who was merged with another person leaves by the links in
// old mails to either mailbox: the list of the link with one click, and no more than that.
func TestMAIL_U_1_LinksFromBeforeAMerge(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		first, second, third := w.member("ann@example.org"), w.member("bea@work.example"), w.member("cyd@home.example")
		other := supporter.OutcomeOf(w.water.ID)
		w.tick(second, other, true)
		link := w.people.LeaveToken(first.ID, first.Email, supporter.Updates)
		for _, pair := range [][2]string{{second.ID, first.ID}, {third.ID, second.ID}} {
			if err := w.people.Merge(t.Context(), pair[0], pair[1], "ada"); err != nil {
				t.Fatal(err)
			}
		}
		if got := w.show(third.ID).Lists; len(got) != 2 {
			t.Fatalf("before: %v", got)
		}
		for range 2 {
			if err := w.people.LeaveByToken(t.Context(), link, supporter.ByOneClick); err != nil {
				t.Fatal(err)
			}
		}
		if got := w.show(third.ID).Lists; !slices.Equal(got, []supporter.List{other}) {
			t.Errorf("on %v, want the other list alone", got)
		}
		for _, address := range []string{first.Email, third.Email} {
			if !w.suppressed(address, supporter.Updates) || w.suppressed(address, other) || w.suppressed(address, supporter.OwnActs) {
				t.Errorf("%s: %t %t %t", address, w.suppressed(address, supporter.Updates), w.suppressed(address, other), w.suppressed(address, supporter.OwnActs))
			}
		}
		for _, c := range w.consents(third) {
			if ended := !c.Withdrawn.IsZero(); ended != (c.List == supporter.Updates) {
				t.Errorf("%s was taken back: %t", c.List, ended)
			}
		}
		opened, _ := w.people.ToLeave(link)
		if err := w.people.Leave(t.Context(), opened, supporter.Everything, supporter.ByPage); err != nil {
			t.Fatal(err)
		}
		if got := w.show(third.ID).Lists; len(got) != 0 || !w.suppressed(third.Email, other) {
			t.Errorf("after everything: %v", got)
		}
		if err := w.erase(t.Context(), third); err != nil {
			t.Fatal(err)
		}
		if err := w.people.LeaveByToken(t.Context(), link, supporter.ByMail); err != nil {
			t.Errorf("when the person is forgotten: %v", err)
		}
	})
}
