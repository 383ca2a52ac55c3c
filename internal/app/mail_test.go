package app_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
	"github.com/franklin-letters/franklin/internal/jobs"
	"github.com/franklin-letters/franklin/internal/mail/mailtest"
)

// ran waits until so many jobs of the mails have ended well.
func (p *program) ran(n int) {
	p.Helper()
	p.until(p.OpsURL()+"/metrics", fmt.Sprintf(`franklin_job_seconds_count{failed="false",kind="mail_receipts"} %d`+"\n", n))
}

// caught returns how many mails each address has got.
func caught(mails *mailtest.Catcher) map[string]int {
	n := map[string]int{}
	for _, m := range mails.Messages() {
		for _, to := range m.To {
			n[to]++
		}
	}
	return n
}

func TestReceiptsAreMailed(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, database string) {
		p := build(t, database).start()
		receipt := p.send(typed())
		mail, err := p.mails.WaitFor(t.Context(), "ana@example.org")
		if err != nil {
			t.Fatal(err)
		}
		if mail.From != "letters@lantern.example" || !strings.Contains(mail.Header("From"), "Lantern Alliance") || mail.Header("Auto-Submitted") != "auto-generated" {
			t.Errorf("the mail comes from %s with %v", mail.From, mail.Headers)
		}
		links := regexp.MustCompile(`http://\S+/receipt/\S+`).FindAllString(mail.Text, -1)
		if len(links) != 1 {
			t.Fatalf("the mail has the links %q:\n%s", links, mail.Text)
		}
		// The mailed link opens the same receipt, and proves by a mark of its own that it came by mail.
		shown := receipt[:strings.LastIndex(receipt, ".")+1]
		if p.read(links[0]); !strings.HasPrefix(links[0], shown) || strings.HasPrefix(links[0], strings.SplitN(receipt, "?", 2)[0]) {
			t.Errorf("the mail leads to %s, the page to %s", links[0], receipt)
		}
		// Whoever types an address need not be its owner: no word of the form's is mailed.
		for _, word := range []string{"Ana", "Muñoz", "Neil", "Cheyenne", "It matters at home"} {
			if strings.Contains(mail.Text+mail.HTML+mail.Subject, word) {
				t.Errorf("the mail repeats %s from the form", word)
			}
		}
	})
}

func TestOneReceiptADayForAnAddress(t *testing.T) {
	t.Parallel()
	p := build(t, dbtest.SQLiteURL(t)).start()
	p.send(typed("first_name", "Ana"))
	p.ran(1)
	p.send(typed("first_name", "Bob", "email", "ANA@example.org")) // another person behind the same mailbox
	p.ran(2)
	p.send(typed("first_name", "Eve", "email", "eve@example.org"))
	p.ran(3)
	if got := caught(p.mails); got["ana@example.org"] != 1 || got["eve@example.org"] != 1 || len(got) != 2 {
		t.Errorf("on the first day the addresses got %v", got)
	}
	p.clock.forward(25 * time.Hour)
	p.send(typed("first_name", "Dee", "email", "ana@example.org"))
	p.ran(4)
	if got := caught(p.mails); got["ana@example.org"] != 2 {
		t.Errorf("on the second day the addresses have got %v", got)
	}
}

// TestSEC_BOMB_3_ReceiptsWaitForTheirHour: nobody knows whose mailboxes a crowd names, so what is
// too much for the hour leaves later; the mails that ask to confirm share it.
func TestSEC_BOMB_3_ReceiptsWaitForTheirHour(t *testing.T) {
	t.Parallel()
	database := dbtest.SQLiteURL(t)
	w := build(t, database)
	w.settings.Guard.Confirmations = 2
	p := w.start()
	for n := range 5 {
		p.send(typed("first_name", "Ana", "email", fmt.Sprintf("ana%d@example.org", n)))
	}
	p.ran(2)
	if err := p.stop(); err != nil {
		t.Fatal(err)
	}
	d, err := db.Open(t.Context(), database)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = d.Close() }()
	var waiting int
	err = d.SQL().QueryRowContext(t.Context(), "SELECT count(*) FROM river_job WHERE kind = 'mail_receipts' AND state = 'scheduled'").Scan(&waiting)
	if err != nil || waiting != 3 {
		t.Errorf("%d receipts wait, want 3; %v", waiting, err)
	}
	if got := caught(p.mails); len(got) != 2 {
		t.Errorf("mails went to %v", got)
	}
}

// TestSEC_BOMB_3_JoinsComeAfterReceipts: the mail that asks to confirm the list shares the hour
// with the receipts, and comes after those that wait: one that came first would take the turn
// of a mailbox whose receipt holds the same link.
func TestSEC_BOMB_3_JoinsComeAfterReceipts(t *testing.T) {
	t.Parallel()
	database := dbtest.SQLiteURL(t)
	w := build(t, database)
	w.settings.Guard.Confirmations = 2
	p := w.start()
	for n := range 3 {
		p.send(typed("first_name", "Ana", "email", fmt.Sprintf("ana%d@example.org", n), "join", "on"))
	}
	p.ran(2)
	if err := p.stop(); err != nil {
		t.Fatal(err)
	}
	dueJoins(t, database)
	p = w.start()
	p.until(p.OpsURL()+"/metrics", `kind="mail_joins"} 3`)
	if got := caught(p.mails); len(got) != 2 {
		t.Errorf("mails went to %v", got)
	}
}

// TestSEC_BOMB_3_LinksToDataHaveTheirPartOfTheHour: a link to one's data leaves also in an hour that is
// used up, counts as one of its mails, and only so many do. The page says the same each time.
func TestSEC_BOMB_3_LinksToDataHaveTheirPartOfTheHour(t *testing.T) {
	t.Parallel()
	database := dbtest.SQLiteURL(t)
	w := build(t, database)
	w.settings.Guard.Confirmations = 8
	p := w.start()
	address := func(n int) string { return fmt.Sprintf("ana%d@example.org", n) }
	for n := range 8 {
		p.send(typed("first_name", "Ana", "email", address(n)))
	}
	p.ran(8)
	var answers []string
	for n := range 4 {
		answers = append(answers, p.do(http.MethodPost, p.URL()+"/my-data", url.Values{"email": {address(n)}}).body)
	}
	p.until(p.OpsURL()+"/metrics", `franklin_job_seconds_count{failed="false",kind="mail_data"} 4`)
	answers = append(answers, p.do(http.MethodPost, p.URL()+"/my-data", url.Values{"email": {"nobody@example.org"}}).body)
	p.send(typed("first_name", "Bob", "email", "bob@example.org"))
	if err := p.stop(); err != nil {
		t.Fatal(err)
	}
	mailed := 0
	for n := range 4 {
		mailed += len(p.got(address(n), "/my-data/"))
	}
	if mailed != 2 {
		t.Errorf("%d of four links left, want 2", mailed)
	}
	if different := slices.Compact(slices.Sorted(slices.Values(answers))); len(different) != 1 || !strings.Contains(answers[0], "Look into your mailbox") {
		t.Errorf("the page says %d things", len(different))
	}
	d, err := db.Open(t.Context(), database)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = d.Close() }()
	for kind, want := range map[string]string{"mail_data": "2 30", "mail_receipts": "1 22"} {
		var waiting string
		err = d.SQL().QueryRowContext(t.Context(), "SELECT count(*) || ' ' || CAST(min((julianday(scheduled_at) - julianday(created_at)) * 1440) + 0.4 AS integer) FROM river_job WHERE state = 'scheduled' AND kind = $1", kind).Scan(&waiting)
		if err != nil || waiting != want {
			t.Errorf("%s: %q wait and how many minutes the first, want %q; %v", kind, waiting, want, err)
		}
	}
}

// dueJoins makes the mails that ask to confirm the list due.
func dueJoins(t *testing.T, database string) {
	t.Helper()
	d, err := db.Open(t.Context(), database)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = d.Close() }()
	made, err := d.SQL().ExecContext(t.Context(), "UPDATE river_job SET state = 'available', scheduled_at = datetime('now', '-1 minute') WHERE kind = 'mail_joins'")
	if err != nil {
		t.Fatal(err)
	}
	if n, err := made.RowsAffected(); n != 3 || err != nil {
		t.Fatalf("%d mails are due, want 3; %v", n, err)
	}
}

func TestWithoutARelayNoMailIsKept(t *testing.T) {
	t.Parallel()
	w := build(t, dbtest.SQLiteURL(t))
	w.settings.Mail.Host = ""
	p := w.start()
	p.until(p.send(typed()), "Accepted by the House mail system")
	p.until(p.OpsURL(), "no relay is set")
	if err := p.stop(); err != nil {
		t.Fatal(err)
	}
	w.mailThrough(w.mails)
	p = w.start()
	p.send(typed("first_name", "Eve", "email", "eve@example.org"))
	p.ran(1)
	if got := caught(w.mails); len(got) != 1 {
		t.Errorf("after the relay was set, %v got mail; want only who wrote since", got)
	}
}

// relay answers as its script says, address by address; then it takes everything.
type relay struct {
	mu     sync.Mutex
	script map[string][]int
}

func (r *relay) answer(step mailtest.Step) mailtest.Reply {
	r.mu.Lock()
	defer r.mu.Unlock()
	codes := r.script[step.Address]
	if step.Command != "rcpt" || len(codes) == 0 {
		return mailtest.Reply{}
	}
	r.script[step.Address] = codes[1:]
	return mailtest.Reply{Code: codes[0], Text: "not " + step.Address + " now"}
}

// mailJob is the job as it stands in the queue's table, also after an upgrade.
type mailJob struct {
	Submissions []string `json:"submissions"`
}

func (mailJob) Kind() string { return "mail_receipts" }

// mailTogether puts one job for the receipts of several submissions into the queue.
func mailTogether(t *testing.T, database string, submissions []string) {
	t.Helper()
	d, err := db.Open(t.Context(), database)
	if err != nil {
		t.Fatal(err)
	}
	registry := jobs.NewRegistry()
	if err := jobs.Register(registry, func(context.Context, mailJob) error { return nil }, jobs.Options{}); err != nil {
		t.Fatal(err)
	}
	queue, err := jobs.New(t.Context(), d, registry, jobs.Config{})
	if err != nil {
		t.Fatal(err)
	}
	err = d.Tx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
		return queue.Enqueue(ctx, tx, mailJob{submissions}, time.Time{})
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestATemporaryFailureDoublesNobodysMail(t *testing.T) {
	t.Parallel()
	database := dbtest.SQLiteURL(t)
	w := build(t, database)
	w.settings.Mail.Host = ""
	p := w.start()
	var submissions []string
	for _, name := range []string{"ana", "busy", "gone", "eve"} {
		submissions = append(submissions, submission(p.send(typed("first_name", name, "email", name+"@example.org"))))
	}
	if err := p.stop(); err != nil {
		t.Fatal(err)
	}
	mailTogether(t, database, submissions)
	script := &relay{script: map[string][]int{"busy@example.org": {450, 451}, "gone@example.org": {550}}}
	mails := openMails(t, mailtest.Options{Clock: w.clock.now, Answer: script.answer})
	w.mailThrough(mails)
	p = w.start()
	p.until(p.OpsURL()+"/metrics", `franklin_job_seconds_count{failed="true",kind="mail_receipts"} 1`) // busy, alone, for the second time
	p.ran(2)
	got := caught(mails)
	for address, want := range map[string]int{"ana@example.org": 1, "busy@example.org": 1, "gone@example.org": 0, "eve@example.org": 1} {
		if got[address] != want {
			t.Errorf("%s got %d mails, want %d", address, got[address], want)
		}
	}
	if log := w.log.String(); !strings.Contains(log, "could not be mailed") || strings.Contains(log, "@example.org") {
		t.Errorf("the log should tell of the one given up, without its address:\n%s", log)
	}
}

func TestARelayThatIsAway(t *testing.T) {
	t.Parallel()
	w := build(t, dbtest.SQLiteURL(t))
	down := openMails(t, mailtest.Options{Clock: w.clock.now})
	w.mailThrough(down)
	if err := down.Close(); err != nil {
		t.Fatal(err)
	}
	p := w.start()
	p.until(p.send(typed()), "Accepted by the House mail system") // the letter does not wait for the mail
	p.until(p.OpsURL()+"/metrics", `franklin_job_seconds_count{failed="true",kind="mail_receipts"}`)
	if a := p.do(http.MethodGet, p.OpsURL()+"/readyz", nil); a.status != http.StatusOK {
		t.Errorf("without a relay the program is %s", a.body)
	}
}
