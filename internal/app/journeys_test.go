package app_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/internal/db/dbtest"
	"github.com/franklin-letters/franklin/internal/mail/mailtest"
)

// publish makes the campaign's file say something more in its head.
func (p *program) publish(more string) {
	p.Helper()
	file := strings.Replace(campaignFile, "opt_in:", more+"\nopt_in:", 1)
	if _, _, err := p.Campaigns().Apply(p.Context(), []byte(file), "test"); err != nil {
		p.Fatal(err)
	}
}

var journeyRounds = regexp.MustCompile(`franklin_job_seconds_count\{failed="false",kind="journeys"\} (\d+)`)

// looked waits until the program has twice looked what follows from what happened, from now on.
func (p *program) looked() {
	p.Helper()
	rounds := func() int {
		found := journeyRounds.FindStringSubmatch(p.read(p.OpsURL() + "/metrics"))
		if found == nil {
			return 0
		}
		n, _ := strconv.Atoi(found[1])
		return n
	}
	want := rounds() + 2
	p.waitFor(func() bool { return rounds() >= want })
	if rounds() < want {
		p.Fatalf("it does not look any more:\n%s", p.log)
	}
}

// got returns the mails to an address whose text holds the words.
func (p *program) got(address, words string) []mailtest.Message {
	var all []mailtest.Message
	for _, m := range p.mails.Messages() {
		if m.To[0] == address && strings.Contains(m.Text, words) {
			all = append(all, m)
		}
	}
	return all
}

// mailed waits for the one mail to an address with the words.
func (p *program) mailed(address, words string) mailtest.Message {
	p.Helper()
	p.waitFor(func() bool { return len(p.got(address, words)) > 0 })
	all := p.got(address, words)
	if len(all) != 1 {
		p.Fatalf("%s got %d mails with %q\n%s", address, len(all), words, p.log)
	}
	return all[0]
}

// onList has somebody write, tick the box and confirm it, and waits until their letter is there:
// some mails count from then.
func (p *program) onList(name string) {
	p.Helper()
	address := strings.ToLower(name) + "@example.org"
	receipt := p.send(typed("first_name", name, "email", address, "join", "on"))
	p.post(p.here(p.link(address, "join")), nil, "You are on the list")
	p.until(receipt, "Accepted by the House mail system")
}

// here is a mailed link as this server is reached.
func (p *program) here(link string) string {
	path := regexp.MustCompile(`^https?://[^/]+`).ReplaceAllString(link, "")
	return p.URL() + path
}

const (
	welcomed = "You are on the mailing list"
	over     = "this is how it ended"
)

// TestJourneyWelcome: whoever confirms is greeted, once, and no longer when they have left again.
func TestJourneyWelcome(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, database string) {
		p := build(t, database).start()
		p.onList("Ana")
		p.mailed("ana@example.org", welcomed)
		p.clock.forward(25 * time.Hour)
		p.post(p.here(p.link("ana@example.org", "join")), nil, "You are on the list") // once more
		p.publish("mails: {welcome: off}")
		p.onList("Bob")
		p.looked()
		if len(p.got("ana@example.org", welcomed)) != 1 || len(p.got("bob@example.org", welcomed)) != 0 {
			t.Error("Ana is greeted twice, or Bob although the campaign does not want it")
		}
	})
}

// TestJourneyOutcome: how a campaign ended is told once to its writers who are on the list, and to
// nobody else.
func TestJourneyOutcome(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, database string) {
		p := build(t, database).start()
		for _, name := range []string{"Ana", "Cyd", "Dan"} {
			p.onList(name)
		}
		p.send(typed("first_name", "Bob", "email", "bob@example.org"))
		leave := p.here(leaving.FindString(p.mailed("cyd@example.org", welcomed).Text))
		p.publish("outcome: {date: 2026-11-20, summary: The House passed the bill.}")
		p.looked()
		if n := len(p.got("ana@example.org", over)); n != 0 {
			t.Error("the author has no hour to see a mistake")
		}
		p.clock.forward(61 * time.Minute)
		p.post(leave, url.Values{"List-Unsubscribe": {"One-Click"}}, "You have left the list")
		m := p.mailed("ana@example.org", over)
		if !strings.Contains(m.Text, "The House passed the bill.") || m.Header("List-Unsubscribe") != "" { // no TLS here
			t.Errorf("she reads:\n%s", m.Text)
		}
		p.mailed("dan@example.org", over)
		p.clock.forward(48 * time.Hour)
		p.looked()
		for who, want := range map[string]int{"ana": 1, "bob": 0, "cyd": 0, "dan": 1} {
			if got := len(p.got(who+"@example.org", over)); got != want {
				t.Errorf("%s is told %d times, want %d", who, got, want)
			}
		}
	})
}

var leaving = regexp.MustCompile(`http\S+/leave/[^\s?#]+`)

// TestJourneyGoal: the goal is told to those on the list whose letter is one of those that made it.
func TestJourneyGoal(t *testing.T) {
	t.Parallel()
	p := build(t, dbtest.SQLiteURL(t)).start()
	p.publish("steps: [1]\nmails: {goal: on}")
	p.onList("Ana")
	p.until(p.send(typed("first_name", "Bob", "email", "bob@example.org")), "Accepted by the House mail system")
	p.looked()
	file := strings.Replace(campaignFile, "goal: 3000", "goal: 2\nmails: {goal: on}", 1)
	if _, _, err := p.Campaigns().Apply(t.Context(), []byte(file), "test"); err != nil {
		t.Fatal(err)
	}
	p.looked()
	p.clock.forward(61 * time.Minute)
	if m := p.mailed("ana@example.org", "has reached its goal"); !strings.Contains(m.Text, "2 letters") {
		t.Errorf("she reads:\n%s", m.Text)
	}
	p.clock.forward(61 * time.Minute)
	p.looked()
	if len(p.got("ana@example.org", "has reached its goal")) != 1 || len(p.got("bob@example.org", "has reached its goal")) != 0 {
		t.Error("it is told twice, or to who is not on the list")
	}
}

// TestJourneyShare: a campaign that wants it thanks those on the list a day after their letter arrived.
func TestJourneyShare(t *testing.T) {
	t.Parallel()
	p := build(t, dbtest.SQLiteURL(t)).start()
	p.publish("mails: {share: on}")
	p.onList("Ana")
	p.until(p.send(typed("first_name", "Bob", "email", "bob@example.org")), "Accepted by the House mail system")
	p.clock.forward(23 * time.Hour)
	p.looked()
	if n := len(p.got("ana@example.org", "has reached Congress. Thank you.")); n != 0 {
		t.Error("it comes too early")
	}
	p.clock.forward(90 * time.Minute)
	p.mailed("ana@example.org", "has reached Congress. Thank you.")
	p.clock.forward(24 * time.Hour)
	p.looked()
	if n := len(p.got("bob@example.org", "has reached Congress. Thank you.")); n != 0 {
		t.Error("who is on no list gets it")
	}
}

// TestSEC_BOMB_1_OneReminder: who does not confirm is asked once more, in the mailbox's turn: one mail
// a day, three ever, whatever they are about.
func TestSEC_BOMB_1_OneReminder(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, database string) {
		p := build(t, database).start()
		p.publish("confirm: email")
		if a := p.do(http.MethodPost, p.URL()+"/c/loophole/send", typed()); a.status != http.StatusOK {
			t.Fatalf("sending is answered %d", a.status)
		}
		p.link("ana@example.org", "confirm")
		p.clock.forward(47 * time.Hour)
		p.looked()
		if n := caught(p.mails)["ana@example.org"]; n != 1 {
			t.Errorf("after 47 hours she has %d mails", n)
		}
		p.clock.forward(2 * time.Hour)
		m := p.mailed("ana@example.org", "This is the only reminder")
		for range 4 {
			p.clock.forward(24 * time.Hour)
			p.looked()
		}
		if n := caught(p.mails)["ana@example.org"]; n != 2 {
			t.Errorf("she has %d mails", n)
		}
		confirm := p.here(regexp.MustCompile(`http\S+/confirm/[^\s?]+`).FindString(m.Text))
		if a := p.do(http.MethodPost, confirm, nil); a.status != http.StatusSeeOther {
			t.Errorf("confirming is answered %d", a.status)
		}
	})
}

// TestSEC_BOMB_1_NoReminderOutOfTurn: a mailbox that has had its three mails gets no reminder.
func TestSEC_BOMB_1_NoReminderOutOfTurn(t *testing.T) {
	t.Parallel()
	p := build(t, dbtest.SQLiteURL(t)).start()
	for _, name := range []string{"Ana", "Bea", "Cyd"} { // three people behind one mailbox, who tick the box, on three days
		p.send(typed("first_name", name, "join", "on"))
		p.looked()
		p.clock.forward(25 * time.Hour)
	}
	for range 4 {
		p.looked()
		p.clock.forward(24 * time.Hour)
	}
	if n := caught(p.mails)["ana@example.org"]; n != 3 {
		t.Errorf("the mailbox has %d mails", n)
	}
}

// TestJourneyReminderOfTheList: who ticked the box and did not confirm is reminded, once.
func TestJourneyReminderOfTheList(t *testing.T) {
	t.Parallel()
	p := build(t, dbtest.SQLiteURL(t)).start()
	p.send(typed("join", "on"))
	p.link("ana@example.org", "join")
	p.clock.forward(49 * time.Hour)
	m := p.mailed("ana@example.org", "This is the only reminder")
	p.post(p.here(regexp.MustCompile(`http\S+/join/[^\s?]+`).FindString(m.Text)), nil, "You are on the list")
	p.mailed("ana@example.org", welcomed)
}
