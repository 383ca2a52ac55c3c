package app_test

import (
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
	"github.com/franklin-letters/franklin/internal/db/query"
)

// link returns the first link of a kind that was mailed to an address.
func (p *program) link(address, page string) string {
	p.Helper()
	find := regexp.MustCompile(`https?://\S+/` + page + `/[^\s?]+`)
	p.waitFor(func() bool {
		for _, m := range p.mails.Messages() {
			if m.To[0] == address && find.MatchString(m.Text) {
				return true
			}
		}
		return false
	})
	for _, m := range p.mails.Messages() {
		if found := find.FindString(m.Text); m.To[0] == address && found != "" {
			return found
		}
	}
	p.Fatalf("no link to %s was mailed to %s", page, address)
	return ""
}

// waitFor waits until something is so.
func (p *program) waitFor(so func() bool) {
	p.Helper()
	for deadline := time.Now().Add(time.Minute); !so() && time.Now().Before(deadline); {
		p.read(p.OpsURL() + "/healthz")
	}
}

func (p *program) post(target string, form url.Values, want string) {
	p.Helper()
	if a := p.do(http.MethodPost, target, form); a.status != http.StatusOK || !strings.Contains(a.body, want) {
		p.Fatalf("%s is answered %d, without %q:\n%s", target, a.status, want, a.body)
	}
}

// TestMAIL_C_2_JoiningTheWholeWay: one mail holds the receipt and the button that joins.
func TestMAIL_C_2_JoiningTheWholeWay(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, database string) {
		p := build(t, database).start()
		p.send(typed("join", "on"))
		join := p.link("ana@example.org", "join")
		for range 2 {
			p.read(join)
		}
		if n := caught(p.mails)["ana@example.org"]; n != 1 {
			t.Errorf("she got %d mails", n)
		}
		p.post(join, url.Values{"lang": {"es"}}, "Está en la lista")
	})
}

// TestPRIV_ERA_1_ABackupIsCleanedBeforeItServes: whoever was erased is erased again when the
// database comes back from an older file, and nobody else.
func TestPRIV_ERA_1_ABackupIsCleanedBeforeItServes(t *testing.T) {
	t.Parallel()
	database := dbtest.SQLiteURL(t)
	file, _ := db.File(database)
	w := build(t, database)
	p := w.start()
	p.until(p.send(typed("first_name", "Quetzalcoatl")), "Accepted by the House mail system")
	p.send(typed("first_name", "Eve", "email", "eve@example.org"))
	p.ran(2)
	if err := p.stop(); err != nil {
		t.Fatal(err)
	}
	backup, err := os.ReadFile(file)
	if err != nil || !holds(t, database, "Quetzalcoatl") {
		t.Fatalf("the backup does not hold her: %v", err)
	}
	p = w.start()
	p.post(p.URL()+"/my-data", url.Values{"email": {"Ana+x@example.org"}}, "Look into your mailbox")
	mailed := p.link("ana@example.org", "my-data")
	own := p.URL() + mailed[strings.Index(mailed, "/my-data/"):]
	p.read(own)
	p.post(own+"/erase", nil, "Your data are erased")
	if err := p.stop(); err != nil {
		t.Fatal(err)
	}
	if holds(t, database, "Quetzalcoatl") || !holds(t, database, "Eve") {
		t.Error("after the erasure the database knows her, or nobody")
	}
	if err := os.WriteFile(file, backup, 0o600); err != nil {
		t.Fatal(err)
	}
	p = w.start()
	own = p.URL() + own[strings.Index(own, "/my-data/"):]
	if body := p.read(own); !strings.Contains(body, "Your data are erased") {
		t.Errorf("the restored database gives her data out:\n%s", body)
	}
	if log := w.log.String(); !strings.Contains(log, "erased again") || !strings.Contains(log, `"people":1`) || strings.Contains(log, "ana@example.org") {
		t.Error("the log does not tell of it")
	}
	if err := p.stop(); err != nil {
		t.Fatal(err)
	}
	if holds(t, database, "Quetzalcoatl") || !holds(t, database, "Eve") {
		t.Error("after the restore the database knows her, or nobody")
	}
}

// TestMAIL_U_6_AChangedSecret: an older secret on a second line of the file is accepted, a
// file with anything else is refused.
func TestMAIL_U_6_AChangedSecret(t *testing.T) {
	t.Parallel()
	w := build(t, dbtest.SQLiteURL(t))
	p := w.start()
	p.send(typed("join", "on"))
	join := p.link("ana@example.org", "join")
	if err := p.stop(); err != nil {
		t.Fatal(err)
	}
	old, err := os.ReadFile(w.settings.Secret.File)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(w.settings.Secret.File, append([]byte(strings.Repeat("cd", 32)+"\n"), old...), 0o600); err != nil {
		t.Fatal(err)
	}
	p = w.start()
	p.post(p.URL()+join[strings.Index(join, "/join/"):], nil, "You are on the list")
}

// holds reports whether the database, which nobody else has open, knows somebody by a first name.
func holds(t *testing.T, database, name string) bool {
	t.Helper()
	d := dbtest.Open(t, database)
	people, err := d.Read().ListSupportersAfter(t.Context(), query.ListSupportersAfterParams{MaxRows: 10})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	return slices.ContainsFunc(people, func(s query.Supporter) bool { return string(s.FirstName) == name })
}
