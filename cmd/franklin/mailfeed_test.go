package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/franklin-letters/franklin/internal/inbox"
	"github.com/franklin-letters/franklin/internal/letter"
	"github.com/franklin-letters/franklin/internal/mail/returnpath"
)

// mailbox writes mails into an mbox file.
func mailbox(t *testing.T, mails ...string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "ack.mbox")
	if err := os.WriteFile(file, []byte("From x\n"+strings.Join(mails, "\n\nFrom x\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func ackMail(from, proof, text string) string {
	return fmt.Sprintf("From: CWC <noreply@%s>\nSubject: Your message\nAuthentication-Results: mx.lantern.us; %s header.from=%[1]s\n\n%[3]s\n", from, proof, text)
}

func TestMailFeedMovesWhatIsProven(t *testing.T) {
	d := newDesk(t)
	l := d.write(1, "My own words about it.", "")
	if _, err := d.office.DB.SQL().ExecContext(t.Context(), "UPDATE letters SET state = 'unknown' WHERE id = ?", l.ID); err != nil {
		t.Fatal(err)
	}
	refused := "Message " + l.DeliveryID + " was rejected: wrong district"
	file := mailbox(
		t, ackMail("mail.house.gov", "dmarc=fail", refused), ackMail("evil.example", "dmarc=pass", refused),
		ackMail("mail.house.gov", "dmarc=pass", "About "+l.DeliveryID), ackMail("mail.house.gov", "dmarc=pass", strings.Repeat("A", 32)+" was rejected"),
		"garbage", ackMail("mail.house.gov", "dmarc=pass", refused), ackMail("mail.house.gov", "dmarc=pass", refused),
	)
	d.says(0, d.line("mail", "feed", file), "6: office: nothing changes: no mail server is named", "waits for a person")
	flags := []string{"feed", "--verified=mx.lantern.us", file}
	d.says(0, d.line("mail", flags...), "6: office: letter "+l.ID+": unknown becomes refused", "Nothing is done without --yes")
	if got := answer[dossier](t, 0, d.line("letter", "show", l.ID)...); got.State != letter.Unknown {
		t.Fatalf("a dry run made it %s", got.State)
	}
	d.says(0, d.line("mail", append(flags, "--yes")...),
		"1: office: nothing changes: mx.lantern.us did not find", "2: person: nothing changes", "3: office: nothing changes: it does not say clearly",
		"4: office: nothing changes: it names no letter of ours", "5: person: nothing changes: this is no mail", "6: office: letter "+l.ID+": unknown becomes refused",
		"7: office: letter "+l.ID+" stays refused: it is known already", "7 messages, 1 letters moved, 5 wait for a person")
	got := answer[dossier](t, 0, d.line("letter", "show", l.ID)...)
	if last := got.History[len(got.History)-1]; got.State != letter.Refused || last.Who != "office" || !strings.Contains(last.Note, "wrong district") {
		t.Errorf("%+v", got)
	}
	d.says(0, d.line("audit", "--subject="+l.ID), "letter.report")
}

func TestMailFeedTakesThePersonsWord(t *testing.T) {
	d := newDesk(t)
	l := d.write(1, "", "")
	if _, err := d.office.DB.SQL().ExecContext(t.Context(), "UPDATE letters SET state = 'unknown' WHERE id = ?", l.ID); err != nil {
		t.Fatal(err)
	}
	file := mailbox(t, ackMail("mail.house.gov", "", "About "+l.DeliveryID))
	out := answer[fed](t, 0, d.line("mail", "feed", "--unproven", "--as=accepted", "--yes", "--json", file)...)
	if !out.Done || out.Moved != 1 || len(out.Reports) != 1 || out.Reports[0].Becomes != letter.Accepted {
		t.Errorf("%+v", out)
	}
}

func TestMailForAPersonIsListedShownAndClosed(t *testing.T) {
	d := newDesk(t)
	d.says(0, d.line("mail", "list"), "No mail waits for a person.")
	file := mailbox(t, "From: gina@example.org\nSubject: A question\n\nWhen will I hear from them?\x1b[2J\r\n")
	d.says(0, d.line("mail", "feed", file, "--yes"), "1: person:", "waits for a person", "1 wait for a person")
	held := answer[[]heldMail](t, 0, d.line("mail", "list")...)
	if len(held) != 1 || held[0].Kind != inbox.Person || !held[0].Came.Equal(noon) {
		t.Fatalf("%+v", held)
	}
	if out := d.says(0, d.line("mail", "list"), held[0].ID, "person"); strings.Contains(out, "gina") {
		t.Error("the list says who wrote")
	}
	if out := d.says(0, d.line("mail", "show", held[0].ID), "When will I hear"); strings.Contains(out, "\x1b") {
		t.Error("a mail steers the terminal")
	}
	d.says(0, d.line("mail", "close", held[0].ID), "1 mails are forgotten")
	d.says(2, d.line("mail", "close", held[0].ID), "there is no such mail")
	d.says(2, d.line("mail", "show", held[0].ID), "there is no such mail")
	d.says(0, d.line("mail", "feed", file, "--yes"), "it was taken in before", "0 wait for a person")
	d.says(0, d.line("audit", "--subject="+held[0].ID), "mail.view", "mail.close")
	d.says(2, append(d.line("mail", "list"), "--secret-file="+filepath.Join(t.TempDir(), "none")), "the installation's secret is missing")
}

// TestMailFeedHearsOfFailures: what a mail system says about a receipt reaches the person it
// went to, and nobody else.
func TestMailFeedHearsOfFailures(t *testing.T) {
	d := newDesk(t)
	l, err := d.office.DB.Read().LetterByID(t.Context(), d.write(1, "", "").ID)
	if err != nil {
		t.Fatal(err)
	}
	secret := bytes.Repeat([]byte{0xab}, 32)
	token := returnpath.New(secret, "mail.lantern.us").Token(returnpath.Ref{Kind: returnpath.Submission, ID: uuid.MustParse(l.SubmissionID)}, noon)
	report := func(token string) string {
		return "From: MAILER-DAEMON@mx.example\nTo: bounces+" + token + "@mail.lantern.us\nMessage-ID: <" + token + "@mx.example>\nContent-Type: multipart/report; boundary=b\n\n" +
			"--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822; ana1@example.org\nAction: failed\nStatus: 5.1.1\n\n--b--\n"
	}
	file := mailbox(t, report(token), report(strings.Repeat("a", 55)))
	d.says(0, d.line("mail", "feed", "--yes", file), "1: hard: no more mail to the address (5.1.1)", "2: unproven: nothing changes")
	d.says(0, d.line("audit"), "mail.bounce", "(command line)")
}
