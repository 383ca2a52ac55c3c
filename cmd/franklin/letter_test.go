package main

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/district"
	"github.com/franklin-letters/franklin/internal/app"
	"github.com/franklin-letters/franklin/internal/config"
	"github.com/franklin-letters/franklin/internal/letter"
)

// desk is a database with letters in it, and the flags that lead there.
type desk struct {
	*testing.T

	office *app.BackOffice
	flags  []string
	ticked string // keys of the partners that write ticks
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	dir := t.TempDir()
	database, secret, file := filepath.Join(dir, "franklin.db"), filepath.Join(dir, "secret.key"), filepath.Join(dir, "close.md")
	for name, text := range map[string]string{secret: strings.Repeat("ab", 32), file: string(demoCampaign)} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if _, errs, code := franklin(t, "", "campaign", "--db="+database, "apply", file); code != 0 {
		t.Fatal(errs)
	}
	keyring := filepath.Join(dir, "keyring")
	started, err := app.OpenSealed(t.Context(), database, keyring) // as the server does at its first start
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(started.Establish(t.Context(), noon), started.Close()); err != nil {
		t.Fatal(err)
	}
	d := &desk{T: t, flags: []string{
		"--db=" + database, "--secret-file=" + secret, "--keyring-file=" + keyring, "--base-url=https://act.example.org", "--org-name=Lantern Alliance",
		"--cwc-agent=Lantern Alliance", "--cwc-ack-email=ack@lantern.us", "--cwc-contact-name=Ada Operator",
		"--cwc-contact-email=ada@lantern.us", "--cwc-contact-phone=202-224-3121",
	}}
	s := config.Settings{DB: database, BaseURL: "https://act.example.org", Secret: config.Secret{File: secret}, Keyring: keyring}
	if d.office, err = app.OpenBackOffice(t.Context(), s, func() time.Time { return noon }); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.office.Close(t.Context()) })
	d.office.Desk.Log = slog.New(slog.DiscardHandler)
	return d
}

// campaign returns the id of the campaign.
func (d *desk) campaign() string {
	d.Helper()
	c, err := d.office.Campaigns.Live(d.Context(), "close-the-loophole")
	if err != nil {
		d.Fatal(err)
	}
	return c.ID
}

// write takes in the n-th supporter's letter; a suspicion puts it aside.
func (d *desk) write(n int, message, suspicion string) listedLetter {
	d.Helper()
	c, err := d.office.Campaigns.Live(d.Context(), "close-the-loophole")
	if err != nil {
		d.Fatal(err)
	}
	form := letter.Form{
		Key: fmt.Sprintf("%032x", n+1), Prefix: "Ms.", FirstName: "Ana", LastName: fmt.Sprintf("Muñoz%d", n), Email: fmt.Sprintf("ana%d@example.org", n),
		Address1: "2101 O'Neil Ave", City: "Cheyenne", State: "WY", ZIP: "82001", Subject: "Please support this bill", Message: message, Lang: "en", Join: n == 1, Partners: d.ticked,
	}
	if message == "" {
		form.Message = c.Letter.Text
	}
	seat := congress.Seat{State: "WY"}
	_, err = d.office.Desk.Submit(d.Context(), letter.Submission{
		Form: form, Campaign: c.Campaign, Suspicion: suspicion,
		Recipient: letter.Recipient{Found: district.Result{
			Seat: seat, Candidates: []congress.Seat{seat}, Basis: district.BasisZIP, Plan: district.Plan{State: "WY", Congress: 119},
		}},
	})
	if err != nil {
		d.Fatal(err)
	}
	return answer[[]listedLetter](d.T, 0, d.line("letter", "list", "--limit=1")...)[0]
}

// line is a command line on the desk.
func (d *desk) line(command string, args ...string) []string {
	return append(append([]string{command}, d.flags...), args...)
}

// says runs a command that must end with the code and print the texts.
func (d *desk) says(code int, args []string, texts ...string) string {
	d.Helper()
	out, errs, got := franklin(d.T, "", args...)
	if got != code {
		d.Fatalf("franklin %v: exit %d, want %d\n%s%s", args, got, code, out, errs)
	}
	for _, text := range texts {
		if !strings.Contains(out+errs, text) {
			d.Errorf("franklin %v does not say %q:\n%s%s", args, text, out, errs)
		}
	}
	return out + errs
}

func TestLetterShowProvesALetter(t *testing.T) {
	d := newDesk(t)
	l := d.write(1, "My own words about it.", "")
	shown := answer[dossier](t, 0, d.line("letter", "show", l.ID)...)
	if shown.DeliveryID != l.DeliveryID || shown.Shown.Own != "My own words about it." || !shown.Shown.Intact || shown.Shown.SHA256 != letter.TextHash("Please support this bill", "My own words about it.") {
		t.Errorf("%+v", shown)
	}
	if shown.Writer.LastName != "Muñoz1" || shown.District != (dossierSeat{"WY-00", "zip", "WY 119th"}) || shown.Campaign.Version != 1 || len(shown.Consents) != 1 || len(shown.History) != 1 {
		t.Errorf("%+v", shown)
	}
	out := d.says(0, d.line("letter", "show", l.DeliveryID), "Ana Muñoz1 <ana1@example.org>", "found by zip under the lines WY 119th", "close-the-loophole, version 1",
		"{+My own words about it.+}", "Consent to updates by tick", "Message to the office (SHA-256 "+shown.Message.SHA256, "<ConstituentMessage>My own words about it.</ConstituentMessage>")
	if !strings.Contains(out, shown.Shown.SHA256) {
		t.Error("the hash is not shown")
	}
	message := d.says(0, d.line("letter", "show", "--message", l.ID), "<CWC>")
	if message != shown.Message.XML {
		t.Error("--message prints something else than the message")
	}
	d.says(2, append([]string{"letter"}, "show", l.ID, "--message", d.flags[0], d.flags[2]), "there is no message: the settings make no message")
	d.says(2, d.line("letter", "show", "nobody"), `there is no letter with the id or delivery number "nobody"`)

	acts := answer[[]loggedAct](t, 0, d.line("audit", "--subject", l.ID)...)
	if len(acts) != 4 || acts[0].Action != "letter.view" || !strings.Contains(acts[0].Who, "(command line)") {
		t.Errorf("the looks are logged as %+v", acts)
	}
	d.says(0, d.line("audit", "--limit=1"), "letter.view", l.ID, "There may be more: --before")
	d.says(0, d.line("audit", "--since=2027-01-01"), "Nothing is in the log.")
}

func TestLetterList(t *testing.T) {
	d := newDesk(t)
	d.write(1, "", "")
	odd := d.write(2, "", "identical texts from 'one network'")
	out := d.says(0, d.line("letter", "list"), "frozen", "ready", "HWY00", "close-the-loophole", "identical texts from …")
	for _, personal := range []string{"Muñoz", "ana1", "O'Neil", "Please support"} {
		if strings.Contains(out, personal) {
			t.Errorf("the list shows %q", personal)
		}
	}
	for name, c := range map[string]struct {
		args []string
		want int
	}{
		"all":              {nil, 2},
		"by state":         {[]string{"--state=frozen"}, 1},
		"by office":        {[]string{"--office=hwy00"}, 2},
		"by campaign":      {[]string{"--campaign=close-the-loophole"}, 2},
		"by reason":        {[]string{"--reason=identical"}, 1},
		"since tomorrow":   {[]string{"--since=2026-11-24"}, 0},
		"behind the first": {[]string{"--before=" + odd.ID}, 1},
	} {
		if got := answer[[]listedLetter](t, 0, d.line("letter", append([]string{"list"}, c.args...)...)...); len(got) != c.want {
			t.Errorf("%s: %+v", name, got)
		}
	}
	d.says(0, d.line("letter", "list", "--state=expired"), "No letter is like that.")
	d.says(0, d.line("letter", "list", "--limit=1"), "There may be more: --before "+odd.ID)
	d.says(2, d.line("letter", "list", "--state=odd"), `there is no state "odd"`)
	d.says(2, d.line("letter", "list", "--campaign=other"), `there is no campaign "other"`)
	d.says(2, d.line("letter", "list", "--limit=0"), "--limit")
	for _, mark := range []string{"nope", "99", strings.ToUpper(odd.ID), "{" + odd.ID + "}"} {
		d.says(2, d.line("letter", "list", "--before="+mark), "--before wants the id of a letter", mark)
	}
}

func TestSEC_FRAUD_4_LettersAreMovedInBulkAfterALook(t *testing.T) {
	d := newDesk(t)
	for n := range 22 {
		d.write(n, "", "one network")
	}
	other := d.write(30, "", "another thing")
	release := []string{"release", "--reason=one network"}
	d.says(0, d.line("letter", release...), "... and 2 more", "release: 22 letters. Nothing was changed; add --yes to do it.")
	if got := answer[[]listedLetter](t, 0, d.line("letter", "list", "--state=ready")...); len(got) != 0 {
		t.Fatalf("a preview moved %d letters", len(got))
	}
	done := answer[operated](t, 0, d.line("letter", append(release, "--yes")...)...)
	if !done.Done || done.Moved != 22 || done.Failed != 0 {
		t.Errorf("%+v", done)
	}
	d.says(0, d.line("letter", append(release, "--yes")...), "No letter is like that.")
	d.says(2, d.line("letter", "refuse", other.ID, "--yes"), "--why is missing")
	d.says(0, d.line("letter", "refuse", other.ID, "--yes", "--why=written by a program"), "refuse: 1 of 1 letters")
	d.says(1, d.line("letter", "refuse", other.ID, "nobody", "--yes", "--why=again"), other.ID+": the letter is refused, not frozen", "nobody: there is no such letter", "0 of 2")
	d.says(2, d.line("letter", "release"), "name letters by their ids")
	d.says(2, d.line("letter", "release", other.ID, "--all"), "not both")
	d.says(2, d.line("letter", "resolve", other.ID), "--as")
	d.says(0, d.line("letter", "resolve", "--as=accepted", "--all"), "No letter is like that.")
	d.says(0, d.line("letter", "hold", "--campaign=close-the-loophole", "--yes", "--why=a mistake in the text"), "hold: 22 of 22 letters")
	d.says(0, d.line("letter", "retry", "--all"), "No letter is like that.")
	if acts := answer[[]loggedAct](t, 0, d.line("audit", "--limit=100")...); len(acts) != 45 {
		t.Errorf("%d acts are in the log", len(acts))
	}
}

func TestPreviewCountsWhatWouldBeMoved(t *testing.T) {
	d := newDesk(t)
	ready, odd := d.write(1, "", ""), d.write(2, "", "one network")
	d.says(1, d.line("letter", "retry", "99", "--why=x"), "99: there is no such letter", "retry: 0 letters. Nothing was changed.")
	d.says(1, d.line("letter", "resolve", "99", "--as=accepted"), "99: there is no such letter", "resolve-accepted: 0 letters.")
	d.says(1, d.line("letter", "hold", odd.ID, "nope"), odd.ID+": the letter is frozen, not ready", "nope: there is no such letter", "hold: 0 letters.")
	d.says(1, d.line("letter", "hold", ready.ID, odd.ID), odd.ID+": the letter is frozen", "hold: 1 letters. Nothing was changed; add --yes")
	d.says(0, d.line("letter", "hold", ready.ID, ready.ID), "hold: 1 letters. Nothing was changed; add --yes")
	if p := answer[operated](t, 1, d.line("letter", "hold", ready.ID, odd.ID)...); p.Done || p.Moved != 0 || p.Failed != 1 || p.Letters[0].Error != "" || p.Letters[1].Error == "" {
		t.Errorf("%+v", p)
	}
	if _, err := d.office.DB.SQL().ExecContext(t.Context(), "UPDATE letters SET state = 'waiting', channel = 'print'"); err != nil {
		t.Fatal(err)
	}
	d.says(1, d.line("letter", "retry", ready.ID), ready.ID+": it waits for people who carry it", "retry: 0 letters.")
	if acts := answer[[]loggedAct](t, 0, d.line("audit")...); len(acts) != 0 {
		t.Errorf("previews did something: %+v", acts)
	}
}

func TestQueueCommands(t *testing.T) {
	d := newDesk(t)
	d.write(1, "", "")
	d.says(0, d.line("queue", "status"), "cwc-house: open", "1 ready", "handoff: in the supporters' own hands")
	d.says(2, d.line("queue", "pause"), "--why")
	d.says(2, d.line("queue", "pause", "pigeon", "--why=x"), `there is no channel "pigeon"`)
	d.says(0, d.line("queue", "pause", "--why=the House asked us to"), "cwc-house is paused on all nodes")
	d.says(0, d.line("queue", "status"), "cwc-house: PAUSED since 2026-11-23 17:00 UTC by", "the House asked us to")
	if s := answer[[]channelStatus](t, 0, d.line("queue", "status")...); len(s) != 4 || s[0].Paused == nil || s[0].Letters[letter.Ready] != 1 || s[1].Paused != nil {
		t.Errorf("%+v", s)
	}
	d.says(0, d.line("queue", "resume"), "cwc-house is open. 1 letters whose time has come are in line.")
	d.says(2, d.line("queue", "resume", "pigeon"), "there is no channel")
	d.says(0, d.line("queue", "retry"), "No letter is like that.")
	if _, err := d.office.DB.SQL().ExecContext(t.Context(), "UPDATE letters SET state = 'waiting', channel = 'print'"); err != nil {
		t.Fatal(err)
	}
	d.says(0, d.line("queue", "status"), "print: on paper, by franklin print\n        1 waiting")
	d.says(0, d.line("queue", "retry", "--yes"), "No letter is like that.") // people carry it
}

func TestBlockCommands(t *testing.T) {
	d := newDesk(t)
	d.write(1, "", "")
	d.says(1, d.line("block", "check", "ana1@example.org"), "is not blocked")
	found, err := d.office.DB.Read().SubmissionByKey(t.Context(), fmt.Sprintf("%032x", 2))
	if err != nil {
		t.Fatal(err)
	}
	if err := d.office.Desk.Disown(t.Context(), found.ID, true); err != nil {
		t.Fatal(err)
	}
	d.says(0, d.line("block", "check", "ANA1@example.org"), "is blocked")
	d.says(0, d.line("block", "remove", "ana1@example.org"), "may take part again")
	d.says(1, d.line("block", "remove", "ana1@example.org"), "Nothing was lifted")
	d.says(0, d.line("block", "add", "eve@example.org", "--reason=legal"), "is blocked for all mail")
	d.says(0, d.line("block", "check", "Eve+x@example.org"), "legal")
	d.says(2, d.line("block", "add", "eve"), "is not an e-mail address")
	d.says(2, append(d.line("block", "check", "ana1@example.org"), "--secret-file=/nowhere/secret.key"), "secret is missing")
}

func TestPrivacyInventoryCommand(t *testing.T) {
	d := newDesk(t)
	d.write(1, "", "")
	d.says(0, d.line("privacy", "inventory"), "submissions: 1 rows, the oldest of 2026-11-23 17:00 UTC", "erased 28 days after the last move", "audit: 0 rows\n", "erased 730 days after the act")
	all := answer[[]heldThing](t, 0, d.line("privacy", "inventory")...)
	if len(all) < 10 || all[0].Name != "submissions" || all[0].Rows != 1 || all[0].Days != 28 || len(all[0].Columns) < 9 {
		t.Errorf("%+v", all)
	}
}

// TestOperatorsCommandsWithoutADatabase: a mistyped path is not a new installation.
func TestOperatorsCommandsWithoutADatabase(t *testing.T) {
	missing := filepath.Join(t.TempDir(), "nothing.db")
	for _, command := range [][]string{{"letter", "list"}, {"queue", "status"}, {"audit"}, {"privacy", "inventory"}, {"block", "check", "a@example.org"}} {
		_, errs, code := franklin(t, "", append(command, "--db="+missing)...)
		if code != 2 || !strings.Contains(errs, "there is no database "+missing) {
			t.Errorf("franklin %v: exit %d, %s", command, code, errs)
		}
		if _, err := os.Stat(missing); err == nil {
			t.Fatalf("franklin %v made a database", command)
		}
	}
	empty := filepath.Join(t.TempDir(), "empty.db")
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, errs, code := franklin(t, "", "letter", "list", "--db="+empty); code != 2 || !strings.Contains(errs, "set up when the server first starts") {
		t.Errorf("an empty database: exit %d, %s", code, errs)
	}
	if _, errs, code := franklin(t, "", "letter", "list", "--db=postgres://127.0.0.1:1/none?connect_timeout=1"); code != 2 || errs == "" {
		t.Errorf("a database that is away: exit %d, %s", code, errs)
	}
}
