package config

import (
	"regexp"
	"strings"
)

// Problems are what keeps an installation from sending letters, in the operator's words.
type Problems []string

// Lines returns the problems, one a line.
func (p Problems) Lines() string { return strings.Join(p, "\n  ") }

var (
	phoneForm = regexp.MustCompile(`^[2-9]\d{2}-\d{3}-\d{4}$`)
	emailForm = regexp.MustCompile(`^[^@\s]+@[^@\s]+\.[^@\s.]+$`)
	fakeEmail = regexp.MustCompile(`(?i)[@.](?:example\.(?:org|com|net)|example|test|invalid|localhost)$`) // RFC 2606
	fakePhone = regexp.MustCompile(`-555-|^(\d)\d*-?000-0000$`)
)

// Problems checks what the House demands of a delivery agent. Without a key nothing is
// demanded: letters go by the supporters' own hands. Placeholder data, which others have
// sent live, is refused as soon as letters would reach the real House.
func (s Settings) Problems() Problems {
	if !s.CWC.Enabled() {
		return nil
	}
	var all Problems
	need := func(good bool, flag, what string) {
		if !good {
			all = append(all, "--"+flag+" "+what)
		}
	}
	long := func(text string, low int) bool { n := len([]rune(text)); return n >= low && n <= 500 }
	need(long(s.CWC.Agent, 4), "cwc-agent", "must be the registered name, 4 to 500 characters")
	need(emailForm.MatchString(s.CWC.AckEmail), "cwc-ack-email", "must be an e-mail address")
	need(long(s.CWC.ContactName, 6), "cwc-contact-name", "must have 6 to 500 characters")
	need(emailForm.MatchString(s.CWC.ContactEmail), "cwc-contact-email", "must be an e-mail address")
	need(phoneForm.MatchString(s.CWC.ContactPhone), "cwc-contact-phone", "must look like 202-224-3121")
	need(long(s.Org.Name, 6), "org-name", "must have 6 to 500 characters")
	need(s.Org.About == "" || long(s.Org.About, 6), "org-about", "must have 6 to 500 characters, or be left out")
	need(s.Org.ContactName == "" || long(s.Org.ContactName, 2), "org-contact-name", "must have 2 to 500 characters")
	need(s.Org.ContactEmail == "" || emailForm.MatchString(s.Org.ContactEmail), "org-contact-email", "must be an e-mail address")
	need(s.Org.ContactPhone == "" || phoneForm.MatchString(s.Org.ContactPhone), "org-contact-phone", "must look like 202-224-3121")
	need(s.CWC.Rate > 0, "cwc-rate", "must be above 0")
	if strings.Contains(s.CWC.URL, ".house.gov") {
		callable := func(value, flag string) {
			need(!fakePhone.MatchString(value), flag, "is a placeholder; the House must be able to call")
		}
		callable(s.CWC.ContactPhone, "cwc-contact-phone")
		callable(s.Org.ContactPhone, "org-contact-phone")
		writable := func(value, flag string) {
			need(!fakeEmail.MatchString(value), flag, "is a placeholder; the House must be able to write")
		}
		writable(s.CWC.AckEmail, "cwc-ack-email")
		writable(s.CWC.ContactEmail, "cwc-contact-email")
		writable(s.Org.ContactEmail, "org-contact-email")
	}
	return all
}
