package config

import (
	"cmp"
	"strings"

	"github.com/franklin-letters/franklin/internal/mail"
)

// Relay returns how mail is sent, with what follows from other settings.
func (s Settings) Relay() (mail.Config, error) {
	m := s.Mail
	c := mail.Config{
		Host: m.Host, Port: m.Port, TLS: mail.TLSMode(m.TLS), Username: m.Username, Password: m.Password,
		From: m.From, FromName: cmp.Or(m.FromName, s.Org.Name), ReplyTo: m.ReplyTo, ReturnPath: m.ReturnPath,
	}
	if contact, err := mail.ValidAddress(s.Org.ContactEmail); err == nil && c.ReplyTo == "" {
		c.ReplyTo = contact
	}
	if m.DKIMKey != "" {
		key, err := mail.ParseDKIMKey([]byte(m.DKIMKey))
		if err != nil {
			return c, err
		}
		c.DKIM = &mail.DKIM{Domain: s.DKIMDomain(), Selector: m.DKIMSelector, Key: key}
	}
	return c, nil
}

// DKIMDomain returns the domain in whose name mail is signed.
func (s Settings) DKIMDomain() string { return cmp.Or(s.Mail.DKIMDomain, s.MailDomain()) }

// MailDomain returns the domain of the address from which mail is sent.
func (s Settings) MailDomain() string {
	_, domain, _ := strings.Cut(s.Mail.From, "@")
	return domain
}
