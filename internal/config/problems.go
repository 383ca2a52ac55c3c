package config

import (
	"net/netip"
	"net/url"
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
	fakeName  = regexp.MustCompile(`(?i)\b(?:example|placeholder|changeme|change me|lorem|todo|foo ?bar|john doe|jane doe|your (?:name|organi[sz]ation|company)|test (?:agent|organi[sz]ation|name|user))\b`)
	capitol   = regexp.MustCompile(`(?i)(?:^|\.)(?:house|senate)\.gov$`)
)

// Live reports whether letters would reach the real Congress, or its test hosts.
func (s Settings) Live() bool {
	return s.CWC.Enabled() && atCapitol(s.CWC.URL) || s.CWC.Senate.Enabled() && atCapitol(s.CWC.Senate.URL)
}

// Variable returns the name in the environment of a setting's flag: FRANKLIN_ORG_NAME
// for org-name.
func Variable(flag string) string {
	return "FRANKLIN_" + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

// Problems checks what the House demands of a delivery agent. Without a key nothing is
// demanded: letters go by the supporters' own hands. Placeholder data, which others have
// sent live, is refused as soon as letters would reach the real House.
func (s Settings) Problems() Problems {
	if !s.CWC.Enabled() && !s.CWC.Senate.Enabled() {
		return nil
	}
	var all Problems
	need := func(good bool, flag, what string) {
		if !good {
			all = append(all, "--"+flag+" "+what+" ("+Variable(flag)+")")
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
	if _, err := url.Parse(s.CWC.Proxy); err != nil {
		need(false, "cwc-proxy", "must look like http://proxy.example.org:3128")
	}
	s.senate(need)
	if s.Live() {
		s.placeholders(d, need)
	}
	return all
}

// placeholders refuses data that others have sent live: the House answers a sender it
// cannot call or write to by closing its access, and everybody's letters with it.
func (s Settings) placeholders(d cwc.Delivery, need func(good bool, flag, what string)) {
	org := d.OrganizationContact
	for _, one := range []struct {
		value, flag, what string
		fake              *regexp.Regexp
	}{
		{d.Agent, "cwc-agent", "is a placeholder; it must be the name that the House registered", fakeName},
		{d.Contact.Name, "cwc-contact-name", "is a placeholder; the House must be able to ask for somebody", fakeName},
		{d.Organization, "org-name", "is a placeholder; offices must see who runs the campaign", fakeName},
		{org.Name, "org-contact-name", "is a placeholder; offices must be able to ask for somebody", fakeName},
		{d.Contact.Phone, "cwc-contact-phone", "is a placeholder; the House must be able to call", fakePhone},
		{org.Phone, "org-contact-phone", "is a placeholder; the House must be able to call", fakePhone},
		{d.AckEmail, "cwc-ack-email", "is a placeholder; the House must be able to write", fakeEmail},
		{d.Contact.Email, "cwc-contact-email", "is a placeholder; the House must be able to write", fakeEmail},
		{org.Email, "org-contact-email", "is a placeholder; the House must be able to write", fakeEmail},
	} {
		need(!one.fake.MatchString(one.value), one.flag, one.what)
	}
	need(strings.HasPrefix(strings.ToLower(s.CWC.URL), "https://"), "cwc-url", "must begin with https, because the key is part of each call")
	need(publicSite(s.BaseURL), "base-url", "must be the site's public address with https, because every letter names it")
}

// publicSite reports whether the address can be opened by somebody else, over TLS.
func publicSite(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" {
		return false
	}
	host := u.Hostname()
	if ip, err := netip.ParseAddr(host); err == nil {
		return ip.IsGlobalUnicast() && !ip.IsPrivate()
	}
	return strings.Contains(host, ".") && !fakeEmail.MatchString("@"+host)
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
