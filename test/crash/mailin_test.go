package crash

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/smtp"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// bounceDomain is where failed mail returns to.
const bounceDomain = "mail.letters.example"

// TestKilledWhileMailComesIn: reports that mails failed come in by SMTP and from files, while the server
// and the command that feeds the files are killed. Whatever was acknowledged is acted upon, and each
// failure counts once, however often its report came.
func TestKilledWhileMailComesIn(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) { reportsRain(t, plan{}) })
	t.Run("postgres", func(t *testing.T) { reportsRain(t, plan{database: postgres(t)}) })
}

func reportsRain(t *testing.T, p plan) {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	door := l.Addr().String() // the same after each restart
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	p.clients, p.rate, p.flags = 10, 200, []string{"--mail-in-addr", door, "--mail-bounce-domain", bounceDomain, "--guard-confirmations", "0"}
	w := newWorld(t, p)
	all := w.failures(pick(2000, 240))
	o := &postOffice{world: w, door: door, folder: t.TempDir()}
	byHand := all[len(all)*2/3:]
	over := make(chan struct{})
	ctx, stop := context.WithCancel(t.Context())
	defer func() { // before its folder goes
		stop()
		<-over
	}()
	go func() {
		defer close(over)
		o.deliver(ctx, all[:len(all)*2/3])
	}()
	kills := 0
	for done := false; !done; {
		w.moment(50*time.Millisecond, 250*time.Millisecond)
		select {
		case <-over:
			done = true
		default:
			w.kill()
			kills++
			w.start(0)
		}
	}
	number := 0
	for part := range slices.Chunk(byHand, 10) { // beside a server that stays: the file has one owner
		number++
		o.feed(ctx, number, part)
	}
	t.Logf("%d reports, %d kills of the server, %d of the feeding, %d sent again", len(all), kills, o.killed, o.again)
	if kills == 0 || o.killed == 0 && *full {
		t.Errorf("the drill was too mild: %d and %d kills", kills, o.killed)
	}
	w.kill()
	w.start(10 * time.Minute) // what the queue lost is looked for by then
	w.countReports(all)
}

// failure is the report that a mail failed, and where it goes.
type failure struct {
	path, to string
	hard     bool
}

// failures lets so many people write, and makes up that each of their mails failed.
func (w *world) failures(n int) []failure {
	w.Helper()
	w.start(0)
	ctx, stop := context.WithCancel(w.Context())
	defer stop()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		w.crowd.run(ctx, w.seed, w.sink)
	}()
	late, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	var all []failure
	for number := 0; len(all) < n; number++ {
		m, err := w.sink.next(late, number)
		if err != nil {
			w.Fatalf("%d mails were sent: %v\n%s", number, err, w.node.lastWords())
		}
		known := slices.ContainsFunc(all, func(f failure) bool { return f.to == m.to })
		if !known && strings.HasPrefix(m.from, "bounces+") && !strings.HasPrefix(m.to, victim) {
			all = append(all, failure{m.from, m.to, len(all)%2 == 0})
		}
	}
	stop()
	<-ended
	return all
}

// mail is the report in the form that Postfix gives it.
func (f failure) mail() string {
	status := "4.2.2"
	if f.hard {
		status = "5.1.1"
	}
	return strings.ReplaceAll(fmt.Sprintf("From: MAILER-DAEMON@mx.example\nTo: %s\nSubject: Undelivered\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"+
		"--b\nContent-Type: text/plain\n\nIt failed.\n\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822; %s\nAction: failed\nStatus: %s\n\n--b--\n",
		f.path, f.to, status), "\n", "\r\n")
}

// postOffice brings reports until each is acknowledged.
type postOffice struct {
	*world

	door, folder string

	mu            sync.Mutex
	killed, again int
}

// deliver brings reports by SMTP, a few at a time. Some come twice.
func (o *postOffice) deliver(ctx context.Context, all []failure) {
	var post sync.WaitGroup
	const carriers = 4
	for carrier := range carriers {
		post.Go(func() {
			for i := carrier; i < len(all); i += carriers {
				for range 1 + i%5/4 {
					o.bring(ctx, all[i])
					<-time.After(10 * time.Millisecond) // or all are there before the first kill
				}
			}
		})
	}
	post.Wait()
}

// bring hands a report over until it is acknowledged, as mail servers do.
func (o *postOffice) bring(ctx context.Context, f failure) {
	for ctx.Err() == nil {
		if smtp.SendMail(o.door, nil, "", []string{f.path}, []byte(f.mail())) == nil {
			return
		}
		o.mu.Lock()
		o.again++
		o.mu.Unlock()
		<-time.After(20 * time.Millisecond)
	}
}

// feed feeds a mailbox's file until the command says that it is done. It is killed now and then.
func (o *postOffice) feed(ctx context.Context, number int, part []failure) {
	var box strings.Builder
	for _, f := range part {
		box.WriteString("From MAILER-DAEMON Mon Nov 23 17:00:00 2026\n" + strings.ReplaceAll(f.mail(), "\r\n", "\n") + "\n")
	}
	file := filepath.Join(o.folder, fmt.Sprintf("box%d", number))
	if err := os.WriteFile(file, []byte(box.String()), 0o600); err != nil {
		panic(err)
	}
	for try := 0; ctx.Err() == nil; try++ {
		cmd := exec.CommandContext(ctx, o.node.binary, "mail", "--db", o.database, "--secret-file", filepath.Join(o.node.folder, "secret.key"),
			"--keyring-file", filepath.Join(o.node.folder, "keyring"), "--mail-bounce-domain", bounceDomain,
			"feed", file, "--yes", "--at", o.node.clock().Format(time.RFC3339Nano))
		cmd.Dir = o.node.folder
		if err := cmd.Start(); err != nil {
			panic(err)
		}
		if try < 2 { // it needs some time to begin, and little to end
			time.AfterFunc(time.Duration(40+10*(number*(try+3)%20))*time.Millisecond, func() { _ = cmd.Process.Signal(syscall.SIGKILL) })
		}
		err := cmd.Wait()
		if err == nil {
			return
		}
		if exit, ok := errors.AsType[*exec.ExitError](err); ok && !exit.Exited() {
			o.mu.Lock()
			o.killed++
			o.mu.Unlock()
		}
	}
}

// countReports waits until the server has worked on all that came, and compares with what was sent.
func (w *world) countReports(all []failure) {
	w.Helper()
	d, err := openPlain(w.database)
	if err != nil {
		w.Fatal(err)
	}
	defer func() { _ = d.Close() }()
	number := func(query string) (n int) {
		w.Helper()
		if err := d.QueryRow(query).Scan(&n); err != nil {
			w.Fatal(err)
		}
		return n
	}
	look := time.NewTicker(100 * time.Millisecond)
	defer look.Stop()
	for begin := time.Now(); number("SELECT count(*) FROM mail_in") > 0 && time.Since(begin) < 6*time.Minute; {
		<-look.C
	}
	hard := 0
	for _, f := range all {
		if f.hard {
			hard++
		}
	}
	soft := len(all) - hard
	for _, c := range []struct {
		what, query string
		want        int
	}{
		{"reports wait or were put aside", "SELECT count(*) FROM mail_in", 0},
		{"mailboxes get no more mail", "SELECT count(*) FROM suppressions WHERE reason = 'hard-bounce'", hard},
		{"hard failures are counted", "SELECT coalesce(sum(mails), 0) FROM mail_in_counts WHERE kind = 'hard'", hard},
		{"failures that may pass are held against a mailbox", "SELECT count(*) FROM soft_bounces", soft},
		{"failures that may pass are counted", "SELECT coalesce(sum(mails), 0) FROM mail_in_counts WHERE kind = 'soft'", soft},
		{"reports of any kind are counted", "SELECT coalesce(sum(mails), 0) FROM mail_in_counts", len(all)},
		{"failures are in the log of acts", "SELECT count(*) FROM audit WHERE action = 'mail.bounce'", len(all)},
	} {
		if got := number(c.query); got != c.want {
			w.Errorf("%d %s, want %d", got, c.what, c.want)
		}
	}
}
