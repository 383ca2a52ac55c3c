package app_test

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/congress/cwc/cwctest"
	"github.com/franklin-letters/franklin/internal/config"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
	"github.com/franklin-letters/franklin/internal/mail/mailtest"
)

// told waits until so many mails about turns have been made, or were found needless.
func (p *program) told(n int) {
	p.Helper()
	p.until(p.OpsURL()+"/metrics", fmt.Sprintf(`franklin_job_seconds_count{failed="false",kind="mail_turns"} %d`+"\n", n))
}

// about returns the mails to an address whose subject holds some words.
func about(mails *mailtest.Catcher, address, words string) []mailtest.Message {
	var found []mailtest.Message
	for _, m := range mails.Messages() {
		if m.To[0] == address && strings.Contains(m.Subject, words) {
			found = append(found, m)
		}
	}
	return found
}

// TestTurnsAreMailed: who wrote a letter that the House refuses, or that cannot be sent in
// time, gets one mail with one link that leads to what happened; nobody else gets any.
func TestTurnsAreMailed(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, database string) {
		p := build(t, database).start()
		if err := p.capitol.Script(cwctest.Act{Do: cwctest.Refuse, Text: "The value 'Muñoz' is not in order"}); err != nil {
			t.Fatal(err)
		}
		p.until(p.send(typed()), "did not take this letter")
		p.told(1)
		mails := about(p.mails, "ana@example.org", "needs you")
		if len(mails) != 1 {
			t.Fatalf("%d mails tell of the letter", len(mails))
		}
		for _, word := range []string{"Ana", "Muñoz", "Neil", "Cheyenne", "It matters at home", "in order"} {
			if strings.Contains(mails[0].Text+mails[0].HTML+mails[0].Subject, word) {
				t.Errorf("the mail repeats %s", word)
			}
		}
		links := regexp.MustCompile(`http://\S+`).FindAllString(mails[0].Text, -1)
		if len(links) != 1 || !strings.Contains(p.read(links[0]), "is not in order") {
			t.Errorf("the mail has the links %q", links)
		}
		p.until(p.send(typed("first_name", "Bob", "email", "bob@example.org")), "Accepted by the House mail system") // the control
		if mails := about(p.mails, "bob@example.org", "needs you"); len(mails) != 0 {
			t.Error("who has nothing to do gets a mail")
		}
	})
}

// TestTurnsAreGathered: of a form whose letters to three members all fail, one mail tells. A
// relay that is busy is tried again, and a mailbox that is not there is given up.
func TestTurnsAreGathered(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, database string) {
		w := build(t, database)
		mails := openMails(t, mailtest.Options{Clock: w.clock.now, Answer: (&relay{script: map[string][]int{
			"busy@example.org": {250, 450}, "gone@example.org": {250, 550}, // the receipt's mail comes first
		}}).answer})
		w.mailThrough(mails)
		w.options.Backoff = 200 * time.Millisecond // so the mails wait for two seconds
		w.settings.CWC.Senate = config.Senate{URL: w.capitol.URL + "/api", Messages: "production-messages", Key: apiKey, Rate: 200}
		p := w.start()
		file := strings.NewReplacer("slug: loophole", "slug: all-three", "goal: 3000", "goal: 3000\ntargets: [representative, senators]").Replace(campaignFile)
		if _, _, err := p.Campaigns().Apply(t.Context(), []byte(file), "test"); err != nil {
			t.Fatal(err)
		}
		if err := p.capitol.Script(cwctest.Act{Do: cwctest.Refuse, Text: "not in order", Times: 100}); err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"ana", "busy", "gone"} {
			if a := p.do(http.MethodPost, p.URL()+"/c/all-three/send", typed("first_name", name, "email", name+"@example.org")); a.status != http.StatusSeeOther {
				t.Fatalf("sending is answered %d", a.status)
			}
		}
		p.told(3)
		if n := strings.Count(w.log.String(), `"result":"refused"`); n != 9 {
			t.Errorf("%d letters were refused before the mails", n)
		}
		for name, want := range map[string]int{"ana": 1, "busy": 1, "gone": 0} {
			if got := about(mails, name+"@example.org", "needs you"); len(got) != want {
				t.Errorf("%s got %d mails, want %d", name, len(got), want)
			}
		}
		if log := w.log.String(); strings.Count(log, `"mail":"turn-`) != 1 || strings.Contains(log, "@example.org") {
			t.Errorf("the log should tell of the one given up, without its address:\n%s", log)
		}
	})
}
