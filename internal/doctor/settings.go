package doctor

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/franklin-letters/franklin/internal/config"
	"github.com/franklin-letters/franklin/internal/guard"
	"github.com/franklin-letters/franklin/internal/obs"
)

// set says how an operator gives a setting.
func set(flag string) string { return "Set --" + flag + " or " + config.Variable(flag) }

func (d Doctor) organisation() obs.Finding {
	f := obs.Finding{Check: "organisation", Level: obs.OK, Detail: d.Settings.Org.Name}
	switch {
	case d.Settings.Org.Name == "":
		f.Level, f.Detail, f.Do = obs.Warn, "the pages do not say who runs them", set("org-name")
	case d.Settings.Org.ContactEmail == "":
		f.Level, f.Detail, f.Do = obs.Warn, "the privacy policy names nobody to write to", set("org-contact-email")
	}
	return f
}

// delivery judges what the House demands of a delivery agent. Placeholders fail as soon as
// letters would reach the real Congress.
func (d Doctor) delivery() obs.Finding {
	f := obs.Finding{Check: "delivery", Level: obs.OK}
	switch problems := d.Settings.Problems(); {
	case len(problems) > 0:
		f.Level, f.Detail, f.Do = obs.Fail, "these settings are not ready:\n  "+problems.Lines(), ""
	case !d.Settings.CWC.Enabled():
		f.Level, f.Detail = obs.Warn, "no key for the House's mail system: each supporter gets the letter to send by their own hands"
		f.Do = set("cwc-key-file") + " when you have one"
	case d.Settings.Live():
		f.Detail = "LIVE: letters go to " + d.Settings.CWC.URL
	default:
		f.Detail = "a rehearsal: letters go to " + d.Settings.CWC.URL
	}
	return f
}

func (d Doctor) site() obs.Finding {
	f := obs.Finding{Check: "site", Level: obs.OK, Detail: d.Settings.BaseURL}
	if !strings.HasPrefix(d.Settings.BaseURL, "https://") {
		f.Level, f.Detail = obs.Warn, d.Settings.BaseURL+" is not encrypted: what supporters type can be read on the way"
		f.Do = "Put a proxy with TLS in front and " + strings.ToLower(set("base-url")[:1]) + set("base-url")[1:]
	}
	return f
}

func (d Doctor) mailing() obs.Finding {
	m := d.Settings.Mail
	f := obs.Finding{Check: "mail", Level: obs.OK, Detail: "through " + m.Host}
	if m.Host == "" {
		f.Level, f.Detail, f.Do = obs.Warn, "receipts are shown and not mailed, and no campaign can ask to confirm", set("mail-host")
		return f
	}
	c, err := d.Settings.Relay()
	if err == nil {
		err = c.Check()
	}
	if err != nil {
		f.Level, f.Detail, f.Do = obs.Fail, err.Error(), "Correct the --mail settings"
	}
	return f
}

func (d Doctor) guarding() obs.Finding {
	g := d.Settings.Guard
	f := obs.Finding{Check: "guard", Level: obs.OK}
	switch _, err := guard.ParseProxies(d.Settings.TrustedProxies); {
	case err != nil:
		f.Level, f.Detail, f.Do = obs.Fail, err.Error(), "Correct --trusted-proxies"
	case g.Off:
		f.Level, f.Detail, f.Do = obs.Warn, "turned off: whoever writes a program can send any number of letters", "Take --guard-off away"
	case len(d.Settings.TrustedProxies) == 0 && strings.HasPrefix(d.Settings.BaseURL, "https://"):
		f.Level, f.Detail, f.Do = obs.Warn, "behind a proxy, nothing is counted by network", set("trusted-proxies")
	default:
		f.Detail = fmt.Sprintf("at most %d people an hour from one network and %d from one mailbox, %d letters an hour to one office",
			g.NetworkPeople, g.MailboxPeople, g.OfficeLetters)
	}
	return f
}

// keyring judges the file that opens the personal data.
func (d Doctor) keyring() obs.Finding {
	f := d.private("key ring", d.Settings.Keyring, "it is made at the first start, and none follows without it")
	if f.Level == obs.Warn {
		f.Do = "Keep a copy of it where the backups of the database are not"
	}
	return f
}

// private judges a file that nobody else may read.
func (d Doctor) private(check, file, without string) obs.Finding {
	f := obs.Finding{Check: check, Level: obs.OK, Detail: file}
	info, err := os.Stat(file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		f.Level, f.Detail, f.Do = obs.Warn, file+" is not there: "+without, "Back it up with the database"
	case err != nil:
		f.Level, f.Detail = obs.Fail, err.Error()
	case info.Mode().Perm()&0o077 != 0:
		f.Level, f.Detail, f.Do = obs.Fail, file+" can be read by others", "Run: chmod 600 "+file
	}
	return f
}
