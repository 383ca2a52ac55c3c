package doctor_test

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/congress/cwc/cwctest"
	"github.com/franklin-letters/franklin/internal/config"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
	"github.com/franklin-letters/franklin/internal/doctor"
	"github.com/franklin-letters/franklin/internal/mail/mailtest"
	"github.com/franklin-letters/franklin/internal/obs"
)

// settings are those of an installation that is fit to go live.
func settings(t *testing.T) config.Settings {
	t.Helper()
	dir := t.TempDir()
	for _, name := range []string{"secret", "key"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("k3y"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return config.Settings{
		DB: filepath.Join(dir, "franklin.db"), BaseURL: "https://act.lantern-alliance.org",
		Secret: config.Secret{File: filepath.Join(dir, "secret")}, TrustedProxies: []string{"127.0.0.1"},
		Org: config.Organization{Name: "Lantern Alliance", ContactEmail: "robin@lantern-alliance.org"},
		CWC: config.CWC{
			URL: "https://cwc.house.gov", Key: "k3y", KeyFile: filepath.Join(dir, "key"), Agent: "Lantern Letters", AckEmail: "acks@lantern-alliance.org",
			ContactName: "Robin Sample", ContactEmail: "robin@lantern-alliance.org", ContactPhone: "202-224-3121", Rate: 5, Timeout: 5 * time.Second,
		},
	}
}

func check(t *testing.T, found []obs.Finding, name string) obs.Finding {
	t.Helper()
	for _, f := range found {
		if f.Check == name {
			return f
		}
	}
	t.Errorf("nothing is said about %s in %+v", name, found)
	return obs.Finding{}
}

var noon = time.Date(2026, time.November, 23, 17, 0, 0, 0, time.UTC)

func examine(t *testing.T, s config.Settings, at time.Time) []obs.Finding {
	t.Helper()
	return doctor.Doctor{Settings: s, Clock: func() time.Time { return at }, Offline: true}.Examine(t.Context())
}

// TestEachCheck breaks one thing at a time.
func TestEachCheck(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		change func(*config.Settings)
		at     time.Time
		check  string
		level  obs.Level
		says   string
	}{
		{"live", func(*config.Settings) {}, noon, "delivery", obs.OK, "LIVE: letters go to https://cwc.house.gov"},
		{"a rehearsal", func(s *config.Settings) { s.CWC.URL = "http://127.0.0.1:8090" }, noon, "delivery", obs.OK, "a rehearsal"},
		{"no key", func(s *config.Settings) { s.CWC.Key = "" }, noon, "delivery", obs.Warn, "Set --cwc-key-file or FRANKLIN_CWC_KEY_FILE"},
		{"example data", func(s *config.Settings) { s.CWC.AckEmail = "acks@example.org" }, noon, "delivery", obs.Fail, "--cwc-ack-email is a placeholder; the House must be able to write (FRANKLIN_CWC_ACK_EMAIL)"},
		{"no name", func(s *config.Settings) { s.Org.Name = "" }, noon, "organisation", obs.Warn, "Set --org-name"},
		{"no address", func(s *config.Settings) { s.Org.ContactEmail = "" }, noon, "organisation", obs.Warn, "FRANKLIN_ORG_CONTACT_EMAIL"},
		{"site", func(*config.Settings) {}, noon, "site", obs.OK, "https://act.lantern-alliance.org"},
		{"no TLS", func(s *config.Settings) { s.BaseURL = "http://act.lantern-alliance.org" }, noon, "site", obs.Warn, "Put a proxy with TLS in front and set --base-url"},
		{"no relay", func(*config.Settings) {}, noon, "mail", obs.Warn, "Set --mail-host or FRANKLIN_MAIL_HOST"},
		{"half a relay", func(s *config.Settings) { s.Mail.Host = "relay" }, noon, "mail", obs.Fail, "Correct the --mail settings"},
		{"guard", func(*config.Settings) {}, noon, "guard", obs.OK, "people an hour"},
		{"no guard", func(s *config.Settings) { s.Guard.Off = true }, noon, "guard", obs.Warn, "Take --guard-off away"},
		{"strange proxies", func(s *config.Settings) { s.TrustedProxies = []string{"x"} }, noon, "guard", obs.Fail, "Correct --trusted-proxies"},
		{"no proxies", func(s *config.Settings) { s.TrustedProxies = nil }, noon, "guard", obs.Warn, "--trusted-proxies"},
		{"secret", func(*config.Settings) {}, noon, "secret", obs.OK, "secret"},
		{"open key", func(s *config.Settings) { _ = os.Chmod(s.CWC.KeyFile, 0o644) }, noon, "key file", obs.Fail, "Run: chmod 600 "},
		{"no secret", func(s *config.Settings) { s.Secret.File += "x" }, noon, "secret", obs.Warn, "made at the first start"},
		{"no database", func(*config.Settings) {}, noon, "database", obs.Warn, "will be made at the first start"},
		{"no such engine", func(s *config.Settings) { s.DB = "mysql://x" }, noon, "database", obs.Fail, "Correct --db"},
		{"disk", func(*config.Settings) {}, noon, "disk", obs.OK, "free under"},
		{"disk of a server", func(s *config.Settings) { s.DB = "postgres://127.0.0.1:1/none" }, noon, "disk", obs.OK, "watch it there"},
		{"lines", func(*config.Settings) {}, time.Date(2026, 9, 20, 0, 0, 0, 0, time.UTC), "district lines", obs.OK, "those of the 119th Congress"},
		{"lines that end", func(*config.Settings) {}, noon, "district lines", obs.Warn, "Run: franklin data sync"},
		{"lines that ended", func(*config.Settings) {}, noon.AddDate(0, 3, 0), "district lines", obs.Fail, "no lines are loaded"},
		{"old roster", func(*config.Settings) {}, noon, "roster", obs.Warn, "Run: franklin data sync"},
	} {
		s := settings(t)
		c.change(&s)
		f := check(t, examine(t, s, c.at), c.check)
		if f.Level != c.level || !strings.Contains(f.Words(), c.says) {
			t.Errorf("%s: %+v, want %s with %q", c.name, f, c.level, c.says)
		}
	}
}

func TestDatabases(t *testing.T) {
	t.Parallel()
	s := settings(t)
	s.DB = dbtest.SQLiteURL(t)
	d := dbtest.Open(t, s.DB)
	if f := check(t, examine(t, s, noon), "database"); f.Level != obs.OK || !strings.Contains(f.Detail, "commits survive a power cut") {
		t.Errorf("%+v", f)
	}
	if _, err := d.SQL().ExecContext(t.Context(), "DELETE FROM schema_migrations WHERE version_id > 1"); err != nil {
		t.Fatal(err)
	}
	if f := check(t, examine(t, s, noon), "database"); f.Level != obs.Warn || !strings.Contains(f.Detail, "of another release") {
		t.Errorf("%+v", f)
	}
}

// The tests' PostgreSQL runs without fsync.
func TestADatabaseThatForgets(t *testing.T) {
	t.Parallel()
	s := settings(t)
	s.DB = dbtest.PostgresURL(t)
	if f := check(t, examine(t, s, noon), "database"); f.Level != obs.Fail || !strings.Contains(f.Words(), "fsync is off: a letter could be lost in a power cut. Correct it") {
		t.Errorf("%+v", f)
	}
}

// TestOverTheNetwork reaches a simulated Capitol and a relay, and then does not.
func TestOverTheNetwork(t *testing.T) {
	t.Parallel()
	capitol, err := cwctest.Start(t.Context(), "127.0.0.1:0", cwctest.Options{Key: "k3y", Agent: "Lantern Letters", Clock: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	defer capitol.Close()
	catcher, err := mailtest.Start(t.Context(), mailtest.Options{Clock: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	defer catcher.Close()
	relay := netip.MustParseAddrPort(catcher.Addr())
	s := settings(t)
	s.CWC.URL = capitol.URL
	s.Mail = config.Mail{Host: relay.Addr().String(), Port: int(relay.Port()), TLS: "none", From: "letters@lantern-alliance.org"}
	found := doctor.Doctor{Settings: s, Clock: time.Now}.Examine(t.Context())
	for name, says := range map[string]string{"offices": "offices take letters", "clock": "agrees", "relay": "takes us in", "proxy": "none"} {
		if f := check(t, found, name); f.Level != obs.OK || !strings.Contains(f.Detail, says) {
			t.Errorf("%+v", f)
		}
	}
	if n := len(catcher.Messages()) + len(capitol.Messages()); n > 0 {
		t.Errorf("the doctor sent %d messages", n)
	}
	s.CWC.Key, s.Mail.Port, s.CWC.Proxy = "wr0ng", 1, "no address"
	found = doctor.Doctor{Settings: s, Clock: func() time.Time { return time.Now().Add(time.Hour) }}.Examine(t.Context())
	for name, says := range map[string]string{"proxy": "http://proxy.example.org:3128", "relay": "Correct the --mail settings"} {
		if f := check(t, found, name); f.Level != obs.Fail || !strings.Contains(f.Words(), says) {
			t.Errorf("%+v", f)
		}
	}
	s.CWC.Proxy = ""
	found = doctor.Doctor{Settings: s, Clock: func() time.Time { return time.Now().Add(time.Hour) }}.Examine(t.Context())
	for name, says := range map[string]string{"offices": "Compare --cwc-key", "clock": "ahead of the House's system"} {
		if f := check(t, found, name); f.Level == obs.OK || !strings.Contains(f.Words(), says) || strings.Contains(f.Words(), "wr0ng") {
			t.Errorf("%+v", f)
		}
	}
}

// TestBeforeStart: what would send wrong letters keeps the server from starting, and the
// clock of the House is asked for through its proxy, only when letters would go live.
func TestBeforeStart(t *testing.T) {
	t.Parallel()
	asked := 0
	house := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodHead || r.URL.String() != "http://cwc.house.gov" && r.URL.String() != "http://cwc.house.gov/" {
			t.Errorf("the proxy is asked for %s %s", r.Method, r.URL)
		}
		asked++
		w.Header().Set("Date", noon.Format(http.TimeFormat))
	}))
	defer house.Close()
	s := settings(t)
	s.CWC.URL, s.CWC.Proxy = "http://cwc.house.gov", house.URL
	at := noon.Add(time.Hour)
	d := doctor.Doctor{Settings: s, Clock: func() time.Time { return at }}
	if f := check(t, doctor.Failed(d.BeforeStart(t.Context())), "clock"); asked != 1 || !strings.Contains(f.Words(), "1h0m0s ahead") {
		t.Errorf("asked %d times: %+v", asked, f)
	}
	at = noon
	if f := check(t, d.BeforeStart(t.Context()), "clock"); f.Level != obs.OK {
		t.Errorf("%+v", f)
	}
	house.Close()
	if f := check(t, d.BeforeStart(t.Context()), "clock"); f.Level != obs.Warn {
		t.Errorf("a House that does not answer: %+v", f)
	}
	d.Settings.CWC.URL = "http://127.0.0.1:1"
	if all := d.BeforeStart(t.Context()); len(all) != 1 || len(doctor.Failed(all)) > 0 {
		t.Errorf("a rehearsal: %+v", all)
	}
	d.Settings.CWC.Agent = ""
	if f := check(t, doctor.Failed(d.BeforeStart(t.Context())), "delivery"); !strings.Contains(f.Words(), "--cwc-agent") {
		t.Errorf("%+v", f)
	}
}
