package app_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/franklin-letters/franklin/internal/app"
	"github.com/franklin-letters/franklin/internal/config"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
	"github.com/franklin-letters/franklin/internal/letter"
)

// An operator's commands work beside the running program: it stops at once, and goes on at
// once with what waited meanwhile.
func TestOperatorBesideTheProgram(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, database string) {
		p := build(t, database).start()
		settings := p.settings
		settings.BaseURL = p.URL() // the port was found at the start
		office, err := app.OpenBackOffice(t.Context(), settings, p.clock.now)
		if err != nil {
			t.Fatal(err)
		}
		defer func() {
			if err := office.Close(t.Context()); err != nil {
				t.Error(err)
			}
		}()
		if !office.KnowsMailboxes {
			t.Error("the secret of the program is not known")
		}
		if err := office.Desk.Pause(t.Context(), letter.ChannelHouse, "ada", "for a moment"); err != nil {
			t.Fatal(err)
		}
		receipt := p.send(typed())
		p.until(receipt, "stopped sending")
		p.until(p.OpsURL(), "by ada: for a moment")
		if n := len(p.capitol.Messages()); n != 0 {
			t.Fatalf("%d letters left while the channel was paused", n)
		}
		if n, err := office.Desk.Resume(t.Context(), letter.ChannelHouse, "ada"); err != nil || n != 1 {
			t.Fatalf("%d letters were put back, %v", n, err)
		}
		p.until(receipt, "Accepted by the House mail system")
		rows, err := office.Desk.List(t.Context(), letter.Filter{})
		if err != nil || len(rows) != 1 {
			t.Fatalf("%d letters, %v", len(rows), err)
		}
		e, err := office.Desk.Evidence(t.Context(), rows[0].DeliveryID, "ada")
		if err != nil {
			t.Fatal(err)
		}
		received, _, err := p.capitol.XML(rows[0].DeliveryID)
		if err != nil || e.Message.XML != string(received) || !e.Shown.Intact {
			t.Errorf("the message in the evidence is not the one that the Capitol has: %v, %s", err, e.Message.Why)
		}
	})
}

// TestWhatACommandLearnsIsMailed: an office sends a letter back late, and the command that is
// fed its report has the server tell the writer.
func TestWhatACommandLearnsIsMailed(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, database string) {
		p := build(t, database).start()
		p.until(p.send(typed()), "Accepted by the House mail system")
		office, err := app.OpenBackOffice(t.Context(), p.settings, p.clock.now)
		if err != nil {
			t.Fatal(err)
		}
		defer func() {
			if err := office.Close(t.Context()); err != nil {
				t.Error(err)
			}
		}()
		rows, err := office.Desk.List(t.Context(), letter.Filter{})
		if err != nil || len(rows) != 1 {
			t.Fatalf("%d letters, %v", len(rows), err)
		}
		p.until(p.OpsURL()+"/metrics", `franklin_jobs{state="later"} 0`+"\n")
		r, err := office.Desk.Acknowledge(t.Context(), letter.Ack{Numbers: []string{rows[0].DeliveryID}, Reason: "not in this district"}, "ada", false)
		if err != nil || r.To != letter.Refused {
			t.Fatalf("%+v, %v", r, err)
		}
		p.until(p.OpsURL()+"/metrics", `franklin_jobs{state="later"} 1`+"\n") // in five minutes
	})
}

func TestBackOfficeThatCannotOpen(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	settings := config.Settings{DB: filepath.Join(dir, "empty.db"), Secret: config.Secret{File: filepath.Join(dir, "secret.key")}}
	clock := &clock{at: noon}
	if _, err := app.OpenBackOffice(t.Context(), settings, clock.now); !errors.Is(err, app.ErrNotSetUp) {
		t.Errorf("an empty database: %v", err)
	}
	settings.DB = dbtest.SQLiteURL(t)
	dbtest.Open(t, settings.DB)
	if err := os.WriteFile(settings.Secret.File, []byte("no secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := app.OpenBackOffice(t.Context(), settings, clock.now); err == nil || !strings.Contains(err.Error(), "does not hold a secret") {
		t.Errorf("a damaged secret: %v", err)
	}
	if err := os.WriteFile(settings.Secret.File, []byte(strings.Repeat("ab", 32)), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := app.OpenBackOffice(t.Context(), settings, clock.now); !errors.Is(err, db.ErrNoKeyring) {
		t.Errorf("a database of a release that knew no key ring: %v", err)
	}
	settings.Secret.File = filepath.Join(dir, "none")
	office, err := app.OpenBackOffice(t.Context(), settings, clock.now)
	if err != nil {
		t.Fatal(err)
	}
	if office.KnowsMailboxes {
		t.Error("mailboxes are known without a secret")
	}
	if _, err := os.Stat(settings.Secret.File); err == nil {
		t.Error("a command made a secret")
	}
	if err := office.Close(t.Context()); err != nil {
		t.Error(err)
	}
}
