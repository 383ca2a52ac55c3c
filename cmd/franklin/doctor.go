package main

import (
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/franklin-letters/franklin/congress/cwc"
	"github.com/franklin-letters/franklin/internal/config"
	"github.com/franklin-letters/franklin/internal/guard"
	"github.com/franklin-letters/franklin/internal/mail"
)

type doctorCommand struct {
	config.Settings `embed:""`

	Online bool `help:"Also ask the House's system for its list of offices."`
	JSON   bool `help:"Print JSON." name:"json"`
}

// finding is one line of the doctor's report. It is the stable JSON of --json.
type finding struct {
	Check  string `json:"check"`
	Level  string `json:"level"` // ok, warning, error
	Detail string `json:"detail"`
}

// Levels of a finding.
const (
	levelOK      = "ok"
	levelWarning = "warning"
	levelError   = "error"
)

// Run checks the settings, the database and the data. It exits with 1 when something is
// wrong that keeps letters from being sent.
func (c *doctorCommand) Run(ctx context.Context, con console) error {
	if err := c.Load(); err != nil {
		return err
	}
	findings := []finding{c.organisation(), c.delivery(), c.mailing(), c.guarding(), c.secret(), c.database(ctx)}
	findings = append(findings, c.data(con)...)
	if c.Online && c.CWC.Enabled() {
		findings = append(findings, c.offices(ctx))
	}
	failed := false
	for _, f := range findings {
		failed = failed || f.Level == levelError
		if !c.JSON {
			con.print("%-8s %-16s %s\n", f.Level, f.Check, f.Detail)
		}
	}
	if c.JSON {
		if err := printJSON(con, findings); err != nil {
			return err
		}
	}
	if failed {
		return exitError{1}
	}
	return nil
}

func (c *doctorCommand) organisation() finding {
	switch {
	case c.Org.Name == "":
		return finding{"organisation", levelWarning, "--org-name is missing: the pages do not say who runs them"}
	case c.Org.ContactEmail == "":
		return finding{"organisation", levelWarning, "--org-contact-email is missing: the privacy policy names nobody to write to"}
	}
	return finding{"organisation", levelOK, c.Org.Name}
}

func (c *doctorCommand) delivery() finding {
	if problems := c.Problems(); len(problems) > 0 {
		return finding{"delivery", levelError, problems.Lines()}
	}
	if !c.CWC.Enabled() {
		return finding{"delivery", levelWarning, "no key for the House's mail system: each supporter gets the letter to send by their own hands"}
	}
	return finding{"delivery", levelOK, "letters go to " + c.CWC.URL}
}

func (c *doctorCommand) mailing() finding {
	if c.Mail.Host == "" {
		return finding{"mail", levelWarning, "no relay is set: receipts are shown and not mailed"}
	}
	err := mail.Config{
		Host: c.Mail.Host, Port: c.Mail.Port, TLS: mail.TLSMode(c.Mail.TLS),
		Username: c.Mail.Username, Password: c.Mail.Password, From: c.Mail.From,
	}.Check()
	if err != nil {
		return finding{"mail", levelError, err.Error()}
	}
	return finding{"mail", levelOK, "through " + c.Mail.Host}
}

func (c *doctorCommand) guarding() finding {
	switch _, err := guard.ParseProxies(c.TrustedProxies); {
	case err != nil:
		return finding{"guard", levelError, err.Error()}
	case c.Guard.Off:
		return finding{"guard", levelWarning, "turned off: whoever writes a program can send any number of letters"}
	case len(c.TrustedProxies) == 0 && strings.HasPrefix(c.BaseURL, "https://"):
		return finding{"guard", levelWarning, "--trusted-proxies is not set: behind a proxy, nothing is counted by network"}
	}
	return finding{"guard", levelOK, fmt.Sprintf("at most %d people an hour from one network and %d from one mailbox, %d letters an hour to one office",
		c.Guard.NetworkPeople, c.Guard.MailboxPeople, c.Guard.OfficeLetters)}
}

func (c *doctorCommand) secret() finding {
	info, err := os.Stat(c.Secret.File)
	switch {
	case os.IsNotExist(err):
		return finding{"secret", levelWarning, c.Secret.File + " will be made at the first start; back it up with the database"}
	case err != nil:
		return finding{"secret", levelError, err.Error()}
	case info.Mode().Perm()&0o077 != 0:
		return finding{"secret", levelError, c.Secret.File + " can be read by others; run chmod 600 on it"}
	}
	return finding{"secret", levelOK, c.Secret.File}
}

func (c *doctorCommand) database(ctx context.Context) finding {
	if path := strings.TrimPrefix(c.DB, "sqlite:"); !strings.Contains(path, "://") {
		if _, err := os.Stat(path); os.IsNotExist(err) {
			return finding{"database", levelWarning, path + " will be made at the first start"}
		}
	}
	d, err := openBeside(ctx, c.DB)
	if err != nil {
		return finding{"database", levelError, err.Error()}
	}
	defer func() { _ = d.Close() }() // it was only read
	settings, err := d.Durability(ctx)
	if err != nil {
		return finding{"database", levelError, err.Error()}
	}
	for _, s := range settings {
		if !s.Safe {
			return finding{"database", levelError, fmt.Sprintf("%s is %s: a letter could be lost in a power cut", s.Name, s.Value)}
		}
	}
	version, err := d.SchemaVersion(ctx)
	if err != nil || version == 0 {
		return finding{"database", levelWarning, string(d.Engine()) + ", empty: it is set up at the first start"}
	}
	return finding{"database", levelOK, fmt.Sprintf("%s, schema version %d, commits survive a power cut", d.Engine(), version)}
}

func (c *doctorCommand) offices(ctx context.Context) finding {
	list, err := (&cwc.HouseClient{BaseURL: c.CWC.URL, Key: cwc.NewKey(c.CWC.Key), Timeout: c.CWC.Timeout}).Offices(ctx)
	if err != nil {
		return finding{"offices", levelError, err.Error()}
	}
	return finding{"offices", levelOK, fmt.Sprintf("%d offices take letters", list.Len())}
}
