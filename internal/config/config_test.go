package config_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/alecthomas/kong"

	"github.com/franklin-letters/franklin/internal/config"
)

// parse reads a command line as the program does.
func parse(t *testing.T, args ...string) config.Settings {
	t.Helper()
	var s config.Settings
	parser, err := kong.New(&s)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := parser.Parse(args); err != nil {
		t.Fatal(err)
	}
	return s
}

func TestDefaultsServeOnThisMachineOnly(t *testing.T) {
	s := parse(t)
	if err := s.Load(); err != nil {
		t.Fatal(err)
	}
	if s.Addr != "127.0.0.1:8080" || s.OpsAddr != "127.0.0.1:8081" || s.BaseURL != "http://127.0.0.1:8080" || s.DB != "data/franklin.db" {
		t.Errorf("the defaults are %+v", s)
	}
	if s.CWC.Enabled() || s.CWC.ResendUnknown || s.CWC.Rate != 5 || s.CWC.Timeout != 30*time.Second || s.CWC.URL != "https://cwc.house.gov" {
		t.Errorf("the House's system is set to %+v", s.CWC)
	}
	if s.Mail.Host != "" || s.Mail.TLS != "starttls" || s.Mail.Port != 587 {
		t.Errorf("mail is set to %+v", s.Mail)
	}
	if problems := s.Problems(); len(problems) > 0 {
		t.Errorf("without a key nothing is demanded, but there are %q", problems)
	}
}

func TestEnvironmentAndFlags(t *testing.T) {
	t.Setenv("FRANKLIN_DB", "postgres://franklin@db/franklin")
	t.Setenv("FRANKLIN_CWC_RATE", "2.5")
	t.Setenv("FRANKLIN_ORG_NAME", "From the environment")
	t.Setenv("FRANKLIN_SECRET_FILE", "/keys/secret")
	t.Setenv("FRANKLIN_MAIL_TLS", "implicit")
	s := parse(t, "--org-name=From the command line")
	if s.DB != "postgres://franklin@db/franklin" || s.CWC.Rate != 2.5 || s.Secret.File != "/keys/secret" || s.Mail.TLS != "implicit" {
		t.Errorf("the environment gives %+v", s)
	}
	if s.Org.Name != "From the command line" {
		t.Errorf("the environment wins over the command line: %s", s.Org.Name)
	}
}

func TestSecretsFromFiles(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	s := parse(t, "--cwc-key=from the flag", "--cwc-key-file="+write("key", "  k3y\n"), "--mail-password-file="+write("password", "pass word\r\n"))
	if err := s.Load(); err != nil {
		t.Fatal(err)
	}
	if s.CWC.Key != "k3y" || s.Mail.Password != "pass word" || !s.CWC.Enabled() {
		t.Errorf("read the key %q and the password %q", s.CWC.Key, s.Mail.Password)
	}
	s = parse(t, "--cwc-key-file="+write("empty", "\n"))
	if err := s.Load(); err == nil || !strings.Contains(err.Error(), "empty") {
		t.Errorf("an empty key file sends the letters another way than was meant: %v", err)
	}
	s = parse(t, "--cwc-key-file="+filepath.Join(dir, "none"))
	if err := s.Load(); err == nil || !strings.Contains(err.Error(), "none") {
		t.Errorf("a secret that is not there: %v", err)
	}
}

func TestBaseURL(t *testing.T) {
	for given, want := range map[string]string{
		"https://act.example.org":       "https://act.example.org",
		"https://act.example.org/":      "https://act.example.org",
		"http://localhost:8080":         "http://localhost:8080",
		"act.example.org":               "",
		"ftp://act.example.org":         "",
		"https://":                      "",
		"https://:8080":                 "",
		"https://act.example.org:https": "",
		"https://act.example.org/site":  "",
		"https://act.example.org?a=b":   "",
		"https://act.example.org#a":     "",
		"https://me:pw@act.example.org": "",
	} {
		s := parse(t, "--base-url="+given)
		err := s.Load()
		if (err == nil) != (want != "") || err == nil && s.BaseURL != want {
			t.Errorf("%s became %s, %v", given, s.BaseURL, err)
		}
	}
	s := parse(t, "--addr=:8080") // all addresses of the machine: which one do links name?
	if err := s.Load(); err == nil || !strings.Contains(err.Error(), "https://act.example.org") {
		t.Errorf("links would begin with %s, %v", s.BaseURL, err)
	}
}

// ready are settings that the House takes.
func ready() config.Settings {
	return config.Settings{
		BaseURL: "https://act.lantern-alliance.org",
		Org: config.Organization{
			Name: "Lantern Alliance", About: "A charity.", ContactName: "Robin Sample", ContactEmail: "robin@lantern-alliance.org", ContactPhone: "202-224-3121",
		},
		CWC: config.CWC{
			URL: "https://cwc.house.gov", Key: "k3y", Agent: "Lantern Letters", AckEmail: "acks@lantern-alliance.org",
			ContactName: "Robin Sample", ContactEmail: "robin@lantern-alliance.org", ContactPhone: "202-224-3121", Rate: 5,
		},
	}
}

func TestProblemsNameTheirFlag(t *testing.T) {
	if problems := ready().Problems(); len(problems) > 0 {
		t.Fatalf("good settings have the problems %q", problems)
	}
	for name, c := range map[string]struct {
		change func(*config.Settings)
		flag   string
	}{
		"no agent":              {func(s *config.Settings) { s.CWC.Agent = "" }, "--cwc-agent"},
		"short agent":           {func(s *config.Settings) { s.CWC.Agent = "abc" }, "--cwc-agent"},
		"long agent":            {func(s *config.Settings) { s.CWC.Agent = strings.Repeat("é", 501) }, "--cwc-agent"},
		"no acknowledgements":   {func(s *config.Settings) { s.CWC.AckEmail = "" }, "--cwc-ack-email"},
		"no mailbox":            {func(s *config.Settings) { s.CWC.ContactEmail = "robin@lantern" }, "--cwc-contact-email"},
		"no contact":            {func(s *config.Settings) { s.CWC.ContactName = "Robin" }, "--cwc-contact-name"},
		"phone in letters":      {func(s *config.Settings) { s.CWC.ContactPhone = "202-CAP-ITOL" }, "--cwc-contact-phone"},
		"blanks for a name":     {func(s *config.Settings) { s.Org.Name = "       " }, "--org-name"},
		"invisible agent":       {func(s *config.Settings) { s.CWC.Agent = "\u202e\u202e\u202e\u202e" }, "--cwc-agent"},
		"mailbox of digits":     {func(s *config.Settings) { s.CWC.AckEmail = "a@b.c0m" }, "--cwc-ack-email"},
		"placeholder phone, ()": {func(s *config.Settings) { s.CWC.ContactPhone = "(202) 555-0142" }, "--cwc-contact-phone"},
		"phone that cannot be":  {func(s *config.Settings) { s.Org.ContactPhone = "123-456-7890" }, "--org-contact-phone"},
		"no organisation":       {func(s *config.Settings) { s.Org.Name = "" }, "--org-name"},
		"a word about it":       {func(s *config.Settings) { s.Org.About = "Good" }, "--org-about"},
		"one letter for a name": {func(s *config.Settings) { s.Org.ContactName = "R" }, "--org-contact-name"},
		"nobody at the charity": {func(s *config.Settings) { s.Org.ContactEmail = "robin" }, "--org-contact-email"},
		"no speed":              {func(s *config.Settings) { s.CWC.Rate = 0 }, "--cwc-rate"},
		"placeholder phone":     {func(s *config.Settings) { s.CWC.ContactPhone = "202-555-0142" }, "--cwc-contact-phone"},
		"phone of zeros":        {func(s *config.Settings) { s.Org.ContactPhone = "200-000-0000" }, "--org-contact-phone"},
		"placeholder mailbox":   {func(s *config.Settings) { s.CWC.AckEmail = "acks@example.org" }, "--cwc-ack-email"},
		"placeholder below":     {func(s *config.Settings) { s.CWC.ContactEmail = "me@mail.example.COM" }, "--cwc-contact-email"},
		"example for an agent":  {func(s *config.Settings) { s.CWC.Agent = "Example Agent" }, "--cwc-agent"},
		"nobody in particular":  {func(s *config.Settings) { s.CWC.ContactName = "Jane Doe" }, "--cwc-contact-name"},
		"your organisation":     {func(s *config.Settings) { s.Org.Name = "Your Organization" }, "--org-name"},
		"site without TLS":      {func(s *config.Settings) { s.BaseURL = "http://act.lantern-alliance.org" }, "--base-url"},
		"site on this machine":  {func(s *config.Settings) { s.BaseURL = "https://localhost" }, "--base-url"},
		"site of nobody":        {func(s *config.Settings) { s.BaseURL = "https://act.example.org" }, "--base-url"},
		"site of loopback":      {func(s *config.Settings) { s.BaseURL = "https://127.0.0.1:8080" }, "--base-url"},
		"key in the clear":      {func(s *config.Settings) { s.CWC.URL = "http://cwc.house.gov" }, "--cwc-url"},
		"half a proxy":          {func(s *config.Settings) { s.CWC.Proxy = "http://a b:3128" }, "--cwc-proxy"},
		"reserved ending":       {func(s *config.Settings) { s.Org.ContactEmail = "campaigns@lantern.example" }, "--org-contact-email"},
	} {
		s := ready()
		c.change(&s)
		if problems := s.Problems(); len(problems) != 1 || !strings.HasPrefix(problems[0], c.flag+" ") ||
			!strings.HasSuffix(problems[0], "(FRANKLIN_"+strings.ToUpper(strings.ReplaceAll(c.flag[2:], "-", "_"))+")") {
			t.Errorf("%s: %q, want one about %s", name, problems, c.flag)
		}
		s.CWC.Key = ""
		if problems := s.Problems(); len(problems) > 0 {
			t.Errorf("%s: without a key there are %q", name, problems)
		}
	}
}

func TestWhatMayBeLeftOut(t *testing.T) {
	s := ready()
	s.Org = config.Organization{Name: s.Org.Name}
	if problems := s.Problems(); len(problems) > 0 {
		t.Errorf("the problems are %q", problems)
	}
}

// A rehearsal against a simulated Capitol may use invented people.
func TestPlaceholdersAreFineElsewhere(t *testing.T) {
	s := ready()
	s.CWC.URL = "http://127.0.0.1:8090"
	s.CWC.ContactPhone, s.CWC.AckEmail, s.Org.ContactEmail = "202-555-0142", "acks@example.org", "me@lantern.example"
	s.CWC.Agent, s.BaseURL = "Example Agent", "http://127.0.0.1:8080"
	if problems := s.Problems(); len(problems) > 0 {
		t.Errorf("the problems are %q", problems)
	}
}

func TestLookalikesAreNoPlaceholders(t *testing.T) {
	s := ready()
	s.CWC.AckEmail, s.CWC.ContactEmail, s.Org.ContactEmail = "a@goodexample.org", "example@charity.org", "test@greatest.org"
	s.CWC.Agent, s.Org.Name, s.BaseURL = "Exemplary Letters", "Contestants for Peace", "https://example.greatest.org"
	if problems := s.Problems(); len(problems) > 0 {
		t.Errorf("the problems are %q", problems)
	}
}

func TestProblemsAreInOneOrder(t *testing.T) {
	s := config.Settings{CWC: config.CWC{URL: "https://cwc.house.gov", Key: "k3y"}}
	first := s.Problems()
	for range 20 {
		if again := s.Problems(); !slices.Equal(first, again) {
			t.Fatalf("first %q, then %q", first, again)
		}
	}
	if lines := strings.Split(first.Lines(), "\n"); len(lines) != len(first) || strings.Contains(first.Lines(), "k3y") {
		t.Errorf("%d problems in the lines %q", len(first), lines)
	}
}

func TestLive(t *testing.T) {
	for address, live := range map[string]bool{
		"https://cwc.house.gov": true, "https://uat-cwc.house.gov": true, "https://CWC.House.gov:443": true, "https://soapbox.senate.gov/api": true,
		"http://127.0.0.1:8090": false, "https://house.gov.example.org": false, "https://greenhouse.gov": false, "http://localhost/cwc.house.gov": false,
	} {
		s := ready()
		if s.CWC.URL = address; s.Live() != live {
			t.Errorf("%s: %t", address, s.Live())
		}
		if s.CWC.Key = ""; s.Live() {
			t.Errorf("%s without a key is live", address)
		}
	}
}
