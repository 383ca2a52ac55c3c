package config

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/cwc"
	"github.com/franklin-letters/franklin/internal/text"
)

// Problems are what keeps an installation from sending letters, in the operator's words.
type Problems []string

// Lines returns the problems, one a line.
func (p Problems) Lines() string { return strings.Join(p, "\n  ") }

var (
	phoneForm = regexp.MustCompile(`^[2-9]\d{2}-\d{3}-\d{4}$`)
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
	long := func(value string, low int) bool {
		return utf8.RuneCountInString(value) >= low && text.Length(value) <= 500
	}
	d := s.delivery()
	need(long(d.Agent, 4), "cwc-agent", "must be the registered name, 4 to 500 characters")
	need(cwc.ValidEmail(d.AckEmail), "cwc-ack-email", "must be an e-mail address")
	need(long(d.Contact.Name, 6), "cwc-contact-name", "must have 6 to 500 characters")
	need(cwc.ValidEmail(d.Contact.Email), "cwc-contact-email", "must be an e-mail address")
	need(phoneForm.MatchString(d.Contact.Phone), "cwc-contact-phone", "must look like 202-224-3121")
	need(long(d.Organization, 6), "org-name", "must have 6 to 500 characters")
	need(d.OrganizationAbout == "" || long(d.OrganizationAbout, 6), "org-about", "must have 6 to 500 characters, or be left out")
	org := d.OrganizationContact
	need(org.Name == "" || long(org.Name, 2), "org-contact-name", "must have 2 to 500 characters")
	need(org.Email == "" || cwc.ValidEmail(org.Email), "org-contact-email", "must be an e-mail address")
	need(org.Phone == "" || phoneForm.MatchString(org.Phone), "org-contact-phone", "must look like 202-224-3121")
	need(s.CWC.Rate > 0, "cwc-rate", "must be above 0")
	if strings.Contains(s.CWC.URL, ".house.gov") {
		callable := func(value, flag string) {
			need(!fakePhone.MatchString(value), flag, "is a placeholder; the House must be able to call")
		}
		callable(d.Contact.Phone, "cwc-contact-phone")
		callable(org.Phone, "org-contact-phone")
		writable := func(value, flag string) {
			need(!fakeEmail.MatchString(value), flag, "is a placeholder; the House must be able to write")
		}
		writable(d.AckEmail, "cwc-ack-email")
		writable(d.Contact.Email, "cwc-contact-email")
		writable(org.Email, "org-contact-email")
	}
	return all
}

// delivery returns the settings as they stand in a message.
func (s Settings) delivery() cwc.Delivery {
	m := cwc.Message{Delivery: cwc.Delivery{
		Agent: s.CWC.Agent, AckEmail: s.CWC.AckEmail,
		Contact:      cwc.Contact{Name: s.CWC.ContactName, Email: s.CWC.ContactEmail, Phone: s.CWC.ContactPhone},
		Organization: s.Org.Name, OrganizationAbout: s.Org.About,
		OrganizationContact: cwc.Contact{Name: s.Org.ContactName, Email: s.Org.ContactEmail, Phone: s.Org.ContactPhone},
	}}
	return m.Clean(congress.House).Delivery
}
